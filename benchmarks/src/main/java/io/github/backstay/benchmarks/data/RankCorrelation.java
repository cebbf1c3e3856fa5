package io.github.backstay.benchmarks.data;

import java.util.Arrays;

/** Correlation of orders rather than values. */
public final class RankCorrelation {

  private RankCorrelation() {}

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
    if (x.length != y.length) {
      throw new IllegalArgumentException(
          "spearman: there are " + x.length + " x and " + y.length + " y (need pairs).");
    }
    double[] a = ranks(x);
    double[] b = ranks(y);
    // Ranks have the mean (n + 1)/2, ties or not.
    double mean = (x.length + 1) / 2.0;
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      ab += (a[i] - mean) * (b[i] - mean);
      aa += (a[i] - mean) * (a[i] - mean);
      bb += (b[i] - mean) * (b[i] - mean);
    }
    return aa == 0 || bb == 0 ? Double.NaN : ab / Math.sqrt(aa * bb);
  }
}
