package io.github.backstay.optim;

import static io.github.backstay.optim.GivenGradients.path;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RAdamTest {

  /** η = ½, β1 = ½: numbers that can be followed by hand. */
  private static final RAdam BY_HAND = RAdam.of(0.5).withBetas(0.5, 0.999);

  /** g = 2: corrected m is 2. g = 0: m = ½, corrected ½/¾. Not adapted yet. */
  @Test
  void twoStepsByHand() {
    assertArrayEquals(new double[] {0.0, -1.0 / 3.0}, path(BY_HAND, 2.0, 0.0), 1e-15);
  }

  /** λ = 1: g = 1 + 1·1, the step of the gradient 2. */
  @Test
  void decayIsCoupled() {
    assertArrayEquals(new double[] {0.0}, path(BY_HAND.withWeightDecay(1.0), 1.0), 1e-15);
  }

  /** ρ is 4.996 in the fifth step and 5.994 in the sixth. */
  @Test
  void adaptsFromTheSixthStepOn() {
    double[] path = path(RAdam.of(1.0), 1e3, 1e3, 1e3, 1e3, 1e3, 1e3);
    for (int t = 1; t < 5; t++) {
      assertEquals(1e3, path[t - 1] - path[t], 1e-9, "step " + (t + 1));
    }
    assertTrue(path[4] - path[5] < 1.0, "as large as the gradient no more");
  }

  /** With β2 = 0.6, ρ stays below 4. */
  @Test
  void mayNeverAdapt() {
    double[] ones = new double[50];
    Arrays.fill(ones, 1.0);
    double[] path = path(RAdam.of(1.0).withBetas(0.0, 0.6), ones);
    for (int t = 0; t < 50; t++) {
      assertEquals(-t, path[t], 1e-12);
    }
  }

  @Test
  void defaultsAreThoseOfPyTorch() {
    assertEquals(new RAdam(1e-3, 0.9, 0.999, 1e-8, 0.0), RAdam.DEFAULT);
    assertEquals(new RAdam(0.3, 0.9, 0.999, 1e-8, 0.0), RAdam.of(0.3));
  }

  @Test
  void eachOptionGivesANewRule() {
    RAdam rule = new RAdam(0.1, 0.2, 0.3, 0.4, 0.5);
    assertEquals(new RAdam(1.0, 0.2, 0.3, 0.4, 0.5), rule.withLearningRate(1.0));
    assertEquals(new RAdam(0.1, 0.7, 0.8, 0.4, 0.5), rule.withBetas(0.7, 0.8));
    assertEquals(new RAdam(0.1, 0.2, 0.3, 1.0, 0.5), rule.withEpsilon(1.0));
    assertEquals(new RAdam(0.1, 0.2, 0.3, 0.4, 1.0), rule.withWeightDecay(1.0));
  }

  private static void assertRefused(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertRefused(
        "RAdam: learningRate must be finite and at least 0, got -1.0.", () -> RAdam.of(-1.0));
    assertRefused("RAdam: beta1 must be in [0, 1), got 1.0.", () -> BY_HAND.withBetas(1.0, 0.5));
    assertRefused("RAdam: beta2 must be in [0, 1), got -0.5.", () -> BY_HAND.withBetas(0.5, -0.5));
    assertRefused(
        "RAdam: epsilon must be finite and greater than 0, got 0.0.",
        () -> BY_HAND.withEpsilon(0.0));
    assertRefused(
        "RAdam: weightDecay must be finite and at least 0, got NaN.",
        () -> BY_HAND.withWeightDecay(Double.NaN));
  }
}
