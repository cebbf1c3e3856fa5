package io.github.backstay.benchmarks.overhead;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Runs the contestants of every workload in turn, round after round, and reports medians: of the
 * time per step, and of the ratio to Backstay within each round, which holds when the machine's
 * speed drifts. The losses of all contestants are compared before anything is timed.
 */
public final class OverheadBench {

  private final int rounds;
  private final double secondsPerTurn;

  /**
   * Creates the bench.
   *
   * @param rounds how often every contestant has its turn
   * @param secondsPerTurn how long a turn lasts, about
   */
  public OverheadBench(int rounds, double secondsPerTurn) {
    if (rounds < 1 || !(secondsPerTurn > 0.0)) {
      throw new IllegalArgumentException(
          "overhead: rounds and seconds must be positive, got "
              + rounds
              + " and "
              + secondsPerTurn
              + ".");
    }
    this.rounds = rounds;
    this.secondsPerTurn = secondsPerTurn;
  }

  /**
   * One contestant's figures.
   *
   * @param workload the workload's name
   * @param description what one step is
   * @param contestant who did it
   * @param microsPerStep median time of a step
   * @param backstayRatio median over rounds of Backstay's time divided by this one's
   * @param bytesPerStep allocated on the heap per step, in the steady state
   */
  public record Row(
      String workload,
      String description,
      String contestant,
      double microsPerStep,
      double backstayRatio,
      double bytesPerStep) {}

  /**
   * Runs everything.
   *
   * @return one row per workload and contestant
   */
  public List<Row> run() {
    List<Row> rows = new ArrayList<>();
    RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(42L);
    for (Workload workload :
        List.of(SmallOps.workload(random), Mlp.workload(random), LstmChain.workload(random))) {
      requireAgreement(workload);
      rows.addAll(run(workload));
    }
    return rows;
  }

  private static void requireAgreement(Workload workload) {
    for (int step = 0; step < 20; step++) {
      double expected = Double.NaN;
      for (Contestant contestant : workload.contestants()) {
        double loss = contestant.step();
        expected = Double.isNaN(expected) ? loss : expected;
        if (!(Math.abs(loss - expected) <= 1e-9 * Math.max(1.0, Math.abs(expected)))) {
          throw new IllegalStateException(
              workload.name()
                  + ": "
                  + contestant.name()
                  + " has loss "
                  + loss
                  + " in step "
                  + step
                  + ", the first contestant "
                  + expected
                  + ".");
        }
      }
    }
  }

  private List<Row> run(Workload workload) {
    List<Contestant> contestants = workload.contestants();
    int n = contestants.size();
    int[] steps = new int[n];
    for (int c = 0; c < n; c++) {
      double micros = time(contestants.get(c), warmUp(contestants.get(c)));
      steps[c] = (int) Math.max(1, Math.round(secondsPerTurn * 1e6 / micros));
    }
    double[][] micros = new double[n][rounds];
    double[][] ratios = new double[n][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int c = 0; c < n; c++) {
        micros[c][round] = time(contestants.get(c), steps[c]);
        ratios[c][round] = micros[0][round] / micros[c][round];
      }
    }
    List<Row> rows = new ArrayList<>();
    for (int c = 0; c < n; c++) {
      rows.add(
          new Row(
              workload.name(),
              workload.description(),
              contestants.get(c).name(),
              median(micros[c]),
              median(ratios[c]),
              bytesPerStep(contestants.get(c), steps[c])));
    }
    return rows;
  }

  private int warmUp(Contestant contestant) {
    long end = System.nanoTime() + (long) (3e9 * secondsPerTurn) + 1_000_000_000L;
    int steps = 0;
    while (System.nanoTime() < end) {
      requireFinite(contestant.step());
      steps++;
    }
    return steps;
  }

  private static double time(Contestant contestant, int steps) {
    long start = System.nanoTime();
    double sum = 0.0;
    for (int s = 0; s < steps; s++) {
      sum += contestant.step();
    }
    double micros = (System.nanoTime() - start) / 1e3 / steps;
    requireFinite(sum);
    return micros;
  }

  private static void requireFinite(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalStateException("overhead: a loss is " + value + ".");
    }
  }

  private static double bytesPerStep(Contestant contestant, int steps) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    double sum = 0.0;
    for (int s = 0; s < steps; s++) {
      sum += contestant.step();
    }
    long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    requireFinite(sum);
    return (double) (after - before) / steps;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle]);
  }
}
