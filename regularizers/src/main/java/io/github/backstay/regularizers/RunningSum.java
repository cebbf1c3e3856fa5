package io.github.backstay.regularizers;

import java.util.Arrays;

/**
 * The sums of all beginnings of a sequence, so that the sum of any stretch is one difference. Kept
 * with twice the digits of a double (two-sum of Knuth 1969), since the difference of two long sums
 * would otherwise lose those of a short stretch.
 */
final class RunningSum {

  private double[] high = new double[16];
  private double[] low = new double[16];
  private int size;

  int size() {
    return size;
  }

  void add(double term) {
    if (size + 1 == high.length) {
      high = Arrays.copyOf(high, 2 * high.length);
      low = Arrays.copyOf(low, 2 * low.length);
    }
    double before = high[size];
    double sum = before + term;
    double part = sum - before;
    double lost = (before - (sum - part)) + (term - part);
    high[++size] = sum;
    low[size] = low[size - 1] + lost;
  }

  /** The sum of the terms from (inclusive) to (exclusive). */
  double between(int from, int to) {
    return (high[to] - high[from]) + (low[to] - low[from]);
  }

  void clear() {
    size = 0;
  }
}
