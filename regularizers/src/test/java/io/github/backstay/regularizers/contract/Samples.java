package io.github.backstay.regularizers.contract;

import io.github.backstay.core.Shape;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/** Where the laws are tried: shapes and random matrices, the same ones in every run. */
final class Samples {

  private Samples() {}

  /** Differences in every entry: 40×17 singular value decompositions take long. */
  static List<Shape> shapes(boolean mixesEntries) {
    Shape large = mixesEntries ? new Shape(12, 7) : new Shape(40, 17);
    return List.of(
        new Shape(3, 4),
        new Shape(1, 5),
        new Shape(5, 1),
        new Shape(1, 1),
        new Shape(1, 2),
        new Shape(2, 1),
        new Shape(2, 2),
        new Shape(6, 5),
        large);
  }

  static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("SplittableRandom").create(seed);
  }

  static DMatrixRMaj gaussian(RandomGenerator random, Shape shape) {
    DMatrixRMaj matrix = new DMatrixRMaj(shape.rows(), shape.cols());
    for (int i = 0; i < matrix.data.length; i++) {
      matrix.data[i] = random.nextGaussian();
    }
    return matrix;
  }

  /** Shapes for laws that are tried often: those of up to 36 entries, or else the smallest. */
  static List<Shape> small(List<Shape> shapes) {
    int least = shapes.stream().mapToInt(Shape::size).min().orElseThrow();
    return shapes.stream().filter(shape -> shape.size() <= Math.max(36, least)).toList();
  }

  static <T> T any(RandomGenerator random, List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  static DMatrixRMaj rowsOf(DMatrixRMaj matrix, int[] rows) {
    DMatrixRMaj some = new DMatrixRMaj(rows.length, matrix.numCols);
    for (int k = 0; k < rows.length; k++) {
      copyRow(matrix, rows[k], some, k);
    }
    return some;
  }

  static void copyRow(DMatrixRMaj from, int row, DMatrixRMaj to, int place) {
    int n = from.numCols;
    System.arraycopy(from.data, row * n, to.data, place * n, n);
  }

  static DMatrixRMaj orZeros(@Nullable DMatrixRMaj anchor, DMatrixRMaj like) {
    return anchor == null ? new DMatrixRMaj(like.numRows, like.numCols) : anchor;
  }

  static DMatrixRMaj minus(DMatrixRMaj a, DMatrixRMaj b) {
    DMatrixRMaj difference = a.copy();
    for (int i = 0; i < difference.data.length; i++) {
      difference.data[i] -= b.data[i];
    }
    return difference;
  }

  static double dot(DMatrixRMaj a, DMatrixRMaj b) {
    double sum = 0.0;
    for (int i = 0; i < a.data.length; i++) {
      sum += a.data[i] * b.data[i];
    }
    return sum;
  }

  static double norm(DMatrixRMaj a) {
    return Math.sqrt(dot(a, a));
  }

  /** The first entry in which two matrices of one shape differ; −1 if there is none. */
  static int firstDifference(DMatrixRMaj a, DMatrixRMaj b) {
    for (int i = 0; i < a.getNumElements(); i++) {
      if (Double.compare(a.data[i], b.data[i]) != 0) {
        return i;
      }
    }
    return -1;
  }
}
