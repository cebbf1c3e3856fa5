package io.github.backstay.core.kernels;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/** Kernels in plain Java: loops, and {@link PlainProduct} for products that are not small. */
final class PlainKernels implements Kernels {

  /** Runs of so many numbers are summed in four lanes; longer ones are halved first. */
  private static final int RUN = 256;

  /** So many rows are added one by one; more are halved first: as many as one lane of a run. */
  private static final int ROWS = RUN / 4;

  /** Scales any numbers so that a sum of as many as an array holds stays finite. */
  private static final double DOWN = 0x1p-64;

  private static final double UP = 0x1p64;

  /** Multiplications that keep a thread busy for longer than it takes to begin. */
  private static final long WORTH_A_THREAD = 250_000;

  /** Sums of so many products are worth copying their factors. */
  private static final int LONG = 64;

  private final DividedProduct product;
  private double[][] partialSums = {}; // one row per halving

  PlainKernels(Parallel parallel) {
    product = new DividedProduct(parallel, PlainProduct::new, WORTH_A_THREAD);
  }

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public void mult(
      boolean transA, DMatrixRMaj a, boolean transB, DMatrixRMaj b, boolean add, DMatrixRMaj c) {
    int m = c.numRows;
    int n = c.numCols;
    int depth = transA ? a.numRows : a.numCols;
    boolean few = m < 4 || n < 8 || depth < 4;
    boolean fewWideRows = !transB && m > 1 && n >= 32 && depth >= 4;
    if (!few || fewWideRows) {
      product.mult(transA, a, transB, b, add, c);
    } else if (transB && !transA && depth >= LONG && n >= 8) {
      PlainRows.mult(a, b, add, c);
    } else if (transB || n < 8) {
      multDots(transA, a, transB, b, add, c, depth);
    } else {
      if (!add) {
        Arrays.fill(c.data, 0, m * n, 0.0);
      }
      multRows(transA, a, b, c, depth);
    }
  }

  /** Sums of products, one result at a time: for few columns or a transposed right operand. */
  private static void multDots(
      boolean transA,
      DMatrixRMaj left,
      boolean transB,
      DMatrixRMaj right,
      boolean add,
      DMatrixRMaj result,
      int depth) {
    double[] a = left.data;
    double[] b = right.data;
    double[] c = result.data;
    int m = result.numRows;
    int n = result.numCols;
    int downA = transA ? m : 1;
    int downB = transB ? 1 : n;
    int full = depth & -4;
    for (int i = 0; i < m; i++) {
      int start = transA ? i : i * depth;
      for (int j = 0; j < n; j++) {
        int x = start;
        int y = transB ? j * depth : j;
        double sum = 0.0;
        int p = 0;
        for (; p < full; p += 4) {
          sum +=
              (a[x] * b[y] + a[x + downA] * b[y + downB])
                  + (a[x + 2 * downA] * b[y + 2 * downB] + a[x + 3 * downA] * b[y + 3 * downB]);
          x += 4 * downA;
          y += 4 * downB;
        }
        for (; p < depth; p++) {
          sum += a[x] * b[y];
          x += downA;
          y += downB;
        }
        c[i * n + j] = add ? c[i * n + j] + sum : sum;
      }
    }
  }

  /** Few rows or columns: multiples of rows of the right operand, four at a time. */
  private static void multRows(
      boolean transA, DMatrixRMaj left, DMatrixRMaj right, DMatrixRMaj result, int depth) {
    double[] a = left.data;
    double[] b = right.data;
    double[] c = result.data;
    int m = result.numRows;
    int n = result.numCols;
    int down = transA ? left.numCols : 1;
    int full = depth & -4;
    for (int i = 0; i < m; i++) {
      int at = transA ? i : i * depth;
      int to = i * n;
      int from = 0;
      for (int end = full * n; from < end; from += 4 * n) {
        double f0 = a[at];
        double f1 = a[at + down];
        double f2 = a[at + 2 * down];
        double f3 = a[at + 3 * down];
        for (int j = 0; j < n; j++) {
          int k = from + j;
          c[to + j] += (f0 * b[k] + f1 * b[k + n]) + (f2 * b[k + 2 * n] + f3 * b[k + 3 * n]);
        }
        at += 4 * down;
      }
      for (int end = depth * n; from < end; from += n) {
        double factor = a[at];
        for (int j = 0; j < n; j++) {
          c[to + j] += factor * b[from + j];
        }
        at += down;
      }
    }
  }

  @Override
  public void exp(double[] x, int from, double shift, double[] y, int to, int count) {
    for (int i = 0; i < count; i++) {
      y[to + i] = Elementary.exp(x[from + i] - shift);
    }
  }

  @Override
  public void tanh(double[] x, int from, double[] y, int to, int count) {
    for (int i = 0; i < count; i++) {
      y[to + i] = Elementary.tanh(x[from + i]);
    }
  }

  @Override
  public void sigmoid(double[] x, int from, double[] y, int to, int count) {
    for (int i = 0; i < count; i++) {
      y[to + i] = Elementary.sigmoid(x[from + i]);
    }
  }

  @Override
  public double sum(double[] x, int from, int count) {
    double sum = pairwiseSum(x, from, count);
    return Double.isFinite(sum) ? sum : sumOfScaled(x, from, 1, count);
  }

  /** The sum of numbers that stand {@code step} apart; it overflows only if its value does. */
  static double sumOfScaled(double[] x, int from, int step, int count) {
    return UP * scaledSum(x, from, step, count);
  }

  private static double scaledSum(double[] x, int from, int step, int count) {
    if (count > ROWS) {
      int half = count / 2;
      return scaledSum(x, from, step, half) + scaledSum(x, from + half * step, step, count - half);
    }
    double sum = 0.0;
    for (int k = 0; k < count; k++) {
      sum += DOWN * x[from + k * step];
    }
    return sum;
  }

  @Override
  public void sumCols(double[] x, int rows, int cols, double[] sums) {
    if (cols == 1) {
      sums[0] = sum(x, 0, rows);
      return;
    }
    if (rows > ROWS) {
      reservePartialSums(rows, cols);
    }
    pairwiseSumCols(x, 0, rows, cols, sums, 0);
    for (int j = 0; j < cols; j++) {
      if (!Double.isFinite(sums[j])) {
        sums[j] = sumOfScaled(x, j, cols, rows);
      }
    }
  }

  private void pairwiseSumCols(
      double[] x, int row, int rows, int cols, double[] sums, int halvings) {
    if (rows > ROWS) {
      int half = rows / 2;
      double[] other = partialSums[halvings];
      pairwiseSumCols(x, row, half, cols, sums, halvings + 1);
      pairwiseSumCols(x, row + half, rows - half, cols, other, halvings + 1);
      for (int j = 0; j < cols; j++) {
        sums[j] += other[j];
      }
      return;
    }
    Arrays.fill(sums, 0, cols, 0.0);
    for (int i = row; i < row + rows; i++) {
      int from = i * cols;
      for (int j = 0; j < cols; j++) {
        sums[j] += x[from + j];
      }
    }
  }

  /** Scratch memory that only grows: a row for each time that so many rows are halved. */
  private void reservePartialSums(int rows, int cols) {
    int halvings = 32 - Integer.numberOfLeadingZeros((rows - 1) / ROWS);
    int width = partialSums.length == 0 ? 0 : partialSums[0].length;
    if (partialSums.length < halvings || width < cols) {
      partialSums = new double[Math.max(halvings, partialSums.length)][Math.max(cols, width)];
    }
  }

  private static double pairwiseSum(double[] x, int from, int count) {
    if (count > RUN) {
      int half = count / 2;
      return pairwiseSum(x, from, half) + pairwiseSum(x, from + half, count - half);
    }
    double s0 = 0.0;
    double s1 = 0.0;
    double s2 = 0.0;
    double s3 = 0.0;
    int i = from;
    int end = from + count;
    for (; i + 3 < end; i += 4) {
      s0 += x[i];
      s1 += x[i + 1];
      s2 += x[i + 2];
      s3 += x[i + 3];
    }
    for (; i < end; i++) {
      s0 += x[i];
    }
    return (s0 + s1) + (s2 + s3);
  }

  @Override
  public double squaredDistance(double[] x, int from, double[] y, int fromY, int count) {
    if (count > RUN) {
      int half = count / 2;
      return squaredDistance(x, from, y, fromY, half)
          + squaredDistance(x, from + half, y, fromY + half, count - half);
    }
    int over = fromY - from;
    double s0 = 0.0;
    double s1 = 0.0;
    double s2 = 0.0;
    double s3 = 0.0;
    int i = from;
    int end = from + count;
    for (; i + 3 < end; i += 4) {
      double d0 = x[i] - y[over + i];
      double d1 = x[i + 1] - y[over + i + 1];
      double d2 = x[i + 2] - y[over + i + 2];
      double d3 = x[i + 3] - y[over + i + 3];
      s0 += d0 * d0;
      s1 += d1 * d1;
      s2 += d2 * d2;
      s3 += d3 * d3;
    }
    for (; i < end; i++) {
      double d = x[i] - y[over + i];
      s0 += d * d;
    }
    return (s0 + s1) + (s2 + s3);
  }

  @Override
  public double squaredNorm(double[] x, int count) {
    return squaredNorm(x, 0, count);
  }

  private static double squaredNorm(double[] x, int from, int count) {
    if (count > RUN) {
      int half = count / 2;
      return squaredNorm(x, from, half) + squaredNorm(x, from + half, count - half);
    }
    double s0 = 0.0;
    double s1 = 0.0;
    double s2 = 0.0;
    double s3 = 0.0;
    int i = from;
    int end = from + count;
    for (; i + 3 < end; i += 4) {
      s0 += x[i] * x[i];
      s1 += x[i + 1] * x[i + 1];
      s2 += x[i + 2] * x[i + 2];
      s3 += x[i + 3] * x[i + 3];
    }
    for (; i < end; i++) {
      s0 += x[i] * x[i];
    }
    return (s0 + s1) + (s2 + s3);
  }
}
