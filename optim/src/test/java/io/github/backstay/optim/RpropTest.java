package io.github.backstay.optim;

import static io.github.backstay.optim.GivenGradients.path;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.backstay.core.Parameter;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RpropTest {

  /** Sizes ½, 0.6, 0.3 (turned, no step), 0.3 again. */
  @Test
  void fourStepsByHand() {
    assertArrayEquals(
        new double[] {0.5, -0.1, -0.1, 0.2}, path(Rprop.of(0.5), 1.0, 7.0, -0.1, -2.0), 1e-15);
  }

  @Test
  void stepSizesStayWithinTheirBounds() {
    Rprop rule = Rprop.of(0.5).withStepSizes(0.25, 0.5);
    assertArrayEquals(
        new double[] {0.5, 0.0, 0.0, 0.25, 0.25, 0.0}, path(rule, 1, 1, -1, -1, 1, 1), 1e-15);
    assertArrayEquals(new double[] {0.75}, path(rule.withLearningRate(0.1), 1.0), 1e-15);
  }

  /** The product of these two gradients is 0 in double. */
  @Test
  void signsOfTinyGradientsCount() {
    assertArrayEquals(new double[] {0.5, -0.1}, path(Rprop.of(0.5), 1e-200, 1e-200), 1e-15);
  }

  @Test
  void anEntryStartsAtTheRateOfItsFirstGradientAndMindsNoneAfterwards() {
    Parameter weight = new Parameter("w", new DMatrixRMaj(1, 1, true, 1.0));
    Optimizer optimizer = Optimizer.of(Rprop.of(0.5), weight);
    double[] rates = {0.0, 0.25, 100.0};
    double[] expected = {1.0, 0.75, 0.45};
    for (int t = 0; t < 3; t++) {
      optimizer.setLearningRate("all", rates[t]);
      GivenGradients.of(weight, 1.0).step(optimizer);
      assertEquals(expected[t], weight.get(0, 0), 1e-15);
    }
  }

  @Test
  void defaultsAreThoseOfPyTorch() {
    assertEquals(new Rprop(1e-2, 0.5, 1.2, 1e-6, 50.0), Rprop.DEFAULT);
    assertEquals(new Rprop(0.3, 0.5, 1.2, 1e-6, 50.0), Rprop.of(0.3));
  }

  @Test
  void eachOptionGivesANewRule() {
    Rprop rule = new Rprop(0.1, 0.2, 1.3, 0.4, 0.5);
    assertEquals(new Rprop(1.0, 0.2, 1.3, 0.4, 0.5), rule.withLearningRate(1.0));
    assertEquals(new Rprop(0.1, 0.7, 1.8, 0.4, 0.5), rule.withEtas(0.7, 1.8));
    assertEquals(new Rprop(0.1, 0.2, 1.3, 0.6, 0.7), rule.withStepSizes(0.6, 0.7));
  }

  private static void assertRefused(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertRefused(
        "Rprop: learningRate must be finite and at least 0, got -1.0.", () -> Rprop.of(-1.0));
    assertRefused(
        "Rprop: etaMinus must be finite and greater than 0, got 0.0.",
        () -> Rprop.DEFAULT.withEtas(0.0, 1.2));
    assertRefused(
        "Rprop: etaMinus must be less than 1 and etaPlus greater, got 0.5 and 1.0.",
        () -> Rprop.DEFAULT.withEtas(0.5, 1.0));
    assertRefused(
        "Rprop: etaMinus must be less than 1 and etaPlus greater, got 1.0 and 1.2.",
        () -> Rprop.DEFAULT.withEtas(1.0, 1.2));
    assertRefused(
        "Rprop: smallestStep must be finite and greater than 0, got NaN.",
        () -> Rprop.DEFAULT.withStepSizes(Double.NaN, 1.0));
    assertRefused(
        "Rprop: largestStep must be finite and greater than 0, got Infinity.",
        () -> Rprop.DEFAULT.withStepSizes(1.0, Double.POSITIVE_INFINITY));
    assertRefused(
        "Rprop: smallestStep must be at most largestStep, got 2.0 and 1.0.",
        () -> Rprop.DEFAULT.withStepSizes(2.0, 1.0));
  }
}
