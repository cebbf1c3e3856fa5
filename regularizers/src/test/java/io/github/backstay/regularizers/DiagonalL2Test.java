package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class DiagonalL2Test {

  private final DMatrixRMaj weight = new DMatrixRMaj(2, 2, true, 3.0, 1.0, 2.0, -1.0);
  private final DMatrixRMaj anchor = new DMatrixRMaj(2, 2, true, 1.0, 1.0, 3.0, 1.0);

  /** ½·0.5·(4·4 + 0 + 2·1 + 0·4) = 4.5, by hand. */
  @Test
  void weighsEveryEntryByItself() {
    DMatrixRMaj fisher = new DMatrixRMaj(2, 2, true, 4.0, 7.0, 2.0, 0.0);
    DiagonalL2 penalty = new DiagonalL2(0.5, fisher);
    assertEquals(4.5, Both.value(penalty, weight, anchor));
    assertArrayEquals(
        new double[] {4.0, 0.0, -1.0, 0.0}, Both.gradient(penalty, weight, anchor, 0.0));
    assertEquals(2.0 / 7.0, penalty.largestRate());
    assertFalse(penalty.isRowwise());
    fisher.zero();
    assertEquals(4.5, Both.value(penalty, weight, anchor));
  }

  /** ½·0.5·(4·4 + 2·(1 + 4)) = 6.5, by hand. */
  @Test
  void rowsAreWeighedAsWholes() {
    DMatrixRMaj rows = new DMatrixRMaj(2, 1, true, 4.0, 2.0);
    RowL2 penalty = new RowL2(0.5, rows);
    assertEquals(6.5, Both.value(penalty, weight, anchor));
    assertArrayEquals(
        new double[] {4.0, 0.0, -1.0, -2.0}, Both.gradient(penalty, weight, anchor, 0.0));
    assertEquals(0.5, penalty.largestRate());
    assertFalse(penalty.isRowwise());
    rows.zero();
    assertEquals(6.5, Both.value(penalty, weight, anchor));
  }

  @Test
  void entriesWithoutStrengthAreFree() {
    DiagonalL2 none = new DiagonalL2(3.0, new DMatrixRMaj(2, 2));
    assertEquals(Double.POSITIVE_INFINITY, none.largestRate());
    assertArrayEquals(weight.data, Both.prox(none, weight, 10.0).data);
  }

  @Test
  void saysItsFormulaAndItsOtherName() {
    DiagonalL2 diagonal = new DiagonalL2(0.5, new DMatrixRMaj(2, 2));
    assertEquals("0.5/2·Σ F⊙(W−W0)²", diagonal.formula(true));
    assertEquals("0.5/2·Σ F⊙W²", diagonal.formula(false));
    assertEquals(
        "EWC with λ 0.5 when F is the diagonal of the Fisher information", diagonal.alsoKnownAs());
    RowL2 rows = new RowL2(0.5, new DMatrixRMaj(2, 1));
    assertEquals("0.5/2·Σ rᵢ‖Wᵢ−W0ᵢ‖²", rows.formula(true));
    assertEquals("0.5/2·Σ rᵢ‖Wᵢ‖²", rows.formula(false));
  }

  @Test
  void refusesStrengthsBelowZero() {
    Failures.assertMessage(
        IllegalArgumentException.class,
        "DiagonalL2: every entry of the diagonal F must be finite and at least 0, got -2.0.",
        () -> new DiagonalL2(1.0, Both.row(1.0, -2.0)));
    Failures.assertMessage(
        IllegalArgumentException.class,
        "RowL2: every strength r must be finite and at least 0, got NaN.",
        () -> new RowL2(1.0, new DMatrixRMaj(2, 1, true, 1.0, Double.NaN)));
    Failures.assertMessage(
        ShapeException.class,
        "RowL2: the strengths r are 1×2 (need a column, one per row).",
        () -> new RowL2(1.0, Both.row(1.0, 2.0)));
  }

  @Test
  void refusesWeightsOfAnotherShape() {
    DiagonalL2 diagonal = new DiagonalL2(1.0, new DMatrixRMaj(3, 2));
    RowL2 rows = new RowL2(1.0, new DMatrixRMaj(3, 1));
    String ofDiagonal =
        "DiagonalL2: the weight is 2×2, the diagonal F is 3×2 (both must have the same shape).";
    String ofRows =
        "RowL2: the weight is 2×2, the strengths r are 3×1 (need one strength per row).";
    DMatrixRMaj into = new DMatrixRMaj(2, 2);
    refuses(ofDiagonal, diagonal, into);
    refuses(ofRows, rows, into);
    assertArrayEquals(new double[4], into.data);
  }

  private void refuses(String message, ProximalPenalty penalty, DMatrixRMaj into) {
    Parameter table = new Parameter("table", weight);
    try (Tape tape = Tape.create()) {
      Failures.assertMessage(ShapeException.class, message, () -> penalty.of(table.on(tape), null));
    }
    Failures.assertMessage(
        ShapeException.class, message, () -> penalty.addGradient(weight, null, 1.0, into));
    Failures.assertMessage(ShapeException.class, message, () -> penalty.prox(into, null, 1.0));
    Failures.assertMessage(
        ShapeException.class, message, () -> Regularizer.of(penalty).over(table).coupled());
  }
}
