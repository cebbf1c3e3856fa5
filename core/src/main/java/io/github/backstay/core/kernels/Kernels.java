package io.github.backstay.core.kernels;

import org.ejml.data.DMatrixRMaj;

/**
 * The arithmetic worth having in more than one form: products, transcendental maps and long sums.
 * Everything else is a plain loop in its op. An instance may keep scratch memory and belongs to one
 * thread, which may have others help it; results depend on the provider and the operands only.
 *
 * <p>Operands have been checked by the caller; outputs have the right shape and never overlap an
 * operand, unless said otherwise.
 */
public interface Kernels {

  /**
   * The kernels to use when nothing else is asked for: explicit vectors where the JVM was started
   * with {@code --add-modules jdk.incubator.vector}, else {@link #plain}.
   *
   * @return a new instance
   */
  static Kernels standard() {
    return standard(Parallel.serial());
  }

  /**
   * {@link #standard()} with large products divided among threads. The results have the same bits
   * as on one thread, whatever the number.
   *
   * @param parallel the threads
   * @return a new instance
   */
  static Kernels standard(Parallel parallel) {
    return Providers.standard(parallel);
  }

  /**
   * Plain loops that HotSpot vectorizes.
   *
   * @return a new instance
   */
  static Kernels plain() {
    return plain(Parallel.serial());
  }

  /**
   * {@link #plain()} with large products divided among threads. The results have the same bits as
   * on one thread, whatever the number.
   *
   * @param parallel the threads
   * @return a new instance
   */
  static Kernels plain(Parallel parallel) {
    return new PlainKernels(parallel);
  }

  /**
   * Plain loops, transcendental maps by {@link StrictMath}, sums in an order that the shape alone
   * decides: the same operands give the same bits on every JDK and processor. So does the rest of
   * the library, and a training over a tape with these kernels ends with the same weights
   * everywhere, if the numbers it draws are the same.
   *
   * @return a new instance
   */
  static Kernels strict() {
    return strict(Parallel.serial());
  }

  /**
   * {@link #strict()} with large products divided among threads. The results have the same bits as
   * on one thread, whatever the number.
   *
   * @param parallel the threads
   * @return a new instance
   */
  static Kernels strict(Parallel parallel) {
    return new StrictKernels(parallel);
  }

  /**
   * The name of this provider.
   *
   * @return {@code plain}, {@code vector} or {@code strict}
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
  default void exp(DMatrixRMaj x, DMatrixRMaj y) {
    exp(x.data, 0, 0.0, y.data, 0, x.getNumElements());
  }

  /**
   * {@code y[to + i] = e^(x[from + i] − shift)}: with the largest number as the shift, what a
   * softmax sums.
   *
   * @param x the numbers
   * @param from the first
   * @param shift what is subtracted from each
   * @param y where the results go; may be the same place as the numbers
   * @param to the place of the first
   * @param count how many
   */
  void exp(double[] x, int from, double shift, double[] y, int to, int count);

  /**
   * {@code y = tanh x}, entry by entry.
   *
   * @param x the operand
   * @param y the result; may be {@code x}
   */
  default void tanh(DMatrixRMaj x, DMatrixRMaj y) {
    tanh(x.data, 0, y.data, 0, x.getNumElements());
  }

  /**
   * The same for consecutive numbers.
   *
   * @param x the numbers
   * @param from the first
   * @param y where the results go; may be the same place as the numbers
   * @param to the place of the first
   * @param count how many
   */
  void tanh(double[] x, int from, double[] y, int to, int count);

  /**
   * {@code y = 1/(1+e⁻ˣ)}, entry by entry, without overflow at either end.
   *
   * @param x the operand
   * @param y the result; may be {@code x}
   */
  default void sigmoid(DMatrixRMaj x, DMatrixRMaj y) {
    sigmoid(x.data, 0, y.data, 0, x.getNumElements());
  }

  /**
   * The same for consecutive numbers.
   *
   * @param x the numbers
   * @param from the first
   * @param y where the results go; may be the same place as the numbers
   * @param to the place of the first
   * @param count how many
   */
  void sigmoid(double[] x, int from, double[] y, int to, int count);

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
  default double squaredDistance(double[] x, double[] y, int count) {
    return squaredDistance(x, 0, y, 0, count);
  }

  /**
   * The same for consecutive numbers anywhere in both arrays.
   *
   * @param x the numbers
   * @param from the first of them
   * @param y what is subtracted
   * @param fromY the first of that
   * @param count how many
   * @return the squared distance; exactly 0 where both are equal
   */
  double squaredDistance(double[] x, int from, double[] y, int fromY, int count);

  /**
   * {@code Σ xᵢ²}, pairwise.
   *
   * @param x the numbers
   * @param count how many, from the start
   * @return the sum of squares
   */
  double squaredNorm(double[] x, int count);

  /**
   * {@code y[to + i] = factor · x[from + i]}, or {@code +=}; each product is rounded before it is
   * added, to what is there or to 0.
   *
   * @param factor the factor
   * @param x the numbers
   * @param from the first
   * @param add whether to add to what y holds, or to overwrite it
   * @param y where the multiples go
   * @param to the place of the first
   * @param count how many
   */
  default void scale(
      double factor, double[] x, int from, boolean add, double[] y, int to, int count) {
    if (add) {
      for (int i = 0; i < count; i++) {
        y[to + i] += factor * x[from + i];
      }
    } else {
      for (int i = 0; i < count; i++) {
        y[to + i] = 0.0 + factor * x[from + i]; // 0 + −0 is 0
      }
    }
  }

  /**
   * {@code y[to + i] = factor · (a[fromA + i] − b[fromB + i])}, or {@code +=}, rounded as in {@link
   * #scale}.
   *
   * @param factor the factor
   * @param a the numbers
   * @param fromA the first of them
   * @param b what is subtracted from them
   * @param fromB the first of that
   * @param add whether to add to what y holds, or to overwrite it
   * @param y where the multiples go
   * @param to the place of the first
   * @param count how many
   */
  default void scaleDifference(
      double factor,
      double[] a,
      int fromA,
      double[] b,
      int fromB,
      boolean add,
      double[] y,
      int to,
      int count) {
    if (add) {
      for (int i = 0; i < count; i++) {
        y[to + i] += factor * (a[fromA + i] - b[fromB + i]);
      }
    } else {
      for (int i = 0; i < count; i++) {
        y[to + i] = 0.0 + factor * (a[fromA + i] - b[fromB + i]);
      }
    }
  }

  /**
   * {@code z[to + i] += x[from + i] · y[fromY + i]}, each product rounded before it is added.
   *
   * @param x the one factors
   * @param from the first of them
   * @param y the other ones
   * @param fromY the first of those
   * @param z where the products are added
   * @param to the place of the first
   * @param count how many
   */
  default void addProduct(
      double[] x, int from, double[] y, int fromY, double[] z, int to, int count) {
    for (int i = 0; i < count; i++) {
      z[to + i] += x[from + i] * y[fromY + i];
    }
  }

  /**
   * Whether none of the first numbers is NaN or infinite.
   *
   * @param x the numbers
   * @param count how many, from the start
   * @return true if all are finite
   */
  default boolean isFinite(double[] x, int count) {
    double s0 =
        0.0; // 0·x is 0 for finite x and NaN otherwise; sums that do not wait for each other
    double s1 = 0.0;
    double s2 = 0.0;
    double s3 = 0.0;
    double s4 = 0.0;
    double s5 = 0.0;
    double s6 = 0.0;
    double s7 = 0.0;
    int i = 0;
    for (; i + 7 < count; i += 8) {
      s0 += 0.0 * x[i];
      s1 += 0.0 * x[i + 1];
      s2 += 0.0 * x[i + 2];
      s3 += 0.0 * x[i + 3];
      s4 += 0.0 * x[i + 4];
      s5 += 0.0 * x[i + 5];
      s6 += 0.0 * x[i + 6];
      s7 += 0.0 * x[i + 7];
    }
    for (; i < count; i++) {
      s0 += 0.0 * x[i];
    }
    return s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7 == 0.0;
  }
}
