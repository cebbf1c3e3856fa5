package io.github.backstay.benchmarks.training;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/**
 * Mean and spread of some numbers.
 *
 * @param mean their mean; NaN if there are none
 * @param deviation their standard deviation with divisor n − 1; 0 for a single number
 * @param median their median; NaN if there are none
 * @param count how many there are
 */
public record Spread(double mean, double deviation, double median, int count) {

  /**
   * Measures numbers.
   *
   * @param numbers in any order
   * @return their mean and spread
   */
  public static Spread of(double... numbers) {
    int n = numbers.length;
    double mean = Arrays.stream(numbers).sum() / n;
    double squares = 0.0;
    for (double number : numbers) {
      squares += (number - mean) * (number - mean);
    }
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    double median = n == 0 ? Double.NaN : 0.5 * (sorted[(n - 1) / 2] + sorted[n / 2]);
    return new Spread(mean, n < 2 ? 0.0 : Math.sqrt(squares / (n - 1)), median, n);
  }

  /**
   * Measures numbers.
   *
   * @param numbers in any order
   * @return their mean and spread
   */
  public static Spread of(Collection<Double> numbers) {
    return of(numbers.stream().mapToDouble(Double::doubleValue).toArray());
  }

  /**
   * The same mean with its standard error in place of the deviation.
   *
   * @return {@code deviation/√count}
   */
  public Spread withStandardError() {
    return new Spread(mean, deviation / Math.sqrt(count), median, count);
  }

  /**
   * In percent: {@code 84.18 ± 0.12}.
   *
   * @return mean and deviation times 100
   */
  public String percent() {
    return String.format(Locale.ROOT, "%.2f ± %.2f", 100.0 * mean, 100.0 * deviation);
  }

  /**
   * As it is: {@code 0.816 ± 0.009}.
   *
   * @param decimals how many
   * @return mean and deviation
   */
  public String plain(int decimals) {
    String format = "%." + decimals + "f";
    return String.format(Locale.ROOT, format + " ± " + format, mean, deviation);
  }
}
