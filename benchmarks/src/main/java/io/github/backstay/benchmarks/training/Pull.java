package io.github.backstay.benchmarks.training;

import io.github.backstay.core.Objective;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.Regularizer;

/**
 * A penalty in the loss, under a name.
 *
 * @param name its name in reports and checkpoints, without dots
 * @param regularizer what pulls
 * @param detached whether the penalty is computed from plain numbers: the forum's mistake
 */
public record Pull(String name, Regularizer regularizer, boolean detached) {

  /**
   * A pull whose gradient flows.
   *
   * @param name its name
   * @param regularizer what pulls, applied in the loss
   * @return the pull
   */
  public static Pull of(String name, Regularizer regularizer) {
    return new Pull(name, regularizer, false);
  }

  /** The objective with this penalty. */
  Objective addTo(Objective objective, Tape tape) {
    Variable penalty = regularizer.penalty(tape);
    return detached
        ? objective.plusDetached(name, penalty.detach())
        : objective.plus(name, penalty);
  }
}
