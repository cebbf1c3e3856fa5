package io.github.backstay.regularizers;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.RowJournal;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * What one parameter is held at: zero, a matrix, or its own original. The original is kept by rows
 * ({@link RowJournal}): a row that never moved is at its anchor, where its penalty and gradient are
 * 0, so that only rows that moved cost time and memory.
 */
final class Held {

  private final Parameter parameter;
  private @Nullable RowJournal original;
  private @Nullable DMatrixRMaj matrix; // null for zero, and for the original
  private Indices moved = Indices.of();
  private DMatrixRMaj originals = new DMatrixRMaj(0, 0);

  private Held(Parameter parameter, @Nullable RowJournal original, @Nullable DMatrixRMaj matrix) {
    this.parameter = parameter;
    this.original = original;
    this.matrix = matrix;
  }

  static Held atZero(Parameter parameter) {
    return new Held(parameter, null, null);
  }

  static Held at(Parameter parameter, DMatrixRMaj matrix) {
    return new Held(parameter, null, matrix);
  }

  /** At what the parameter is now; for penalties that are sums over rows. */
  static Held atOriginal(Parameter parameter) {
    return new Held(parameter, parameter.journal(), null);
  }

  boolean isZero() {
    return original == null && matrix == null;
  }

  /** Whether rows that are not in {@link #journal} are at their anchors. */
  boolean isByRows() {
    return original != null && original.isByRows();
  }

  @Nullable RowJournal journal() {
    return original;
  }

  /** Holds it at another matrix from now on. */
  void moveTo(DMatrixRMaj newMatrix) {
    original = null;
    matrix = newMatrix;
  }

  /** A copy of the anchor. */
  DMatrixRMaj toMatrix() {
    if (original != null) {
      return original.toMatrix();
    }
    return matrix == null ? new DMatrixRMaj(parameter.rows(), parameter.cols()) : matrix.copy();
  }

  /** The penalty of the parameter, of its moved rows only where the others count 0. */
  Variable penalty(Penalty penalty, Tape tape) {
    Variable weight = parameter.on(tape);
    RowJournal rows = original;
    if (rows == null) {
      return penalty.of(weight, matrix == null ? null : tape.borrow(matrix));
    }
    Variable anchor = tape.borrow(originals(rows));
    return penalty.of(rows.isByRows() ? weight.gatherRows(moved) : weight, anchor);
  }

  /** The originals of the rows that moved, or of all, as a matrix that is not a copy. */
  private DMatrixRMaj originals(RowJournal rows) {
    int count = rows.isByRows() ? rows.rows().size() : parameter.rows();
    if (originals.data != rows.originals() || originals.numRows != count) {
      // A new header: an older tape may still hold the one before.
      originals = DMatrixRMaj.wrap(count, parameter.cols(), rows.originals());
      moved = rows.rows().toIndices();
    }
    return originals;
  }

  /** {@code into += factor · ∇R(W)} for the whole weight. */
  void addGradient(Penalty penalty, DMatrixRMaj weight, double factor, DMatrixRMaj into) {
    RowJournal rows = original;
    if (rows == null) {
      penalty.addGradient(weight, matrix, factor, into);
    } else if (!rows.isByRows()) {
      penalty.addGradient(weight, originals(rows), factor, into);
    } else {
      int cols = weight.numCols;
      DMatrixRMaj own = new DMatrixRMaj(1, cols);
      DMatrixRMaj anchor = new DMatrixRMaj(1, cols);
      DMatrixRMaj sum = new DMatrixRMaj(1, cols);
      for (int place = 0; place < rows.rows().size(); place++) {
        int at = rows.rows().row(place) * cols;
        System.arraycopy(weight.data, at, own.data, 0, cols);
        System.arraycopy(into.data, at, sum.data, 0, cols);
        System.arraycopy(rows.originals(), place * cols, anchor.data, 0, cols);
        penalty.addGradient(own, anchor, factor, sum);
        System.arraycopy(sum.data, 0, into.data, at, cols);
      }
    }
  }

  /** The same for one row, given by itself. */
  void addRowGradient(
      Penalty penalty,
      int row,
      DMatrixRMaj weight,
      DMatrixRMaj anchor,
      double factor,
      DMatrixRMaj into) {
    RowJournal rows = original;
    if (rows == null) {
      throw new IllegalStateException("regularizer: the anchor is not kept by rows.");
    }
    rows.copyRow(row, anchor.data, 0);
    penalty.addGradient(weight, anchor, factor, into);
  }

  /** Copies the anchor of one row. */
  void copyRow(int row, double[] into) {
    if (original != null) {
      original.copyRow(row, into, 0);
    } else if (matrix != null) {
      System.arraycopy(matrix.data, row * into.length, into, 0, into.length);
    } else {
      Arrays.fill(into, 0.0);
    }
  }

  /** {@code ‖W − A‖}, row by row. */
  double drift() {
    DMatrixRMaj values = parameter.toMatrix();
    double sum = 0.0;
    double[] row = new double[values.numCols];
    for (int i = 0; i < values.numRows; i++) {
      copyRow(i, row);
      for (int j = 0; j < row.length; j++) {
        double distance = values.data[i * row.length + j] - row[j];
        sum += distance * distance;
      }
    }
    return Math.sqrt(sum);
  }
}
