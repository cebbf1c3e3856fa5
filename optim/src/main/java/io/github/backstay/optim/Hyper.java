package io.github.backstay.optim;

/** Checks of hyper-parameters that several rules or schedules share. */
final class Hyper {

  private Hyper() {}

  static void requireNotNegative(String rule, String name, double value) {
    if (!(value >= 0.0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          rule + ": " + name + " must be finite and at least 0, got " + value + ".");
    }
  }

  static void requirePositive(String rule, String name, double value) {
    if (!(value > 0.0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          rule + ": " + name + " must be finite and greater than 0, got " + value + ".");
    }
  }

  static void requireFraction(String rule, String name, double value) {
    if (!(value >= 0.0 && value < 1.0)) {
      throw new IllegalArgumentException(
          rule + ": " + name + " must be in [0, 1), got " + value + ".");
    }
  }

  /**
   * The n from which on a geometric series adds nothing: the least with {@code qⁿ/(1 − q) ≤ 2⁻⁵⁶}.
   * −1 if there is none.
   */
  static int stepsUntilNothingIsLeft(double q) {
    if (!(q >= 0.0 && q < 1.0)) {
      return -1;
    }
    double steps = (56.0 * StrictMath.log(2.0) - StrictMath.log1p(-q)) / -StrictMath.log(q);
    return steps < Integer.MAX_VALUE ? (int) Math.ceil(steps) : -1;
  }

  /** Multiplies a range by a number of at least 0; what is infinite stays so. */
  static void scale(double[] values, int from, int to, double by) {
    for (int i = from; i < to; i++) {
      values[i] = by == 0.0 && Double.isInfinite(values[i]) ? values[i] : by * values[i];
    }
  }

  static void requireAtLeast(String rule, String name, long least, long value) {
    if (value < least) {
      throw new IllegalArgumentException(
          rule + ": " + name + " must be at least " + least + ", got " + value + ".");
    }
  }
}
