package io.github.backstay.core.kernels;

import org.ejml.data.DMatrixRMaj;

/**
 * The arithmetic worth having in more than one form: products, transcendental maps and long sums.
 * Everything else is a plain loop in its op. An instance may keep scratch memory and belongs to one
 * thread; results depend on the operands only.
 *
 * <p>Operands have been checked by the caller; outputs have the right shape and never overlap an
 * operand, unless said otherwise.
 */
public interface Kernels {

  /**
   * The kernels to use when nothing else is asked for: plain loops that HotSpot vectorizes.
   *
   * @return a new instance
   */
  static Kernels standard() {
    return new PlainKernels();
  }

  /**
   * The name of this provider.
   *
   * @return for instance {@code plain}
   */
  String name();

  /**
   * {@code C = op(A)·op(B)}, or {@code C += op(A)·op(B)}, where {@code op} may transpose.
   *
   * @param transA whether A is used transposed
   * @param a the left operand
   * @param transB whether B is used transposed
   * @param b the right operand
   * @param add whether to add to what C holds, or to overwrite it
   * @param c the result
   */
  void mult(
      boolean transA, DMatrixRMaj a, boolean transB, DMatrixRMaj b, boolean add, DMatrixRMaj c);

  /**
   * {@code y = eˣ}, entry by entry.
   *
   * @param x the operand
   * @param y the result; may be {@code x}
   */
  void exp(DMatrixRMaj x, DMatrixRMaj y);

  /**
   * {@code y = tanh x}, entry by entry.
   *
   * @param x the operand
   * @param y the result; may be {@code x}
   */
  void tanh(DMatrixRMaj x, DMatrixRMaj y);

  /**
   * {@code y = 1/(1+e⁻ˣ)}, entry by entry, without overflow at either end.
   *
   * @param x the operand
   * @param y the result; may be {@code x}
   */
  void sigmoid(DMatrixRMaj x, DMatrixRMaj y);

  /**
   * The sum of consecutive numbers, pairwise, so that the error grows with the logarithm of their
   * count (Higham 2002, §4.2). It overflows only if the sum does.
   *
   * @param x the numbers
   * @param from the first
   * @param count how many
   * @return their sum; 0 if there are none
   */
  double sum(double[] x, int from, int count);

  /**
   * The sum of each column of a matrix that is stored row by row, with the same care as {@link
   * #sum}: a few dozen rows are added one by one, longer columns pairwise.
   *
   * @param x the numbers
   * @param rows how many rows
   * @param cols how many columns
   * @param sums where the sums go, one per column
   */
  void sumCols(double[] x, int rows, int cols, double[] sums);

  /**
   * {@code Σ (xᵢ − yᵢ)²}, pairwise, in one pass and without a temporary.
   *
   * @param x the numbers
   * @param y what is subtracted
   * @param count how many, from the start of both arrays
   * @return the squared distance; exactly 0 where both are equal
   */
  double squaredDistance(double[] x, double[] y, int count);

  /**
   * {@code Σ xᵢ²}, pairwise.
   *
   * @param x the numbers
   * @param count how many, from the start
   * @return the sum of squares
   */
  double squaredNorm(double[] x, int count);
}
