package io.github.backstay.core.kernels;

import static io.github.backstay.core.kernels.VectorTiles.LANES;
import static io.github.backstay.core.kernels.VectorTiles.SPECIES;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;

/**
 * Long sums: runs in sixteen lanes, whatever the width of vectors, then pairwise. So the bits are
 * the same on every processor. Of a run no lane has more than 32 numbers.
 */
final class VectorSums {

  private static final int WIDTH = 16;

  /** Runs of so many numbers are summed in lanes; longer ones are halved first. */
  private static final int RUN = 512;

  /** So many rows are added one by one; more are halved first. */
  private static final int ROWS = 64;

  private final double[] eight = new double[8];
  private double[][] partialSums = {}; // one row per halving

  double sum(double[] x, int from, int count) {
    if (count <= RUN) {
      return sumRun(x, from, count);
    }
    int half = half(count);
    return sum(x, from, half) + sum(x, from + half, count - half);
  }

  double squaredNorm(double[] x, int from, int count) {
    if (count <= RUN) {
      return normRun(x, from, count);
    }
    int half = half(count);
    return squaredNorm(x, from, half) + squaredNorm(x, from + half, count - half);
  }

  double squaredDistance(double[] x, int from, double[] y, int fromY, int count) {
    if (count <= RUN) {
      return distanceRun(x, from, y, fromY, count);
    }
    int half = half(count);
    return squaredDistance(x, from, y, fromY, half)
        + squaredDistance(x, from + half, y, fromY + half, count - half);
  }

  /** About half, in whole lanes. */
  private static int half(int count) {
    return (count / 2) & -WIDTH;
  }

  /** The sum of what the lanes hold. */
  private double tree() {
    double[] t = eight;
    return ((t[0] + t[4]) + (t[2] + t[6])) + ((t[1] + t[5]) + (t[3] + t[7]));
  }

  /** At most {@link #RUN} numbers. */
  private double sumRun(double[] x, int from, int count) {
    DoubleVector s0 = DoubleVector.zero(SPECIES);
    DoubleVector s1 = DoubleVector.zero(SPECIES);
    DoubleVector s2 = DoubleVector.zero(SPECIES);
    DoubleVector s3 = DoubleVector.zero(SPECIES);
    DoubleVector s4 = DoubleVector.zero(SPECIES);
    DoubleVector s5 = DoubleVector.zero(SPECIES);
    DoubleVector s6 = DoubleVector.zero(SPECIES);
    DoubleVector s7 = DoubleVector.zero(SPECIES);
    int full = count & -WIDTH;
    for (int i = from; i < from + full; i += WIDTH) {
      s0 = s0.add(DoubleVector.fromArray(SPECIES, x, i));
      s1 = s1.add(DoubleVector.fromArray(SPECIES, x, i + LANES));
      if (LANES < 8) {
        s2 = s2.add(DoubleVector.fromArray(SPECIES, x, i + 2 * LANES));
        s3 = s3.add(DoubleVector.fromArray(SPECIES, x, i + 3 * LANES));
      }
      if (LANES < 4) {
        s4 = s4.add(DoubleVector.fromArray(SPECIES, x, i + 4 * LANES));
        s5 = s5.add(DoubleVector.fromArray(SPECIES, x, i + 5 * LANES));
        s6 = s6.add(DoubleVector.fromArray(SPECIES, x, i + 6 * LANES));
        s7 = s7.add(DoubleVector.fromArray(SPECIES, x, i + 7 * LANES));
      }
    }
    if (LANES == 8) {
      s0.add(s1).intoArray(eight, 0);
    } else if (LANES == 4) {
      s0.add(s2).intoArray(eight, 0);
      s1.add(s3).intoArray(eight, 4);
    } else {
      s0.add(s4).intoArray(eight, 0);
      s1.add(s5).intoArray(eight, 2);
      s2.add(s6).intoArray(eight, 4);
      s3.add(s7).intoArray(eight, 6);
    }
    double rest = 0.0;
    for (int i = from + full; i < from + count; i++) {
      rest += x[i];
    }
    return tree() + rest;
  }

  /** At most {@link #RUN} squares. */
  private double normRun(double[] x, int from, int count) {
    DoubleVector s0 = DoubleVector.zero(SPECIES);
    DoubleVector s1 = DoubleVector.zero(SPECIES);
    DoubleVector s2 = DoubleVector.zero(SPECIES);
    DoubleVector s3 = DoubleVector.zero(SPECIES);
    DoubleVector s4 = DoubleVector.zero(SPECIES);
    DoubleVector s5 = DoubleVector.zero(SPECIES);
    DoubleVector s6 = DoubleVector.zero(SPECIES);
    DoubleVector s7 = DoubleVector.zero(SPECIES);
    int full = count & -WIDTH;
    for (int i = from; i < from + full; i += WIDTH) {
      DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, i);
      s0 = x0.fma(x0, s0);
      DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, i + LANES);
      s1 = x1.fma(x1, s1);
      if (LANES < 8) {
        DoubleVector x2 = DoubleVector.fromArray(SPECIES, x, i + 2 * LANES);
        s2 = x2.fma(x2, s2);
        DoubleVector x3 = DoubleVector.fromArray(SPECIES, x, i + 3 * LANES);
        s3 = x3.fma(x3, s3);
      }
      if (LANES < 4) {
        DoubleVector x4 = DoubleVector.fromArray(SPECIES, x, i + 4 * LANES);
        s4 = x4.fma(x4, s4);
        DoubleVector x5 = DoubleVector.fromArray(SPECIES, x, i + 5 * LANES);
        s5 = x5.fma(x5, s5);
        DoubleVector x6 = DoubleVector.fromArray(SPECIES, x, i + 6 * LANES);
        s6 = x6.fma(x6, s6);
        DoubleVector x7 = DoubleVector.fromArray(SPECIES, x, i + 7 * LANES);
        s7 = x7.fma(x7, s7);
      }
    }
    if (LANES == 8) {
      s0.add(s1).intoArray(eight, 0);
    } else if (LANES == 4) {
      s0.add(s2).intoArray(eight, 0);
      s1.add(s3).intoArray(eight, 4);
    } else {
      s0.add(s4).intoArray(eight, 0);
      s1.add(s5).intoArray(eight, 2);
      s2.add(s6).intoArray(eight, 4);
      s3.add(s7).intoArray(eight, 6);
    }
    double rest = 0.0;
    for (int i = from + full; i < from + count; i++) {
      rest = Math.fma(x[i], x[i], rest);
    }
    return tree() + rest;
  }

  /** At most {@link #RUN} squared differences. */
  private double distanceRun(double[] x, int from, double[] y, int fromY, int count) {
    int over = fromY - from;
    DoubleVector s0 = DoubleVector.zero(SPECIES);
    DoubleVector s1 = DoubleVector.zero(SPECIES);
    DoubleVector s2 = DoubleVector.zero(SPECIES);
    DoubleVector s3 = DoubleVector.zero(SPECIES);
    DoubleVector s4 = DoubleVector.zero(SPECIES);
    DoubleVector s5 = DoubleVector.zero(SPECIES);
    DoubleVector s6 = DoubleVector.zero(SPECIES);
    DoubleVector s7 = DoubleVector.zero(SPECIES);
    int full = count & -WIDTH;
    for (int i = from; i < from + full; i += WIDTH) {
      DoubleVector d0 =
          DoubleVector.fromArray(SPECIES, x, i).sub(DoubleVector.fromArray(SPECIES, y, over + i));
      s0 = d0.fma(d0, s0);
      DoubleVector d1 =
          DoubleVector.fromArray(SPECIES, x, i + LANES)
              .sub(DoubleVector.fromArray(SPECIES, y, over + i + LANES));
      s1 = d1.fma(d1, s1);
      if (LANES < 8) {
        DoubleVector d2 =
            DoubleVector.fromArray(SPECIES, x, i + 2 * LANES)
                .sub(DoubleVector.fromArray(SPECIES, y, over + i + 2 * LANES));
        s2 = d2.fma(d2, s2);
        DoubleVector d3 =
            DoubleVector.fromArray(SPECIES, x, i + 3 * LANES)
                .sub(DoubleVector.fromArray(SPECIES, y, over + i + 3 * LANES));
        s3 = d3.fma(d3, s3);
      }
      if (LANES < 4) {
        DoubleVector d4 =
            DoubleVector.fromArray(SPECIES, x, i + 4 * LANES)
                .sub(DoubleVector.fromArray(SPECIES, y, over + i + 4 * LANES));
        s4 = d4.fma(d4, s4);
        DoubleVector d5 =
            DoubleVector.fromArray(SPECIES, x, i + 5 * LANES)
                .sub(DoubleVector.fromArray(SPECIES, y, over + i + 5 * LANES));
        s5 = d5.fma(d5, s5);
        DoubleVector d6 =
            DoubleVector.fromArray(SPECIES, x, i + 6 * LANES)
                .sub(DoubleVector.fromArray(SPECIES, y, over + i + 6 * LANES));
        s6 = d6.fma(d6, s6);
        DoubleVector d7 =
            DoubleVector.fromArray(SPECIES, x, i + 7 * LANES)
                .sub(DoubleVector.fromArray(SPECIES, y, over + i + 7 * LANES));
        s7 = d7.fma(d7, s7);
      }
    }
    if (LANES == 8) {
      s0.add(s1).intoArray(eight, 0);
    } else if (LANES == 4) {
      s0.add(s2).intoArray(eight, 0);
      s1.add(s3).intoArray(eight, 4);
    } else {
      s0.add(s4).intoArray(eight, 0);
      s1.add(s5).intoArray(eight, 2);
      s2.add(s6).intoArray(eight, 4);
      s3.add(s7).intoArray(eight, 6);
    }
    double rest = 0.0;
    for (int i = from + full; i < from + count; i++) {
      double d = x[i] - y[over + i];
      rest = Math.fma(d, d, rest);
    }
    return tree() + rest;
  }

  // ---- sums of columns ------------------------------------------------------------------------

  void sumCols(double[] x, int rows, int cols, double[] sums) {
    if (rows > ROWS) {
      int halvings = 32 - Integer.numberOfLeadingZeros((rows - 1) / ROWS);
      int width = partialSums.length == 0 ? 0 : partialSums[0].length;
      if (partialSums.length < halvings || width < cols) {
        partialSums = new double[Math.max(halvings, partialSums.length)][Math.max(cols, width)];
      }
    }
    sumCols(x, 0, rows, cols, sums, 0);
  }

  private void sumCols(double[] x, int row, int rows, int cols, double[] sums, int halvings) {
    if (rows > ROWS) {
      int half = rows / 2;
      double[] other = partialSums[halvings];
      sumCols(x, row, half, cols, sums, halvings + 1);
      sumCols(x, row + half, rows - half, cols, other, halvings + 1);
      for (int j = 0; j < cols; j++) {
        sums[j] += other[j];
      }
      return;
    }
    int full = SPECIES.loopBound(cols);
    int j = 0;
    for (; j <= full - 2 * LANES; j += 2 * LANES) {
      addTwo(x, row * cols + j, rows, cols, sums, j);
    }
    for (; j < full; j += LANES) {
      addOne(x, row * cols + j, rows, cols, sums, j);
    }
    if (full < cols) {
      Arrays.fill(sums, full, cols, 0.0);
      for (int i = row; i < row + rows; i++) {
        for (int k = full; k < cols; k++) {
          sums[k] += x[i * cols + k];
        }
      }
    }
  }

  private static void addTwo(double[] x, int from, int rows, int step, double[] sums, int to) {
    DoubleVector s0 = DoubleVector.zero(SPECIES);
    DoubleVector s1 = DoubleVector.zero(SPECIES);
    for (int i = 0; i < rows; i++) {
      s0 = s0.add(DoubleVector.fromArray(SPECIES, x, from + i * step));
      s1 = s1.add(DoubleVector.fromArray(SPECIES, x, from + i * step + LANES));
    }
    s0.intoArray(sums, to);
    s1.intoArray(sums, to + LANES);
  }

  private static void addOne(double[] x, int from, int rows, int step, double[] sums, int to) {
    DoubleVector s0 = DoubleVector.zero(SPECIES);
    for (int i = 0; i < rows; i++) {
      s0 = s0.add(DoubleVector.fromArray(SPECIES, x, from + i * step));
    }
    s0.intoArray(sums, to);
  }
}
