package io.github.backstay.regularizers;

import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * The proximal map of a function R of a weight and its anchor, {@code prox(U)} = the V with the
 * least {@code R(V) + ‖V − U‖²/(2η)}, in closed form: the implicit counterpart of the explicit step
 * {@code U − η∇R(U)}, stable for every η and exact at kinks, so that weights land on the anchor
 * instead of jumping to and fro around it (Parikh and Boyd 2014, Proximal Algorithms).
 */
public interface Proximal extends Restraint {

  /**
   * Replaces a weight by its image. What is at the anchor already stays there, to the bit.
   *
   * @param weight U, becomes prox(U)
   * @param anchor A, of the same shape, not changed, or null for zero
   * @param step η, at least 0
   */
  void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step);

  /**
   * How a row that no gradient reaches is mapped many times at once ({@link Application#PROXIMAL}),
   * if a closed form is known. Only asked of maps that are rowwise.
   *
   * @return a new relaxation; null unless the map says otherwise, which is always safe
   */
  default @Nullable Relaxation proximalRelaxation() {
    return null;
  }
}
