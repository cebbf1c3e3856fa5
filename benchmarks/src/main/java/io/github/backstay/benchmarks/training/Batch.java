package io.github.backstay.benchmarks.training;

import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.nn.Pass;

/**
 * The examples of one step, in an order in which they can be taken piece by piece, from several
 * threads at the same time.
 */
public interface Batch {

  /**
   * How many examples there are.
   *
   * @return at least 1
   */
  int size();

  /**
   * The mean loss of some of them.
   *
   * @param tape where it is computed
   * @param from the first example
   * @param to the one after the last
   * @param pass a training pass
   * @return a 1×1 variable, without any penalty
   */
  Variable loss(Tape tape, int from, int to, Pass pass);
}
