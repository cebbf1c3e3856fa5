package io.github.backstay.benchmarks.data;

import java.util.Arrays;

/** Whether two lists of numbers rise together: Pearson by their values, Spearman by their order. */
public final class Correlation {

  private Correlation() {}

  /**
   * The ranks of values: 1 for the smallest; equal values share the mean of their ranks.
   *
   * @param values numbers, none of them NaN
   * @return as many ranks
   * @throws IllegalArgumentException if a value is NaN
   */
  public static double[] ranks(double[] values) {
    int n = values.length;
    Integer[] order = new Integer[n];
    for (int i = 0; i < n; i++) {
      if (Double.isNaN(values[i])) {
        throw new IllegalArgumentException("ranks: value " + i + " is NaN (it has no rank).");
      }
      order[i] = i;
    }
    // Adding 0.0 makes −0.0 a 0.0, which the comparison would tell apart.
    Arrays.sort(order, (i, j) -> Double.compare(values[i] + 0.0, values[j] + 0.0));
    double[] ranks = new double[n];
    int from = 0;
    while (from < n) {
      int to = from + 1;
      while (to < n && values[order[to]] == values[order[from]]) {
        to++;
      }
      for (int k = from; k < to; k++) {
        ranks[order[k]] = (from + 1 + to) / 2.0;
      }
      from = to;
    }
    return ranks;
  }

  /**
   * Spearman's ρ: Pearson's correlation of the ranks.
   *
   * @param x numbers, none of them NaN
   * @param y as many numbers
   * @return in −1..1, or NaN if all x or all y are equal, or there are fewer than two
   * @throws IllegalArgumentException if the lengths differ or a value is NaN
   */
  public static double spearman(double[] x, double[] y) {
    requirePairs("spearman", x, y);
    return pearson(ranks(x), ranks(y));
  }

  /**
   * Pearson's r: {@code Σ(x − x̄)(y − ȳ) / √(Σ(x − x̄)²·Σ(y − ȳ)²)}.
   *
   * @param x numbers
   * @param y as many numbers
   * @return in −1..1, or NaN if all x or all y are equal, or there are fewer than two
   * @throws IllegalArgumentException if the lengths differ
   */
  public static double pearson(double[] x, double[] y) {
    requirePairs("pearson", x, y);
    double meanX = mean(x);
    double meanY = mean(y);
    double xy = 0;
    double xx = 0;
    double yy = 0;
    for (int i = 0; i < x.length; i++) {
      xy += (x[i] - meanX) * (y[i] - meanY);
      xx += (x[i] - meanX) * (x[i] - meanX);
      yy += (y[i] - meanY) * (y[i] - meanY);
    }
    return xx == 0 || yy == 0 ? Double.NaN : xy / Math.sqrt(xx * yy);
  }

  /** The mean, exact where all are equal. */
  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value - values[0];
    }
    return values.length == 0 ? Double.NaN : values[0] + sum / values.length;
  }

  private static void requirePairs(String what, double[] x, double[] y) {
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          what + ": there are " + x.length + " x and " + y.length + " y (need pairs).");
    }
  }
}
