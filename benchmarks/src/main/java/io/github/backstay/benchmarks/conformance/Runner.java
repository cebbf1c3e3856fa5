package io.github.backstay.benchmarks.conformance;

/** Replays the cases of one form. */
interface Runner {

  /**
   * Computes what the case says and holds it against what the case expects.
   *
   * @param reference the case
   * @param check where the comparisons go
   * @throws CaseException if the case cannot be replayed
   */
  void run(Case reference, Comparison check);

  /** The tolerance of cases without tags that say otherwise. */
  default Tolerance tolerance() {
    return Tolerance.ORDINARY;
  }
}
