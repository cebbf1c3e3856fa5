package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class ElasticNetTest {

  /** 0.5·(2 + 1) + 3/2·(4 + 1) = 9, by hand. */
  @Test
  void addsBothAndHalvesTheSquaresOnly() {
    ElasticNet penalty = new ElasticNet(0.5, 3.0);
    DMatrixRMaj weight = Both.row(3.0, 0.0, 2.0);
    DMatrixRMaj anchor = Both.row(1.0, 1.0, 2.0);
    assertEquals(9.0, Both.value(penalty, weight, anchor));
    assertArrayEquals(new double[] {6.5, -3.5, 0.0}, Both.gradient(penalty, weight, anchor, 0.0));
  }

  /** (3 − 1)/(1 + 1) = 1. */
  @Test
  void proximalStepThresholdsAndThenDivides() {
    DMatrixRMaj image = Both.prox(new ElasticNet(2.0, 2.0), Both.row(3.0, -1.0, 0.9), 0.5);
    assertArrayEquals(new double[] {1.0, 0.0, 0.0}, image.data);
  }

  @Test
  void onlyTheSquaresLimitTheRate() {
    assertEquals(0.25, new ElasticNet(100.0, 4.0).largestRate());
    assertEquals(Double.POSITIVE_INFINITY, new ElasticNet(100.0, 0.0).largestRate());
  }

  @Test
  void saysItsFormulaAndItsOtherName() {
    ElasticNet penalty = new ElasticNet(0.25, 0.75);
    assertEquals("0.25·Σ|W−W0| + 0.75/2·‖W−W0‖²", penalty.formula(true));
    assertEquals(
        "scikit-learn's alpha 1.0, l1_ratio 0.25 when the anchor is 0", penalty.alsoKnownAs());
    assertEquals("", new ElasticNet(0.0, 0.0).alsoKnownAs());
  }

  @Test
  void namesTheStrengthItRefuses() {
    Failures.assertMessage(
        IllegalArgumentException.class,
        "ElasticNet: the strength l1 must be finite and at least 0, got -1.0.",
        () -> new ElasticNet(-1.0, 0.0));
    Failures.assertMessage(
        IllegalArgumentException.class,
        "ElasticNet: the strength l2 must be finite and at least 0, got NaN.",
        () -> new ElasticNet(0.0, Double.NaN));
  }
}
