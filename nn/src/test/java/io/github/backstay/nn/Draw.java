package io.github.backstay.nn;

import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/** Random matrices and generators for the tests of layers. */
final class Draw {

  private Draw() {}

  static RandomGenerator random(long seed) {
    return new Seeds(seed).generator(0, "test");
  }

  static DMatrixRMaj normal(int rows, int cols, long seed) {
    return Initializer.normal(1.0).of(rows, cols, random(seed));
  }

  static DMatrixRMaj row(double... entries) {
    return new DMatrixRMaj(1, entries.length, true, entries);
  }

  /** Gives all parameters random values, also those that start at 0 or 1. */
  static <M extends Module> M all(M module, long seed) {
    RandomGenerator random = random(seed);
    module.parameters().forEach(p -> p.set(Initializer.normal(0.8).of(p.rows(), p.cols(), random)));
    return module;
  }
}
