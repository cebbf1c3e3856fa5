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
    double each = strength * weightOf(groups.size(weight.rows(), weight.cols()));
    return norms.sum().scale(each).asPenalty();
  }

  @Override
  public void addGradient(
      DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
    int size = groups.size(weight.numRows, weight.numCols);
    double each = strength * weightOf(size);
    DMatrixRMaj d = Deviation.of(weight, anchor);
    for (int group = 0; group < groups.count(weight); group++) {
      double norm = groups.norm(d, group);
      if (norm != 0.0) {
        for (int k = 0; k < size; k++) {
          int i = groups.index(weight.numCols, group, k);
          into.data[i] += factor * (each * (d.data[i] / norm));
        }
      }
    }
  }

  @Override
  public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
    int size = groups.size(weight.numRows, weight.numCols);
    double threshold = step * strength * weightOf(size);
    DMatrixRMaj d = Deviation.of(weight, anchor);
    for (int group = 0; group < groups.count(weight); group++) {
      double norm = groups.norm(d, group);
      for (int k = 0; k < size; k++) {
        int i = groups.index(weight.numCols, group, k);
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

  @Override
  public boolean isRowwise() {
    return groups == Groups.ROWS;
  }

  @Override
  public Relaxation proximalRelaxation() {
    return new SummedSteps(this);
  }

  /** Infinite: the pull is no stronger far away, so no rate diverges. */
  @Override
  public double largestRate() {
    return Double.POSITIVE_INFINITY;
  }

  @Override
  public String formula(boolean anchored) {
    return strength
        + (groups == Groups.ALL ? "·" : "·Σ ")
        + (sizeWeighted ? "√size·" : "")
        + groups.norms(anchored);
  }

  @Override
  public String alsoKnownAs() {
    return groups == Groups.ALL ? "" : "the group lasso when the anchor is 0";
  }
}
