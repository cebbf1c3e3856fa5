package io.github.backstay.optim;

import static io.github.backstay.optim.GivenGradients.path;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class AdamaxTest {

  /** η = 1, β1 = β2 = ½, ε = 1: numbers that can be followed by hand. */
  private static final Adamax BY_HAND = Adamax.of(1.0).withBetas(0.5, 0.5).withEpsilon(1.0);

  /** g = 3: m = 3/2, corrected 3, u = 4. g = 0: m = ¾, corrected 1, u = 2. */
  @Test
  void twoStepsByHand() {
    assertArrayEquals(new double[] {0.25, -0.25}, path(BY_HAND, 3.0, 0.0), 1e-15);
  }

  /** λ = 1: g = 2 + 1·1, the step of the gradient 3. */
  @Test
  void decayIsCoupled() {
    assertArrayEquals(new double[] {0.25}, path(BY_HAND.withWeightDecay(1.0), 2.0), 1e-15);
  }

  @Test
  void theLargestGradientStartsFromEpsilonWhereItRests() {
    assertEquals(List.of(Slot.zeros("m"), new Slot("u", 1.0)), BY_HAND.slots());
  }

  @Test
  void defaultsAreThoseOfPyTorch() {
    assertEquals(new Adamax(2e-3, 0.9, 0.999, 1e-8, 0.0), Adamax.DEFAULT);
    assertEquals(new Adamax(0.3, 0.9, 0.999, 1e-8, 0.0), Adamax.of(0.3));
  }

  @Test
  void eachOptionGivesANewRule() {
    Adamax rule = new Adamax(0.1, 0.2, 0.3, 0.4, 0.5);
    assertEquals(new Adamax(1.0, 0.2, 0.3, 0.4, 0.5), rule.withLearningRate(1.0));
    assertEquals(new Adamax(0.1, 0.7, 0.8, 0.4, 0.5), rule.withBetas(0.7, 0.8));
    assertEquals(new Adamax(0.1, 0.2, 0.3, 1.0, 0.5), rule.withEpsilon(1.0));
    assertEquals(new Adamax(0.1, 0.2, 0.3, 0.4, 1.0), rule.withWeightDecay(1.0));
  }

  private static void assertRefused(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertRefused(
        "Adamax: learningRate must be finite and at least 0, got -1.0.", () -> Adamax.of(-1.0));
    assertRefused("Adamax: beta1 must be in [0, 1), got 1.0.", () -> BY_HAND.withBetas(1.0, 0.5));
    assertRefused("Adamax: beta2 must be in [0, 1), got -0.5.", () -> BY_HAND.withBetas(0.5, -0.5));
    assertRefused(
        "Adamax: epsilon must be finite and greater than 0, got 0.0.",
        () -> BY_HAND.withEpsilon(0.0));
    assertRefused(
        "Adamax: weightDecay must be finite and at least 0, got NaN.",
        () -> BY_HAND.withWeightDecay(Double.NaN));
  }
}
