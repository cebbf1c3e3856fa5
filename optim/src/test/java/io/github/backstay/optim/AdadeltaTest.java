package io.github.backstay.optim;

import static io.github.backstay.optim.GivenGradients.path;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class AdadeltaTest {

  /** ρ = ½, ε = 1: numbers that can be followed by hand. */
  private static final Adadelta BY_HAND = Adadelta.of(1.0).withRho(0.5).withEpsilon(1.0);

  /** g = 4: v = 8, δ = 4·1/3, u = 8/9. g = 2: v = 6, δ = 2·√(17/9)/√7. */
  @Test
  void twoStepsByHand() {
    double first = 1.0 - 4.0 / 3.0;
    assertArrayEquals(
        new double[] {first, first - 2.0 * Math.sqrt(17.0 / 63.0)}, path(BY_HAND, 4.0, 2.0), 1e-15);
  }

  /** λ = 1: g = 3 + 1·1, the step of the gradient 4. */
  @Test
  void decayIsCoupled() {
    assertArrayEquals(
        new double[] {1.0 - 4.0 / 3.0}, path(BY_HAND.withWeightDecay(1.0), 3.0), 1e-15);
  }

  @Test
  void defaultsAreThoseOfPyTorch() {
    assertEquals(new Adadelta(1.0, 0.9, 1e-6, 0.0), Adadelta.DEFAULT);
    assertEquals(new Adadelta(0.3, 0.9, 1e-6, 0.0), Adadelta.of(0.3));
  }

  @Test
  void eachOptionGivesANewRule() {
    Adadelta rule = new Adadelta(0.1, 0.2, 0.3, 0.4);
    assertEquals(new Adadelta(1.0, 0.2, 0.3, 0.4), rule.withLearningRate(1.0));
    assertEquals(new Adadelta(0.1, 0.7, 0.3, 0.4), rule.withRho(0.7));
    assertEquals(new Adadelta(0.1, 0.2, 1.0, 0.4), rule.withEpsilon(1.0));
    assertEquals(new Adadelta(0.1, 0.2, 0.3, 1.0), rule.withWeightDecay(1.0));
  }

  private static void assertRefused(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertRefused(
        "Adadelta: learningRate must be finite and at least 0, got -1.0.", () -> Adadelta.of(-1.0));
    assertRefused("Adadelta: rho must be in [0, 1), got 1.5.", () -> BY_HAND.withRho(1.5));
    assertRefused(
        "Adadelta: epsilon must be finite and greater than 0, got 0.0.",
        () -> BY_HAND.withEpsilon(0.0));
    assertRefused(
        "Adadelta: weightDecay must be finite and at least 0, got NaN.",
        () -> BY_HAND.withWeightDecay(Double.NaN));
  }
}
