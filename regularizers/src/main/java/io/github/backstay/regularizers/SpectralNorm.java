package io.github.backstay.regularizers;

import io.github.backstay.core.Variable;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * {@code λ·σ₁(W − A)}, the largest singular value, without a factor ½; gradient {@code λ·u₁v₁ᵀ},
 * made of its two vectors, 0 at the anchor. Where several values are the largest, it is that of one
 * of them, which is one of the subgradients. See {@link SpectralNormSquared} for a pull that fades
 * towards the anchor.
 *
 * <p>{@code prox}: the largest values are cut to one level, such that ηλ is cut off in sum; if all
 * of them have no more than that, the weight lands on its anchor.
 *
 * @param strength λ, finite and at least 0
 */
public record SpectralNorm(double strength) implements ProximalPenalty {

  /**
   * Checks the values.
   *
   * @param strength λ, finite and at least 0
   */
  public SpectralNorm {
    strength = Strengths.checked("SpectralNorm", "the strength λ", strength);
  }

  @Override
  public Variable of(Variable weight, @Nullable Variable anchor) {
    return largest(Deviation.of(weight, anchor)).scale(strength).asPenalty();
  }

  /** The largest singular value, whose gradient is taken as 0 where it is 0. */
  static Variable largest(Variable d) {
    return d.rows() == 0 || d.cols() == 0 ? d.sum() : d.singularValues().slice(0, 1, 0, 1).relu();
  }

  @Override
  public void addGradient(
      DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
    Spectrum spectrum = Spectrum.of(Deviation.of(weight, anchor));
    spectrum.add(factor * strength * Math.signum(spectrum.largest()), spectrum.first(), into);
  }

  @Override
  public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
    Spectrum spectrum = Spectrum.of(Deviation.of(weight, anchor));
    spectrum.cut(spectrum.level(step * strength, 0.0), weight, anchor);
  }

  /** Infinite: the pull is no stronger far away, so no rate diverges. */
  @Override
  public double largestRate() {
    return Double.POSITIVE_INFINITY;
  }

  @Override
  public String formula(boolean anchored) {
    return strength + "·σ₁(" + Deviation.word(anchored) + ")";
  }
}
