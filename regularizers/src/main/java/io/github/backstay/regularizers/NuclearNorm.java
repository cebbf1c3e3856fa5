package io.github.backstay.regularizers;

import io.github.backstay.core.Op;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * {@code λ·Σσ(W − A)}, the sum of the singular values, without a factor ½: the convex stand-in for
 * the rank (Fazel 2002), so that W moves away from A in few directions. Gradient {@code λ·UVᵀ} over
 * the values that are not 0 (nor rounding, at most 2⁻⁵²·max(m, n)·σ₁): where the rank is not full,
 * it is the smallest of the subgradients, and 0 at the anchor.
 *
 * <p>{@code prox}: every singular value is lowered by ηλ, and to 0 if it is smaller (Cai, Candès
 * and Shen 2010, theorem 2.1).
 *
 * @param strength λ, finite and at least 0
 */
public record NuclearNorm(double strength) implements ProximalPenalty {

  /**
   * Checks the values.
   *
   * @param strength λ, finite and at least 0
   */
  public NuclearNorm {
    strength = Strengths.checked("NuclearNorm", "the strength λ", strength);
  }

  @Override
  public Variable of(Variable weight, @Nullable Variable anchor) {
    return Deviation.of(weight, anchor).apply(SumOfValues.OP).scale(strength).asPenalty();
  }

  @Override
  public void addGradient(
      DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
    Spectrum spectrum = Spectrum.of(Deviation.of(weight, anchor));
    spectrum.add(factor * strength, spectrum.positive(), into);
  }

  @Override
  public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
    double threshold = step * strength;
    Spectrum spectrum = Spectrum.of(Deviation.of(weight, anchor));
    if (spectrum.largest() <= threshold) {
      Deviation.land(weight, anchor);
    } else {
      spectrum.add(-1.0, spectrum.atMost(threshold), weight);
    }
  }

  /** Infinite: the pull is no stronger far away, so no rate diverges. */
  @Override
  public double largestRate() {
    return Double.POSITIVE_INFINITY;
  }

  @Override
  public String formula(boolean anchored) {
    return strength + "·Σσ(" + Deviation.word(anchored) + ")";
  }

  @Override
  public String alsoKnownAs() {
    return "the trace norm";
  }

  /**
   * {@code y = Σσ(X)}, [m×n] → [1×1]. Rule: X̄ = ȳ·P, P the {@link Directions} of X. Written as a
   * sum of singular values, its second derivative would differentiate vectors that are not unique
   * where values are equal, as in an orthogonal matrix; P is unique there.
   */
  private record SumOfValues() implements Op.Unary {
    private static final SumOfValues OP = new SumOfValues();

    @Override
    public String name() {
      return "nuclearNorm";
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      return w.scalar(Spectrum.of(x).sum());
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return x.apply(Directions.OP).elementMult(yBar);
    }
  }

  /**
   * {@code P = UVᵀ} over the singular values that are not 0, the orthogonal polar factor, [m×n] →
   * [m×n]. Rule, with A = UᵀP̄V and S = σᵢ + σⱼ: X̄ = U((A − Aᵀ) ⊘ S)Vᵀ + (I − UUᵀ)P̄V diag(1/σ)Vᵀ
   * + U diag(1/σ)UᵀP̄(I − VVᵀ) (Higham 2008, §8.2), over the same values. It is finite where values
   * are equal; P̄ to X̄ is the Hessian of Σσ among the matrices of that rank, hence symmetric.
   */
  private record Directions() implements Op.Unary {
    private static final Directions OP = new Directions();

    @Override
    public String name() {
      return "polarFactor";
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj p = w.zeros(x.numRows, x.numCols);
      Spectrum spectrum = Spectrum.of(x);
      spectrum.add(1.0, spectrum.positive(), p);
      return p;
    }

    @Override
    public Variable vjp(Variable x, Variable p, Variable pBar) {
      Variable s = x.singularValues();
      Variable least = s.max().scale(Spectrum.rounding(x.rows(), x.cols()));
      Variable kept = s.compare(least).relu().transpose();
      Variable u = x.leftSingularVectors().elementMult(kept);
      Variable v = x.rightSingularVectors().elementMult(kept);
      Variable a = u.multTransA(pBar).mult(v);
      Variable sums = s.broadcastTo(s.rows(), s.rows()).plus(s.transpose());
      Variable inner = a.minus(a.transpose()).elementMultOrZero(inverse(sums));
      Variable left = pBar.minus(u.mult(u.multTransA(pBar))).mult(v);
      Variable right = pBar.minus(pBar.mult(v).multTransB(v)).transpose().mult(u);
      Variable row = inverse(s.transpose());
      return u.mult(inner)
          .plus(left.elementMultOrZero(row))
          .multTransB(v)
          .plus(u.multTransB(right.elementMultOrZero(row)));
    }

    private static Variable inverse(Variable s) {
      Variable some = s.step();
      return some.elementDiv(s.plus(some.oneMinus()));
    }
  }
}
