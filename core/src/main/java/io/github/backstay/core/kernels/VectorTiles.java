package io.github.backstay.core.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The innermost loops of the product: a tile of C is held in registers while a panel of A, stored
 * column by column, meets some columns of B, stored row by row, {@code bStep} numbers apart. Every
 * entry is {@code fma} after {@code fma} in the order of the depth, so that its bits depend neither
 * on the tile nor on the width of vectors. Each accumulator starts from a zero of its own: HotSpot
 * keeps vectors in registers only if no two of them begin as one object.
 */
final class VectorTiles {

  /** As wide as the processor has them, up to eight numbers. */
  static final VectorSpecies<Double> SPECIES =
      DoubleVector.SPECIES_PREFERRED.length() > 8
          ? DoubleVector.SPECIES_512
          : DoubleVector.SPECIES_PREFERRED;

  static final int LANES = SPECIES.length();

  private VectorTiles() {}

  /** Makes a tile zeros. */
  static void clear(int rows, boolean two, double[] c, int from, int step) {
    DoubleVector zero = DoubleVector.zero(SPECIES);
    for (int i = 0; i < rows; i++) {
      zero.intoArray(c, from + i * step);
      if (two) {
        zero.intoArray(c, from + i * step + LANES);
      }
    }
  }

  /** 8 rows by 2 vectors. */
  static void eightByTwo(
      int depth,
      double[] a,
      int aFrom,
      double[] b,
      int bFrom,
      int bStep,
      double[] c,
      int cFrom,
      int cStep) {
    DoubleVector c00 = DoubleVector.zero(SPECIES);
    DoubleVector c01 = DoubleVector.zero(SPECIES);
    DoubleVector c10 = DoubleVector.zero(SPECIES);
    DoubleVector c11 = DoubleVector.zero(SPECIES);
    DoubleVector c20 = DoubleVector.zero(SPECIES);
    DoubleVector c21 = DoubleVector.zero(SPECIES);
    DoubleVector c30 = DoubleVector.zero(SPECIES);
    DoubleVector c31 = DoubleVector.zero(SPECIES);
    DoubleVector c40 = DoubleVector.zero(SPECIES);
    DoubleVector c41 = DoubleVector.zero(SPECIES);
    DoubleVector c50 = DoubleVector.zero(SPECIES);
    DoubleVector c51 = DoubleVector.zero(SPECIES);
    DoubleVector c60 = DoubleVector.zero(SPECIES);
    DoubleVector c61 = DoubleVector.zero(SPECIES);
    DoubleVector c70 = DoubleVector.zero(SPECIES);
    DoubleVector c71 = DoubleVector.zero(SPECIES);
    for (int p = 0; p < depth; p++) {
      DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, bFrom + p * bStep);
      DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, bFrom + p * bStep + LANES);
      DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 8]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 8 + 1]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 8 + 2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 8 + 3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
      DoubleVector a4 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 8 + 4]);
      c40 = a4.fma(b0, c40);
      c41 = a4.fma(b1, c41);
      DoubleVector a5 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 8 + 5]);
      c50 = a5.fma(b0, c50);
      c51 = a5.fma(b1, c51);
      DoubleVector a6 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 8 + 6]);
      c60 = a6.fma(b0, c60);
      c61 = a6.fma(b1, c61);
      DoubleVector a7 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 8 + 7]);
      c70 = a7.fma(b0, c70);
      c71 = a7.fma(b1, c71);
    }
    c00.add(DoubleVector.fromArray(SPECIES, c, cFrom + 0 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 0 * cStep + 0 * LANES);
    c01.add(DoubleVector.fromArray(SPECIES, c, cFrom + 0 * cStep + 1 * LANES))
        .intoArray(c, cFrom + 0 * cStep + 1 * LANES);
    c10.add(DoubleVector.fromArray(SPECIES, c, cFrom + 1 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 1 * cStep + 0 * LANES);
    c11.add(DoubleVector.fromArray(SPECIES, c, cFrom + 1 * cStep + 1 * LANES))
        .intoArray(c, cFrom + 1 * cStep + 1 * LANES);
    c20.add(DoubleVector.fromArray(SPECIES, c, cFrom + 2 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 2 * cStep + 0 * LANES);
    c21.add(DoubleVector.fromArray(SPECIES, c, cFrom + 2 * cStep + 1 * LANES))
        .intoArray(c, cFrom + 2 * cStep + 1 * LANES);
    c30.add(DoubleVector.fromArray(SPECIES, c, cFrom + 3 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 3 * cStep + 0 * LANES);
    c31.add(DoubleVector.fromArray(SPECIES, c, cFrom + 3 * cStep + 1 * LANES))
        .intoArray(c, cFrom + 3 * cStep + 1 * LANES);
    c40.add(DoubleVector.fromArray(SPECIES, c, cFrom + 4 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 4 * cStep + 0 * LANES);
    c41.add(DoubleVector.fromArray(SPECIES, c, cFrom + 4 * cStep + 1 * LANES))
        .intoArray(c, cFrom + 4 * cStep + 1 * LANES);
    c50.add(DoubleVector.fromArray(SPECIES, c, cFrom + 5 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 5 * cStep + 0 * LANES);
    c51.add(DoubleVector.fromArray(SPECIES, c, cFrom + 5 * cStep + 1 * LANES))
        .intoArray(c, cFrom + 5 * cStep + 1 * LANES);
    c60.add(DoubleVector.fromArray(SPECIES, c, cFrom + 6 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 6 * cStep + 0 * LANES);
    c61.add(DoubleVector.fromArray(SPECIES, c, cFrom + 6 * cStep + 1 * LANES))
        .intoArray(c, cFrom + 6 * cStep + 1 * LANES);
    c70.add(DoubleVector.fromArray(SPECIES, c, cFrom + 7 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 7 * cStep + 0 * LANES);
    c71.add(DoubleVector.fromArray(SPECIES, c, cFrom + 7 * cStep + 1 * LANES))
        .intoArray(c, cFrom + 7 * cStep + 1 * LANES);
  }

  /** 8 rows by 1 vector. */
  static void eightByOne(
      int depth,
      double[] a,
      int aFrom,
      double[] b,
      int bFrom,
      int bStep,
      double[] c,
      int cFrom,
      int cStep) {
    DoubleVector c00 = DoubleVector.zero(SPECIES);
    DoubleVector c10 = DoubleVector.zero(SPECIES);
    DoubleVector c20 = DoubleVector.zero(SPECIES);
    DoubleVector c30 = DoubleVector.zero(SPECIES);
    DoubleVector c40 = DoubleVector.zero(SPECIES);
    DoubleVector c50 = DoubleVector.zero(SPECIES);
    DoubleVector c60 = DoubleVector.zero(SPECIES);
    DoubleVector c70 = DoubleVector.zero(SPECIES);
    for (int p = 0; p < depth; p++) {
      DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, bFrom + p * bStep);
      DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 8]);
      c00 = a0.fma(b0, c00);
      DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 8 + 1]);
      c10 = a1.fma(b0, c10);
      DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 8 + 2]);
      c20 = a2.fma(b0, c20);
      DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 8 + 3]);
      c30 = a3.fma(b0, c30);
      DoubleVector a4 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 8 + 4]);
      c40 = a4.fma(b0, c40);
      DoubleVector a5 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 8 + 5]);
      c50 = a5.fma(b0, c50);
      DoubleVector a6 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 8 + 6]);
      c60 = a6.fma(b0, c60);
      DoubleVector a7 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 8 + 7]);
      c70 = a7.fma(b0, c70);
    }
    c00.add(DoubleVector.fromArray(SPECIES, c, cFrom + 0 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 0 * cStep + 0 * LANES);
    c10.add(DoubleVector.fromArray(SPECIES, c, cFrom + 1 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 1 * cStep + 0 * LANES);
    c20.add(DoubleVector.fromArray(SPECIES, c, cFrom + 2 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 2 * cStep + 0 * LANES);
    c30.add(DoubleVector.fromArray(SPECIES, c, cFrom + 3 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 3 * cStep + 0 * LANES);
    c40.add(DoubleVector.fromArray(SPECIES, c, cFrom + 4 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 4 * cStep + 0 * LANES);
    c50.add(DoubleVector.fromArray(SPECIES, c, cFrom + 5 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 5 * cStep + 0 * LANES);
    c60.add(DoubleVector.fromArray(SPECIES, c, cFrom + 6 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 6 * cStep + 0 * LANES);
    c70.add(DoubleVector.fromArray(SPECIES, c, cFrom + 7 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 7 * cStep + 0 * LANES);
  }

  /** 4 rows by 2 vectors. */
  static void fourByTwo(
      int depth,
      double[] a,
      int aFrom,
      double[] b,
      int bFrom,
      int bStep,
      double[] c,
      int cFrom,
      int cStep) {
    DoubleVector c00 = DoubleVector.zero(SPECIES);
    DoubleVector c01 = DoubleVector.zero(SPECIES);
    DoubleVector c10 = DoubleVector.zero(SPECIES);
    DoubleVector c11 = DoubleVector.zero(SPECIES);
    DoubleVector c20 = DoubleVector.zero(SPECIES);
    DoubleVector c21 = DoubleVector.zero(SPECIES);
    DoubleVector c30 = DoubleVector.zero(SPECIES);
    DoubleVector c31 = DoubleVector.zero(SPECIES);
    for (int p = 0; p < depth; p++) {
      DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, bFrom + p * bStep);
      DoubleVector b1 = DoubleVector.fromArray(SPECIES, b, bFrom + p * bStep + LANES);
      DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 4]);
      c00 = a0.fma(b0, c00);
      c01 = a0.fma(b1, c01);
      DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 4 + 1]);
      c10 = a1.fma(b0, c10);
      c11 = a1.fma(b1, c11);
      DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 4 + 2]);
      c20 = a2.fma(b0, c20);
      c21 = a2.fma(b1, c21);
      DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 4 + 3]);
      c30 = a3.fma(b0, c30);
      c31 = a3.fma(b1, c31);
    }
    c00.add(DoubleVector.fromArray(SPECIES, c, cFrom + 0 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 0 * cStep + 0 * LANES);
    c01.add(DoubleVector.fromArray(SPECIES, c, cFrom + 0 * cStep + 1 * LANES))
        .intoArray(c, cFrom + 0 * cStep + 1 * LANES);
    c10.add(DoubleVector.fromArray(SPECIES, c, cFrom + 1 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 1 * cStep + 0 * LANES);
    c11.add(DoubleVector.fromArray(SPECIES, c, cFrom + 1 * cStep + 1 * LANES))
        .intoArray(c, cFrom + 1 * cStep + 1 * LANES);
    c20.add(DoubleVector.fromArray(SPECIES, c, cFrom + 2 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 2 * cStep + 0 * LANES);
    c21.add(DoubleVector.fromArray(SPECIES, c, cFrom + 2 * cStep + 1 * LANES))
        .intoArray(c, cFrom + 2 * cStep + 1 * LANES);
    c30.add(DoubleVector.fromArray(SPECIES, c, cFrom + 3 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 3 * cStep + 0 * LANES);
    c31.add(DoubleVector.fromArray(SPECIES, c, cFrom + 3 * cStep + 1 * LANES))
        .intoArray(c, cFrom + 3 * cStep + 1 * LANES);
  }

  /** 4 rows by 1 vector. */
  static void fourByOne(
      int depth,
      double[] a,
      int aFrom,
      double[] b,
      int bFrom,
      int bStep,
      double[] c,
      int cFrom,
      int cStep) {
    DoubleVector c00 = DoubleVector.zero(SPECIES);
    DoubleVector c10 = DoubleVector.zero(SPECIES);
    DoubleVector c20 = DoubleVector.zero(SPECIES);
    DoubleVector c30 = DoubleVector.zero(SPECIES);
    for (int p = 0; p < depth; p++) {
      DoubleVector b0 = DoubleVector.fromArray(SPECIES, b, bFrom + p * bStep);
      DoubleVector a0 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 4]);
      c00 = a0.fma(b0, c00);
      DoubleVector a1 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 4 + 1]);
      c10 = a1.fma(b0, c10);
      DoubleVector a2 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 4 + 2]);
      c20 = a2.fma(b0, c20);
      DoubleVector a3 = DoubleVector.broadcast(SPECIES, a[aFrom + p * 4 + 3]);
      c30 = a3.fma(b0, c30);
    }
    c00.add(DoubleVector.fromArray(SPECIES, c, cFrom + 0 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 0 * cStep + 0 * LANES);
    c10.add(DoubleVector.fromArray(SPECIES, c, cFrom + 1 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 1 * cStep + 0 * LANES);
    c20.add(DoubleVector.fromArray(SPECIES, c, cFrom + 2 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 2 * cStep + 0 * LANES);
    c30.add(DoubleVector.fromArray(SPECIES, c, cFrom + 3 * cStep + 0 * LANES))
        .intoArray(c, cFrom + 3 * cStep + 0 * LANES);
  }
}
