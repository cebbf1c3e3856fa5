package io.github.backstay.regularizers;

import org.ejml.data.DMatrixRMaj;

/** Checks of numbers that several penalties share. */
final class Strengths {

  private Strengths() {}

  /** The number itself, with −0 made 0, or else the largest rate would be −∞. */
  static double checked(String penalty, String name, double value) {
    if (!(value >= 0.0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          penalty + ": " + name + " must be finite and at least 0, got " + value + ".");
    }
    return Math.abs(value);
  }

  /** A copy of a matrix of such numbers. */
  static DMatrixRMaj checked(String penalty, String name, DMatrixRMaj values) {
    DMatrixRMaj copy = values.copy();
    for (int i = 0; i < copy.getNumElements(); i++) {
      copy.data[i] = checked(penalty, name, copy.data[i]);
    }
    return copy;
  }

  static double max(DMatrixRMaj values) {
    double max = 0.0;
    for (int i = 0; i < values.getNumElements(); i++) {
      max = Math.max(max, values.data[i]);
    }
    return max;
  }
}
