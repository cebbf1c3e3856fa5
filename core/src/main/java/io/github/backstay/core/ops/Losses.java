package io.github.backstay.core.ops;

import io.github.backstay.core.Accumulator;
import io.github.backstay.core.Axis;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Op;
import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import org.ejml.data.DMatrixRMaj;

/** Losses: 1×1 results, averaged as each says. */
public final class Losses {

  private Losses() {}

  /**
   * {@code y = −(1/n) Σᵢ ln softmax(xᵢ)[tᵢ]}, [n×C] → [1×1]: the mean over the rows of the negative
   * log-likelihood of each row's class, from logits, by log-sum-exp. NaN for no rows. Rule: x̄ =
   * ȳ/n · (softmax(x) − one-hot(t)).
   *
   * @param targets the class of each row, from 0 to C − 1
   */
  public record CrossEntropy(Indices targets) implements Op.Unary, Op.InPlace {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      if (x.numRows != targets.size()) {
        throw new ShapeException(
            "crossEntropy: the logits are "
                + Shape.of(x)
                + ", but there are "
                + targets.size()
                + " targets (need one target per row).");
      }
      targets.requireBelow("crossEntropy", x.numCols, "classes");
      double sum = 0.0;
      for (int i = 0; i < x.numRows; i++) {
        int from = i * x.numCols;
        sum +=
            Reductions.LogSumExp.logSumExp(x.data, from, 1, x.numCols)
                - x.data[from + targets.get(i)];
      }
      return w.scalar(sum / x.numRows);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      Variable oneHot = yBar.broadcastTo(x.rows(), 1).placeInCols(targets, x.cols());
      return x.softmax(Axis.ROWS).elementMult(yBar).minus(oneHot).scale(1.0 / x.rows());
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator xBar) {
      DMatrixRMaj x = inputs[0];
      double[] out = xBar.dense().data;
      double bar = yBar.data[0] / x.numRows;
      for (int i = 0; i < x.numRows; i++) {
        int from = i * x.numCols;
        double logSum = Reductions.LogSumExp.logSumExp(x.data, from, 1, x.numCols);
        for (int j = 0; j < x.numCols; j++) {
          out[from + j] += bar * Math.exp(x.data[from + j] - logSum);
        }
        out[from + targets.get(i)] -= bar;
      }
    }
  }

  /**
   * {@code y = (1/n) Σ (a − b)²} over all n entries, operands of one shape → [1×1]; no factor ½.
   * NaN for no entries. Rules: ā = ȳ·(2/n)·(a − b), b̄ = −ā.
   */
  public record MeanSquaredError() implements Op.Binary, Op.InPlace {
    /** The one instance that is needed. */
    public static final MeanSquaredError OP = new MeanSquaredError();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj a, DMatrixRMaj b) {
      Shape.requireSame("meanSquaredError", a, b);
      int n = a.getNumElements();
      return w.scalar(w.kernels().squaredDistance(a.data, b.data, n) / n);
    }

    @Override
    public Variable vjpLeft(Variable a, Variable b, Variable y, Variable yBar) {
      return a.minus(b).scale(2.0 / (a.rows() * a.cols())).elementMult(yBar);
    }

    @Override
    public Variable vjpRight(Variable a, Variable b, Variable y, Variable yBar) {
      return b.minus(a).scale(2.0 / (a.rows() * a.cols())).elementMult(yBar);
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator bar) {
      double[] own = inputs[input].data;
      double[] other = inputs[1 - input].data;
      double[] out = bar.dense().data;
      double factor = 2.0 / out.length * yBar.data[0];
      for (int i = 0; i < out.length; i++) {
        out[i] += factor * (own[i] - other[i]);
      }
    }
  }
}
