package io.github.backstay.nn;

import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.QRDecomposition;

/**
 * Makes the first values of a weight. A weight is stored out×in (see {@link Linear}), so its rows
 * are the fan-out and its columns the fan-in.
 *
 * <p>A gain multiplies the standard deviation: 1 for linear layers and sigmoid, √2 before a ReLU,
 * 5/3 is common before tanh. Entries are drawn row by row, so that the same generator gives the
 * same matrix. All initializers made here are immutable and may be shared between threads.
 */
@FunctionalInterface
public interface Initializer {

  /**
   * Makes a matrix.
   *
   * @param rows number of rows, the fan-out
   * @param cols number of columns, the fan-in
   * @param random what to draw from
   * @return a new matrix of this shape
   */
  DMatrixRMaj of(int rows, int cols, RandomGenerator random);

  /**
   * All entries 0. Draws nothing.
   *
   * @return the initializer
   */
  static Initializer zeros() {
    return constant(0.0);
  }

  /**
   * All entries the same. Draws nothing.
   *
   * @param value the entry, finite
   * @return the initializer
   * @throws IllegalArgumentException if the value is NaN or infinite
   */
  static Initializer constant(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("constant: the value must be finite, got " + value + ".");
    }
    return (rows, cols, random) -> fill(rows, cols, () -> value);
  }

  /**
   * 1 where row and column have the same number, else 0; for any shape. Draws nothing.
   *
   * @return the initializer
   */
  static Initializer identity() {
    return (rows, cols, random) -> CommonOps_DDRM.identity(rows, cols);
  }

  /**
   * {@code U[−bound, bound)}; the standard deviation is bound/√3.
   *
   * @param bound positive and finite
   * @return the initializer
   * @throws IllegalArgumentException if the bound is not
   */
  static Initializer uniform(double bound) {
    requirePositive("uniform", "bound", bound);
    return (rows, cols, random) -> fillUniform(rows, cols, bound, random);
  }

  /**
   * {@code N(0, deviation²)}.
   *
   * @param deviation the standard deviation, positive and finite
   * @return the initializer
   * @throws IllegalArgumentException if the deviation is not
   */
  static Initializer normal(double deviation) {
    requirePositive("normal", "deviation", deviation);
    return (rows, cols, random) -> fillNormal(rows, cols, deviation, random);
  }

  /**
   * {@link #glorotUniform(double)} with gain 1.
   *
   * @return the initializer
   */
  static Initializer glorotUniform() {
    return glorotUniform(1.0);
  }

  /**
   * {@code U[−b, b)} with b = gain·√(6/(fanIn + fanOut)) (Glorot and Bengio 2010, equation 16; also
   * called Xavier): keeps the variance of signals going forward and of gradients going back about
   * the same.
   *
   * @param gain positive and finite
   * @return the initializer
   * @throws IllegalArgumentException if the gain is not
   */
  static Initializer glorotUniform(double gain) {
    requirePositive("glorotUniform", "gain", gain);
    return (rows, cols, random) ->
        fillUniform(rows, cols, gain * Math.sqrt(6.0 / ((double) rows + cols)), random);
  }

  /**
   * {@link #glorotNormal(double)} with gain 1.
   *
   * @return the initializer
   */
  static Initializer glorotNormal() {
    return glorotNormal(1.0);
  }

  /**
   * {@code N(0, σ²)} with σ = gain·√(2/(fanIn + fanOut)) (Glorot and Bengio 2010, equation 12).
   *
   * @param gain positive and finite
   * @return the initializer
   * @throws IllegalArgumentException if the gain is not
   */
  static Initializer glorotNormal(double gain) {
    requirePositive("glorotNormal", "gain", gain);
    return (rows, cols, random) ->
        fillNormal(rows, cols, gain * Math.sqrt(2.0 / ((double) rows + cols)), random);
  }

  /**
   * {@link #heUniform(double)} before a plain ReLU, slope 0.
   *
   * @return the initializer
   */
  static Initializer heUniform() {
    return heUniform(0.0);
  }

  /**
   * {@code U[−b, b)} with b = √(6/((1 + slope²)·fanIn)): the variance of {@link #heNormal(double)}
   * (also called Kaiming).
   *
   * @param slope of the leaky ReLU on its negative side; 0 for a plain one; finite
   * @return the initializer
   * @throws IllegalArgumentException if the slope is NaN or infinite
   */
  static Initializer heUniform(double slope) {
    requireSlope("heUniform", slope);
    return (rows, cols, random) ->
        fillUniform(rows, cols, Math.sqrt(6.0 / ((1.0 + slope * slope) * cols)), random);
  }

  /**
   * {@link #heNormal(double)} before a plain ReLU, slope 0.
   *
   * @return the initializer
   */
  static Initializer heNormal() {
    return heNormal(0.0);
  }

  /**
   * {@code N(0, σ²)} with σ = √(2/((1 + slope²)·fanIn)) (He et al. 2015, equations 10 and 15; also
   * called Kaiming): keeps the variance of signals through layers of rectifiers.
   *
   * @param slope of the leaky ReLU on its negative side; 0 for a plain one; finite
   * @return the initializer
   * @throws IllegalArgumentException if the slope is NaN or infinite
   */
  static Initializer heNormal(double slope) {
    requireSlope("heNormal", slope);
    return (rows, cols, random) ->
        fillNormal(rows, cols, Math.sqrt(2.0 / ((1.0 + slope * slope) * cols)), random);
  }

  /**
   * {@code U[−1/√fanIn, 1/√fanIn)}: what PyTorch's Linear does. There it is written as the He
   * uniform initializer with slope √5, which is the same.
   *
   * @return the initializer
   */
  static Initializer fanInUniform() {
    return (rows, cols, random) -> fillUniform(rows, cols, 1.0 / Math.sqrt(cols), random);
  }

  /**
   * {@link #orthogonal(double)} with gain 1.
   *
   * @return the initializer
   */
  static Initializer orthogonal() {
    return orthogonal(1.0);
  }

  /**
   * gain·W with orthonormal columns, WᵀW = I, where rows ≥ cols, and orthonormal rows, WWᵀ = I,
   * where not (Saxe et al. 2014). W is the factor Q of the QR decomposition of a normal matrix,
   * each column multiplied by the sign of R's diagonal, which makes every orthogonal matrix equally
   * likely (Mezzadri 2007); Q alone is not.
   *
   * @param gain positive and finite
   * @return the initializer
   * @throws IllegalArgumentException if the gain is not
   */
  static Initializer orthogonal(double gain) {
    requirePositive("orthogonal", "gain", gain);
    return (rows, cols, random) -> {
      if (rows == 0 || cols == 0) {
        return new DMatrixRMaj(rows, cols);
      }
      int tall = Math.max(rows, cols);
      int narrow = Math.min(rows, cols);
      QRDecomposition<DMatrixRMaj> qr = DecompositionFactory_DDRM.qr(tall, narrow);
      if (!qr.decompose(fillNormal(tall, narrow, 1.0, random))) {
        throw new IllegalStateException("orthogonal: the QR decomposition failed.");
      }
      DMatrixRMaj q = qr.getQ(new DMatrixRMaj(tall, narrow), true);
      DMatrixRMaj r = qr.getR(new DMatrixRMaj(narrow, narrow), true);
      for (int i = 0; i < tall; i++) {
        for (int j = 0; j < narrow; j++) {
          double sign = r.get(j, j) < 0.0 ? -1.0 : 1.0;
          q.set(i, j, gain * sign * q.get(i, j));
        }
      }
      return rows >= cols ? q : CommonOps_DDRM.transpose(q, new DMatrixRMaj(rows, cols));
    };
  }

  private static DMatrixRMaj fillUniform(int rows, int cols, double bound, RandomGenerator random) {
    return fill(rows, cols, () -> bound * (2.0 * random.nextDouble() - 1.0));
  }

  private static DMatrixRMaj fillNormal(
      int rows, int cols, double deviation, RandomGenerator random) {
    return fill(rows, cols, () -> deviation * random.nextGaussian());
  }

  private static DMatrixRMaj fill(int rows, int cols, DoubleSupplier next) {
    DMatrixRMaj matrix = new DMatrixRMaj(rows, cols);
    for (int i = 0; i < matrix.data.length; i++) {
      matrix.data[i] = next.getAsDouble();
    }
    return matrix;
  }

  private static void requirePositive(String operation, String what, double value) {
    if (!(value > 0.0) || value == Double.POSITIVE_INFINITY) {
      throw new IllegalArgumentException(
          operation + ": the " + what + " must be positive and finite, got " + value + ".");
    }
  }

  private static void requireSlope(String operation, double slope) {
    if (!Double.isFinite(slope)) {
      throw new IllegalArgumentException(
          operation + ": the slope must be finite, got " + slope + ".");
    }
  }
}
