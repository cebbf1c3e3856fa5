package io.github.backstay.core.kernels;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * A few rows by the transpose of a matrix: sums of products, which HotSpot does not vectorize.
 * Eight rows of B are taken at once: a number of A is read for eight products, and no sum waits for
 * the one before it.
 */
final class PlainRows {

  private PlainRows() {}

  /** {@code C = A·Bᵀ}, or {@code C += A·Bᵀ}. */
  static void mult(DMatrixRMaj a, DMatrixRMaj b, boolean add, DMatrixRMaj c) {
    int depth = a.numCols;
    int n = c.numCols;
    double[] to = c.data;
    for (int i = 0; i < c.numRows; i++) {
      int row = i * n;
      if (!add) {
        Arrays.fill(to, row, row + n, 0.0);
      }
      int j = 0;
      for (; j + 7 < n; j += 8) {
        addEight(a.data, i * depth, b.data, j * depth, depth, to, row + j);
      }
      for (; j < n; j++) {
        to[row + j] += dot(a.data, i * depth, b.data, j * depth, depth);
      }
    }
  }

  private static void addEight(
      double[] a, int x, double[] b, int y, int depth, double[] c, int to) {
    int y1 = y + depth;
    int y2 = y1 + depth;
    int y3 = y2 + depth;
    int y4 = y3 + depth;
    int y5 = y4 + depth;
    int y6 = y5 + depth;
    int y7 = y6 + depth;
    double s0 = 0.0;
    double s1 = 0.0;
    double s2 = 0.0;
    double s3 = 0.0;
    double s4 = 0.0;
    double s5 = 0.0;
    double s6 = 0.0;
    double s7 = 0.0;
    for (int p = 0; p < depth; p++) {
      double factor = a[x + p];
      s0 = Math.fma(factor, b[y + p], s0);
      s1 = Math.fma(factor, b[y1 + p], s1);
      s2 = Math.fma(factor, b[y2 + p], s2);
      s3 = Math.fma(factor, b[y3 + p], s3);
      s4 = Math.fma(factor, b[y4 + p], s4);
      s5 = Math.fma(factor, b[y5 + p], s5);
      s6 = Math.fma(factor, b[y6 + p], s6);
      s7 = Math.fma(factor, b[y7 + p], s7);
    }
    c[to] += s0;
    c[to + 1] += s1;
    c[to + 2] += s2;
    c[to + 3] += s3;
    c[to + 4] += s4;
    c[to + 5] += s5;
    c[to + 6] += s6;
    c[to + 7] += s7;
  }

  private static double dot(double[] a, int x, double[] b, int y, int depth) {
    double s = 0.0;
    double t = 0.0;
    int p = 0;
    for (; p + 1 < depth; p += 2) {
      s = Math.fma(a[x + p], b[y + p], s);
      t = Math.fma(a[x + p + 1], b[y + p + 1], t);
    }
    if (p < depth) {
      s = Math.fma(a[x + p], b[y + p], s);
    }
    return s + t;
  }
}
