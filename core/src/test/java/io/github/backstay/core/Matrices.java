package io.github.backstay.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.ejml.data.DMatrixRMaj;

/** Random matrices, and comparisons that say where two differ. */
final class Matrices {

  private Matrices() {}

  static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("SplittableRandom").create(seed);
  }

  static DMatrixRMaj gaussian(int rows, int cols, RandomGenerator random) {
    return Formulas.matrix(rows, cols, (i, j) -> random.nextGaussian());
  }

  static DMatrixRMaj gaussian(Shape shape, RandomGenerator random) {
    return gaussian(shape.rows(), shape.cols(), random);
  }

  /** A matrix from its entries, row by row. */
  static DMatrixRMaj of(int rows, int cols, double... entries) {
    return new DMatrixRMaj(rows, cols, true, entries);
  }

  static double inner(DMatrixRMaj a, DMatrixRMaj b) {
    assertEquals(Shape.of(a), Shape.of(b));
    return Formulas.sum(a.data.length, i -> a.data[i] * b.data[i]);
  }

  static DMatrixRMaj combined(double f, DMatrixRMaj a, double g, DMatrixRMaj b) {
    return Formulas.matrix(a.numRows, a.numCols, (i, j) -> f * a.get(i, j) + g * b.get(i, j));
  }

  /** Equal within a tolerance relative to the larger of 1 and the expected value; NaN is NaN. */
  static void assertClose(DMatrixRMaj expected, DMatrixRMaj actual, double tolerance, String what) {
    assertEquals(Shape.of(expected), Shape.of(actual), () -> what + ": shape");
    for (int i = 0; i < expected.getNumElements(); i++) {
      assertClose(expected.data[i], actual.data[i], tolerance, what + ", entry " + i);
    }
  }

  static void assertClose(double expected, double actual, double tolerance, String what) {
    boolean same = expected == actual || (Double.isNaN(expected) && Double.isNaN(actual));
    double error = Math.abs(expected - actual) / Math.max(1.0, Math.abs(expected));
    if (!same && !(error <= tolerance)) {
      fail(what + ": expected " + expected + ", got " + actual + " (tolerance " + tolerance + ")");
    }
  }

  /** Equal in every bit, except that all NaNs are one. */
  static void assertBits(DMatrixRMaj expected, DMatrixRMaj actual, String what) {
    assertEquals(Shape.of(expected), Shape.of(actual), () -> what + ": shape");
    for (int i = 0; i < expected.getNumElements(); i++) {
      if (Double.doubleToLongBits(expected.data[i]) != Double.doubleToLongBits(actual.data[i])) {
        fail(what + ", entry " + i + ": expected " + expected.data[i] + ", got " + actual.data[i]);
      }
    }
  }
}
