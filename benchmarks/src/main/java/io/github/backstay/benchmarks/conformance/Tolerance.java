package io.github.backstay.benchmarks.conformance;

import java.util.Set;

/**
 * How far a number may be from the expected one. NaN equals NaN and infinities only themselves,
 * whatever the tolerance.
 */
enum Tolerance {
  /** {@code |a − e| ≤ 1e-9·max(1, |e|)}: what is computed in a few operations. */
  ORDINARY(1e-9) {
    @Override
    double allowed(double expected, double largest) {
      return factor * Math.max(1.0, Math.abs(expected));
    }
  },

  /** {@code |a − e| ≤ 1e-7·max(1, |e|)}: many steps, each on top of the rounding before it. */
  TRAJECTORY(1e-7) {
    @Override
    double allowed(double expected, double largest) {
      return factor * Math.max(1.0, Math.abs(expected));
    }
  },

  /**
   * {@code |a − e| ≤ 1e-9·|e|}: the size of the number matters, however small it is. Subnormal
   * numbers have no ninth digit and may be some units in the last place apart; where the reference
   * has underflowed to 0 on the way, a subnormal number is as good.
   */
  EXTREME(1e-9) {
    @Override
    double allowed(double expected, double largest) {
      return expected == 0.0
          ? Double.MIN_NORMAL
          : Math.max(factor * Math.abs(expected), 4.0 * Double.MIN_VALUE);
    }
  },

  /** {@code |a − e| ≤ 1e-7·max |E|} over the whole matrix: rounding is spread by the condition. */
  ILL_CONDITIONED(1e-7) {
    @Override
    double allowed(double expected, double largest) {
      return factor * largest;
    }
  };

  final double factor;

  Tolerance(double factor) {
    this.factor = factor;
  }

  /**
   * The largest difference that counts as the same.
   *
   * @param expected the number, finite
   * @param largest the largest magnitude in its matrix
   */
  abstract double allowed(double expected, double largest);

  /** The tolerance of a case: its tags go before its form. */
  static Tolerance of(Set<String> tags, Tolerance ordinary) {
    if (tags.contains("ill_conditioned")) {
      return ILL_CONDITIONED;
    }
    return tags.contains("extreme") ? EXTREME : ordinary;
  }
}
