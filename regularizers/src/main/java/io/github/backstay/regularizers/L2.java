package io.github.backstay.regularizers;

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

  @Override
  public Variable of(Variable weight, @Nullable Variable anchor) {
    return anchor == null
        ? weight.squaredNorm(strength)
        : weight.anchoredDistance(anchor, strength);
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
  public String formula(boolean anchored) {
    return strength + "/2·‖W" + (anchored ? "−W0" : "") + "‖²";
  }

  @Override
  public String alsoKnownAs() {
    return "equals PyTorch weight_decay " + strength + " when the anchor is 0";
  }
}
