package io.github.backstay.regularizers;

import io.github.backstay.core.Variable;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * {@code (λ/2)·‖W − A‖²} as somebody might write it who does not know {@link L2}, without a
 * mistake. Every planted mistake is this class with one method replaced.
 */
class Right implements ProximalPenalty {

  static final double STRENGTH = 0.7;

  /** The same by its definition. */
  static double value(DMatrixRMaj weight, DMatrixRMaj anchor) {
    double sum = 0.0;
    for (int i = 0; i < weight.data.length; i++) {
      sum += STRENGTH / 2.0 * Math.pow(weight.data[i] - anchor.data[i], 2.0);
    }
    return sum;
  }

  @Override
  public Variable of(Variable weight, @Nullable Variable anchor) {
    Variable d = anchor == null ? weight : weight.minus(anchor);
    return d.square().sum().scale(STRENGTH / 2.0).asPenalty();
  }

  @Override
  public void addGradient(
      DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
    for (int i = 0; i < weight.data.length; i++) {
      into.data[i] += factor * (STRENGTH * distance(weight, anchor, i));
    }
  }

  @Override
  public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
    for (int i = 0; i < weight.data.length; i++) {
      weight.data[i] -= taken(step) * distance(weight, anchor, i);
    }
  }

  /** The part of a distance that a proximal step takes away. */
  static double taken(double step) {
    return 1.0 / (1.0 + 1.0 / (step * STRENGTH));
  }

  static double distance(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, int i) {
    return anchor == null ? weight.data[i] : weight.data[i] - anchor.data[i];
  }

  @Override
  public @Nullable Relaxation explicitRelaxation() {
    return new Product(rate -> 1.0 - rate * STRENGTH);
  }

  @Override
  public @Nullable Relaxation proximalRelaxation() {
    return new Product(rate -> 1.0 / (1.0 + rate * STRENGTH));
  }

  @Override
  public boolean isRowwise() {
    return true;
  }

  @Override
  public double largestRate() {
    return 1.0 / STRENGTH;
  }

  @Override
  public String formula(boolean anchored) {
    return STRENGTH + "/2·‖W" + (anchored ? "−W0" : "") + "‖²";
  }
}
