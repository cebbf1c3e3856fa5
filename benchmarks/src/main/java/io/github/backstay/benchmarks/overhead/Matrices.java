package io.github.backstay.benchmarks.overhead;

import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/** Random matrices for workloads. */
final class Matrices {

  private Matrices() {}

  static DMatrixRMaj gaussian(RandomGenerator random, int rows, int cols, double deviation) {
    DMatrixRMaj matrix = new DMatrixRMaj(rows, cols);
    for (int i = 0; i < matrix.data.length; i++) {
      matrix.data[i] = deviation * random.nextGaussian();
    }
    return matrix;
  }
}
