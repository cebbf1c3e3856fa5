package io.github.backstay.regularizers;

import io.github.backstay.core.Variable;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * {@code (λ/2)·σ₁(W − A)²}, the square of the largest singular value; gradient {@code λσ₁·u₁v₁ᵀ},
 * exactly 0 at the anchor (spectral norm regularization, Yoshida and Miyato 2017, who estimate σ₁
 * by power iteration; here it is exact). Where several values are the largest, it is that of one of
 * them, which is one of the subgradients.
 *
 * <p>{@code prox}: the largest values are cut to one level t, such that ηλt is cut off in sum.
 *
 * @param strength λ, finite and at least 0
 */
public record SpectralNormSquared(double strength) implements ProximalPenalty {

  /**
   * Checks the values.
   *
   * @param strength λ, finite and at least 0
   */
  public SpectralNormSquared {
    strength = Strengths.checked("SpectralNormSquared", "the strength λ", strength);
  }

  @Override
  public Variable of(Variable weight, @Nullable Variable anchor) {
    Variable largest = SpectralNorm.largest(Deviation.of(weight, anchor));
    return largest.square().scale(0.5 * strength).asPenalty();
  }

  @Override
  public void addGradient(
      DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
    Spectrum spectrum = Spectrum.of(Deviation.of(weight, anchor));
    spectrum.add(factor * strength * spectrum.largest(), spectrum.first(), into);
  }

  @Override
  public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
    Spectrum spectrum = Spectrum.of(Deviation.of(weight, anchor));
    spectrum.cut(spectrum.level(0.0, step * strength), weight, anchor);
  }

  @Override
  public double largestRate() {
    return 1.0 / strength;
  }

  @Override
  public String formula(boolean anchored) {
    return strength + "/2·σ₁(" + Deviation.word(anchored) + ")²";
  }

  @Override
  public String alsoKnownAs() {
    return "spectral norm regularization";
  }
}
