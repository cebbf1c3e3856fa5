package io.github.backstay.core.ops;

import io.github.backstay.core.Axis;
import io.github.backstay.core.Op;
import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Triangle;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/** Ops that move entries, or the meaning of a value, and compute nothing but sums. */
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
   * A vector, row or column, on the diagonal of zeros, [1×n] or [n×1] → [n×n]. Rule: x̄ = the
   * diagonal of Ȳ, in the shape of x.
   */
  public record Diag() implements Op.Unary {
    /** The one instance that is needed. */
    public static final Diag OP = new Diag();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      if (x.numRows != 1 && x.numCols != 1) {
        throw new ShapeException(
            "diag: the operand is "
                + Shape.of(x)
                + ", but must be a row 1×n or a column n×1. diagonal() reads the diagonal of a"
                + " matrix.");
      }
      int n = x.getNumElements();
      DMatrixRMaj y = w.zeros(n, n);
      for (int i = 0; i < n; i++) {
        y.data[i * n + i] = x.data[i];
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.diagonal().reshape(x.rows(), x.cols());
    }
  }

  /**
   * {@code y[i] = X[i, i]}: the main diagonal as a column, [m×n] → [min(m,n)×1]. Rule: X̄ = ȳ on
   * the diagonal of zeros.
   */
  public record Diagonal() implements Op.Unary {
    /** The one instance that is needed. */
    public static final Diagonal OP = new Diagonal();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = w.matrix(Math.min(x.numRows, x.numCols), 1);
      for (int i = 0; i < y.numRows; i++) {
        y.data[i] = x.data[i * x.numCols + i];
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      Variable square = yBar.diag();
      return x.rows() == x.cols() ? square : square.placeAt(0, 0, x.rows(), x.cols());
    }
  }

  /**
   * The entries on one side of a diagonal, zeros elsewhere: on and below the k-th diagonal ({@code
   * j − i ≤ k}) or on and above it ({@code j − i ≥ k}). Diagonal 0 is the main one, positive ones
   * lie above it. Rule: X̄ = the same entries of Ȳ, zeros elsewhere.
   *
   * @param triangle which side is kept
   * @param k the diagonal
   */
  public record KeepTriangle(Triangle triangle, int k) implements Op.Unary {
    @Override
    public String name() {
      return triangle == Triangle.LOWER ? "tril" : "triu";
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = w.like(x);
      int at = 0;
      for (int i = 0; i < x.numRows; i++) {
        for (int j = 0; j < x.numCols; j++, at++) {
          boolean kept = triangle == Triangle.LOWER ? j - i <= k : j - i >= k;
          y.data[at] = kept ? x.data[at] : 0.0;
        }
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return triangle == Triangle.LOWER ? yBar.tril(k) : yBar.triu(k);
    }
  }

  /**
   * The whole matrix repeated downwards and sideways, [m×n] → [rows·m × cols·n]. Rule: X̄ = the sum
   * of the tiles of Ȳ.
   *
   * @param rows how often downwards, at least 1
   * @param cols how often sideways, at least 1
   */
  public record Tile(int rows, int cols) implements Op.Unary {
    /**
     * Checks the values.
     *
     * @param rows how often downwards, at least 1
     * @param cols how often sideways, at least 1
     */
    public Tile {
      requireTiles("tile", rows, cols);
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      int m = x.numRows;
      int n = x.numCols;
      DMatrixRMaj y = w.matrix(Math.multiplyExact(m, rows), Math.multiplyExact(n, cols));
      for (int i = 0; i < y.numRows; i++) {
        for (int across = 0; across < cols; across++) {
          System.arraycopy(x.data, i % m * n, y.data, i * y.numCols + across * n, n);
        }
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.sumTiles(rows, cols);
    }
  }

  /**
   * The sum of the tiles of a matrix, [rows·m × cols·n] → [m×n]: the adjoint of {@link Tile}. Rule:
   * X̄ = Ȳ tiled.
   *
   * @param rows how many tiles lie below each other, at least 1
   * @param cols how many tiles lie beside each other, at least 1
   */
  public record SumTiles(int rows, int cols) implements Op.Unary {
    /**
     * Checks the values.
     *
     * @param rows how many tiles lie below each other, at least 1
     * @param cols how many tiles lie beside each other, at least 1
     */
    public SumTiles {
      requireTiles("sumTiles", rows, cols);
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      if (x.numRows % rows != 0 || x.numCols % cols != 0) {
        throw new ShapeException(
            "sumTiles: "
                + Shape.of(x)
                + " does not consist of "
                + rows
                + "×"
                + cols
                + " tiles (each side must be a multiple).");
      }
      int m = x.numRows / rows;
      int n = x.numCols / cols;
      DMatrixRMaj y = w.zeros(m, n);
      int from = 0;
      for (int i = 0; i < x.numRows; i++) {
        for (int across = 0; across < cols; across++) {
          int to = i % m * n;
          for (int j = 0; j < n; j++) {
            y.data[to++] += x.data[from++];
          }
        }
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.tile(rows, cols);
    }
  }

  private static void requireTiles(String operation, int rows, int cols) {
    if (rows < 1 || cols < 1) {
      throw new IllegalArgumentException(
          operation + ": need at least 1×1 tiles, got " + rows + "×" + cols + ".");
    }
  }

  /**
   * A matrix with a frame of one value, [m×n] → [top+m+bottom × left+n+right]. Rule: x̄ = ȳ without
   * its frame.
   *
   * @param left columns before the first, at least 0
   * @param right columns after the last, at least 0
   * @param top rows before the first, at least 0
   * @param bottom rows after the last, at least 0
   * @param value what the frame is filled with
   */
  public record Pad(int left, int right, int top, int bottom, double value) implements Op.Unary {
    /**
     * Checks the values.
     *
     * @param left columns before the first, at least 0
     * @param right columns after the last, at least 0
     * @param top rows before the first, at least 0
     * @param bottom rows after the last, at least 0
     * @param value what the frame is filled with
     */
    public Pad {
      if (left < 0 || right < 0 || top < 0 || bottom < 0) {
        throw new IllegalArgumentException(
            "pad: widths must be at least 0, got left "
                + left
                + ", right "
                + right
                + ", top "
                + top
                + ", bottom "
                + bottom
                + ". slice(r0, r1, c0, c1) takes rows and columns away.");
      }
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = w.matrix(top + x.numRows + bottom, left + x.numCols + right);
      Arrays.fill(y.data, value);
      for (int i = 0; i < x.numRows; i++) {
        System.arraycopy(x.data, i * x.numCols, y.data, (top + i) * y.numCols + left, x.numCols);
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.slice(top, top + x.rows(), left, left + x.cols());
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
