package io.github.backstay.core.ops;

import io.github.backstay.core.Op;
import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Workspace;
import java.util.function.DoubleBinaryOperator;
import org.ejml.data.DMatrixRMaj;

/**
 * The one broadcasting rule: a row (1×n), a column (m×1) or a scalar (1×1) stretches to a full m×n
 * on the other side. One side must have the result's shape, so a column against a row is refused
 * rather than blown up to a full matrix.
 */
final class Broadcast {

  private Broadcast() {}

  /** A matrix for the result of an element-wise operation, after checking the operands. */
  static DMatrixRMaj result(Op op, Workspace w, DMatrixRMaj a, DMatrixRMaj b) {
    if (stretches(b, a)) {
      return w.like(a);
    }
    if (stretches(a, b)) {
      return w.like(b);
    }
    boolean crossed = (a.numRows == 1 && b.numCols == 1) || (a.numCols == 1 && b.numRows == 1);
    throw new ShapeException(
        op.name()
            + ": shapes differ: left is "
            + Shape.of(a)
            + ", right is "
            + Shape.of(b)
            + " (one side must have the full shape; "
            + (crossed
                ? "a column against a row is not broadcast to "
                    + new Shape(Math.max(a.numRows, b.numRows), Math.max(a.numCols, b.numCols))
                    + "). Transpose one of them, or say broadcastTo(rows, cols)."
                : "only a row 1×n, a column m×1 or a scalar 1×1 is broadcast against m×n)."));
  }

  /** Whether a matrix can be stretched to the shape of another. */
  private static boolean stretches(DMatrixRMaj from, DMatrixRMaj to) {
    return (from.numRows == to.numRows || from.numRows == 1)
        && (from.numCols == to.numCols || from.numCols == 1);
  }

  /** Whether no stretching is needed. */
  static boolean same(DMatrixRMaj a, DMatrixRMaj b) {
    return a.numRows == b.numRows && a.numCols == b.numCols;
  }

  /** {@code c = f(a, b)}, entry by entry, with stretching. */
  static void apply(DMatrixRMaj a, DMatrixRMaj b, DMatrixRMaj c, DoubleBinaryOperator f) {
    int aDown = a.numRows == c.numRows ? a.numCols : 0;
    int bDown = b.numRows == c.numRows ? b.numCols : 0;
    int aAcross = a.numCols == c.numCols ? 1 : 0;
    int bAcross = b.numCols == c.numCols ? 1 : 0;
    int to = 0;
    for (int i = 0; i < c.numRows; i++) {
      int ai = i * aDown;
      int bi = i * bDown;
      for (int j = 0; j < c.numCols; j++) {
        c.data[to++] = f.applyAsDouble(a.data[ai], b.data[bi]);
        ai += aAcross;
        bi += bAcross;
      }
    }
  }
}
