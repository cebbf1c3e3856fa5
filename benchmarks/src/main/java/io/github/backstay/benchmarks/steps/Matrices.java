package io.github.backstay.benchmarks.steps;

import io.github.backstay.core.Indices;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/** Random numbers for problems. */
final class Matrices {

  private Matrices() {}

  static DMatrixRMaj gaussian(RandomGenerator random, int rows, int cols, double deviation) {
    DMatrixRMaj matrix = new DMatrixRMaj(rows, cols);
    for (int i = 0; i < matrix.data.length; i++) {
      matrix.data[i] = deviation * random.nextGaussian();
    }
    return matrix;
  }

  /** From 0, included, to 1. */
  static DMatrixRMaj uniform(RandomGenerator random, int rows, int cols) {
    DMatrixRMaj matrix = new DMatrixRMaj(rows, cols);
    for (int i = 0; i < matrix.data.length; i++) {
      matrix.data[i] = random.nextDouble();
    }
    return matrix;
  }

  static Indices indices(RandomGenerator random, int count, int bound) {
    return Indices.of(random.ints(count, 0, bound).toArray());
  }
}
