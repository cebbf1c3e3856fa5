package io.github.backstay.regularizers;

import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a row while no gradient reaches it: the pulls of any stretch of past steps,
 * carried out at once, in a time that does not depend on how many they are. For the optimizer,
 * which so need not visit rows that nobody looks at; it gives the weights of visiting them in every
 * step, but for the rounding of the single steps. One relaxation serves all rows of one parameter.
 * Not thread-safe.
 */
public interface Relaxation {

  /**
   * Records the rate of one more step. Steps are counted from 0 since the last {@link #clear()}.
   *
   * @param rate η, finite and at least 0
   */
  void record(double rate);

  /**
   * Carries a row over a stretch of recorded steps. What is at the anchor stays there, to the bit.
   *
   * @param weight the row, 1×n, overwritten with what it is after the stretch
   * @param anchor where it is held, 1×n, not changed; null for zero
   * @param from the first step of the stretch
   * @param to the step after its last
   */
  void relax(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, int from, int to);

  /**
   * Whether so much has been recorded that further steps would cost accuracy. The owner then
   * carries all rows over and clears.
   *
   * @return false unless the relaxation says otherwise
   */
  default boolean isFull() {
    return false;
  }

  /** Forgets all recorded steps and keeps the memory. */
  void clear();
}
