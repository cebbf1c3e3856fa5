package io.github.backstay.regularizers;

import io.github.backstay.core.Variable;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * {@code λ·Σ s·‖D‖} over the groups D of W − A, Euclidean norms that are not squared, without a
 * factor ½; s is 1, or the square root of the group's size (Yuan and Lin 2006, eq. 2.1). Gradient
 * {@code λs·D/‖D‖}, 0 for a group that is at its anchor.
 *
 * <p>{@code prox}: every group moves towards its anchor by ηλs, and onto it if it is closer than
 * that, so that whole rows snap back to their pre-trained values. Explicit steps jump to and fro
 * around the anchor by up to ηλs.
 *
 * @param strength λ, finite and at least 0
 * @param groups which entries belong together
 * @param sizeWeighted whether s is the square root of the group's size, so that groups of different
 *     parameters are held alike
 */
public record GroupLasso(double strength, Groups groups, boolean sizeWeighted)
    implements ProximalPenalty {

  /** Squares whose sum is outside of this range may have lost digits, or everything. */
  private static final double SMALLEST_SAFE = 1e-280;

  private static final double LARGEST_SAFE = 1e300;

  /**
   * Checks the values.
   *
   * @param strength λ, finite and at least 0
   * @param groups which entries belong together
   * @param sizeWeighted whether s is the square root of the group's size
   */
  public GroupLasso {
    strength = Strengths.checked("GroupLasso", "the strength λ", strength);
  }

  /**
   * All groups alike: s = 1.
   *
   * @param strength λ, finite and at least 0
   * @param groups which entries belong together
   * @return the penalty
   */
  public static GroupLasso of(double strength, Groups groups) {
    return new GroupLasso(strength, groups, false);
  }

  /**
   * The same with s the square root of the group's size.
   *
   * @return a new penalty
   */
  public GroupLasso withSizeWeights() {
    return new GroupLasso(strength, groups, true);
  }

  @Override
  public Variable of(Variable weight, @Nullable Variable anchor) {
    Variable norms = Deviation.of(weight, anchor).norm(groups.axis, 2.0);
    double each = strength * weightOf(size(weight.rows(), weight.cols()));
    return norms.sum().scale(each).asPenalty();
  }

  @Override
  public void addGradient(
      DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
    int size = size(weight.numRows, weight.numCols);
    double each = strength * weightOf(size);
    DMatrixRMaj d = Deviation.of(weight, anchor);
    for (int group = 0; group < count(weight); group++) {
      double norm = norm(d, group, size);
      if (norm != 0.0) {
        for (int k = 0; k < size; k++) {
          int i = index(weight.numCols, group, k);
          into.data[i] += factor * (each * (d.data[i] / norm));
        }
      }
    }
  }

  @Override
  public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
    int size = size(weight.numRows, weight.numCols);
    double threshold = step * strength * weightOf(size);
    DMatrixRMaj d = Deviation.of(weight, anchor);
    for (int group = 0; group < count(weight); group++) {
      double norm = norm(d, group, size);
      for (int k = 0; k < size; k++) {
        int i = index(weight.numCols, group, k);
        if (norm <= threshold) {
          Deviation.land(i, weight, anchor);
        } else {
          weight.data[i] -= threshold * (d.data[i] / norm);
        }
      }
    }
  }

  private double weightOf(int size) {
    return sizeWeighted ? Math.sqrt(size) : 1.0;
  }

  private int size(int rows, int cols) {
    return switch (groups) {
      case ROWS -> cols;
      case COLS -> rows;
      case ALL -> rows * cols;
    };
  }

  private int count(DMatrixRMaj weight) {
    return switch (groups) {
      case ROWS -> weight.numRows;
      case COLS -> weight.numCols;
      case ALL -> 1;
    };
  }

  /** Where the k-th entry of a group stands. */
  private int index(int cols, int group, int k) {
    return switch (groups) {
      case ROWS -> group * cols + k;
      case COLS -> k * cols + group;
      case ALL -> k;
    };
  }

  /** The norm of one group, also where its squares are too small or too large for a double. */
  private double norm(DMatrixRMaj d, int group, int size) {
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

  @Override
  public boolean isRowwise() {
    return groups == Groups.ROWS;
  }

  /** Infinite: the pull is no stronger far away, so no rate diverges. */
  @Override
  public double largestRate() {
    return Double.POSITIVE_INFINITY;
  }

  @Override
  public String formula(boolean anchored) {
    String norm =
        switch (groups) {
          case ROWS -> "‖row of " + Deviation.factor(anchored) + "‖";
          case COLS -> "‖column of " + Deviation.factor(anchored) + "‖";
          case ALL -> "‖" + Deviation.word(anchored) + "‖";
        };
    return strength + (groups == Groups.ALL ? "·" : "·Σ ") + (sizeWeighted ? "√size·" : "") + norm;
  }

  @Override
  public String alsoKnownAs() {
    return groups == Groups.ALL ? "" : "the group lasso when the anchor is 0";
  }
}
