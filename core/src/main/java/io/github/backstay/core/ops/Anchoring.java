package io.github.backstay.core.ops;

import io.github.backstay.core.Accumulator;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Op;
import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * The pull to zero and the pull to an anchor, each one fused sum of squares. Written with a norm,
 * the gradient would be 0/0 at the anchor itself, which is where every training starts.
 */
public final class Anchoring {

  private Anchoring() {}

  /**
   * {@code y = (λ/2)·‖W − A‖²}, operands of one shape → [1×1]. Rules: W̄ = ȳ·λ(W − A), Ā = −W̄:
   * finite everywhere, exactly 0 at W = A. Other names: L2-SP (Li et al. 2018, eq. 2), FedProx with
   * μ = λ.
   *
   * @param strength λ, at least 0: the same as PyTorch's {@code weight_decay} where A is 0
   */
  public record AnchoredDistance(double strength) implements Op.Binary, Op.InPlace {
    /**
     * Checks the values.
     *
     * @param strength λ, at least 0: the same as PyTorch's {@code weight_decay} where A is 0
     */
    public AnchoredDistance {
      requireStrength("anchoredDistance", strength);
    }

    @Override
    public boolean isPenalty() {
      return true;
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj weight, DMatrixRMaj anchor) {
      Shape.requireSame("anchoredDistance (weight, anchor)", weight, anchor);
      double squares =
          w.kernels().squaredDistance(weight.data, anchor.data, weight.getNumElements());
      return w.scalar(0.5 * strength * squares);
    }

    @Override
    public Variable vjpLeft(Variable weight, Variable anchor, Variable y, Variable yBar) {
      return weight.minus(anchor).elementMult(yBar.scale(strength));
    }

    @Override
    public Variable vjpRight(Variable weight, Variable anchor, Variable y, Variable yBar) {
      return anchor.minus(weight).elementMult(yBar.scale(strength));
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator bar) {
      double pull = strength * yBar.data[0];
      double[] own = inputs[input].data;
      double[] other = inputs[1 - input].data;
      if (bar.isEmpty()) {
        double[] out = bar.overwrite().data;
        for (int i = 0; i < out.length; i++) {
          out[i] = pull * (own[i] - other[i]);
        }
      } else {
        double[] out = bar.dense().data;
        for (int i = 0; i < out.length; i++) {
          out[i] += pull * (own[i] - other[i]);
        }
      }
    }
  }

  /**
   * {@code y = (λ/2)·Σ ‖W[rᵢ] − A[i]‖²}, [V×d], [n×d] → [1×1]: the anchored distance of rows that
   * are looked up, without copying them. Rules: W̄ = ȳ·λ(W[rᵢ] − A[i]) scattered to the rows rᵢ, in
   * the ordinary sweep row-sparse, Ā = ȳ·λ(A[i] − W[rᵢ]).
   *
   * @param rows which rows of W, repeats allowed
   * @param strength λ, at least 0
   */
  public record AnchoredRows(Indices rows, double strength) implements Op.Binary, Op.InPlace {
    private static final int BLOCK = 32; // rows that are copied to stand beside each other

    /**
     * Checks the values.
     *
     * @param rows which rows of W, repeats allowed
     * @param strength λ, at least 0
     */
    public AnchoredRows {
      requireStrength("anchoredRows", strength);
    }

    @Override
    public boolean isPenalty() {
      return true;
    }

    @Override
    public @Nullable Indices rowsRead(int input) {
      return input == 0 ? rows : null;
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj weight, DMatrixRMaj anchor) {
      if (anchor.numRows != rows.size() || anchor.numCols != weight.numCols) {
        throw new ShapeException(
            "anchoredRows: "
                + rows.size()
                + " rows of "
                + Shape.of(weight)
                + " are held at "
                + Shape.of(anchor)
                + " (need one anchor per row, of the same width).");
      }
      rows.requireBelow("anchoredRows", weight.numRows, "rows");
      int cols = weight.numCols;
      int blocks = (rows.size() + BLOCK - 1) / BLOCK;
      DMatrixRMaj squares = w.matrix(1, blocks);
      DMatrixRMaj block = w.matrix(Math.min(BLOCK, rows.size()), cols);
      for (int b = 0; b < blocks; b++) {
        int first = b * BLOCK;
        int size = Math.min(BLOCK, rows.size() - first);
        for (int i = 0; i < size; i++) {
          System.arraycopy(weight.data, rows.get(first + i) * cols, block.data, i * cols, cols);
        }
        squares.data[b] =
            w.kernels().squaredDistance(block.data, 0, anchor.data, first * cols, size * cols);
      }
      double sum = w.kernels().sum(squares.data, 0, blocks);
      w.release(squares);
      w.release(block);
      return w.scalar(0.5 * strength * sum);
    }

    @Override
    public Variable vjpLeft(Variable weight, Variable anchor, Variable y, Variable yBar) {
      return weight
          .gatherRows(rows)
          .minus(anchor)
          .elementMult(yBar.scale(strength))
          .scatterRows(rows, weight.rows());
    }

    @Override
    public Variable vjpRight(Variable weight, Variable anchor, Variable y, Variable yBar) {
      return anchor.minus(weight.gatherRows(rows)).elementMult(yBar.scale(strength));
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator bar) {
      double pull = strength * yBar.data[0];
      DMatrixRMaj weight = inputs[0];
      DMatrixRMaj anchor = inputs[1];
      for (int i = 0; i < rows.size(); i++) {
        int row = rows.get(i);
        if (input == 0) {
          bar.addRowDifference(row, pull, weight, row, anchor, i);
        } else {
          bar.addRowDifference(i, pull, anchor, i, weight, row);
        }
      }
    }
  }

  /**
   * {@code y = (λ/2)·‖W‖²} → [1×1]: the anchored distance whose anchor is 0. Rule: W̄ = ȳ·λW.
   *
   * @param strength λ, at least 0
   */
  public record SquaredNorm(double strength) implements Op.Unary, Op.InPlace {
    /**
     * Checks the values.
     *
     * @param strength λ, at least 0
     */
    public SquaredNorm {
      requireStrength("squaredNorm", strength);
    }

    @Override
    public boolean isPenalty() {
      return true;
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj weight) {
      double squares = w.kernels().squaredNorm(weight.data, weight.getNumElements());
      return w.scalar(0.5 * strength * squares);
    }

    @Override
    public Variable vjp(Variable weight, Variable y, Variable yBar) {
      return weight.elementMult(yBar.scale(strength));
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator bar) {
      double pull = strength * yBar.data[0];
      double[] own = inputs[0].data;
      if (bar.isEmpty()) {
        double[] out = bar.overwrite().data;
        for (int i = 0; i < out.length; i++) {
          out[i] = pull * own[i];
        }
      } else {
        double[] out = bar.dense().data;
        for (int i = 0; i < out.length; i++) {
          out[i] += pull * own[i];
        }
      }
    }
  }

  private static void requireStrength(String operation, double strength) {
    if (!(strength >= 0.0) || Double.isInfinite(strength)) {
      throw new IllegalArgumentException(
          operation + ": the strength λ must be finite and at least 0, got " + strength + ".");
    }
  }
}
