package io.github.backstay.core.kernels;

import static io.github.backstay.core.kernels.VectorTiles.LANES;
import static io.github.backstay.core.kernels.VectorTiles.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import org.ejml.data.DMatrixRMaj;

/**
 * Products in which one side has very few rows or columns: nothing is packed but that side. A few
 * rows by B are sums of multiples of B's rows, entry by entry {@code fma} after {@code fma}; a few
 * rows by Bᵀ are dot products in sixteen lanes, whatever the width of vectors.
 */
final class VectorRows {

  private static final int WIDTH = 16;

  private final double[] first = new double[8];
  private final double[] second = new double[8];
  private double[] row = {};
  private double[] result = {};

  /** A few rows of op(A). */
  void multRows(
      boolean transA, DMatrixRMaj a, boolean transB, DMatrixRMaj b, boolean add, DMatrixRMaj c) {
    int depth = transA ? a.numRows : a.numCols;
    for (int i = 0; i < c.numRows; i++) {
      double[] left = a.data;
      int from = i * depth;
      if (transA && a.numCols > 1) {
        left = column(a, i);
        from = 0;
      }
      multRow(left, from, depth, transB, b.data, add, c.data, i * c.numCols, c.numCols);
    }
  }

  /** A few columns of op(B): the rows of op(B)ᵀ·op(A)ᵀ. */
  void multCols(
      boolean transA, DMatrixRMaj a, boolean transB, DMatrixRMaj b, boolean add, DMatrixRMaj c) {
    int m = c.numRows;
    int n = c.numCols;
    int depth = transA ? a.numRows : a.numCols;
    boolean scattered = n > 1;
    if (scattered && result.length < m) {
      result = new double[m];
    }
    for (int j = 0; j < n; j++) {
      double[] left = b.data;
      int from = j * depth;
      if (!transB && n > 1) {
        left = column(b, j);
        from = 0;
      }
      if (scattered) {
        multRow(left, from, depth, !transA, a.data, false, result, 0, m);
        for (int i = 0; i < m; i++) {
          int at = i * n + j;
          c.data[at] = add ? c.data[at] + result[i] : result[i];
        }
      } else {
        multRow(left, from, depth, !transA, a.data, add, c.data, 0, m);
      }
    }
  }

  private double[] column(DMatrixRMaj x, int j) {
    if (row.length < x.numRows) {
      row = new double[x.numRows];
    }
    for (int p = 0; p < x.numRows; p++) {
      row[p] = x.data[p * x.numCols + j];
    }
    return row;
  }

  /** One row by a matrix of n columns, or by the transpose of one of n rows. */
  private void multRow(
      double[] a,
      int from,
      int depth,
      boolean transB,
      double[] b,
      boolean add,
      double[] c,
      int to,
      int n) {
    if (transB) {
      for (int j = 0; j < n; j += 2) {
        boolean pair = j + 1 < n;
        twoDots(a, from, b, j * depth, pair ? depth : 0, depth);
        int full = depth & -WIDTH;
        double s = 0.0;
        double t = 0.0;
        int next = pair ? depth : 0;
        for (int p = full; p < depth; p++) {
          s = Math.fma(a[from + p], b[j * depth + p], s);
          t = Math.fma(a[from + p], b[j * depth + next + p], t);
        }
        put(tree(first) + s, add, c, to + j);
        if (pair) {
          put(tree(second) + t, add, c, to + j + 1);
        }
      }
    } else {
      if (!add) { // the loops below only add: HotSpot would not inline what it meets second
        Arrays.fill(c, to, to + n, 0.0);
      }
      int j = 0;
      for (; j <= n - 4 * LANES; j += 4 * LANES) {
        fourMultiples(a, from, depth, b, j, n, c, to + j);
      }
      for (; j <= n - LANES; j += LANES) {
        multiples(a, from, depth, b, j, n, c, to + j);
      }
      for (; j < n; j++) {
        double s = 0.0;
        for (int p = 0; p < depth; p++) {
          s = Math.fma(a[from + p], b[p * n + j], s);
        }
        c[to + j] += s;
      }
    }
  }

  private static void put(double value, boolean add, double[] c, int at) {
    c[at] = add ? c[at] + value : value;
  }

  private static double tree(double[] t) {
    return ((t[0] + t[4]) + (t[2] + t[6])) + ((t[1] + t[5]) + (t[3] + t[7]));
  }

  /** Two products at once of a row of A with rows of Bᵀ that follow one another. */
  private void twoDots(double[] a, int aFrom, double[] b, int bFrom, int step, int depth) {
    DoubleVector s0 = DoubleVector.zero(SPECIES);
    DoubleVector s1 = DoubleVector.zero(SPECIES);
    DoubleVector s2 = DoubleVector.zero(SPECIES);
    DoubleVector s3 = DoubleVector.zero(SPECIES);
    DoubleVector s4 = DoubleVector.zero(SPECIES);
    DoubleVector s5 = DoubleVector.zero(SPECIES);
    DoubleVector s6 = DoubleVector.zero(SPECIES);
    DoubleVector s7 = DoubleVector.zero(SPECIES);
    DoubleVector t0 = DoubleVector.zero(SPECIES);
    DoubleVector t1 = DoubleVector.zero(SPECIES);
    DoubleVector t2 = DoubleVector.zero(SPECIES);
    DoubleVector t3 = DoubleVector.zero(SPECIES);
    DoubleVector t4 = DoubleVector.zero(SPECIES);
    DoubleVector t5 = DoubleVector.zero(SPECIES);
    DoubleVector t6 = DoubleVector.zero(SPECIES);
    DoubleVector t7 = DoubleVector.zero(SPECIES);
    int full = depth & -WIDTH;
    for (int p = 0; p < full; p += WIDTH) {
      DoubleVector a0 = DoubleVector.fromArray(SPECIES, a, aFrom + p);
      s0 = a0.fma(DoubleVector.fromArray(SPECIES, b, bFrom + p), s0);
      t0 = a0.fma(DoubleVector.fromArray(SPECIES, b, bFrom + step + p), t0);
      DoubleVector a1 = DoubleVector.fromArray(SPECIES, a, aFrom + p + LANES);
      s1 = a1.fma(DoubleVector.fromArray(SPECIES, b, bFrom + p + LANES), s1);
      t1 = a1.fma(DoubleVector.fromArray(SPECIES, b, bFrom + step + p + LANES), t1);
      if (LANES < 8) {
        DoubleVector a2 = DoubleVector.fromArray(SPECIES, a, aFrom + p + 2 * LANES);
        s2 = a2.fma(DoubleVector.fromArray(SPECIES, b, bFrom + p + 2 * LANES), s2);
        t2 = a2.fma(DoubleVector.fromArray(SPECIES, b, bFrom + step + p + 2 * LANES), t2);
        DoubleVector a3 = DoubleVector.fromArray(SPECIES, a, aFrom + p + 3 * LANES);
        s3 = a3.fma(DoubleVector.fromArray(SPECIES, b, bFrom + p + 3 * LANES), s3);
        t3 = a3.fma(DoubleVector.fromArray(SPECIES, b, bFrom + step + p + 3 * LANES), t3);
      }
      if (LANES < 4) {
        DoubleVector a4 = DoubleVector.fromArray(SPECIES, a, aFrom + p + 4 * LANES);
        s4 = a4.fma(DoubleVector.fromArray(SPECIES, b, bFrom + p + 4 * LANES), s4);
        t4 = a4.fma(DoubleVector.fromArray(SPECIES, b, bFrom + step + p + 4 * LANES), t4);
        DoubleVector a5 = DoubleVector.fromArray(SPECIES, a, aFrom + p + 5 * LANES);
        s5 = a5.fma(DoubleVector.fromArray(SPECIES, b, bFrom + p + 5 * LANES), s5);
        t5 = a5.fma(DoubleVector.fromArray(SPECIES, b, bFrom + step + p + 5 * LANES), t5);
        DoubleVector a6 = DoubleVector.fromArray(SPECIES, a, aFrom + p + 6 * LANES);
        s6 = a6.fma(DoubleVector.fromArray(SPECIES, b, bFrom + p + 6 * LANES), s6);
        t6 = a6.fma(DoubleVector.fromArray(SPECIES, b, bFrom + step + p + 6 * LANES), t6);
        DoubleVector a7 = DoubleVector.fromArray(SPECIES, a, aFrom + p + 7 * LANES);
        s7 = a7.fma(DoubleVector.fromArray(SPECIES, b, bFrom + p + 7 * LANES), s7);
        t7 = a7.fma(DoubleVector.fromArray(SPECIES, b, bFrom + step + p + 7 * LANES), t7);
      }
    }
    if (LANES == 8) {
      s0.add(s1).intoArray(first, 0);
      t0.add(t1).intoArray(second, 0);
    } else if (LANES == 4) {
      s0.add(s2).intoArray(first, 0);
      s1.add(s3).intoArray(first, 4);
      t0.add(t2).intoArray(second, 0);
      t1.add(t3).intoArray(second, 4);
    } else {
      s0.add(s4).intoArray(first, 0);
      s1.add(s5).intoArray(first, 2);
      s2.add(s6).intoArray(first, 4);
      s3.add(s7).intoArray(first, 6);
      t0.add(t4).intoArray(second, 0);
      t1.add(t5).intoArray(second, 2);
      t2.add(t6).intoArray(second, 4);
      t3.add(t7).intoArray(second, 6);
    }
  }

  /** Adds four vectors of a sum of multiples of rows. */
  private static void fourMultiples(
      double[] a, int from, int depth, double[] b, int j, int n, double[] c, int to) {
    DoubleVector s0 = DoubleVector.zero(SPECIES);
    DoubleVector s1 = DoubleVector.zero(SPECIES);
    DoubleVector s2 = DoubleVector.zero(SPECIES);
    DoubleVector s3 = DoubleVector.zero(SPECIES);
    for (int p = 0; p < depth; p++) {
      DoubleVector x = DoubleVector.broadcast(SPECIES, a[from + p]);
      int at = p * n + j;
      s0 = x.fma(DoubleVector.fromArray(SPECIES, b, at), s0);
      s1 = x.fma(DoubleVector.fromArray(SPECIES, b, at + LANES), s1);
      s2 = x.fma(DoubleVector.fromArray(SPECIES, b, at + 2 * LANES), s2);
      s3 = x.fma(DoubleVector.fromArray(SPECIES, b, at + 3 * LANES), s3);
    }
    s0.add(DoubleVector.fromArray(SPECIES, c, to)).intoArray(c, to);
    s1.add(DoubleVector.fromArray(SPECIES, c, to + LANES)).intoArray(c, to + LANES);
    s2.add(DoubleVector.fromArray(SPECIES, c, to + 2 * LANES)).intoArray(c, to + 2 * LANES);
    s3.add(DoubleVector.fromArray(SPECIES, c, to + 3 * LANES)).intoArray(c, to + 3 * LANES);
  }

  /** Adds one vector of a sum of multiples of rows. */
  private static void multiples(
      double[] a, int from, int depth, double[] b, int j, int n, double[] c, int to) {
    DoubleVector s = DoubleVector.zero(SPECIES);
    for (int p = 0; p < depth; p++) {
      s =
          DoubleVector.broadcast(SPECIES, a[from + p])
              .fma(DoubleVector.fromArray(SPECIES, b, p * n + j), s);
    }
    s.add(DoubleVector.fromArray(SPECIES, c, to)).intoArray(c, to);
  }
}
