package io.github.backstay.core.ops;

import io.github.backstay.core.Accumulator;
import io.github.backstay.core.Axis;
import io.github.backstay.core.Op;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import io.github.backstay.core.kernels.Elementary;
import io.github.backstay.core.kernels.Kernels;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * Reductions over all entries, over each row or over each column ({@link Axis}). Sums are pairwise,
 * so that their error grows with the logarithm of the number of entries.
 */
public final class Reductions {

  /** So many numbers are added one by one; more are halved first. */
  static final int RUN = 64;

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

  /** {@code y = Σ x} along an axis. */
  static void sum(Kernels kernels, Axis axis, DMatrixRMaj x, DMatrixRMaj y) {
    int n = x.numCols;
    switch (axis) {
      case ALL -> y.data[0] = kernels.sum(x.data, 0, x.numRows * n);
      case ROWS -> {
        for (int i = 0; i < x.numRows; i++) {
          y.data[i] = kernels.sum(x.data, i * n, n);
        }
      }
      case COLS -> kernels.sumCols(x.data, x.numRows, n, y.data);
    }
  }

  /** The sum of numbers that stand {@code step} apart, pairwise. */
  static double sum(Kernels kernels, double[] x, int from, int step, int count) {
    return step == 1 ? kernels.sum(x, from, count) : sum(x, from, step, count);
  }

  private static double sum(double[] x, int from, int step, int count) {
    if (count > RUN) {
      int half = count / 2;
      return sum(x, from, step, half) + sum(x, from + half * step, step, count - half);
    }
    double sum = 0.0;
    for (int k = 0; k < count; k++) {
      sum += x[from + k * step];
    }
    return sum;
  }

  /** How many groups of entries an axis makes: one result each. */
  static int groups(Axis axis, DMatrixRMaj x) {
    return axis == Axis.ALL ? 1 : axis == Axis.ROWS ? x.numRows : x.numCols;
  }

  /** From the first entry of one group to that of the next. */
  static int across(Axis axis, DMatrixRMaj x) {
    return axis == Axis.ALL ? 0 : axis == Axis.ROWS ? x.numCols : 1;
  }

  /** From one entry of a group to the next. */
  static int along(Axis axis, DMatrixRMaj x) {
    return axis == Axis.COLS ? x.numCols : 1;
  }

  /**
   * {@code y = Σ x} along an axis; 0 for no entries. Rule: x̄ = ȳ broadcast to the shape of x.
   *
   * @param axis what one result belongs to
   */
  public record Sum(Axis axis) implements Op.Unary, Op.InPlace {
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
      sum(w.kernels(), axis, x, y);
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.broadcastTo(x);
    }

    @Override
    public boolean covers(DMatrixRMaj[] inputs) {
      return axis == Axis.ALL;
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator xBar) {
      double each = yBar.data[0];
      if (xBar.isEmpty()) {
        Arrays.fill(xBar.overwrite().data, each);
      } else {
        double[] out = xBar.dense().data;
        for (int i = 0; i < out.length; i++) {
          out[i] += each;
        }
      }
    }
  }

  /**
   * {@code y = (1/n) Σ x} along an axis, n entries each; NaN for no entries. It does not overflow,
   * even where the sum does. Rule: x̄ = ȳ/n broadcast to the shape of x.
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
      sum(w.kernels(), axis, x, y);
      int count = count(axis, x.numRows, x.numCols);
      boolean finite = true;
      for (int i = 0; i < y.data.length; i++) {
        finite &= Double.isFinite(y.data[i]);
        y.data[i] /= count;
      }
      return finite ? y : ofScaled(w, x, y, count);
    }

    /** The mean of x·2⁻⁶⁴, times 2⁶⁴. */
    private DMatrixRMaj ofScaled(Workspace w, DMatrixRMaj x, DMatrixRMaj y, int count) {
      DMatrixRMaj scaled = w.like(x);
      for (int i = 0; i < scaled.data.length; i++) {
        scaled.data[i] = 0x1p-64 * x.data[i];
      }
      sum(w.kernels(), axis, scaled, y);
      w.release(scaled);
      for (int i = 0; i < y.data.length; i++) {
        y.data[i] = 0x1p64 * (y.data[i] / count);
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.scale(1.0 / count(axis, x.rows(), x.cols())).broadcastTo(x);
    }
  }

  /**
   * {@code y = ln Σ eˣ} along an axis, computed as {@code max + ln Σ e^(x − max)}, the inner sum
   * pairwise; −∞ for no entries and where all are −∞, ∞ where one is. Rule: x̄ = ȳ ⊙ softmax(x).
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
      int across = Reductions.across(axis, x);
      int along = Reductions.along(axis, x);
      int count = count(axis, x.numRows, x.numCols);
      DMatrixRMaj terms = w.matrix(1, count);
      for (int i = 0; i < y.data.length; i++) {
        y.data[i] = of(w, x.data, i * across, along, count, terms.data);
      }
      w.release(terms);
      return y;
    }

    /**
     * Over {@code count} numbers that stand {@code step} apart; {@code terms} has room for each.
     */
    static double of(Workspace w, double[] x, int from, int step, int count, double[] terms) {
      double max = max(x, from, step, count);
      return Double.isInfinite(max)
          ? max
          : max + Elementary.log(sumExp(w, x, from, step, count, max, terms));
    }

    /** The largest of numbers that stand {@code step} apart; −∞ for none, NaN if one is. */
    static double max(double[] x, int from, int step, int count) {
      double max = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < count; k++) {
        max = Math.max(max, x[from + k * step]);
      }
      return max;
    }

    /** {@code Σ e^(x − max)}, pairwise; the terms are left behind. */
    static double sumExp(
        Workspace w, double[] x, int from, int step, int count, double max, double[] terms) {
      if (step == 1) {
        w.kernels().exp(x, from, max, terms, 0, count);
      } else {
        for (int k = 0; k < count; k++) {
          terms[k] = Elementary.exp(x[from + k * step] - max);
        }
      }
      return w.kernels().sum(terms, 0, count);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return x.softmax(axis).elementMult(yBar);
    }
  }

  /**
   * {@code y = Π x} along an axis; 1 for no entries. It overflows or underflows only if the result
   * does. Rule: x̄ᵢ = ȳ · (product of the others), without a division, so that it is exact where
   * entries are 0, in every order; unlike the value it overflows or underflows as soon as a product
   * of some of the others does.
   *
   * @param axis what one result belongs to
   */
  public record Product(Axis axis) implements Op.Unary {
    private static final double LARGE = 0x1p300;
    private static final double SMALL = 0x1p-300;
    private static final int EXPONENT = 600;
    private static final double DOWN = 0x1p-600;
    private static final double UP = 0x1p600;

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = result(w, axis, x);
      int across = Reductions.across(axis, x);
      int along = Reductions.along(axis, x);
      int count = count(axis, x.numRows, x.numCols);
      for (int i = 0; i < y.data.length; i++) {
        y.data[i] = product(x.data, i * across, along, count);
      }
      return y;
    }

    /** The product as p·2^(600e), p and every factor held between 2⁻⁶⁰⁰ and 2⁶⁰⁰. */
    private static double product(double[] x, int from, int step, int count) {
      double p = 1.0;
      long e = 0L;
      for (int k = 0; k < count; k++) {
        double factor = x[from + k * step];
        for (int side = 0; side < 2; side++) {
          double number = side == 0 ? factor : p * factor;
          double size = Math.abs(number);
          if (size > LARGE) {
            number *= DOWN;
            e++;
          } else if (size < SMALL && size > 0.0) {
            number *= UP;
            e--;
          }
          if (side == 0) {
            factor = number;
          } else {
            p = number;
          }
        }
      }
      return Math.scalb(p, (int) Math.max(-4L * EXPONENT, Math.min(4L * EXPONENT, EXPONENT * e)));
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      Variable others =
          switch (axis) {
            case ALL -> ofOtherRows(x.reshape(x.rows() * x.cols(), 1)).reshape(x.rows(), x.cols());
            case ROWS -> ofOtherRows(x.transpose()).transpose();
            case COLS -> ofOtherRows(x);
          };
      return others.elementMultOrZero(yBar);
    }

    /**
     * For each entry the product of the others in its column: the upper half of the rows is
     * multiplied into the lower half, and what an entry lacks is its partner times what the pair
     * lacks.
     */
    private static Variable ofOtherRows(Variable x) {
      int m = x.rows();
      int n = x.cols();
      Variable one = x.tape().constant(1.0);
      if (m <= 1) {
        return one.broadcastTo(m, n);
      }
      Variable even = m % 2 == 0 ? x : x.concatRows(one.broadcastTo(1, n));
      int half = even.rows() / 2;
      Variable upper = even.slice(0, half, 0, n);
      Variable lower = even.slice(half, 2 * half, 0, n);
      Variable lacking = ofOtherRows(upper.elementMultOrZero(lower));
      Variable ofUpper = lacking.elementMultOrZero(lower);
      Variable ofLower = lacking.elementMultOrZero(upper);
      return ofUpper.concatRows(ofLower).slice(0, m, 0, n);
    }
  }

  /**
   * {@code yₖ = x₀ + … + xₖ} along an axis: down each column ({@link Axis#COLS}), along each row
   * ({@link Axis#ROWS}), or through all entries row by row; reversed: from the other end, {@code yₖ
   * = xₖ + … + xₙ}. Sums are compensated (Neumaier 1974). Rule: x̄ = the cumulative sum of ȳ in the
   * other direction.
   *
   * @param axis within what it runs
   * @param reversed whether it starts at the end
   */
  public record CumulativeSum(Axis axis, boolean reversed) implements Op.Unary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = w.like(x);
      int groups = groups(axis, x);
      int across = Reductions.across(axis, x);
      int along = Reductions.along(axis, x);
      int count = count(axis, x.numRows, x.numCols);
      for (int g = 0; g < groups; g++) {
        double sum = 0.0;
        double lost = 0.0;
        for (int k = 0; k < count; k++) {
          int i = g * across + (reversed ? count - 1 - k : k) * along;
          double term = x.data[i];
          double next = sum + term;
          lost += Math.abs(sum) >= Math.abs(term) ? (sum - next) + term : (term - next) + sum;
          sum = next;
          y.data[i] = Double.isFinite(sum) ? sum + lost : sum;
        }
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.apply(new CumulativeSum(axis, !reversed));
    }
  }
}
