package io.github.backstay.regularizers;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Variable;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * {@code (λ/2)·‖W − A‖²}, the sum over all entries; gradient {@code λ(W − A)}, exactly 0 at the
 * anchor. One fused sum of squares, never the square of a norm.
 *
 * <p>λ is PyTorch's {@code weight_decay} where A is zero, α of L2-SP (Li et al. 2018) where A is a
 * pre-trained value, μ of FedProx (Li et al. 2020), and {@code LW} of Lasagne's {@code
 * 0.5*LW*l2(We-initial_We)} (Wieting et al. 2016).
 *
 * <p>{@code prox}: the distance is divided by 1 + ηλ.
 *
 * @param strength λ, finite and at least 0
 */
public record L2(double strength) implements ProximalPenalty {

  /**
   * Checks the values.
   *
   * @param strength λ, finite and at least 0
   */
  public L2 {
    strength = Strengths.checked("L2", "the strength λ", strength);
  }

  /**
   * PyTorch's {@code weight_decay}, which adds {@code weight_decay·w} to the gradient: λ is the
   * same number. {@code SGD} and {@code Adam} do so {@linkplain Application#COUPLED coupled},
   * {@code AdamW} {@linkplain Application#DECOUPLED decoupled}, all of them to zero.
   *
   * @param weightDecay PyTorch's number, finite and at least 0
   * @return {@code (weightDecay/2)·‖W − A‖²}
   */
  public static L2 fromPyTorch(double weightDecay) {
    return new L2(Strengths.checked("L2.fromPyTorch", "weightDecay", weightDecay));
  }

  /**
   * Keras' {@code regularizers.L2(l2)}, which is {@code l2·Σw²} without a ½: λ = 2·l2.
   *
   * @param l2 Keras' number, finite and at least 0
   * @return {@code l2·‖W − A‖²}
   */
  public static L2 fromKeras(double l2) {
    return new L2(2.0 * Strengths.checked("L2.fromKeras", "l2", l2));
  }

  /**
   * A coefficient times Lasagne's {@code regularization.l2(w)}, which is {@code Σw²} without a ½: λ
   * = 2·coefficient. Wieting's {@code 0.5*LW*l2(We-initial_We)} has the coefficient 0.5·LW, so λ =
   * LW.
   *
   * @param coefficient what Lasagne's sum of squares is multiplied with, finite and at least 0
   * @return {@code coefficient·‖W − A‖²}
   */
  public static L2 fromLasagne(double coefficient) {
    return new L2(2.0 * Strengths.checked("L2.fromLasagne", "coefficient", coefficient));
  }

  /**
   * The α of L2-SP, {@code (α/2)·‖w − w⁰‖²} (Li et al. 2018): λ is the same number. So is the β of
   * its second term, {@code (β/2)·‖w‖²} over the layers that are new, which is a regularizer of its
   * own towards zero.
   *
   * @param alpha α, finite and at least 0
   * @return {@code (alpha/2)·‖W − A‖²}
   */
  public static L2 fromL2Sp(double alpha) {
    return new L2(Strengths.checked("L2.fromL2Sp", "alpha", alpha));
  }

  @Override
  public Variable of(Variable weight, @Nullable Variable anchor) {
    return anchor == null
        ? weight.squaredNorm(strength)
        : weight.anchoredDistance(anchor, strength);
  }

  @Override
  public Variable ofRows(Variable table, Indices rows, Variable anchor) {
    return table.anchoredRows(rows, anchor, strength);
  }

  @Override
  public void addGradient(
      DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
    double pull = factor * strength;
    double[] w = weight.data;
    double[] sum = into.data;
    int n = weight.getNumElements();
    if (anchor == null) {
      for (int i = 0; i < n; i++) {
        sum[i] += pull * w[i];
      }
    } else {
      double[] a = anchor.data;
      for (int i = 0; i < n; i++) {
        sum[i] += pull * (w[i] - a[i]);
      }
    }
  }

  @Override
  public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
    double shrunk = shrunk(step * strength);
    for (int i = 0; i < weight.getNumElements(); i++) {
      weight.data[i] -= shrunk * Deviation.at(i, weight, anchor);
    }
  }

  /**
   * The part of the distance that is taken away when it is divided by 1 + p: {@code p/(1 + p)},
   * also for p = 0 and p = ∞. Taken away, rather than what is left added to the anchor, a small
   * pull is not rounded off, and what is at the anchor stays there to the bit.
   */
  static double shrunk(double pull) {
    return 1.0 / (1.0 + 1.0 / pull);
  }

  @Override
  public boolean isRowwise() {
    return true;
  }

  @Override
  public Relaxation explicitRelaxation() {
    return Contraction.explicit(strength);
  }

  @Override
  public Relaxation proximalRelaxation() {
    return Contraction.proximal(strength);
  }

  @Override
  public double largestRate() {
    return 1.0 / strength;
  }

  @Override
  public boolean isL2Type() {
    return strength > 0.0;
  }

  @Override
  public String formula(boolean anchored) {
    return strength + "/2·‖W" + (anchored ? "−W0" : "") + "‖²";
  }

  @Override
  public String alsoKnownAs() {
    return "equals PyTorch weight_decay " + strength + " when the anchor is 0";
  }
}
