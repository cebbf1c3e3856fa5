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

  static void requireAtLeast(String rule, String name, long least, long value) {
    if (value < least) {
      throw new IllegalArgumentException(
          rule + ": " + name + " must be at least " + least + ", got " + value + ".");
    }
  }
}
