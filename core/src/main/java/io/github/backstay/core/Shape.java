package io.github.backstay.core;

import org.ejml.data.DMatrixRMaj;

/**
 * The size of a matrix, {@code rows × cols}; either side may be 0.
 *
 * @param rows number of rows, at least 0
 * @param cols number of columns, at least 0
 */
public record Shape(int rows, int cols) {

  /**
   * Checks the values.
   *
   * @param rows number of rows, at least 0
   * @param cols number of columns, at least 0
   */
  public Shape {
    if (rows < 0 || cols < 0) {
      throw new ShapeException("shape: sides must be at least 0, got " + rows + "×" + cols + ".");
    }
  }

  /**
   * The shape of a matrix.
   *
   * @param matrix any matrix
   * @return its shape
   */
  public static Shape of(DMatrixRMaj matrix) {
    return new Shape(matrix.numRows, matrix.numCols);
  }

  /**
   * How many entries a matrix of this shape has.
   *
   * @return {@code rows · cols}
   */
  public int size() {
    return Math.multiplyExact(rows, cols);
  }

  /**
   * Refuses operands of different shape.
   *
   * @param operation the name that the message starts with
   * @param left the left operand
   * @param right the right operand
   * @throws ShapeException if the shapes differ
   */
  public static void requireSame(String operation, DMatrixRMaj left, DMatrixRMaj right) {
    if (left.numRows != right.numRows || left.numCols != right.numCols) {
      throw new ShapeException(
          operation
              + ": shapes differ: left is "
              + of(left)
              + ", right is "
              + of(right)
              + " (both must have the same shape).");
    }
  }

  /**
   * Refuses a matrix that is not square.
   *
   * @param operation the name that the message starts with
   * @param matrix the operand
   * @throws ShapeException if its sides differ
   */
  public static void requireSquare(String operation, DMatrixRMaj matrix) {
    if (matrix.numRows != matrix.numCols) {
      throw new ShapeException(
          operation + ": the operand is " + of(matrix) + " (need a square matrix).");
    }
  }

  @Override
  public String toString() {
    return rows + "×" + cols;
  }
}
