package io.github.backstay.regularizers;

import io.github.backstay.core.Variable;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.jspecify.annotations.Nullable;

/**
 * {@code λ·‖WᵀW − I‖²} or {@code λ·‖WWᵀ − I‖²} (Frobenius), without a factor ½; gradient {@code
 * 4λ·W(WᵀW − I)} or {@code 4λ·(WWᵀ − I)W}. It is 0 where the columns, or rows, are orthonormal
 * (soft orthogonality of Bansal et al. 2018), which m columns of fewer than m entries cannot be. It
 * prefers a shape and not a place, so it takes no anchor; W = 0 is a stationary point.
 *
 * @param strength λ, finite and at least 0
 * @param side which of the two is to be orthonormal
 */
public record Orthogonality(double strength, Side side) implements Penalty {

  /** What is to be orthonormal. */
  public enum Side {
    /** The columns: {@code WᵀW = I}. */
    COLUMNS,
    /** The rows: {@code WWᵀ = I}. */
    ROWS
  }

  /**
   * Checks the values.
   *
   * @param strength λ, finite and at least 0
   * @param side which of the two is to be orthonormal
   */
  public Orthogonality {
    strength = Strengths.checked("Orthogonality", "the strength λ", strength);
  }

  @Override
  public boolean pullsToAnchor() {
    return false;
  }

  @Override
  public Variable of(Variable weight, @Nullable Variable anchor) {
    requireNoAnchor(anchor);
    Variable gram = side == Side.COLUMNS ? weight.multTransA(weight) : weight.multTransB(weight);
    Variable identity = weight.tape().constant(CommonOps_DDRM.identity(gram.rows()));
    return gram.minus(identity).square().sum().scale(strength).asPenalty();
  }

  @Override
  public void addGradient(
      DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
    requireNoAnchor(anchor);
    double pull = 4.0 * factor * strength;
    int n = side == Side.COLUMNS ? weight.numCols : weight.numRows;
    DMatrixRMaj excess = new DMatrixRMaj(n, n);
    if (side == Side.COLUMNS) {
      CommonOps_DDRM.multTransA(weight, weight, excess);
    } else {
      CommonOps_DDRM.multTransB(weight, weight, excess);
    }
    for (int i = 0; i < n; i++) {
      excess.data[i * n + i] -= 1.0;
    }
    if (side == Side.COLUMNS) {
      CommonOps_DDRM.multAdd(pull, weight, excess, into);
    } else {
      CommonOps_DDRM.multAdd(pull, excess, weight, into);
    }
  }

  private static void requireNoAnchor(@Nullable Object anchor) {
    if (anchor != null) {
      throw new IllegalArgumentException(
          "Orthogonality: an anchor was given, but it pulls to no anchor (need none).");
    }
  }

  /**
   * {@code 1/(8λ)}, the rate at which a singular value close to 1 lands on 1. Values up to 1 do not
   * overshoot at this rate; a value σ &gt; 1 would need {@code 1/(4λσ(σ + 1))}, and beyond √5 the
   * step makes it larger. Start from weights of about unit scale, or lower the rate.
   */
  @Override
  public double largestRate() {
    return 0.125 / strength;
  }

  @Override
  public String formula(boolean anchored) {
    return strength + "·‖" + (side == Side.COLUMNS ? "WᵀW" : "WWᵀ") + "−I‖²";
  }

  @Override
  public String alsoKnownAs() {
    return "soft orthogonality";
  }
}
