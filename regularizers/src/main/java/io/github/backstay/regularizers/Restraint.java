package io.github.backstay.regularizers;

import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;

/**
 * What holds weights: a {@link Penalty} by its gradient, a {@link Proximal} map by itself, many by
 * either. The first of the four choices of a {@link Regularizer}. Immutable; may be shared between
 * threads.
 */
public interface Restraint {

  /**
   * Whether the rows of W are held one by one: what happens to a row depends on that row of W and A
   * alone, so that any subset of the rows may be held by itself, to the bit. This is the licence to
   * visit only the rows of an embedding that a step needs.
   *
   * @return false unless the restraint says otherwise, which is always safe
   */
  default boolean isRowwise() {
    return false;
  }

  /**
   * Whether there is an anchor to pull to. A restraint that prefers a shape of W to a place, as
   * {@link Orthogonality} does, answers false and is never handed an anchor.
   *
   * @return true unless the restraint says otherwise
   */
  default boolean pullsToAnchor() {
    return true;
  }

  /**
   * Whether squares of the distance to the anchor are part of it, as they are of weight decay, with
   * a strength that is not 0. An optimizer reports parameters that two such terms pull at once.
   *
   * @return false unless the restraint says otherwise
   */
  default boolean isL2Type() {
    return false;
  }

  /**
   * Refuses weights of a shape that the restraint was not made for. Asked for every parameter when
   * a {@link Regularizer} is made.
   *
   * @param weight the shape of W
   * @throws ShapeException if the restraint has strengths for another shape
   */
  default void requireFits(Shape weight) {}

  /**
   * The formula with its numbers.
   *
   * @param anchored whether the anchor is something else than zero
   * @return for instance {@code 0.003/2·‖W−W0‖²}
   */
  String formula(boolean anchored);

  /**
   * What the restraint is called elsewhere.
   *
   * @return a short remark for the printed sentence; may be empty
   */
  default String alsoKnownAs() {
    return "";
  }
}
