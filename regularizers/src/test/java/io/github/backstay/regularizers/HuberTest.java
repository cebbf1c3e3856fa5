package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class HuberTest {

  /** 2·(½ + 1·(3 − ½) + ½·1) = 7, by hand; the last entry is where squares end. */
  @Test
  void squaresNearTheAnchorAndGoesStraightBeyond() {
    Huber penalty = new Huber(2.0, 1.0);
    DMatrixRMaj weight = Both.row(1.0, -3.0, 1.0, 0.0);
    assertEquals(7.0, Both.value(penalty, weight, null));
    assertArrayEquals(
        new double[] {2.0, -2.0, 2.0, 0.0}, Both.gradient(penalty, weight, null, 0.0));
  }

  @Test
  void doesNotOverflowFarAway() {
    DMatrixRMaj far = Both.row(1e200, -1e300);
    assertEquals(1.0, Both.value(new Huber(1.0, 0.5), far, null) / (0.5 * (1e200 + 1e300)), 1e-15);
    assertArrayEquals(new double[] {0.5, -0.5}, Both.gradient(new Huber(1.0, 0.5), far, null, 0.0));
  }

  @Test
  void isL2WhereTheThresholdIsOutOfReach() {
    DMatrixRMaj weight = Both.row(0.3, -1.2, 0.7);
    Huber penalty = new Huber(0.5, 1e6);
    assertEquals(Both.value(new L2(0.5), weight, null), Both.value(penalty, weight, null), 1e-15);
    assertArrayEquals(
        Both.gradient(new L2(0.5), weight, null, 0.0), Both.gradient(penalty, weight, null, 0.0));
    assertArrayEquals(
        Both.prox(new L2(0.5), weight, 2.0).data, Both.prox(penalty, weight, 2.0).data);
  }

  /** Inside 2δ = 2 the distance is halved, beyond it lowered by 1. */
  @Test
  void proximalStepDividesNearTheAnchorAndShiftsBeyond() {
    DMatrixRMaj image = Both.prox(new Huber(2.0, 1.0), Both.row(1.0, -2.0, 5.0), 0.5);
    assertArrayEquals(new double[] {0.5, -1.0, 4.0}, image.data);
  }

  @Test
  void saysItsFormula() {
    assertEquals("0.5·Σ huber(W−W0, δ=2.0)", new Huber(0.5, 2.0).formula(true));
    assertEquals("0.5·Σ huber(W, δ=2.0)", new Huber(0.5, 2.0).formula(false));
  }

  @Test
  void refusesThresholdsThatAreNotPositiveAndFinite() {
    for (double delta : new double[] {0.0, -1.0, Double.NaN, Double.POSITIVE_INFINITY}) {
      Failures.assertMessage(
          IllegalArgumentException.class,
          "Huber: the threshold δ must be finite and greater than 0, got " + delta + ".",
          () -> new Huber(1.0, delta));
    }
  }
}
