package io.github.backstay.core.ops;

import io.github.backstay.core.Accumulator;
import io.github.backstay.core.Axis;
import io.github.backstay.core.Op;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import io.github.backstay.core.kernels.Elementary;
import org.ejml.data.DMatrixRMaj;

/**
 * Softmax and its logarithm. Both are unchanged when the same number is added to all entries.
 * Entries of −∞ have probability 0. Where the maximum itself is infinite, the entries that attain
 * it share evenly, as they do at every finite number: so a row that is −∞ throughout is uniform.
 */
public final class Softmaxes {

  private Softmaxes() {}

  /**
   * {@code y = eˣ / Σ eˣ} along an axis, computed from {@code x − max}. Rule: x̄ = y ⊙ (ȳ − Σ ȳ ⊙
   * y).
   *
   * @param axis what sums to 1
   */
  public record Softmax(Axis axis) implements Op.Unary {
    private static final Softmax ALL = new Softmax(Axis.ALL);
    private static final Softmax ROWS = new Softmax(Axis.ROWS);
    private static final Softmax COLS = new Softmax(Axis.COLS);

    /**
     * The op, without making a new one.
     *
     * @param axis what one result belongs to
     * @return the op along that axis
     */
    public static Softmax along(Axis axis) {
      return axis == Axis.ALL ? ALL : axis == Axis.ROWS ? ROWS : COLS;
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      return normalized(w, axis, x, true);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return y.elementMult(yBar.minus(yBar.elementMult(y).sum(axis)));
    }
  }

  /**
   * {@code y = x − ln Σ eˣ} along an axis. Rule: x̄ = ȳ − eʸ ⊙ Σ ȳ.
   *
   * @param axis whose exponentials sum to 1
   */
  public record LogSoftmax(Axis axis) implements Op.Unary, Op.InPlace {
    private static final LogSoftmax ALL = new LogSoftmax(Axis.ALL);
    private static final LogSoftmax ROWS = new LogSoftmax(Axis.ROWS);
    private static final LogSoftmax COLS = new LogSoftmax(Axis.COLS);

    /**
     * The op, without making a new one.
     *
     * @param axis what one result belongs to
     * @return the op along that axis
     */
    public static LogSoftmax along(Axis axis) {
      return axis == Axis.ALL ? ALL : axis == Axis.ROWS ? ROWS : COLS;
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      return normalized(w, axis, x, false);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.minus(y.exp().elementMult(yBar.sum(axis)));
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator xBar) {
      double[] out = xBar.dense().data;
      int across = Reductions.across(axis, y);
      int along = Reductions.along(axis, y);
      int groups = Reductions.groups(axis, y);
      int count = Reductions.count(axis, y.numRows, y.numCols);
      DMatrixRMaj probabilities = w.like(y);
      w.kernels().exp(y, probabilities);
      for (int g = 0; g < groups; g++) {
        double sum = Reductions.sum(w.kernels(), yBar.data, g * across, along, count);
        for (int k = 0; k < count; k++) {
          int i = g * across + k * along;
          out[i] += yBar.data[i] - probabilities.data[i] * sum;
        }
      }
      w.release(probabilities);
    }
  }

  private static DMatrixRMaj normalized(Workspace w, Axis axis, DMatrixRMaj x, boolean exp) {
    DMatrixRMaj y = w.like(x);
    int across = Reductions.across(axis, x);
    int along = Reductions.along(axis, x);
    int groups = Reductions.groups(axis, x);
    int count = Reductions.count(axis, x.numRows, x.numCols);
    for (int g = 0; g < groups; g++) {
      int from = g * across;
      double max = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < count; k++) {
        max = Math.max(max, x.data[from + k * along]);
      }
      if (along == 1 && Double.isFinite(max)) {
        w.kernels().exp(x.data, from, max, y.data, from, count);
      } else {
        for (int k = 0; k < count; k++) {
          int i = from + k * along;
          y.data[i] = Elementary.exp(below(x.data[i], max));
        }
      }
      double sum = Reductions.sum(w.kernels(), y.data, from, along, count);
      double log = exp ? 0.0 : Elementary.log(sum);
      for (int k = 0; k < count; k++) {
        int i = from + k * along;
        y.data[i] = exp ? y.data[i] / sum : below(x.data[i], max) - log;
      }
    }
    return y;
  }

  /** {@code x − max}, and 0 where both are the same infinity. */
  private static double below(double x, double max) {
    return x == max ? 0.0 : x - max;
  }
}
