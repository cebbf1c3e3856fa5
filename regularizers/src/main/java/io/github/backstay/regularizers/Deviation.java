package io.github.backstay.regularizers;

import io.github.backstay.core.Variable;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/** {@code D = W − A}, what every penalty that pulls to an anchor is a function of. */
final class Deviation {

  private Deviation() {}

  static Variable of(Variable weight, @Nullable Variable anchor) {
    return anchor == null ? weight : weight.minus(anchor);
  }

  /** A new matrix. */
  static DMatrixRMaj of(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor) {
    DMatrixRMaj deviation = weight.copy();
    if (anchor != null) {
      for (int i = 0; i < deviation.getNumElements(); i++) {
        deviation.data[i] -= anchor.data[i];
      }
    }
    return deviation;
  }

  /** One entry. */
  static double at(int i, DMatrixRMaj weight, @Nullable DMatrixRMaj anchor) {
    return anchor == null ? weight.data[i] : weight.data[i] - anchor.data[i];
  }

  /** Puts one entry of the weight onto the anchor, to the bit. */
  static void land(int i, DMatrixRMaj weight, @Nullable DMatrixRMaj anchor) {
    weight.data[i] = anchor == null ? 0.0 : anchor.data[i];
  }

  /** Puts all of the weight onto the anchor, to the bit. */
  static void land(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor) {
    for (int i = 0; i < weight.getNumElements(); i++) {
      land(i, weight, anchor);
    }
  }

  /** W or W−W0, for formulas. */
  static String word(boolean anchored) {
    return anchored ? "W−W0" : "W";
  }

  /** W or (W−W0), for formulas in which it is a factor. */
  static String factor(boolean anchored) {
    return anchored ? "(W−W0)" : "W";
  }
}
