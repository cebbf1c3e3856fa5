package io.github.backstay.core.ops;

import io.github.backstay.core.Axis;
import io.github.backstay.core.Op;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import org.ejml.data.DMatrixRMaj;

/**
 * Entries measured by mean and deviation of the group they are in: all entries, their row or their
 * column ({@link Axis}). The variance is the population's, its divisor the number of entries.
 *
 * <p>Both ops here are computed in two passes from entries that are first divided by the power of
 * two below the largest, which is exact: {@code d = x − mean}, then the mean of d is taken off
 * again, then the root of the mean of d². So a large offset costs no digits beyond those that the
 * entries themselves have lost to it, and nothing overflows or vanishes on the way.
 */
public final class Normalizations {

  private Normalizations() {}

  /**
   * {@code y = (x − mean)/√(variance + ε)} along an axis (Ba et al. 2016, equation 4, along rows;
   * Ioffe and Szegedy 2015, algorithm 1, along columns). Rule: x̄ = r ⊙ (ȳ − mean(ȳ) − y ⊙
   * mean(ȳ⊙y)) with r = 1/√(variance + ε) ({@link InverseDeviation}), means along the axis. Where
   * all entries of a group are equal, y is 0, and with ε = 0 the rule gives 0 there.
   *
   * @param axis whose entries get mean 0 and, but for ε, variance 1
   * @param epsilon the number ε under the root, at least 0 and finite
   */
  public record Standardize(Axis axis, double epsilon) implements Op.Unary {
    /**
     * Checks the values.
     *
     * @param axis whose entries get mean 0 and, but for ε, variance 1
     * @param epsilon the number ε under the root, at least 0 and finite
     * @throws IllegalArgumentException if ε is negative, infinite or NaN
     */
    public Standardize {
      requireEpsilon("standardize", epsilon);
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = w.like(x);
      int count = Reductions.count(axis, x.numRows, x.numCols);
      int groups = count == 0 ? 0 : x.getNumElements() / count;
      int down = axis == Axis.ROWS ? x.numCols : 1;
      int step = axis == Axis.COLS ? x.numCols : 1;
      for (int g = 0; g < groups; g++) {
        double unit = unit(x, g * down, step, count);
        double deviation = center(x, g * down, step, count, unit, y);
        double root = StrictMath.hypot(deviation, Math.sqrt(epsilon) / unit);
        double factor = deviation == 0.0 ? 0.0 : 1.0 / root;
        for (int k = 0; k < count; k++) {
          y.data[g * down + k * step] *= factor;
        }
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      Variable r = x.inverseDeviation(axis, epsilon);
      Variable alongY = y.elementMult(yBar.elementMult(y).mean(axis));
      return yBar.minus(yBar.mean(axis)).minus(alongY).elementMult(r);
    }
  }

  /**
   * {@code r = 1/√(variance + ε)} along an axis, n entries each: what {@link Standardize}
   * multiplies by. Rule: x̄ = −(r̄ ⊙ r/n) ⊙ (r ⊙ y) with y = (x − mean)/√(variance + ε). Where
   * variance and ε are both 0, r is 0 and so is the rule; NaN for no entries.
   *
   * @param axis what one result belongs to
   * @param epsilon the number ε under the root, at least 0 and finite
   */
  public record InverseDeviation(Axis axis, double epsilon) implements Op.Unary {
    /**
     * Checks the values.
     *
     * @param axis what one result belongs to
     * @param epsilon the number ε under the root, at least 0 and finite
     * @throws IllegalArgumentException if ε is negative, infinite or NaN
     */
    public InverseDeviation {
      requireEpsilon("inverseDeviation", epsilon);
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj r = Reductions.result(w, axis, x);
      DMatrixRMaj centered = w.like(x);
      int count = Reductions.count(axis, x.numRows, x.numCols);
      int down = axis == Axis.ROWS ? x.numCols : 1;
      int step = axis == Axis.COLS ? x.numCols : 1;
      for (int g = 0; g < r.data.length; g++) {
        double unit = unit(x, g * down, step, count);
        double deviation = unit * center(x, g * down, step, count, unit, centered);
        double root = StrictMath.hypot(deviation, Math.sqrt(epsilon));
        r.data[g] = root == 0.0 ? 0.0 : 1.0 / root;
      }
      w.release(centered);
      return r;
    }

    @Override
    public Variable vjp(Variable x, Variable r, Variable rBar) {
      int count = Reductions.count(axis, x.rows(), x.cols());
      Variable factor = rBar.elementMult(r).scale(-1.0 / count);
      return x.standardize(axis, epsilon).elementMult(r).elementMult(factor);
    }
  }

  /** The power of two at or below the largest entry, infinity for an infinite one. */
  private static double unit(DMatrixRMaj x, int from, int step, int count) {
    double largest = 0.0;
    for (int k = 0; k < count; k++) {
      largest = Math.max(largest, Math.abs(x.data[from + k * step]));
    }
    return Math.scalb(1.0, Math.max(Math.getExponent(largest), -1022));
  }

  /** Writes (x − mean)/unit and returns the root of the mean of its squares; NaN for no entries. */
  private static double center(
      DMatrixRMaj x, int from, int step, int count, double unit, DMatrixRMaj centered) {
    double[] d = centered.data;
    double sum = 0.0;
    for (int k = 0; k < count; k++) {
      int i = from + k * step;
      d[i] = x.data[i] / unit;
      sum += d[i];
    }
    double mean = sum / count;
    double rest = 0.0;
    for (int k = 0; k < count; k++) {
      int i = from + k * step;
      d[i] -= mean;
      rest += d[i];
    }
    double correction = rest / count; // what rounding has left in the mean
    double squares = 0.0;
    for (int k = 0; k < count; k++) {
      int i = from + k * step;
      d[i] -= correction;
      squares += d[i] * d[i];
    }
    return Math.sqrt(squares / count);
  }

  private static void requireEpsilon(String operation, double epsilon) {
    if (!(epsilon >= 0.0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          operation + ": epsilon must be at least 0 and finite, got " + epsilon + ".");
    }
  }
}
