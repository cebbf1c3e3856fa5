package io.github.backstay.benchmarks.steps;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures steps of growing size in turn, round after round: medians of the calling thread's own
 * time, or of the time on the wall where other threads help.
 */
public final class GrowthBench {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final int rounds;
  private final double secondsPerTurn;

  /**
   * Creates the bench.
   *
   * @param rounds how often every size has its turn, at least 1
   * @param secondsPerTurn how long a turn lasts, about; warming up lasts ten times as long
   */
  public GrowthBench(int rounds, double secondsPerTurn) {
    if (rounds < 1 || !(secondsPerTurn > 0.0)) {
      throw new IllegalArgumentException(
          "growth: rounds and seconds must be positive, got "
              + rounds
              + " and "
              + secondsPerTurn
              + ".");
    }
    this.rounds = rounds;
    this.secondsPerTurn = secondsPerTurn;
  }

  /**
   * What a step of one size takes.
   *
   * @param size how much of what grows
   * @param micros median time of a step
   * @param slope the exponent between the size before and this one; NaN for the first
   */
  public record Point(int size, double micros, double slope) {}

  /**
   * Measures a sweep.
   *
   * @param sweep what grows
   * @param sizes how far, ascending
   * @return a point for every size
   */
  public List<Point> run(Sweep sweep, List<Integer> sizes) {
    List<Contestant> contestants = new ArrayList<>();
    try {
      for (int size : sizes) {
        contestants.add(sweep.contestant(size));
      }
      boolean wall = contestants.stream().anyMatch(Contestant::usesOtherThreads);
      int[] steps = new int[sizes.size()];
      for (int k = 0; k < steps.length; k++) {
        steps[k] = warmUp(contestants.get(k));
      }
      double[][] micros = new double[steps.length][rounds];
      for (int round = 0; round < rounds; round++) {
        for (int k = 0; k < steps.length; k++) {
          micros[k][round] = time(contestants.get(k), steps[k], wall);
        }
      }
      List<Point> points = new ArrayList<>();
      for (int k = 0; k < steps.length; k++) {
        Arrays.sort(micros[k]);
        double median = 0.5 * (micros[k][(rounds - 1) / 2] + micros[k][rounds / 2]);
        double slope =
            k == 0
                ? Double.NaN
                : Math.log(median / points.get(k - 1).micros())
                    / Math.log((double) sizes.get(k) / sizes.get(k - 1));
        points.add(new Point(sizes.get(k), median, slope));
      }
      return points;
    } finally {
      contestants.forEach(Contestant::close);
    }
  }

  /** How many steps make a turn. */
  private int warmUp(Contestant contestant) {
    long start = System.nanoTime();
    long end = start + (long) (1e10 * secondsPerTurn);
    long last = start + (long) (0.9e10 * secondsPerTurn);
    int steps = 0;
    for (long now = start; now < end; now = System.nanoTime()) {
      requireFinite(contestant.step());
      steps += now >= last ? 1 : 0;
    }
    return Math.max(1, steps);
  }

  private static double time(Contestant contestant, int steps, boolean wall) {
    long start = wall ? System.nanoTime() : THREADS.getCurrentThreadCpuTime();
    double sum = 0.0;
    for (int s = 0; s < steps; s++) {
      sum += contestant.step();
    }
    long end = wall ? System.nanoTime() : THREADS.getCurrentThreadCpuTime();
    requireFinite(sum);
    return (end - start) / 1e3 / steps;
  }

  private static void requireFinite(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalStateException("growth: the value of a step is " + value + ".");
    }
  }
}
