package io.github.backstay.benchmarks.overhead;

/** One way to do a workload's training step. */
interface Contestant {

  /** What the table calls it. */
  String name();

  /**
   * Does one step.
   *
   * @return the loss before the step, to compare contestants by
   */
  double step();
}
