package io.github.backstay.core.kernels;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * The product in plain Java. HotSpot vectorizes {@code z[j] += a * y[j]} but not {@code z[o + j] +=
 * a * y[p + j]}, and on JDK 17 only loops of few operands: so rows of the right operand are copied
 * to arrays of their own, and one row of the result at a time, likewise copied, takes in eight of
 * them in two loops.
 */
final class PlainProduct implements RangeProduct {

  /** Rows of the right operand that are summed before they are added to the result. */
  private static final int GROUP = 8;

  /** Rows of the right operand that one copy of a row of the result takes in. */
  private static final int DEPTH = 2 * GROUP;

  /** Columns of the result that one pass covers: what it reads fits the first-level cache. */
  private static final int WIDTH = 256;

  /** From one row of {@link #rows} to the next: a whole number of cache lines. */
  private static final int STEP = WIDTH + 8;

  private static final int ROW = DEPTH * STEP;
  private static final int HALF = ROW + STEP;

  /**
   * Rows of the right operand, a row of the result, and the sum of four rows: one array, so that
   * all lie alike within their cache lines wherever the collector puts it.
   */
  private final double[] rows = new double[HALF + STEP];

  @Override
  public void mult(
      boolean transA,
      DMatrixRMaj a,
      boolean transB,
      DMatrixRMaj b,
      boolean add,
      DMatrixRMaj c,
      int fromRow,
      int toRow,
      int fromCol,
      int toCol) {
    int n = c.numCols;
    int depth = transA ? a.numRows : a.numCols;
    int across = transA ? 1 : depth; // from one row of op(A) to the next
    int down = transA ? a.numCols : 1; // from one column of op(A) to the next
    for (int j0 = fromCol; j0 < toCol; j0 += WIDTH) {
      int width = Math.min(WIDTH, toCol - j0);
      for (int p0 = 0; p0 < depth; p0 += DEPTH) {
        int deep = Math.min(DEPTH, depth - p0);
        pack(transB, b, p0, deep, j0, width);
        boolean more = add || p0 > 0;
        for (int i = fromRow; i < toRow; i++) {
          int to = i * n + j0;
          if (more) {
            System.arraycopy(c.data, to, rows, ROW, width);
          } else {
            Arrays.fill(rows, ROW, ROW + width, 0.0);
          }
          int from = i * across + p0 * down;
          addFirst(width, Math.min(GROUP, deep), a.data, from, down);
          if (deep > GROUP) {
            addSecond(width, deep - GROUP, a.data, from + GROUP * down, down);
          }
          System.arraycopy(rows, ROW, c.data, to, width);
        }
      }
    }
  }

  /** Copies rows of op(B), and zeros up to a whole group. */
  private void pack(boolean transB, DMatrixRMaj b, int p0, int deep, int j0, int width) {
    int whole = (deep + GROUP - 1) / GROUP * GROUP;
    for (int q = deep; q < whole; q++) {
      Arrays.fill(rows, q * STEP, q * STEP + width, 0.0);
    }
    if (transB) {
      for (int j = 0; j < width; j++) {
        int from = (j0 + j) * b.numCols + p0;
        for (int q = 0; q < deep; q++) {
          rows[q * STEP + j] = b.data[from + q];
        }
      }
    } else {
      for (int q = 0; q < deep; q++) {
        System.arraycopy(b.data, (p0 + q) * b.numCols + j0, rows, q * STEP, width);
      }
    }
  }

  /** Adds multiples of the first eight rows; those that are missing count 0 times 0. */
  private void addFirst(int width, int some, double[] a, int from, int down) {
    sumFirst(
        width,
        a[from],
        some > 1 ? a[from + down] : 0.0,
        some > 2 ? a[from + 2 * down] : 0.0,
        some > 3 ? a[from + 3 * down] : 0.0);
    addToFirst(
        width,
        some > 4 ? a[from + 4 * down] : 0.0,
        some > 5 ? a[from + 5 * down] : 0.0,
        some > 6 ? a[from + 6 * down] : 0.0,
        some > 7 ? a[from + 7 * down] : 0.0);
  }

  private void sumFirst(int width, double f0, double f1, double f2, double f3) {
    double[] x = rows;
    for (int j = 0; j < width; j++) {
      x[j + HALF] =
          Math.fma(
              f0,
              x[j + 0 * STEP],
              Math.fma(f1, x[j + 1 * STEP], Math.fma(f2, x[j + 2 * STEP], f3 * x[j + 3 * STEP])));
    }
  }

  private void addToFirst(int width, double f0, double f1, double f2, double f3) {
    double[] x = rows;
    for (int j = 0; j < width; j++) {
      x[j + ROW] +=
          x[j + HALF]
              + Math.fma(
                  f0,
                  x[j + 4 * STEP],
                  Math.fma(
                      f1, x[j + 5 * STEP], Math.fma(f2, x[j + 6 * STEP], f3 * x[j + 7 * STEP])));
    }
  }

  /** Adds multiples of the second eight rows; those that are missing count 0 times 0. */
  private void addSecond(int width, int some, double[] a, int from, int down) {
    sumSecond(
        width,
        a[from],
        some > 1 ? a[from + down] : 0.0,
        some > 2 ? a[from + 2 * down] : 0.0,
        some > 3 ? a[from + 3 * down] : 0.0);
    addToSecond(
        width,
        some > 4 ? a[from + 4 * down] : 0.0,
        some > 5 ? a[from + 5 * down] : 0.0,
        some > 6 ? a[from + 6 * down] : 0.0,
        some > 7 ? a[from + 7 * down] : 0.0);
  }

  private void sumSecond(int width, double f0, double f1, double f2, double f3) {
    double[] x = rows;
    for (int j = 0; j < width; j++) {
      x[j + HALF] =
          Math.fma(
              f0,
              x[j + 8 * STEP],
              Math.fma(f1, x[j + 9 * STEP], Math.fma(f2, x[j + 10 * STEP], f3 * x[j + 11 * STEP])));
    }
  }

  private void addToSecond(int width, double f0, double f1, double f2, double f3) {
    double[] x = rows;
    for (int j = 0; j < width; j++) {
      x[j + ROW] +=
          x[j + HALF]
              + Math.fma(
                  f0,
                  x[j + 12 * STEP],
                  Math.fma(
                      f1, x[j + 13 * STEP], Math.fma(f2, x[j + 14 * STEP], f3 * x[j + 15 * STEP])));
    }
  }
}
