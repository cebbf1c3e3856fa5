package io.github.backstay.benchmarks.kernels;

/**
 * Multiplies and adds in registers and touches no memory: what no product can be faster than. A
 * service, because its only implementation needs {@code jdk.incubator.vector}.
 */
public interface Peak {

  /**
   * Runs.
   *
   * @param rounds how often each register is multiplied and added to
   * @return what came out, so that the work is not left out
   */
  double run(int rounds);

  /**
   * The work in a round.
   *
   * @return multiplications and additions per round
   */
  int flopsPerRound();
}
