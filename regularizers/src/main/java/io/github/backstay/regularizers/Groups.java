package io.github.backstay.regularizers;

import io.github.backstay.core.Axis;
import org.ejml.data.DMatrixRMaj;

/** Which entries of a weight are held together: see {@link GroupLasso} and {@link Ball}. */
public enum Groups {
  /** Every row is a group: a word of an embedding, an output of a dense layer. */
  ROWS(Axis.ROWS),
  /** Every column is a group: an input of a dense layer. */
  COLS(Axis.COLS),
  /** The whole weight is one group. */
  ALL(Axis.ALL);

  /** Squares whose sum is outside of this range may have lost digits, or everything. */
  private static final double SMALLEST_SAFE = 1e-280;

  private static final double LARGEST_SAFE = 1e300;

  final Axis axis;

  Groups(Axis axis) {
    this.axis = axis;
  }

  /** How many entries a group has. */
  int size(int rows, int cols) {
    return switch (this) {
      case ROWS -> cols;
      case COLS -> rows;
      case ALL -> rows * cols;
    };
  }

  /** How many groups there are. */
  int count(DMatrixRMaj weight) {
    return switch (this) {
      case ROWS -> weight.numRows;
      case COLS -> weight.numCols;
      case ALL -> 1;
    };
  }

  /** Where the k-th entry of a group stands. */
  int index(int cols, int group, int k) {
    return switch (this) {
      case ROWS -> group * cols + k;
      case COLS -> k * cols + group;
      case ALL -> k;
    };
  }

  /** The norm of one group, also where its squares are too small or too large for a double. */
  double norm(DMatrixRMaj d, int group) {
    int size = size(d.numRows, d.numCols);
    double squares = 0.0;
    for (int k = 0; k < size; k++) {
      double entry = d.data[index(d.numCols, group, k)];
      squares += entry * entry;
    }
    return squares >= SMALLEST_SAFE && squares <= LARGEST_SAFE
        ? Math.sqrt(squares)
        : scaledNorm(d, group, size);
  }

  private double scaledNorm(DMatrixRMaj d, int group, int size) {
    double max = 0.0;
    for (int k = 0; k < size; k++) {
      max = Math.max(max, Math.abs(d.data[index(d.numCols, group, k)]));
    }
    if (max == 0.0 || !Double.isFinite(max)) {
      return max;
    }
    double squares = 0.0;
    for (int k = 0; k < size; k++) {
      double part = d.data[index(d.numCols, group, k)] / max;
      squares += part * part;
    }
    return max * Math.sqrt(squares);
  }

  /** Norms of the groups, for formulas. */
  String norms(boolean anchored) {
    return switch (this) {
      case ROWS -> "‖row of " + Deviation.factor(anchored) + "‖";
      case COLS -> "‖column of " + Deviation.factor(anchored) + "‖";
      case ALL -> "‖" + Deviation.word(anchored) + "‖";
    };
  }
}
