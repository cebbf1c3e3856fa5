package io.github.backstay.core.kernels;

import static io.github.backstay.core.kernels.VectorTiles.LANES;
import static io.github.backstay.core.kernels.VectorTiles.SPECIES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Loops over entries anywhere in several arrays, which HotSpot vectorizes by itself only where all
 * have one index. The bits are those of the plain loops: no fma.
 */
final class VectorEntries {

  private VectorEntries() {}

  static void scale(
      double factor, double[] x, int from, boolean add, double[] y, int to, int count) {
    DoubleVector zero = DoubleVector.zero(SPECIES);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      DoubleVector before = add ? DoubleVector.fromArray(SPECIES, y, to + i) : zero;
      before.add(DoubleVector.fromArray(SPECIES, x, from + i).mul(factor)).intoArray(y, to + i);
    }
    for (; i < count; i++) {
      y[to + i] = (add ? y[to + i] : 0.0) + factor * x[from + i];
    }
  }

  static void scaleDifference(
      double factor,
      double[] a,
      int fromA,
      double[] b,
      int fromB,
      boolean add,
      double[] y,
      int to,
      int count) {
    DoubleVector zero = DoubleVector.zero(SPECIES);
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      DoubleVector before = add ? DoubleVector.fromArray(SPECIES, y, to + i) : zero;
      DoubleVector difference =
          DoubleVector.fromArray(SPECIES, a, fromA + i)
              .sub(DoubleVector.fromArray(SPECIES, b, fromB + i));
      before.add(difference.mul(factor)).intoArray(y, to + i);
    }
    for (; i < count; i++) {
      y[to + i] = (add ? y[to + i] : 0.0) + factor * (a[fromA + i] - b[fromB + i]);
    }
  }

  static void addProduct(
      double[] x, int from, double[] y, int fromY, double[] z, int to, int count) {
    int i = 0;
    for (; i <= count - LANES; i += LANES) {
      DoubleVector product =
          DoubleVector.fromArray(SPECIES, x, from + i)
              .mul(DoubleVector.fromArray(SPECIES, y, fromY + i));
      DoubleVector.fromArray(SPECIES, z, to + i).add(product).intoArray(z, to + i);
    }
    for (; i < count; i++) {
      z[to + i] += x[from + i] * y[fromY + i];
    }
  }

  /** The sums of 0·x, in four vectors: 0 for finite x, else NaN. */
  static boolean isFinite(double[] x, int count) {
    DoubleVector s0 = DoubleVector.zero(SPECIES);
    DoubleVector s1 = DoubleVector.zero(SPECIES);
    DoubleVector s2 = DoubleVector.zero(SPECIES);
    DoubleVector s3 = DoubleVector.zero(SPECIES);
    int i = 0;
    for (; i <= count - 4 * LANES; i += 4 * LANES) {
      s0 = s0.add(DoubleVector.fromArray(SPECIES, x, i).mul(0.0));
      s1 = s1.add(DoubleVector.fromArray(SPECIES, x, i + LANES).mul(0.0));
      s2 = s2.add(DoubleVector.fromArray(SPECIES, x, i + 2 * LANES).mul(0.0));
      s3 = s3.add(DoubleVector.fromArray(SPECIES, x, i + 3 * LANES).mul(0.0));
    }
    double sum = 0.0;
    for (; i < count; i++) {
      sum += 0.0 * x[i];
    }
    return sum + s0.add(s1).add(s2.add(s3)).reduceLanes(VectorOperators.ADD) == 0.0;
  }
}
