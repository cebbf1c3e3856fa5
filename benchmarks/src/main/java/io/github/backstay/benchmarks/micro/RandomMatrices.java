package io.github.backstay.benchmarks.micro;

import java.util.SplittableRandom;
import org.ejml.data.DMatrixRMaj;

/** Operands. */
final class RandomMatrices {

  private RandomMatrices() {}

  /** Entries from U(−1, 1), the same for the same shape. */
  static DMatrixRMaj uniform(int rows, int cols) {
    SplittableRandom random = new SplittableRandom(31L * rows + cols);
    DMatrixRMaj matrix = new DMatrixRMaj(rows, cols);
    for (int i = 0; i < matrix.data.length; i++) {
      matrix.data[i] = 2.0 * random.nextDouble() - 1.0;
    }
    return matrix;
  }
}
