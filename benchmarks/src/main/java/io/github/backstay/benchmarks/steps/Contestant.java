package io.github.backstay.benchmarks.steps;

/** One engine's way to do the steps of one problem, from first values of its own. */
public interface Contestant extends AutoCloseable {

  /**
   * Does one whole step.
   *
   * @return the problem's value at the weights before the step, by which contestants are compared
   */
  double step();

  /**
   * All numbers that the last step has made, where its value does not speak for them: they are
   * compared too, once, before anything is timed.
   *
   * @return row by row; empty unless overridden
   */
  default double[] result() {
    return new double[0];
  }

  /**
   * Whether other threads than the calling one do a part of the work, so that the calling thread's
   * own time says too little.
   *
   * @return false unless overridden
   */
  default boolean usesOtherThreads() {
    return false;
  }

  /** Gives back what is not on the heap; by default nothing. */
  @Override
  default void close() {}
}
