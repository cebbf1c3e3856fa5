package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Parameter;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SgdTest {

  /** Where a weight that starts at 1 goes along the gradients 2, 2, −1. */
  private static double[] threeSteps(Sgd rule) {
    Parameter weight = new Parameter("w", new DMatrixRMaj(1, 1, true, 1.0));
    Optimizer optimizer = Optimizer.of(rule, weight);
    double[] path = new double[3];
    double[] gradients = {2.0, 2.0, -1.0};
    for (int t = 0; t < 3; t++) {
      GivenGradients.of(weight, gradients[t]).step(optimizer);
      path[t] = weight.get(0, 0);
    }
    return path;
  }

  /** η = ¼: 1 − ½, − ½, + ¼. */
  @Test
  void plainStepsGoDownTheGradient() {
    assertArrayEquals(new double[] {0.5, 0.0, 0.25}, threeSteps(Sgd.of(0.25)));
  }

  /** μ = ½: b = 2; 1 + 2 = 3; 1.5 − 1 = 0.5. Steps of ¼b. */
  @Test
  void momentumStartsAsTheFirstGradient() {
    assertArrayEquals(
        new double[] {0.5, -0.25, -0.375}, threeSteps(Sgd.of(0.25).withMomentum(0.5)));
  }

  /** μ = ½, dampening ½: b = 2, undampened; 1 + 1 = 2; 1 − ½ = ½. */
  @Test
  void dampeningSparesTheFirstStep() {
    assertArrayEquals(
        new double[] {0.5, 0.0, -0.125},
        threeSteps(Sgd.of(0.25).withMomentum(0.5).withDampening(0.5)));
  }

  /** b = 2, 3, 0.5 as with momentum; steps of ¼(g + ½b): ¾, 3.5/4, −0.75/4. */
  @Test
  void nesterovLooksAhead() {
    assertArrayEquals(
        new double[] {0.25, -0.625, -0.4375},
        threeSteps(Sgd.of(0.25).withMomentum(0.5).withNesterov()));
  }

  /** λ = 1: g = 2 + 1 = 3, w = ¼; g = 2.25, w = −0.3125; g = −1.3125, w = 0.015625. */
  @Test
  void weightDecayAddsTheWeightToItsGradient() {
    assertArrayEquals(
        new double[] {0.25, -0.3125, 0.015625}, threeSteps(Sgd.of(0.25).withWeightDecay(1.0)));
  }

  @Test
  void eachOptionGivesANewRuleAndLeavesTheOldOne() {
    Sgd plain = Sgd.of(0.1);
    assertEquals(new Sgd(0.1, 0.0, 0.0, false, 0.0, false), plain);
    assertEquals(new Sgd(0.2, 0.0, 0.0, false, 0.0, false), plain.withLearningRate(0.2));
    assertEquals(new Sgd(0.1, 0.9, 0.0, false, 0.0, false), plain.withMomentum(0.9));
    assertEquals(new Sgd(0.1, 0.0, 0.3, false, 0.0, false), plain.withDampening(0.3));
    assertEquals(new Sgd(0.1, 0.9, 0.0, true, 0.0, false), plain.withMomentum(0.9).withNesterov());
    assertEquals(new Sgd(0.1, 0.0, 0.0, false, 0.4, false), plain.withWeightDecay(0.4));
    Sgd all = new Sgd(0.1, 0.9, 0.0, true, 0.4, false);
    assertEquals(all, all.withLearningRate(0.1).withMomentum(0.9).withDampening(0.0));
    assertEquals(all, all.withWeightDecay(0.4).withNesterov());
    assertEquals(new Sgd(0.1, 0.0, 0.0, false, 0.0, false), plain);
  }

  @Test
  void remembersMomentumOnlyIfThereIsAny() {
    assertEquals(List.of(), Sgd.of(0.1).slots());
    assertEquals(List.of(Slot.zeros("momentum")), Sgd.of(0.1).withMomentum(0.5).slots());
    assertTrue(Sgd.of(0.1).withMomentum(0.5).rests());
    assertFalse(Sgd.of(0.1).withWeightDecay(1e-9).rests());
  }

  /** Up the gradient −g is down the gradient g; the decay pulls to 0 either way. */
  @Test
  void maximizingTurnsTheGradientAndNotTheDecay() {
    for (Sgd rule : List.of(Sgd.of(0.25).withWeightDecay(1.0), Sgd.of(0.25).withMomentum(0.5))) {
      assertArrayEquals(
          GivenGradients.path(rule, 2.0, 2.0, -1.0),
          GivenGradients.path(rule.withMaximize(), -2.0, -2.0, 1.0));
      assertTrue(rule.withMaximize().maximizes() && !rule.maximizes());
    }
  }

  private static void assertRefused(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertRefused("SGD: learningRate must be finite and at least 0, got -0.1.", () -> Sgd.of(-0.1));
    assertRefused(
        "SGD: learningRate must be finite and at least 0, got NaN.", () -> Sgd.of(Double.NaN));
    assertRefused(
        "SGD: momentum must be finite and at least 0, got Infinity.",
        () -> Sgd.of(0.1).withMomentum(Double.POSITIVE_INFINITY));
    assertRefused(
        "SGD: weightDecay must be finite and at least 0, got -1.0.",
        () -> Sgd.of(0.1).withWeightDecay(-1.0));
    assertRefused(
        "SGD: dampening must be finite, got NaN.", () -> Sgd.of(0.1).withDampening(Double.NaN));
    assertRefused(
        "SGD: dampening must be finite, got -Infinity.",
        () -> Sgd.of(0.1).withDampening(Double.NEGATIVE_INFINITY));
  }

  @Test
  void refusesNesterovWithoutMomentumOrWithDampening() {
    assertRefused(
        "SGD: nesterov needs a momentum and no dampening, got momentum 0.0 and dampening 0.0.",
        () -> Sgd.of(0.1).withNesterov());
    assertRefused(
        "SGD: nesterov needs a momentum and no dampening, got momentum 0.9 and dampening 0.1.",
        () -> Sgd.of(0.1).withMomentum(0.9).withDampening(0.1).withNesterov());
  }
}
