package io.github.backstay.optim;

import static io.github.backstay.optim.GivenGradients.path;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class NAdamTest {

  /** η = 1, β1 = ½, β2 = ¾, ε = 2, μ = ¼ throughout: numbers that can be followed by hand. */
  private static final NAdam BY_HAND =
      NAdam.of(1.0).withBetas(0.5, 0.75).withEpsilon(2.0).withMomentumDecay(0.0);

  /** g = 2: m = 1, v = 1, corrected 4, d = 4; step (¾/¾·2 + ¼/(15/16)·1)/4 = (34/15)/4. */
  @Test
  void oneStepByHand() {
    assertArrayEquals(new double[] {1.0 - 17.0 / 30.0}, path(BY_HAND, 2.0), 1e-15);
  }

  /** λ = ½: g = 1.5 + ½·1, the step of the gradient 2. */
  @Test
  void decayIsCoupled() {
    assertArrayEquals(
        new double[] {1.0 - 17.0 / 30.0}, path(BY_HAND.withWeightDecay(0.5), 1.5), 1e-15);
  }

  /** With m = 0 and β1 near 1, a step is almost all (1 − μ)/(1 − P), and P fades slowly. */
  @Test
  void theProductOfMomentaKeepsItsDigitsForThousandsOfSteps() {
    for (double decay : new double[] {0.5, 3.0, 40.0}) {
      NAdam rule = new NAdam(1.0, 0.9999, 0.0, 1e-300, decay, 0.0);
      double product = 1.0;
      for (int t = 1; t <= 20_000; t++) {
        double now = 0.9999 * (1.0 - 0.5 * Math.pow(0.96, t * decay));
        double next = 0.9999 * (1.0 - 0.5 * Math.pow(0.96, (t + 1) * decay));
        product *= now;
        if (t % 997 == 1) {
          double[] weight = {0.0};
          rule.update(weight, new double[] {1.0}, new double[2][1], 0, 1, t, 1.0);
          double ofMoment = (1.0 - 0.9999) * next / (1.0 - product * next);
          double expected = (1.0 - now) / (1.0 - product) + ofMoment;
          // 20,000 factors round 20,000 times; the step itself is a difference of 1e-4
          assertEquals(-expected, weight[0], 1e-10 * expected, "decay " + decay + ", step " + t);
        }
      }
    }
  }

  @Test
  void defaultsAreThoseOfPyTorch() {
    assertEquals(new NAdam(2e-3, 0.9, 0.999, 1e-8, 4e-3, 0.0), NAdam.DEFAULT);
    assertEquals(new NAdam(0.3, 0.9, 0.999, 1e-8, 4e-3, 0.0), NAdam.of(0.3));
  }

  @Test
  void eachOptionGivesANewRule() {
    NAdam rule = new NAdam(0.1, 0.2, 0.3, 0.4, 0.6, 0.5);
    assertEquals(new NAdam(1.0, 0.2, 0.3, 0.4, 0.6, 0.5), rule.withLearningRate(1.0));
    assertEquals(new NAdam(0.1, 0.7, 0.8, 0.4, 0.6, 0.5), rule.withBetas(0.7, 0.8));
    assertEquals(new NAdam(0.1, 0.2, 0.3, 1.0, 0.6, 0.5), rule.withEpsilon(1.0));
    assertEquals(new NAdam(0.1, 0.2, 0.3, 0.4, 1.0, 0.5), rule.withMomentumDecay(1.0));
    assertEquals(new NAdam(0.1, 0.2, 0.3, 0.4, 0.6, 1.0), rule.withWeightDecay(1.0));
  }

  private static void assertRefused(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertRefused(
        "NAdam: learningRate must be finite and at least 0, got -1.0.", () -> NAdam.of(-1.0));
    assertRefused("NAdam: beta1 must be in [0, 1), got 1.0.", () -> BY_HAND.withBetas(1.0, 0.5));
    assertRefused("NAdam: beta2 must be in [0, 1), got -0.5.", () -> BY_HAND.withBetas(0.5, -0.5));
    assertRefused(
        "NAdam: epsilon must be finite and greater than 0, got 0.0.",
        () -> BY_HAND.withEpsilon(0.0));
    assertRefused(
        "NAdam: weightDecay must be finite and at least 0, got NaN.",
        () -> BY_HAND.withWeightDecay(Double.NaN));
    assertRefused(
        "NAdam: momentumDecay must be finite and at least 0, got -0.1.",
        () -> BY_HAND.withMomentumDecay(-0.1));
  }
}
