package io.github.backstay.benchmarks.embedding;

import com.sun.management.ThreadMXBean;
import io.github.backstay.optim.Visits;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Trains tables of several heights whose texts use equally many rows, in turn, round after round,
 * and each beside the same training with everything done for the whole table. The two are compared
 * before anything is timed. Figures are medians over rounds, ratios those within a round.
 */
public final class EmbeddingBench {

  private static final int COMPARED_STEPS = 6;
  private static final double TURNS_OF_WARM_UP = 15.0;

  private final int[] vocabularies;
  private final int width;
  private final int touched;
  private final int rounds;
  private final double secondsPerTurn;
  private final long mostDenseEntries;

  /**
   * Creates the bench.
   *
   * @param vocabularies heights of tables, ascending, each at least {@code touched}
   * @param width their width
   * @param touched how many rows the texts use
   * @param rounds how often every table has its turn
   * @param secondsPerTurn how long a turn lasts, about
   * @param denseUpTo up to which height the dense training is run beside it
   */
  public EmbeddingBench(
      int[] vocabularies,
      int width,
      int touched,
      int rounds,
      double secondsPerTurn,
      int denseUpTo) {
    this.vocabularies = vocabularies.clone();
    this.width = width;
    this.touched = touched;
    this.rounds = rounds;
    this.secondsPerTurn = secondsPerTurn;
    this.mostDenseEntries = (long) denseUpTo * width;
  }

  /**
   * The figures of one height.
   *
   * @param anchoring rule and application
   * @param vocabulary rows of the table
   * @param visits which of them a step visits
   * @param microsPerStep median time of a step
   * @param timeRatio median over rounds of this time divided by that of the first height
   * @param extraBytes heap in use beyond the table itself, after a collection
   * @param allocatedPerStep bytes allocated per step in the steady state
   * @param denseMicrosPerStep median time of a dense step; null if it was not run
   * @param denseRatio median over rounds of dense time divided by this; null if it was not run
   * @param denseExtraBytes heap in use beyond the table by the dense training
   */
  public record Row(
      Anchoring anchoring,
      int vocabulary,
      Visits visits,
      double microsPerStep,
      double timeRatio,
      long extraBytes,
      double allocatedPerStep,
      @Nullable Double denseMicrosPerStep,
      @Nullable Double denseRatio,
      @Nullable Long denseExtraBytes) {}

  /**
   * Runs everything.
   *
   * @param each is told of every row as soon as it is known
   */
  public void run(Consumer<Row> each) {
    for (Anchoring anchoring : Anchoring.values()) {
      compare(anchoring);
      run(anchoring, each);
    }
  }

  private TableTraining training(Anchoring anchoring, boolean dense, int vocabulary) {
    return new TableTraining(anchoring, dense, vocabulary, width, touched);
  }

  /** A table of twice the rows in use, by rows and as a whole: losses and drift must agree. */
  private void compare(Anchoring anchoring) {
    try (TableTraining rows = training(anchoring, false, 2 * touched);
        TableTraining whole = training(anchoring, true, 2 * touched)) {
      for (int step = 0; step < 3 * rows.batches(); step++) {
        requireClose(anchoring, whole.step(), rows.step());
      }
      requireClose(anchoring, whole.drift(), rows.drift());
    }
  }

  private static void requireClose(Anchoring anchoring, double expected, double actual) {
    if (!(Math.abs(actual - expected) <= 1e-9 * Math.max(1.0, Math.abs(expected)))) {
      throw new IllegalStateException(
          anchoring + ": by rows " + actual + ", as a whole " + expected + ".");
    }
  }

  private void run(Anchoring anchoring, Consumer<Row> each) {
    int n = vocabularies.length;
    List<TableTraining> trainings = new ArrayList<>();
    long[] extra = new long[n];
    for (int v = 0; v < n; v++) {
      long before = usedHeap();
      TableTraining training = training(anchoring, false, vocabularies[v]);
      warmUp(training, 2 * training.batches());
      extra[v] = usedHeap() - before - training.tableBytes();
      trainings.add(training);
    }
    int[] steps = new int[n];
    for (int v = 0; v < n; v++) {
      steps[v] = stepsPerTurn(trainings.get(v), 200);
    }
    double[][] micros = new double[n][rounds];
    double[][] ratios = new double[n][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int v = 0; v < n; v++) {
        micros[v][round] = time(trainings.get(v), steps[v]);
        ratios[v][round] = micros[v][round] / micros[0][round];
      }
    }
    for (int v = 0; v < n; v++) {
      Row row =
          new Row(
              anchoring,
              vocabularies[v],
              trainings.get(v).visits(),
              median(micros[v]),
              median(ratios[v]),
              extra[v],
              allocated(trainings.get(v), steps[v]),
              null,
              null,
              null);
      boolean dense = (long) vocabularies[v] * width <= mostDenseEntries;
      each.accept(dense ? beside(row, trainings.get(v), steps[v]) : row);
    }
    trainings.forEach(TableTraining::close);
  }

  /** The row with the dense training beside it, in turn with the one by rows. */
  private Row beside(Row row, TableTraining rows, int steps) {
    long before = usedHeap();
    try (TableTraining whole = training(row.anchoring(), true, row.vocabulary())) {
      warmUp(whole, COMPARED_STEPS);
      long extra = usedHeap() - before - whole.tableBytes();
      int wholeSteps = stepsPerTurn(whole, 3);
      double[] micros = new double[rounds];
      double[] ratios = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        micros[round] = time(whole, wholeSteps);
        ratios[round] = micros[round] / time(rows, steps);
      }
      return new Row(
          row.anchoring(),
          row.vocabulary(),
          row.visits(),
          row.microsPerStep(),
          row.timeRatio(),
          row.extraBytes(),
          row.allocatedPerStep(),
          median(micros),
          median(ratios),
          extra);
    }
  }

  private void warmUp(TableTraining training, int least) {
    long end = System.nanoTime() + (long) (1e9 * TURNS_OF_WARM_UP * secondsPerTurn);
    for (int step = 0; step < 4000; step++) {
      requireFinite(training.step());
      if (step >= least && System.nanoTime() > end) {
        return;
      }
    }
  }

  private int stepsPerTurn(TableTraining training, int trial) {
    double micros = time(training, trial);
    return (int) Math.max(1, Math.min(100_000, Math.round(1e6 * secondsPerTurn / micros)));
  }

  private static double time(TableTraining training, int steps) {
    long start = System.nanoTime();
    double sum = 0.0;
    for (int step = 0; step < steps; step++) {
      sum += training.step();
    }
    double micros = (System.nanoTime() - start) / 1e3 / steps;
    requireFinite(sum);
    return micros;
  }

  private static void requireFinite(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalStateException("embedding: a loss is " + value + ".");
    }
  }

  private static double allocated(TableTraining training, int steps) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);
    double micros = time(training, steps);
    long after = threads.getThreadAllocatedBytes(thread);
    return micros > 0.0 ? (double) (after - before) / steps : 0.0;
  }

  private static long usedHeap() {
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle]);
  }
}
