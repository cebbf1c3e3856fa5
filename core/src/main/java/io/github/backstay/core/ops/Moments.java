package io.github.backstay.core.ops;

import io.github.backstay.core.Axis;
import io.github.backstay.core.Op;
import io.github.backstay.core.Ties;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * Variance, standard deviation and norms along an axis. Sums are pairwise; the mean is taken of the
 * differences to the first entry, so that equal entries have deviation exactly 0.
 */
public final class Moments {

  private Moments() {}

  /**
   * {@code y = x − mean(x)} along an axis, in the shape of x. Rule: x̄ = ȳ − mean(ȳ): the map is
   * its own adjoint.
   *
   * @param axis whose entries have one mean
   */
  public record Centered(Axis axis) implements Op.Unary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      return centered(w, axis, x);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.apply(this);
    }
  }

  /**
   * {@code y = Σ (x − mean(x))² / (n − c)} along an axis, n entries each; 0/0 = NaN for a single
   * entry with c = 1. Computed in two passes. Rule: x̄ = ȳ·2/(n − c) ⊙ (x − mean(x)).
   *
   * @param axis what one result belongs to
   * @param correction c, at least 0: 1 for the unbiased estimate, 0 for the entries themselves
   */
  public record Variance(Axis axis, int correction) implements Op.Unary {
    /**
     * Checks the values.
     *
     * @param axis what one result belongs to
     * @param correction c, at least 0
     */
    public Variance {
      requireCorrection("variance", correction);
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = Reductions.result(w, axis, x);
      double divisor = divisor(axis, x.numRows, x.numCols, correction);
      DMatrixRMaj d = centered(w, axis, x);
      for (int i = 0; i < d.data.length; i++) {
        d.data[i] *= d.data[i];
      }
      Reductions.sum(w.kernels(), axis, d, y);
      w.release(d);
      for (int g = 0; g < y.data.length; g++) {
        y.data[g] /= divisor;
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      double divisor = divisor(axis, x.rows(), x.cols(), correction);
      return x.centered(axis).elementMult(yBar.scale(2.0 / divisor));
    }
  }

  /**
   * {@code y = √(Σ (x − mean(x))² / (n − c))} along an axis, n entries each; 0/0 = NaN for a single
   * entry with c = 1. Scaled as {@link Norm} is. Rule: x̄ = ȳ/(n − c) ⊙ (x − mean(x)) ⊘ y; all
   * derivatives are 0 where y = 0.
   *
   * @param axis what one result belongs to
   * @param correction c, at least 0: 1 for the unbiased estimate, 0 for the entries themselves
   */
  public record StandardDeviation(Axis axis, int correction) implements Op.Unary {
    /**
     * Checks the values.
     *
     * @param axis what one result belongs to
     * @param correction c, at least 0
     */
    public StandardDeviation {
      requireCorrection("standardDeviation", correction);
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = Reductions.result(w, axis, x);
      double divisor = divisor(axis, x.numRows, x.numCols, correction);
      DMatrixRMaj d = centered(w, axis, x);
      norm(w, axis, 2.0, d, y);
      w.release(d);
      for (int g = 0; g < y.data.length; g++) {
        y.data[g] /= Math.sqrt(divisor);
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      double divisor = divisor(axis, x.rows(), x.cols(), correction);
      return overSize(x.centered(axis), y).elementMultOrZero(yBar.scale(1.0 / divisor));
    }
  }

  /**
   * {@code y = (Σ |x|ᵖ)^(1/p)} along an axis: the norm of the entries as a vector, not a matrix
   * norm; for p = ∞ the largest |x|; 0 for no entries. Entries are scaled by the largest one, so
   * that nothing overflows or underflows on the way. Rule: x̄ = ȳ ⊙ sign(x) ⊙ (|x|/y)^(p−1), for p
   * = ∞ ȳ ⊙ sign(x) shared evenly between the largest entries; all derivatives are 0 where y = 0,
   * and the derivative by an entry 0 is 0, also for p ≤ 1.
   *
   * @param axis what one result belongs to
   * @param p the exponent, above 0, or ∞
   */
  public record Norm(Axis axis, double p) implements Op.Unary {
    /**
     * Checks the values.
     *
     * @param axis what one result belongs to
     * @param p the exponent, above 0, or ∞
     */
    public Norm {
      if (!(p > 0.0)) {
        throw new IllegalArgumentException(
            "norm: the exponent p must be above 0 (or infinite), got " + p + ".");
      }
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = Reductions.result(w, axis, x);
      norm(w, axis, p, x, y);
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      if (p == 1.0) {
        return x.sign().elementMultOrZero(yBar);
      }
      if (p == 2.0) {
        return overSize(x, y).elementMultOrZero(yBar);
      }
      if (p == Double.POSITIVE_INFINITY) {
        Variable shares = x.abs().sharesOf(y, axis, Ties.SHARED);
        return shares.elementMult(x.sign()).elementMultOrZero(yBar);
      }
      Variable ratio = overSize(x.abs(), y);
      return x.sign().elementMultOrZero(ratio.power(p - 1.0)).elementMultOrZero(yBar);
    }
  }

  /** {@code x ⊘ y}, and 0 with all derivatives where y = 0. */
  private static Variable overSize(Variable x, Variable y) {
    Variable one = y.tape().constant(1.0);
    return y.where(x.elementDiv(y.where(y, one)), y.tape().zeros(1, 1));
  }

  /** x − mean; by halves, since a difference of two numbers may overflow where none of it does. */
  private static DMatrixRMaj centered(Workspace w, Axis axis, DMatrixRMaj x) {
    DMatrixRMaj d = w.like(x);
    DMatrixRMaj mean = Reductions.result(w, axis, x);
    int n = x.numCols;
    int count = Reductions.count(axis, x.numRows, n);
    for (int i = 0; i < x.numRows; i++) {
      for (int j = 0; j < n; j++) {
        int first = axis == Axis.ALL ? 0 : axis == Axis.ROWS ? i * n : j;
        d.data[i * n + j] = 0.5 * x.data[i * n + j] - 0.5 * x.data[first];
      }
    }
    Reductions.sum(w.kernels(), axis, d, mean);
    for (int i = 0; i < x.numRows; i++) {
      for (int j = 0; j < n; j++) {
        int group = axis == Axis.ALL ? 0 : axis == Axis.ROWS ? i : j;
        d.data[i * n + j] = 2.0 * (d.data[i * n + j] - mean.data[group] / count);
      }
    }
    w.release(mean);
    return d;
  }

  private static void norm(Workspace w, Axis axis, double p, DMatrixRMaj x, DMatrixRMaj y) {
    int n = x.numCols;
    DMatrixRMaj largest = w.like(y);
    Arrays.fill(largest.data, 0.0);
    for (int i = 0; i < x.numRows; i++) {
      for (int j = 0; j < n; j++) {
        int group = axis == Axis.ALL ? 0 : axis == Axis.ROWS ? i : j;
        largest.data[group] = Math.max(largest.data[group], Math.abs(x.data[i * n + j]));
      }
    }
    if (p == Double.POSITIVE_INFINITY) {
      System.arraycopy(largest.data, 0, y.data, 0, y.data.length);
      w.release(largest);
      return;
    }
    for (int g = 0; g < y.data.length; g++) {
      largest.data[g] = scale(p, largest.data[g]);
    }
    DMatrixRMaj terms = w.like(x);
    for (int i = 0; i < x.numRows; i++) {
      for (int j = 0; j < n; j++) {
        int group = axis == Axis.ALL ? 0 : axis == Axis.ROWS ? i : j;
        double size = Math.abs(x.data[i * n + j]) / largest.data[group];
        terms.data[i * n + j] = p == 1.0 ? size : p == 2.0 ? size * size : StrictMath.pow(size, p);
      }
    }
    Reductions.sum(w.kernels(), axis, terms, y);
    w.release(terms);
    for (int g = 0; g < y.data.length; g++) {
      double sum = y.data[g];
      double root = p == 1.0 ? sum : p == 2.0 ? Math.sqrt(sum) : StrictMath.pow(sum, 1.0 / p);
      y.data[g] = largest.data[g] * root;
    }
    w.release(largest);
  }

  /** By what entries are divided so that their powers can be summed; exact for p = 2. */
  private static double scale(double p, double largest) {
    if (p == 1.0 || largest == 0.0 || !Double.isFinite(largest)) {
      return 1.0;
    }
    return p == 2.0 ? Math.scalb(1.0, Math.getExponent(largest)) : largest;
  }

  private static double divisor(Axis axis, int rows, int cols, int correction) {
    return Math.max(0, Reductions.count(axis, rows, cols) - correction);
  }

  private static void requireCorrection(String operation, int correction) {
    if (correction < 0) {
      throw new IllegalArgumentException(
          operation + ": the correction must be at least 0, got " + correction + ".");
    }
  }
}
