package io.github.backstay.core.ops;

import io.github.backstay.core.Accumulator;
import io.github.backstay.core.Op;
import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import org.ejml.data.DMatrixRMaj;

/** Matrix products and what is fused with them. */
public final class Products {

  private Products() {}

  /**
   * {@code C = op(A)·op(B)}, [m×k]·[k×n] → [m×n], where {@code op} transposes or not. Rules (Giles
   * 2008, §2.1, for all four forms): AB: Ā = C̄Bᵀ, B̄ = AᵀC̄; AᵀB: Ā = BC̄ᵀ, B̄ = AC̄; ABᵀ: Ā =
   * C̄B, B̄ = C̄ᵀA; AᵀBᵀ: Ā = BᵀC̄ᵀ, B̄ = C̄ᵀAᵀ. No transpose is ever formed.
   *
   * @param transA whether A is used transposed
   * @param transB whether B is used transposed
   */
  public record Mult(boolean transA, boolean transB) implements Op.Binary, Op.InPlace {
    /** AB. */
    public static final Mult PLAIN = new Mult(false, false);

    /** AᵀB. */
    public static final Mult TRANS_A = new Mult(true, false);

    /** ABᵀ. */
    public static final Mult TRANS_B = new Mult(false, true);

    /** AᵀBᵀ. */
    public static final Mult TRANS_AB = new Mult(true, true);

    @Override
    public String name() {
      return transA ? (transB ? "multTransAB" : "multTransA") : (transB ? "multTransB" : "mult");
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj a, DMatrixRMaj b) {
      int inner = transA ? a.numRows : a.numCols;
      int innerB = transB ? b.numCols : b.numRows;
      if (inner != innerB) {
        boolean wouldFit = inner == (transB ? b.numRows : b.numCols);
        throw new ShapeException(
            name()
                + ": inner dimensions differ: left is "
                + Shape.of(a)
                + ", right is "
                + Shape.of(b)
                + " (need left "
                + (transA ? "rows" : "columns")
                + " = right "
                + (transB ? "columns" : "rows")
                + ")."
                + (wouldFit
                    ? transB
                        ? " The right operand fits without transposing it."
                        : " Transposing the right operand would fit."
                    : ""));
      }
      DMatrixRMaj c = w.matrix(transA ? a.numCols : a.numRows, transB ? b.numRows : b.numCols);
      w.kernels().mult(transA, a, transB, b, false, c);
      return c;
    }

    @Override
    public Variable vjpLeft(Variable a, Variable b, Variable c, Variable cBar) {
      return transA
          ? (transB ? b.multTransAB(cBar) : b.multTransB(cBar))
          : (transB ? cBar.mult(b) : cBar.multTransB(b));
    }

    @Override
    public Variable vjpRight(Variable a, Variable b, Variable c, Variable cBar) {
      return transB
          ? (transA ? cBar.multTransAB(a) : cBar.multTransA(a))
          : (transA ? a.mult(cBar) : a.multTransA(cBar));
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj c,
        DMatrixRMaj cBar,
        Accumulator bar) {
      boolean add = !bar.isEmpty();
      DMatrixRMaj to = add ? bar.dense() : bar.overwrite();
      if (input == 0) {
        DMatrixRMaj b = inputs[1];
        if (transA) {
          w.kernels().mult(transB, b, true, cBar, add, to);
        } else {
          w.kernels().mult(false, cBar, !transB, b, add, to);
        }
      } else {
        DMatrixRMaj a = inputs[0];
        if (transB) {
          w.kernels().mult(true, cBar, transA, a, add, to);
        } else {
          w.kernels().mult(!transA, a, false, cBar, add, to);
        }
      }
    }
  }

  /**
   * {@code Y = X·Wᵀ + 1·b}, [n×i]·[o×i]ᵀ + [1×o] → [n×o]: a dense layer with its weight stored
   * out×in, as PyTorch does; or {@code Y = X·Wᵀ + B} with B of n×o, what is there already. Rules:
   * X̄ = ȲW, W̄ = ȲᵀX, b̄ = the sum of the rows of Ȳ, B̄ = Ȳ.
   */
  public record Affine() implements Op.Nary, Op.InPlace {
    /** The one instance that is needed. */
    public static final Affine OP = new Affine();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj[] inputs) {
      DMatrixRMaj x = inputs[0];
      DMatrixRMaj weight = inputs[1];
      DMatrixRMaj bias = inputs[2];
      if (x.numCols != weight.numCols) {
        throw new ShapeException(
            "affine: the input is "
                + Shape.of(x)
                + ", the weight is "
                + Shape.of(weight)
                + " (need input columns = weight columns; the weight is stored out×in)."
                + (x.numCols == weight.numRows ? " Transposing the weight would fit." : ""));
      }
      boolean row = bias.numRows == 1;
      if (!row && bias.numRows != x.numRows || bias.numCols != weight.numRows) {
        throw new ShapeException(
            "affine: the bias is "
                + Shape.of(bias)
                + ", the weight is "
                + Shape.of(weight)
                + " (need a bias of 1×"
                + weight.numRows
                + (x.numRows == 1 ? "" : " or " + x.numRows + "×" + weight.numRows)
                + ").");
      }
      DMatrixRMaj y = w.matrix(x.numRows, weight.numRows);
      for (int i = 0; i < y.numRows; i++) {
        System.arraycopy(bias.data, row ? 0 : i * y.numCols, y.data, i * y.numCols, y.numCols);
      }
      w.kernels().mult(false, x, true, weight, true, y);
      return y;
    }

    @Override
    public Variable vjp(int input, Variable[] inputs, Variable y, Variable yBar) {
      return switch (input) {
        case 0 -> yBar.mult(inputs[1]);
        case 1 -> yBar.multTransA(inputs[0]);
        default -> yBar.sumTo(inputs[2]);
      };
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator bar) {
      if (input == 2) {
        accumulateBias(w, inputs[2].numRows, yBar, bar);
        return;
      }
      boolean add = !bar.isEmpty();
      DMatrixRMaj to = add ? bar.dense() : bar.overwrite();
      if (input == 0) {
        w.kernels().mult(false, yBar, false, inputs[1], add, to);
      } else {
        w.kernels().mult(true, yBar, false, inputs[0], add, to);
      }
    }

    private static void accumulateBias(Workspace w, int rows, DMatrixRMaj yBar, Accumulator bar) {
      if (rows == yBar.numRows) {
        bar.add(yBar);
      } else if (bar.isEmpty()) {
        double[] sums = bar.overwrite().data;
        w.kernels().sumCols(yBar.data, yBar.numRows, yBar.numCols, sums);
      } else {
        DMatrixRMaj sums = w.matrix(1, yBar.numCols);
        w.kernels().sumCols(yBar.data, yBar.numRows, yBar.numCols, sums.data);
        bar.add(sums);
        w.release(sums);
      }
    }
  }
}
