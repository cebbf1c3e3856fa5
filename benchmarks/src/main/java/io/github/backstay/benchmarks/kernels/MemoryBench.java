package io.github.backstay.benchmarks.kernels;

import io.github.backstay.core.Gradients;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.kernels.Kernels;
import io.github.backstay.optim.Adam;
import io.github.backstay.optim.Optimizer;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/**
 * How many bytes per second go through loops over arrays that fit into no cache, beside the copy
 * and the triad of McCalpin (STREAM, 1995), which do nothing else. Bytes are counted as there: what
 * is read and what is written, without the lines that a processor reads before it writes them.
 */
public final class MemoryBench {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final int entries;
  private final int rounds;
  private final List<Pass> passes = new ArrayList<>();
  private double kept; // so that no work is left out

  /** A loop over all entries, and what comes before it and is not timed. */
  private record Pass(String name, int bytesPerEntry, Runnable before, Runnable loop) {
    Pass(String name, int bytesPerEntry, Runnable loop) {
      this(name, bytesPerEntry, () -> {}, loop);
    }
  }

  /**
   * One loop's figures.
   *
   * @param pass what it does
   * @param bytesPerEntry read and written
   * @param gigabytes median of 10⁹ bytes per second of the thread's time
   * @param best the most in any round
   * @param shareOfTriad the median of the round's rate over that of the triad
   */
  public record Row(
      String pass, int bytesPerEntry, double gigabytes, double best, double shareOfTriad) {}

  /**
   * Allocates the arrays.
   *
   * @param entries how many entries an array has
   * @param rounds how often every loop has its turn
   */
  public MemoryBench(int entries, int rounds) {
    if (entries < 1 || rounds < 1) {
      throw new IllegalArgumentException(
          "memory: entries and rounds must be positive, got " + entries + " and " + rounds + ".");
    }
    this.entries = entries;
    this.rounds = rounds;
    double[] x = new double[entries];
    double[] y = new double[entries];
    double[] z = new double[entries];
    Arrays.setAll(x, i -> 1.0 / (i + 1));
    Arrays.setAll(y, i -> 0.5 / (i + 1));
    Kernels kernels = Kernels.standard();
    passes.add(new Pass("triad, z = x + 3·y", 24, () -> triad(x, y, z)));
    passes.add(new Pass("copy", 16, () -> System.arraycopy(x, 0, z, 0, entries)));
    passes.add(new Pass("are all finite", 8, () -> kept += kernels.isFinite(x, entries) ? 1 : 0));
    passes.add(new Pass("sum", 8, () -> kept += kernels.sum(x, 0, entries)));
    passes.add(new Pass("squared norm", 8, () -> kept += kernels.squaredNorm(x, entries)));
    passes.add(
        new Pass("anchored distance", 16, () -> kept += kernels.squaredDistance(x, y, entries)));
    passes.add(adam());
  }

  private static void triad(double[] x, double[] y, double[] z) {
    for (int i = 0; i < z.length; i++) {
      z[i] = x[i] + 3.0 * y[i];
    }
  }

  /**
   * Weight, gradient and two moments are read, three of them written; the check reads once more.
   */
  private Pass adam() {
    Parameter weight = Parameter.adopting("weight", new DMatrixRMaj(1, entries));
    Optimizer optimizer = Optimizer.of(Adam.of(1e-3), weight);
    Tape tape = Tape.create();
    List<Gradients> gradients = new ArrayList<>();
    return new Pass(
        "Adam, checked",
        64,
        () -> {
          tape.reset();
          gradients.clear();
          gradients.add(tape.gradients(weight.on(tape).sum()));
        },
        () -> optimizer.step(gradients.get(0)));
  }

  /**
   * Runs everything, in turn.
   *
   * @return a row for each loop, those of STREAM first
   */
  public List<Row> run() {
    double[][] rates = new double[passes.size()][rounds];
    for (int round = -3; round < rounds; round++) { // three to warm up
      for (int k = 0; k < rates.length; k++) {
        double rate = rate(passes.get(k));
        if (round >= 0) {
          rates[k][round] = rate;
        }
      }
    }
    if (Double.isNaN(kept)) {
      throw new IllegalStateException("memory: a sum is not a number.");
    }
    List<Row> rows = new ArrayList<>();
    for (int k = 0; k < rates.length; k++) {
      double[] shares = new double[rounds];
      for (int round = 0; round < rounds; round++) {
        shares[round] = rates[k][round] / rates[0][round];
      }
      Arrays.sort(shares);
      double[] sorted = rates[k].clone();
      Arrays.sort(sorted);
      Pass pass = passes.get(k);
      rows.add(
          new Row(
              pass.name,
              pass.bytesPerEntry,
              sorted[rounds / 2],
              sorted[rounds - 1],
              shares[rounds / 2]));
    }
    return rows;
  }

  /** The best of three, as a first one may meet memory that another loop has left in a bad way. */
  private double rate(Pass pass) {
    double best = 0.0;
    for (int k = 0; k < 3; k++) {
      pass.before.run();
      long start = THREADS.getCurrentThreadCpuTime();
      pass.loop.run();
      long time = Math.max(1L, THREADS.getCurrentThreadCpuTime() - start);
      best = Math.max(best, (double) pass.bytesPerEntry * entries / time);
    }
    return best;
  }
}
