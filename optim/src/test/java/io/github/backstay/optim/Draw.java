package io.github.backstay.optim;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.ejml.data.DMatrixRMaj;

/** Numbers for tests, the same ones in every run. */
final class Draw {

  private Draw() {}

  static RandomGenerator seeded(long seed) {
    return RandomGeneratorFactory.of("SplittableRandom").create(seed);
  }

  static DMatrixRMaj gaussian(RandomGenerator random, int rows, int cols) {
    DMatrixRMaj matrix = new DMatrixRMaj(rows, cols);
    for (int i = 0; i < matrix.data.length; i++) {
      matrix.data[i] = random.nextGaussian();
    }
    return matrix;
  }
}
