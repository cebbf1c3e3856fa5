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
    throw new ShapeException(
        op.name()
            + ": shapes differ: left is "
            + Shape.of(a)
            + ", right is "
            + Shape.of(b)
            + " (one side must have the full shape; "
            + remedy(a, b));
  }

  /** The one of mask and choices that has the full shape, after checking that the others fit. */
  static DMatrixRMaj full(DMatrixRMaj mask, DMatrixRMaj a, DMatrixRMaj b) {
    if (stretches(a, mask) && stretches(b, mask)) {
      return mask;
    }
    if (stretches(mask, a) && stretches(b, a)) {
      return a;
    }
    if (stretches(mask, b) && stretches(a, b)) {
      return b;
    }
    throw new ShapeException(
        "where: shapes differ: the mask is "
            + Shape.of(mask)
            + ", the choices are "
            + Shape.of(a)
            + " and "
            + Shape.of(b)
            + " (one of the three must have the full shape; "
            + (crossed(mask, a)
                ? remedy(mask, a)
                : crossed(mask, b) ? remedy(mask, b) : remedy(a, b)));
  }

  private static boolean crossed(DMatrixRMaj a, DMatrixRMaj b) {
    return !stretches(a, b)
        && !stretches(b, a)
        && ((a.numRows == 1 && b.numCols == 1) || (a.numCols == 1 && b.numRows == 1));
  }

  private static String remedy(DMatrixRMaj a, DMatrixRMaj b) {
    return crossed(a, b)
        ? "a column against a row is not broadcast to "
            + new Shape(Math.max(a.numRows, b.numRows), Math.max(a.numCols, b.numCols))
            + "). Transpose one of them, or say broadcastTo(rows, cols)."
        : "only a row 1×n, a column m×1 or a scalar 1×1 is broadcast against m×n).";
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

  /** Whether a matrix is a number. */
  static boolean isScalar(DMatrixRMaj x) {
    return x.numRows == 1 && x.numCols == 1;
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
