package io.github.backstay.optim;

import static io.github.backstay.optim.GivenGradients.path;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class AdamTest {

  /** η = ½, β1 = ½, β2 = ¾, ε = 2: numbers that can be followed by hand. */
  private static final Adam BY_HAND = Adam.of(0.5).withBetas(0.5, 0.75).withEpsilon(2.0);

  /**
   * g = 2: m = 1, v = 1; corrected 2 and 4; step ½·2/(2 + 2) = ¼.
   *
   * <p>g = −2: m = ½ − 1 = −½, v = ¾ + 1 = 7/4; corrected −½/¾ = −2/3 and (7/4)/(7/16) = 4; step
   * −½·(2/3)/4 = −1/12.
   */
  @Test
  void twoStepsByHand() {
    assertArrayEquals(new double[] {0.75, 0.75 + 1.0 / 12.0}, path(BY_HAND, 2.0, -2.0), 1e-15);
  }

  /**
   * g = 2: m = 1, v = 1, as before. g = 0: m = ½, v = ¾, corrected ½/¾ = 2/3 and ¾/(7/16) = 12/7;
   * amsgrad divides by the larger uncorrected v instead: 1/(7/16) = 16/7.
   */
  @Test
  void amsgradKeepsTheLargestUncorrectedSecondMoment() {
    double plain = 0.75 - 0.5 * (2.0 / 3.0) / (Math.sqrt(12.0 / 7.0) + 2.0);
    double amsgrad = 0.75 - 0.5 * (2.0 / 3.0) / (Math.sqrt(16.0 / 7.0) + 2.0);
    assertArrayEquals(new double[] {0.75, plain}, path(BY_HAND, 2.0, 0.0), 1e-15);
    assertArrayEquals(new double[] {0.75, amsgrad}, path(BY_HAND.withAmsgrad(), 2.0, 0.0), 1e-15);
  }

  /** λ = ½, g = 1.5 + ½·1 = 2: the step of the gradient 2. */
  @Test
  void coupledDecayGoesThroughTheMoments() {
    assertArrayEquals(new double[] {0.75}, path(BY_HAND.withWeightDecay(0.5), 1.5), 1e-15);
  }

  /** λ = ½: w = (1 − ¼)·1 = ¾ first, then the step of the gradient 2, past the moments. */
  @Test
  void decoupledDecayDoesNot() {
    assertArrayEquals(new double[] {0.5}, path(BY_HAND.withDecoupledWeightDecay(0.5), 2.0), 1e-15);
  }

  /** With ε ≪ |g| the first step is η·sign(g), whatever the size of g. */
  @Test
  void firstStepHasTheSizeOfTheLearningRate() {
    for (double gradient : new double[] {1e-3, 1.0, 1e6}) {
      assertArrayEquals(new double[] {0.9}, path(Adam.of(0.1), gradient), 1e-5);
      assertArrayEquals(new double[] {1.1}, path(Adam.of(0.1), -gradient), 1e-5);
    }
  }

  @Test
  void defaultsAreThoseOfPyTorch() {
    assertEquals(new Adam(1e-3, 0.9, 0.999, 1e-8, 0.0, false, false, false), Adam.DEFAULT);
    assertEquals(new Adam(0.1, 0.9, 0.999, 1e-8, 0.0, false, false, false), Adam.of(0.1));
    assertEquals(new Adam(0.1, 0.9, 0.999, 1e-8, 0.02, true, false, false), Adam.adamW(0.1, 0.02));
  }

  @Test
  void eachOptionGivesANewRuleAndLeavesTheOldOne() {
    Adam rule = new Adam(0.1, 0.8, 0.9, 1e-6, 0.3, true, true, false);
    assertEquals(new Adam(0.2, 0.8, 0.9, 1e-6, 0.3, true, true, false), rule.withLearningRate(0.2));
    assertEquals(new Adam(0.1, 0.5, 0.6, 1e-6, 0.3, true, true, false), rule.withBetas(0.5, 0.6));
    assertEquals(new Adam(0.1, 0.8, 0.9, 1e-4, 0.3, true, true, false), rule.withEpsilon(1e-4));
    assertEquals(new Adam(0.1, 0.8, 0.9, 1e-6, 0.7, false, true, false), rule.withWeightDecay(0.7));
    assertEquals(
        new Adam(0.1, 0.8, 0.9, 1e-6, 0.7, true, true, false), rule.withDecoupledWeightDecay(0.7));
    assertEquals(rule, rule.withAmsgrad());
    assertTrue(Adam.DEFAULT.withAmsgrad().amsgrad());
    assertEquals(new Adam(0.1, 0.8, 0.9, 1e-6, 0.3, true, true, false), rule);
  }

  @Test
  void remembersTwoMomentsAndPerhapsALargest() {
    assertEquals(List.of(Slot.zeros("m"), Slot.zeros("v")), Adam.of(0.1).slots());
    assertEquals(
        List.of(Slot.zeros("m"), Slot.zeros("v"), Slot.zeros("vMax")),
        Adam.of(0.1).withAmsgrad().slots());
    assertTrue(Adam.of(0.1).withAmsgrad().rests());
    assertFalse(Adam.of(0.1).withWeightDecay(1e-9).rests());
    assertFalse(Adam.adamW(0.1, 1e-9).rests());
  }

  /** Up the gradient −g is down the gradient g; the decay pulls to 0 either way. */
  @Test
  void maximizingTurnsTheGradientAndNotTheDecay() {
    for (Adam rule : List.of(BY_HAND.withWeightDecay(0.5), BY_HAND.withAmsgrad())) {
      assertArrayEquals(path(rule, 2.0, -1.0), path(rule.withMaximize(), -2.0, 1.0));
    }
    assertArrayEquals(new double[] {0.75}, path(BY_HAND.withMaximize(), -2.0), 1e-15);
    assertTrue(BY_HAND.withMaximize().maximizes());
    assertFalse(BY_HAND.maximizes());
  }

  private static void assertRefused(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertRefused(
        "Adam: beta2 must be in [0, 1), got 1.5.", () -> Adam.of(0.1).withBetas(0.9, 1.5));
    assertRefused(
        "Adam: beta2 must be in [0, 1), got 1.0.", () -> Adam.of(0.1).withBetas(0.9, 1.0));
    assertRefused(
        "Adam: beta1 must be in [0, 1), got -0.1.", () -> Adam.of(0.1).withBetas(-0.1, 0.9));
    assertRefused(
        "Adam: beta1 must be in [0, 1), got NaN.", () -> Adam.of(0.1).withBetas(Double.NaN, 0.9));
    assertRefused(
        "Adam: epsilon must be finite and greater than 0, got 0.0.",
        () -> Adam.of(0.1).withEpsilon(0.0));
    assertRefused(
        "Adam: epsilon must be finite and greater than 0, got Infinity.",
        () -> Adam.of(0.1).withEpsilon(Double.POSITIVE_INFINITY));
    assertRefused(
        "Adam: learningRate must be finite and at least 0, got -1.0.", () -> Adam.of(-1.0));
    assertRefused(
        "Adam: weightDecay must be finite and at least 0, got NaN.",
        () -> Adam.adamW(0.1, Double.NaN));
  }

  @Test
  void acceptsTheEndsOfTheRanges() {
    assertEquals(0.0, Adam.of(0.0).withBetas(0.0, 0.0).learningRate());
    assertEquals(Double.MIN_VALUE, Adam.of(0.0).withEpsilon(Double.MIN_VALUE).epsilon());
  }
}
