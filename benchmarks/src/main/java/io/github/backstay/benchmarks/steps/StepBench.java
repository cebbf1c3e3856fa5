package io.github.backstay.benchmarks.steps;

import com.sun.management.ThreadMXBean;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Lets all engines do the same steps in turn, round after round, and reports medians: of the time
 * per step, and of the ratio to Backstay within each round, which holds when the machine's speed
 * drifts. The values of all contestants are compared before anything is timed.
 */
public final class StepBench {

  private static final int COMPARED_STEPS = 20;
  private static final int LEAST_COMPARED_STEPS = 3;
  private static final double LONGEST_COMPARISON = 20.0; // seconds
  private static final double TOLERANCE = 1e-9; // of values, after steps of training
  private static final double RESULT_TOLERANCE = 1e-12; // of the entries of what one step makes
  private static final int QUIET_WARM_UP = 10; // turns in a row
  private static final int MOST_WARM_UP = 60; // turns
  private static final double QUIET = 0.02; // of a turn is spent in compilers at most

  private static final CompilationMXBean COMPILERS = ManagementFactory.getCompilationMXBean();
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final List<Engine> engines;
  private final Settings settings;

  /**
   * How to measure.
   *
   * @param rounds how often every contestant has its turn, at least 1
   * @param secondsPerTurn how long a turn lasts, about; at least one step
   * @param threads how many threads a contestant may use, at least 1
   * @param wholeTablesUpTo the highest table for engines that visit all of its rows
   */
  public record Settings(int rounds, double secondsPerTurn, int threads, int wholeTablesUpTo) {
    /**
     * Checks the numbers.
     *
     * @param rounds how often every contestant has its turn, at least 1
     * @param secondsPerTurn how long a turn lasts, about
     * @param threads how many threads a contestant may use, at least 1
     * @param wholeTablesUpTo the highest table for engines that visit all of its rows
     */
    public Settings {
      if (rounds < 1 || !(secondsPerTurn > 0.0) || threads < 1) {
        throw new IllegalArgumentException(
            "steps: rounds, seconds and threads must be positive, got "
                + rounds
                + ", "
                + secondsPerTurn
                + " and "
                + threads
                + ".");
      }
    }
  }

  /**
   * One contestant's figures for one problem.
   *
   * @param workload the workload
   * @param description what one step is
   * @param engine who did it
   * @param microsPerStep median time of a step by the clock on the wall
   * @param cpuMicrosPerStep median time of a step by the calling thread's own clock; null if other
   *     threads do a part
   * @param backstayRatio median over rounds of Backstay's time divided by this one's: by the
   *     thread's clock if one thread is asked for and all work on the calling one, else by that on
   *     the wall; null if Backstay does not take part
   * @param firstRatio median over rounds of this time divided by the same engine's for the
   *     workload's first problem, by the same clock; null if the engine has none there
   * @param bytesPerStep allocated on the heap per step by the calling thread, in the steady state
   */
  public record Row(
      Workload workload,
      String description,
      String engine,
      double microsPerStep,
      @Nullable Double cpuMicrosPerStep,
      @Nullable Double backstayRatio,
      @Nullable Double firstRatio,
      double bytesPerStep) {}

  /** A contestant and what is measured of it. */
  private final class Entry {
    final int problem;
    final String description;
    final Engine engine;
    final Contestant contestant;
    final double[] wall = new double[settings.rounds];
    final double[] cpu = new double[settings.rounds];
    int steps;

    Entry(int problem, String description, Engine engine, Contestant contestant) {
      this.problem = problem;
      this.description = description;
      this.engine = engine;
      this.contestant = contestant;
    }

    /** Takes a turn; both times are microseconds per step. */
    void time(int round) {
      long wallStart = System.nanoTime();
      long cpuStart = THREADS.getCurrentThreadCpuTime();
      double sum = 0.0;
      for (int s = 0; s < steps; s++) {
        sum += contestant.step();
      }
      cpu[round] = (THREADS.getCurrentThreadCpuTime() - cpuStart) / 1e3 / steps;
      wall[round] = (System.nanoTime() - wallStart) / 1e3 / steps;
      requireFinite(sum);
    }

    /** Steps until the compilers have come to rest, and finds how many steps make a turn. */
    void warmUp() {
      int quiet = 0;
      for (int turn = 0; turn < MOST_WARM_UP && quiet < QUIET_WARM_UP; turn++) {
        long compiled = COMPILERS.getTotalCompilationTime();
        long end = System.nanoTime() + (long) (1e9 * settings.secondsPerTurn);
        steps = 0;
        do {
          requireFinite(contestant.step());
          steps++;
        } while (System.nanoTime() < end);
        double busy = (COMPILERS.getTotalCompilationTime() - compiled) / 1e3; // seconds
        quiet = busy <= QUIET * settings.secondsPerTurn ? quiet + 1 : 0;
      }
    }

    double bytesPerStep() {
      long thread = Thread.currentThread().getId();
      long before = THREADS.getThreadAllocatedBytes(thread);
      double sum = 0.0;
      for (int s = 0; s < steps; s++) {
        sum += contestant.step();
      }
      long after = THREADS.getThreadAllocatedBytes(thread);
      requireFinite(sum);
      return (double) (after - before) / steps;
    }

    private void requireFinite(double value) {
      if (!Double.isFinite(value)) {
        throw new IllegalStateException(
            "steps: " + engine.name() + " has the value " + value + " (" + description + ").");
      }
    }
  }

  /**
   * Creates the bench.
   *
   * @param engines who takes part, in the order of the table
   * @param settings how to measure
   */
  public StepBench(List<Engine> engines, Settings settings) {
    this.engines = List.copyOf(engines);
    this.settings = settings;
  }

  /**
   * Backstay, gradients written by hand, and those that are found as services.
   *
   * @return Backstay first
   */
  public static List<Engine> engines() {
    List<Engine> engines = new ArrayList<>();
    engines.add(new BackstayEngine());
    engines.add(BackstayEngine.treeByTree());
    engines.add(HandEngine.kernels());
    engines.add(HandEngine.ejml());
    ServiceLoader.load(Engine.class).forEach(engines::add);
    return engines;
  }

  /**
   * Runs a workload.
   *
   * @param workload which one it is called in the rows
   * @param problems its problems: all contestants of all of them have their turns in every round
   * @return a row for each problem and contestant
   * @throws IllegalStateException if two contestants do not compute the same
   */
  public List<Row> run(Workload workload, List<Problem> problems) {
    List<Entry> entries = new ArrayList<>();
    try {
      for (int p = 0; p < problems.size(); p++) {
        List<Entry> beside = entries(p, problems.get(p));
        entries.addAll(beside);
        requireAgreement(workload, beside);
        requireSameResults(workload, beside);
      }
      return measure(workload, entries);
    } finally {
      entries.forEach(entry -> entry.contestant.close());
    }
  }

  private List<Entry> entries(int index, Problem problem) {
    List<Entry> entries = new ArrayList<>();
    for (Engine engine : engines) {
      if (problem instanceof AnchoredTable table
          && engine.visitsWholeTables()
          && table.height() > settings.wholeTablesUpTo) {
        continue;
      }
      Optional<Contestant> contestant = problem.by(engine, settings.threads);
      contestant.ifPresent(
          present -> entries.add(new Entry(index, problem.description(), engine, present)));
    }
    return entries;
  }

  private void requireAgreement(Workload workload, List<Entry> entries) {
    long end = System.nanoTime() + (long) (1e9 * LONGEST_COMPARISON);
    for (int step = 0; step < COMPARED_STEPS; step++) {
      double expected = Double.NaN;
      for (Entry entry : entries) {
        double value = entry.contestant.step();
        expected = entry == entries.get(0) ? value : expected;
        if (!(Math.abs(value - expected) <= TOLERANCE * Math.abs(expected))) {
          throw new IllegalStateException(
              workload
                  + ": "
                  + entry.engine.name()
                  + " has the value "
                  + value
                  + " in step "
                  + step
                  + ", "
                  + entries.get(0).engine.name()
                  + " has "
                  + expected
                  + " ("
                  + entry.description
                  + ").");
        }
      }
      if (step + 1 >= LEAST_COMPARED_STEPS && System.nanoTime() > end) {
        return;
      }
    }
  }

  private static void requireSameResults(Workload workload, List<Entry> entries) {
    double[] expected = {};
    for (Entry entry : entries) {
      double[] result = entry.contestant.result();
      expected = entry == entries.get(0) ? result : expected;
      if (result.length != expected.length) {
        throw new IllegalStateException(
            workload
                + ": "
                + entry.engine.name()
                + " has "
                + result.length
                + " entries, "
                + entries.get(0).engine.name()
                + " has "
                + expected.length
                + " ("
                + entry.description
                + ").");
      }
      for (int i = 0; i < result.length; i++) {
        if (!(Math.abs(result[i] - expected[i]) <= RESULT_TOLERANCE * Math.abs(expected[i]))) {
          throw new IllegalStateException(
              workload
                  + ": "
                  + entry.engine.name()
                  + " has "
                  + result[i]
                  + " in entry "
                  + i
                  + ", "
                  + entries.get(0).engine.name()
                  + " has "
                  + expected[i]
                  + " ("
                  + entry.description
                  + ").");
        }
      }
    }
  }

  private List<Row> measure(Workload workload, List<Entry> entries) {
    entries.forEach(Entry::warmUp);
    for (int round = 0; round < settings.rounds; round++) {
      for (Entry entry : entries) {
        entry.time(round);
      }
    }
    boolean onWall =
        settings.threads > 1
            || entries.stream().anyMatch(entry -> entry.contestant.usesOtherThreads());
    List<Row> rows = new ArrayList<>();
    for (Entry entry : entries) {
      Entry backstay = find(entries, entry.problem, engines.get(0));
      Entry first = find(entries, 0, entry.engine);
      rows.add(
          new Row(
              workload,
              entry.description,
              entry.engine.name(),
              median(entry.wall),
              entry.contestant.usesOtherThreads() ? null : median(entry.cpu),
              backstay == null ? null : ratio(backstay, entry, onWall),
              first == null ? null : ratio(entry, first, onWall),
              entry.bytesPerStep()));
    }
    return rows;
  }

  private static @Nullable Entry find(List<Entry> entries, int problem, Engine engine) {
    return entries.stream()
        .filter(entry -> entry.problem == problem && entry.engine == engine)
        .findFirst()
        .orElse(null);
  }

  private static double ratio(Entry of, Entry to, boolean onWall) {
    double[] ratios = new double[of.wall.length];
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] = onWall ? of.wall[round] / to.wall[round] : of.cpu[round] / to.cpu[round];
    }
    return median(ratios);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle]);
  }
}
