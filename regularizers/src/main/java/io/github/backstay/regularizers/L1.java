package io.github.backstay.regularizers;

import io.github.backstay.core.Variable;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * {@code λ·Σ|W − A|} over all entries, without a factor ½; gradient {@code λ·sign(W − A)}, 0 where
 * an entry is at its anchor (Tibshirani 1996, the lasso, where A is 0).
 *
 * <p>{@code prox}: every entry moves towards its anchor by ηλ, and onto it if it is closer than
 * that (soft thresholding). Only this form brings entries exactly onto the anchor; explicit steps
 * jump to and fro around it by up to ηλ.
 *
 * @param strength λ, finite and at least 0
 */
public record L1(double strength) implements ProximalPenalty {

  /**
   * Checks the values.
   *
   * @param strength λ, finite and at least 0
   */
  public L1 {
    strength = Strengths.checked("L1", "the strength λ", strength);
  }

  /**
   * Keras' {@code regularizers.L1(l1)}, which is {@code l1·Σ|w|}: λ is the same number.
   *
   * @param l1 Keras' number, finite and at least 0
   * @return {@code l1·Σ|W − A|}
   */
  public static L1 fromKeras(double l1) {
    return new L1(Strengths.checked("L1.fromKeras", "l1", l1));
  }

  /**
   * A coefficient times Lasagne's {@code regularization.l1(w)}, which is {@code Σ|w|}: λ is the
   * same number.
   *
   * @param coefficient what Lasagne's sum is multiplied with, finite and at least 0
   * @return {@code coefficient·Σ|W − A|}
   */
  public static L1 fromLasagne(double coefficient) {
    return new L1(Strengths.checked("L1.fromLasagne", "coefficient", coefficient));
  }

  @Override
  public Variable of(Variable weight, @Nullable Variable anchor) {
    return Deviation.of(weight, anchor).abs().sum().scale(strength).asPenalty();
  }

  @Override
  public void addGradient(
      DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
    double pull = factor * strength;
    for (int i = 0; i < weight.getNumElements(); i++) {
      into.data[i] += pull * Math.signum(Deviation.at(i, weight, anchor));
    }
  }

  @Override
  public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
    double threshold = step * strength;
    for (int i = 0; i < weight.getNumElements(); i++) {
      double d = Deviation.at(i, weight, anchor);
      if (Math.abs(d) <= threshold) {
        Deviation.land(i, weight, anchor);
      } else {
        weight.data[i] -= Math.copySign(threshold, d);
      }
    }
  }

  @Override
  public boolean isRowwise() {
    return true;
  }

  @Override
  public Relaxation proximalRelaxation() {
    return new SummedSteps(this);
  }

  /** Infinite: the pull is no stronger far away, so every rate is as good as any other. */
  @Override
  public double largestRate() {
    return Double.POSITIVE_INFINITY;
  }

  @Override
  public String formula(boolean anchored) {
    return strength + "·Σ|" + Deviation.word(anchored) + "|";
  }

  @Override
  public String alsoKnownAs() {
    return "the lasso when the anchor is 0";
  }
}
