package io.github.backstay.core;

/**
 * Something that remembers: a module its weights, an optimizer its moments, a regularizer its
 * anchors. Its state can be taken out, kept in a file, and loaded into another object that was made
 * in the same way, which from then on behaves as the first would have.
 *
 * <p>Checking and changing are two methods, so that a state made of several parts is loaded as a
 * whole or not at all.
 */
public interface Stateful {

  /**
   * The state as it is now.
   *
   * @return a deep copy, under names that an object made in the same way would use too
   */
  StateDict stateDict();

  /**
   * Refuses a state that {@link #load} would not take. Changes nothing.
   *
   * @param saved a state
   * @throws IllegalArgumentException if a name is missing or unexpected, or a value cannot be
   * @throws ShapeException if a matrix has another shape
   */
  void requireFitting(StateDict saved);

  /**
   * Takes up a state, after {@link #requireFitting} has accepted it. No other thread may use this
   * object at the same time.
   *
   * @param saved a state, copied
   * @throws IllegalArgumentException if it does not fit; nothing has been changed then
   * @throws ShapeException if a matrix has another shape; nothing has been changed then
   */
  void load(StateDict saved);
}
