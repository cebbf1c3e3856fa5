package io.github.backstay.optim;

import static io.github.backstay.optim.GivenGradients.path;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RmsPropTest {

  /** η = 1, α = ¾, ε = 1: numbers that can be followed by hand. */
  private static final RmsProp BY_HAND = RmsProp.of(1.0).withAlpha(0.75).withEpsilon(1.0);

  /** g = 2: v = 1, step 2/(1 + 1). g = 0: no step. g = 1: v = 9/16 + ¼, step 1/(√13/4 + 1). */
  @Test
  void threeStepsByHand() {
    assertArrayEquals(
        new double[] {0.0, 0.0, -1.0 / (Math.sqrt(13.0) / 4.0 + 1.0)},
        path(BY_HAND, 2.0, 0.0, 1.0),
        1e-15);
  }

  /** g = 2: a = ½, v − a² = ¾. */
  @Test
  void centeringTakesTheMeanOff() {
    assertArrayEquals(
        new double[] {1.0 - 2.0 / (Math.sqrt(0.75) + 1.0)},
        path(BY_HAND.withCentering(), 2.0),
        1e-15);
  }

  /** μ = ½: b = 1, then ½ without a gradient. */
  @Test
  void momentumIsThatOfTheScaledGradient() {
    assertArrayEquals(new double[] {0.0, -0.5}, path(BY_HAND.withMomentum(0.5), 2.0, 0.0), 1e-15);
  }

  /** λ = 1: g = 1 + 1·1, the step of the gradient 2. */
  @Test
  void decayIsCoupled() {
    assertArrayEquals(new double[] {0.0}, path(BY_HAND.withWeightDecay(1.0), 1.0), 1e-15);
  }

  /** Of equal gradients the variance goes to 0, and rounding makes it negative now and then. */
  @Test
  void aVarianceThatRoundingMakesNegativeCountsAsZero() {
    double[] equal = new double[3000];
    Arrays.fill(equal, 0.1);
    for (double alpha : new double[] {0.0, 0.3, 0.5, 0.9}) {
      for (double weight : path(BY_HAND.withCentering().withAlpha(alpha), equal)) {
        assertTrue(Double.isFinite(weight), "alpha " + alpha);
      }
    }
  }

  @Test
  void remembersWhatItNeeds() {
    Slot v = Slot.zeros("v");
    Slot mean = Slot.zeros("mean");
    Slot momentum = Slot.zeros("momentum");
    assertEquals(List.of(v), BY_HAND.slots());
    assertEquals(List.of(v, mean), BY_HAND.withCentering().slots());
    assertEquals(List.of(v, momentum), BY_HAND.withMomentum(0.1).slots());
    assertEquals(List.of(v, mean, momentum), BY_HAND.withCentering().withMomentum(0.1).slots());
  }

  @Test
  void defaultsAreThoseOfPyTorch() {
    assertEquals(new RmsProp(1e-2, 0.99, 1e-8, false, 0.0, 0.0), RmsProp.DEFAULT);
    assertEquals(new RmsProp(0.3, 0.99, 1e-8, false, 0.0, 0.0), RmsProp.of(0.3));
  }

  @Test
  void eachOptionGivesANewRule() {
    RmsProp rule = new RmsProp(0.1, 0.2, 0.3, false, 0.4, 0.5);
    assertEquals(new RmsProp(1.0, 0.2, 0.3, false, 0.4, 0.5), rule.withLearningRate(1.0));
    assertEquals(new RmsProp(0.1, 0.7, 0.3, false, 0.4, 0.5), rule.withAlpha(0.7));
    assertEquals(new RmsProp(0.1, 0.2, 1.0, false, 0.4, 0.5), rule.withEpsilon(1.0));
    assertEquals(new RmsProp(0.1, 0.2, 0.3, true, 0.4, 0.5), rule.withCentering());
    assertEquals(new RmsProp(0.1, 0.2, 0.3, false, 1.0, 0.5), rule.withMomentum(1.0));
    assertEquals(new RmsProp(0.1, 0.2, 0.3, false, 0.4, 1.0), rule.withWeightDecay(1.0));
  }

  private static void assertRefused(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertRefused(
        "RMSprop: learningRate must be finite and at least 0, got -1.0.", () -> RmsProp.of(-1.0));
    assertRefused("RMSprop: alpha must be in [0, 1), got 1.0.", () -> BY_HAND.withAlpha(1.0));
    assertRefused(
        "RMSprop: epsilon must be finite and greater than 0, got 0.0.",
        () -> BY_HAND.withEpsilon(0.0));
    assertRefused(
        "RMSprop: momentum must be finite and at least 0, got -0.5.",
        () -> BY_HAND.withMomentum(-0.5));
    assertRefused(
        "RMSprop: weightDecay must be finite and at least 0, got NaN.",
        () -> BY_HAND.withWeightDecay(Double.NaN));
  }
}
