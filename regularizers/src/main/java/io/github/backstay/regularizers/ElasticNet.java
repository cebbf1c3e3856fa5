package io.github.backstay.regularizers;

import io.github.backstay.core.Variable;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * {@code l1·Σ|W − A| + (l2/2)·‖W − A‖²}: the sum of {@link L1} and {@link L2}, the ½ on the second
 * only; gradient {@code l1·sign(W − A) + l2·(W − A)}, 0 where an entry is at its anchor (Zou and
 * Hastie 2005, who write λ₁ = l1 and λ₂ = l2/2).
 *
 * <p>{@code prox}: soft thresholding by η·l1, then division of the distance by {@code 1 + η·l2}.
 *
 * @param l1 the strength of the sum of absolute values, finite and at least 0
 * @param l2 the strength of the sum of squares, finite and at least 0
 */
public record ElasticNet(double l1, double l2) implements ProximalPenalty {

  /**
   * Checks the values.
   *
   * @param l1 the strength of the sum of absolute values, finite and at least 0
   * @param l2 the strength of the sum of squares, finite and at least 0
   */
  public ElasticNet {
    l1 = Strengths.checked("ElasticNet", "the strength l1", l1);
    l2 = Strengths.checked("ElasticNet", "the strength l2", l2);
  }

  /**
   * Keras' {@code regularizers.L1L2(l1, l2)}, which is {@code l1·Σ|w| + l2·Σw²} without a ½: the
   * strength of the squares is twice its number.
   *
   * @param l1 Keras' number of the absolute values, finite and at least 0
   * @param l2 Keras' number of the squares, finite and at least 0
   * @return {@code l1·Σ|W − A| + l2·‖W − A‖²}
   */
  public static ElasticNet fromKeras(double l1, double l2) {
    return new ElasticNet(
        Strengths.checked("ElasticNet.fromKeras", "l1", l1),
        2.0 * Strengths.checked("ElasticNet.fromKeras", "l2", l2));
  }

  /**
   * scikit-learn's {@code ElasticNet(alpha, l1_ratio)}, which adds {@code alpha·l1_ratio·‖w‖₁ +
   * ½·alpha·(1 − l1_ratio)·‖w‖²} to half of the mean squared error, {@code ‖y − Xw‖²/(2n)}. {@code
   * Lasso(alpha)} has the l1_ratio 1.
   *
   * @param alpha the strength of both together, finite and at least 0
   * @param l1Ratio the part of the absolute values, in [0, 1]
   * @return {@code alpha·l1Ratio·Σ|W − A| + (alpha·(1 − l1Ratio)/2)·‖W − A‖²}
   */
  public static ElasticNet fromScikitLearn(double alpha, double l1Ratio) {
    double checked = Strengths.checked("ElasticNet.fromScikitLearn", "alpha", alpha);
    if (!(l1Ratio >= 0.0 && l1Ratio <= 1.0)) {
      throw new IllegalArgumentException(
          "ElasticNet.fromScikitLearn: l1Ratio must be in [0, 1], got " + l1Ratio + ".");
    }
    return new ElasticNet(checked * l1Ratio, checked * (1.0 - l1Ratio));
  }

  /** Of one difference, so that the weight gets one gradient, whatever else it gets and when. */
  @Override
  public Variable of(Variable weight, @Nullable Variable anchor) {
    Variable d = Deviation.of(weight, anchor);
    return new L1(l1).of(d, null).plus(new L2(l2).of(d, null));
  }

  @Override
  public void addGradient(
      DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
    for (int i = 0; i < weight.getNumElements(); i++) {
      double d = Deviation.at(i, weight, anchor);
      into.data[i] += factor * (l1 * Math.signum(d) + l2 * d);
    }
  }

  @Override
  public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
    shrink(weight, anchor, step * l1, L2.shrunk(step * l2));
  }

  /** Takes a length off every distance, and a part of the rest. */
  static void shrink(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double length, double part) {
    for (int i = 0; i < weight.getNumElements(); i++) {
      double d = Deviation.at(i, weight, anchor);
      double rest = Math.abs(d) - length;
      if (rest <= 0.0) {
        Deviation.land(i, weight, anchor);
      } else {
        weight.data[i] -= Math.copySign(length + part * rest, d);
      }
    }
  }

  @Override
  public boolean isRowwise() {
    return true;
  }

  @Override
  public Relaxation proximalRelaxation() {
    return new Shrinkage(l1, l2);
  }

  /** That of the squares, {@code 1/l2}: the other part is no stronger far away. */
  @Override
  public double largestRate() {
    return 1.0 / l2;
  }

  @Override
  public boolean isL2Type() {
    return l2 > 0.0;
  }

  @Override
  public String formula(boolean anchored) {
    return new L1(l1).formula(anchored) + " + " + new L2(l2).formula(anchored);
  }

  @Override
  public String alsoKnownAs() {
    double alpha = l1 + l2;
    return alpha > 0.0
        ? "scikit-learn's alpha " + alpha + ", l1_ratio " + l1 / alpha + " when the anchor is 0"
        : "";
  }
}
