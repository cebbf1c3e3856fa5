package io.github.backstay.nn;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Variable;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/** What {@link LayerNorm} and {@link BatchNorm} have in common. */
final class Normalization {

  private Normalization() {}

  static void require(String operation, int width, double epsilon) {
    if (width < 1) {
      throw new IllegalArgumentException(
          operation + ": the width must be at least 1, got " + width + ".");
    }
    if (!(epsilon >= 0.0 && epsilon < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          operation + ": epsilon must be at least 0 and finite, got " + epsilon + ".");
    }
  }

  static DMatrixRMaj ones(int width) {
    DMatrixRMaj ones = new DMatrixRMaj(1, width);
    ones.fill(1.0);
    return ones;
  }

  /** {@code Y ⊙ weight + bias}; either may be missing. */
  static Variable affine(Variable y, @Nullable Parameter weight, @Nullable Parameter bias) {
    Variable scaled = weight == null ? y : y.elementMult(weight.on(y.tape()));
    return bias == null ? scaled : scaled.plus(bias.on(y.tape()));
  }
}
