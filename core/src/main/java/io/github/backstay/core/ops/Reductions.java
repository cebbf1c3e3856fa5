package io.github.backstay.core.ops;

import io.github.backstay.core.Axis;
import io.github.backstay.core.Op;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import io.github.backstay.core.kernels.Kernels;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * Reductions over all entries, over each row or over each column ({@link Axis}). Sums are pairwise
 * along rows and over the whole.
 */
public final class Reductions {

  private Reductions() {}

  /** A matrix for the result of a reduction of x. */
  static DMatrixRMaj result(Workspace w, Axis axis, DMatrixRMaj x) {
    return switch (axis) {
      case ALL -> w.matrix(1, 1);
      case ROWS -> w.matrix(x.numRows, 1);
      case COLS -> w.matrix(1, x.numCols);
    };
  }

  /** How many entries go into one result. */
  static int count(Axis axis, int rows, int cols) {
    return switch (axis) {
      case ALL -> rows * cols;
      case ROWS -> cols;
      case COLS -> rows;
    };
  }

  /** {@code y = f · Σ x} along an axis. */
  static void sum(Kernels kernels, Axis axis, double factor, DMatrixRMaj x, DMatrixRMaj y) {
    int n = x.numCols;
    switch (axis) {
      case ALL -> y.data[0] = factor * kernels.sum(x.data, 0, x.numRows * n);
      case ROWS -> {
        for (int i = 0; i < x.numRows; i++) {
          y.data[i] = factor * kernels.sum(x.data, i * n, n);
        }
      }
      case COLS -> {
        double[] sums = y.data;
        Arrays.fill(sums, 0, n, 0.0);
        for (int i = 0; i < x.numRows; i++) {
          int from = i * n;
          for (int j = 0; j < n; j++) {
            sums[j] += x.data[from + j];
          }
        }
        if (factor != 1.0) {
          for (int j = 0; j < n; j++) {
            sums[j] *= factor;
          }
        }
      }
    }
  }

  /**
   * {@code y = Σ x} along an axis; 0 for no entries. Rule: x̄ = ȳ broadcast to the shape of x.
   *
   * @param axis what one result belongs to
   */
  public record Sum(Axis axis) implements Op.Unary {
    private static final Sum ALL = new Sum(Axis.ALL);
    private static final Sum ROWS = new Sum(Axis.ROWS);
    private static final Sum COLS = new Sum(Axis.COLS);

    /**
     * The op, without making a new one.
     *
     * @param axis what one result belongs to
     * @return the op along that axis
     */
    public static Sum along(Axis axis) {
      return axis == Axis.ALL ? ALL : axis == Axis.ROWS ? ROWS : COLS;
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = result(w, axis, x);
      sum(w.kernels(), axis, 1.0, x, y);
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.broadcastTo(x);
    }
  }

  /**
   * {@code y = (1/n) Σ x} along an axis, n entries each; NaN for no entries. Rule: x̄ = ȳ/n
   * broadcast to the shape of x.
   *
   * @param axis what one result belongs to
   */
  public record Mean(Axis axis) implements Op.Unary {
    private static final Mean ALL = new Mean(Axis.ALL);
    private static final Mean ROWS = new Mean(Axis.ROWS);
    private static final Mean COLS = new Mean(Axis.COLS);

    /**
     * The op, without making a new one.
     *
     * @param axis what one result belongs to
     * @return the op along that axis
     */
    public static Mean along(Axis axis) {
      return axis == Axis.ALL ? ALL : axis == Axis.ROWS ? ROWS : COLS;
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = result(w, axis, x);
      sum(w.kernels(), axis, 1.0, x, y);
      int count = count(axis, x.numRows, x.numCols);
      for (int i = 0; i < y.data.length; i++) {
        y.data[i] /= count;
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.scale(1.0 / count(axis, x.rows(), x.cols())).broadcastTo(x);
    }
  }

  /**
   * {@code y = ln Σ eˣ} along an axis, computed as {@code max + ln Σ e^(x − max)}; −∞ for no
   * entries and where all are −∞. Rule: x̄ = ȳ ⊙ softmax(x).
   *
   * @param axis what one result belongs to
   */
  public record LogSumExp(Axis axis) implements Op.Unary {
    private static final LogSumExp ALL = new LogSumExp(Axis.ALL);
    private static final LogSumExp ROWS = new LogSumExp(Axis.ROWS);
    private static final LogSumExp COLS = new LogSumExp(Axis.COLS);

    /**
     * The op, without making a new one.
     *
     * @param axis what one result belongs to
     * @return the op along that axis
     */
    public static LogSumExp along(Axis axis) {
      return axis == Axis.ALL ? ALL : axis == Axis.ROWS ? ROWS : COLS;
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = result(w, axis, x);
      int down = axis == Axis.ROWS ? x.numCols : axis == Axis.COLS ? 1 : 0;
      int step = axis == Axis.COLS ? x.numCols : 1;
      int count = count(axis, x.numRows, x.numCols);
      for (int i = 0; i < y.data.length; i++) {
        y.data[i] = logSumExp(x.data, i * down, step, count);
      }
      return y;
    }

    /** Over {@code count} numbers that stand {@code step} apart. */
    static double logSumExp(double[] x, int from, int step, int count) {
      double max = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < count; k++) {
        max = Math.max(max, x[from + k * step]);
      }
      if (Double.isInfinite(max)) {
        return max;
      }
      double sum = 0.0;
      for (int k = 0; k < count; k++) {
        sum += Math.exp(x[from + k * step] - max);
      }
      return max + Math.log(sum);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return x.softmax(axis).elementMult(yBar);
    }
  }
}
