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
 * @param strength λ, finite and at least 0
 */
public record L2(double strength) implements Penalty {

  /**
   * Checks the values.
   *
   * @param strength λ, finite and at least 0
   */
  public L2 {
    if (!(strength >= 0.0) || Double.isInfinite(strength)) {
      throw new IllegalArgumentException(
          "L2: the strength λ must be finite and at least 0, got " + strength + ".");
    }
    strength = Math.abs(strength); // −0 is 0, or else the largest rate would be −∞
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
  public boolean isRowwise() {
    return true;
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
