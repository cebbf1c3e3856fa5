package io.github.backstay.core.ops;

import io.github.backstay.core.Axis;
import io.github.backstay.core.Op;
import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import org.ejml.data.DMatrixRMaj;

/** Ops that move entries, or the meaning of a value, and compute nothing. */
public final class Structure {

  private Structure() {}

  /** {@code Y = Xᵀ}. Rule: X̄ = Ȳᵀ. */
  public record Transpose() implements Op.Unary {
    /** The one instance that is needed. */
    public static final Transpose OP = new Transpose();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = w.matrix(x.numCols, x.numRows);
      for (int i = 0; i < x.numRows; i++) {
        for (int j = 0; j < x.numCols; j++) {
          y.data[j * x.numRows + i] = x.data[i * x.numCols + j];
        }
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.transpose();
    }
  }

  /**
   * The same entries in row-major order, in another shape. Rule: x̄ = ȳ in the shape of x.
   *
   * @param rows rows of the result
   * @param cols columns of the result
   */
  public record Reshape(int rows, int cols) implements Op.Unary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      Shape to = new Shape(rows, cols);
      if (to.size() != x.getNumElements()) {
        throw new ShapeException(
            "reshape: "
                + Shape.of(x)
                + " has "
                + x.getNumElements()
                + " entries, "
                + to
                + " has "
                + to.size()
                + " (both must have the same number).");
      }
      DMatrixRMaj y = w.matrix(rows, cols);
      System.arraycopy(x.data, 0, y.data, 0, y.data.length);
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.reshape(x.rows(), x.cols());
    }
  }

  /**
   * A row, column or scalar repeated to a full shape. Rule: x̄ = ȳ summed to the shape of x.
   *
   * @param rows rows of the result
   * @param cols columns of the result
   */
  public record BroadcastTo(int rows, int cols) implements Op.Unary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      if (x.numRows == rows && x.numCols == cols) {
        return x;
      }
      if ((x.numRows != rows && x.numRows != 1) || (x.numCols != cols && x.numCols != 1)) {
        throw new ShapeException(
            "broadcastTo: "
                + Shape.of(x)
                + " cannot be repeated to "
                + new Shape(rows, cols)
                + " (each side must be equal, or 1).");
      }
      DMatrixRMaj y = w.matrix(rows, cols);
      int down = x.numRows == rows ? x.numCols : 0;
      int across = x.numCols == cols ? 1 : 0;
      int to = 0;
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < cols; j++) {
          y.data[to++] = x.data[i * down + j * across];
        }
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.sumTo(x);
    }
  }

  /**
   * Sums over the sides along which a smaller shape was repeated: the adjoint of {@link
   * BroadcastTo}. Rule: x̄ = ȳ broadcast to the shape of x.
   *
   * @param rows rows of the result: those of the operand, or 1
   * @param cols columns of the result: those of the operand, or 1
   */
  public record SumTo(int rows, int cols) implements Op.Unary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      if (x.numRows == rows && x.numCols == cols) {
        return x;
      }
      if ((x.numRows != rows && rows != 1) || (x.numCols != cols && cols != 1)) {
        throw new ShapeException(
            "sumTo: "
                + Shape.of(x)
                + " cannot be summed to "
                + new Shape(rows, cols)
                + " (each side must stay equal, or become 1).");
      }
      DMatrixRMaj y = w.matrix(rows, cols);
      Axis axis = rows == 1 && cols == 1 ? Axis.ALL : cols == 1 ? Axis.ROWS : Axis.COLS;
      Reductions.sum(w.kernels(), axis, x, y);
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.broadcastTo(x);
    }
  }

  /**
   * {@code y = x} without history: a plain number as far as gradients go. What is computed from it
   * moves a loss and no weight; {@link io.github.backstay.core.Objective} refuses such terms.
   */
  public record Detach() implements Op.Unary {
    /** The one instance that is needed. */
    public static final Detach OP = new Detach();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      return x;
    }

    @Override
    public boolean blocks(int input) {
      return true;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.tape().zeros(x.rows(), x.cols());
    }
  }

  /**
   * {@code y = x}, marked as a penalty: something that belongs to the parameters and must count
   * once per step, however many examples the step has. Rule: x̄ = ȳ.
   */
  public record AsPenalty() implements Op.Unary {
    /** The one instance that is needed. */
    public static final AsPenalty OP = new AsPenalty();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      return x;
    }

    @Override
    public boolean isPenalty() {
      return true;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar;
    }
  }
}
