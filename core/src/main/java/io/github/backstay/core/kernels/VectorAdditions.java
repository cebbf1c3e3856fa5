package io.github.backstay.core.kernels;

import static io.github.backstay.core.kernels.VectorTiles.LANES;
import static io.github.backstay.core.kernels.VectorTiles.SPECIES;

import jdk.incubator.vector.DoubleVector;

/**
 * Multiples added to numbers anywhere in an array, which HotSpot vectorizes by itself only where
 * both have one index. The bits are those of the plain loops: no fma.
 */
final class VectorAdditions {

  private VectorAdditions() {}

  static void addScaled(double factor, double[] x, int from, double[] y, int to, int count) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      DoubleVector.fromArray(SPECIES, x, from + i)
          .mul(factor)
          .add(DoubleVector.fromArray(SPECIES, y, to + i))
          .intoArray(y, to + i);
    }
    for (; i < count; i++) {
      y[to + i] += factor * x[from + i];
    }
  }

  static void addScaledDifference(
      double factor,
      double[] a,
      int fromA,
      double[] b,
      int fromB,
      double[] y,
      int to,
      int count) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      DoubleVector.fromArray(SPECIES, a, fromA + i)
          .sub(DoubleVector.fromArray(SPECIES, b, fromB + i))
          .mul(factor)
          .add(DoubleVector.fromArray(SPECIES, y, to + i))
          .intoArray(y, to + i);
    }
    for (; i < count; i++) {
      y[to + i] += factor * (a[fromA + i] - b[fromB + i]);
    }
  }
}
