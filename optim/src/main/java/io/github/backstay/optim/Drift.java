package io.github.backstay.optim;

import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * What a stretch of steps without a gradient makes of a row, in closed form: the motion that is
 * left in the slots of a rule together with the pulls. Steps are counted from 0 since the last
 * {@link #clear}.
 */
interface Drift {

  /**
   * Records one more step.
   *
   * @param step the number that the rule was given
   * @param rate its rate
   */
  void record(long step, double rate);

  /**
   * Whether a step at this rate can be recorded; if not, the rows must be settled and this cleared.
   */
  boolean takes(double rate);

  /** Forgets all steps. */
  void clear();

  /**
   * Carries a row over a stretch.
   *
   * @param weight the row, 1×n, overwritten
   * @param anchor where it is held, 1×n; null if nothing pulls
   * @param slots what the rule remembers of it, overwritten
   * @param from the first step of the stretch
   * @param to the step after its last
   * @return false if this row has to be taken step by step; nothing has been changed then
   */
  boolean carry(
      DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double[][] slots, int from, int to);
}
