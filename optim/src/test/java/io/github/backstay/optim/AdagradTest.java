package io.github.backstay.optim;

import static io.github.backstay.optim.GivenGradients.path;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class AdagradTest {

  /** η = 1, ε = 1: numbers that can be followed by hand. */
  private static final Adagrad BY_HAND = Adagrad.of(1.0).withEpsilon(1.0);

  /** g = 3: s = 9, step 3/(3 + 1). g = 4: s = 25, step 4/(5 + 1). */
  @Test
  void twoStepsByHand() {
    assertArrayEquals(new double[] {0.25, 0.25 - 2.0 / 3.0}, path(BY_HAND, 3.0, 4.0), 1e-15);
  }

  /** The first step is whole, the second is divided by 1 + 1. */
  @Test
  void theRateDecaysFromTheSecondStepOn() {
    assertArrayEquals(
        new double[] {0.25, 0.25 - 1.0 / 3.0},
        path(BY_HAND.withLearningRateDecay(1.0), 3.0, 4.0),
        1e-15);
  }

  /** g = 3: s = 16 + 9, step 3/(5 + 1). */
  @Test
  void theSumMayStartElsewhere() {
    assertArrayEquals(new double[] {0.5}, path(BY_HAND.withInitialAccumulator(16.0), 3.0), 1e-15);
    assertEquals(List.of(new Slot("sum", 16.0)), BY_HAND.withInitialAccumulator(16.0).slots());
  }

  /** λ = 1: g = 2 + 1·1, the step of the gradient 3. */
  @Test
  void decayIsCoupled() {
    assertArrayEquals(new double[] {0.25}, path(BY_HAND.withWeightDecay(1.0), 2.0), 1e-15);
  }

  @Test
  void defaultsAreThoseOfPyTorch() {
    assertEquals(new Adagrad(1e-2, 0.0, 0.0, 1e-10, 0.0), Adagrad.DEFAULT);
    assertEquals(new Adagrad(0.3, 0.0, 0.0, 1e-10, 0.0), Adagrad.of(0.3));
  }

  @Test
  void eachOptionGivesANewRule() {
    Adagrad rule = new Adagrad(0.1, 0.2, 0.3, 0.4, 0.5);
    assertEquals(new Adagrad(1.0, 0.2, 0.3, 0.4, 0.5), rule.withLearningRate(1.0));
    assertEquals(new Adagrad(0.1, 1.0, 0.3, 0.4, 0.5), rule.withLearningRateDecay(1.0));
    assertEquals(new Adagrad(0.1, 0.2, 1.0, 0.4, 0.5), rule.withInitialAccumulator(1.0));
    assertEquals(new Adagrad(0.1, 0.2, 0.3, 1.0, 0.5), rule.withEpsilon(1.0));
    assertEquals(new Adagrad(0.1, 0.2, 0.3, 0.4, 1.0), rule.withWeightDecay(1.0));
  }

  private static void assertRefused(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertRefused(
        "Adagrad: learningRate must be finite and at least 0, got -1.0.", () -> Adagrad.of(-1.0));
    assertRefused(
        "Adagrad: learningRateDecay must be finite and at least 0, got NaN.",
        () -> BY_HAND.withLearningRateDecay(Double.NaN));
    assertRefused(
        "Adagrad: initialAccumulator must be finite and at least 0, got -0.5.",
        () -> BY_HAND.withInitialAccumulator(-0.5));
    assertRefused(
        "Adagrad: epsilon must be finite and greater than 0, got 0.0.",
        () -> BY_HAND.withEpsilon(0.0));
    assertRefused(
        "Adagrad: weightDecay must be finite and at least 0, got Infinity.",
        () -> BY_HAND.withWeightDecay(Double.POSITIVE_INFINITY));
  }
}
