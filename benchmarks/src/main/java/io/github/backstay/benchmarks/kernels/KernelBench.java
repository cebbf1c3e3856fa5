package io.github.backstay.benchmarks.kernels;

import io.github.backstay.core.kernels.Kernels;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * Multiplies square matrices in every form with every provider in turn, round after round, and
 * reports medians, by the time of the working thread. The products of all providers are compared
 * before anything is timed.
 */
public final class KernelBench {

  private static final List<String> FORMS = List.of("A·B", "A·Bᵀ", "Aᵀ·B", "Aᵀ·Bᵀ");

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final int rounds;
  private final double secondsPerTurn;
  private final List<Kernels> providers = new ArrayList<>();
  private final @Nullable Peak peak;

  /**
   * Creates the bench.
   *
   * @param rounds how often every provider has its turn
   * @param secondsPerTurn how long a turn lasts, about; at least one product
   */
  public KernelBench(int rounds, double secondsPerTurn) {
    if (rounds < 1 || !(secondsPerTurn > 0.0)) {
      throw new IllegalArgumentException(
          "kernels: rounds and seconds must be positive, got "
              + rounds
              + " and "
              + secondsPerTurn
              + ".");
    }
    this.rounds = rounds;
    this.secondsPerTurn = secondsPerTurn;
    Kernels standard = Kernels.standard();
    boolean vectors = standard.name().equals("vector");
    if (vectors) {
      providers.add(standard);
    }
    providers.add(Kernels.plain());
    peak = vectors ? ServiceLoader.load(Peak.class).findFirst().orElse(null) : null;
  }

  /**
   * One provider's figures.
   *
   * @param size rows and columns of all three matrices
   * @param form what is transposed
   * @param provider the name of the kernels
   * @param gigaflops median of 10⁹ multiplications and additions per second of the thread's time
   * @param best the most in any round
   * @param shareOfPeak the median over what the registers can do in the same minute; NaN where that
   *     cannot be measured, without vectors
   */
  public record Row(
      int size, String form, String provider, double gigaflops, double best, double shareOfPeak) {}

  /**
   * Runs everything.
   *
   * @param sizes the sizes of matrices
   * @return a row for each size, form and provider
   */
  public List<Row> run(List<Integer> sizes) {
    List<Row> rows = new ArrayList<>();
    RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(42L);
    for (int size : sizes) {
      rows.addAll(run(size, random));
    }
    return rows;
  }

  private List<Row> run(int size, RandomGenerator random) {
    DMatrixRMaj a = uniform(size, random);
    DMatrixRMaj b = uniform(size, random);
    DMatrixRMaj c = new DMatrixRMaj(size, size);
    requireAgreement(a, b);
    int turns = FORMS.size() * providers.size();
    double flops = 2.0 * size * size * size;
    double[][] speeds = new double[turns][rounds];
    double[] peaks = new double[rounds];
    int[] repeats = new int[turns];
    for (int turn = 0; turn < turns; turn++) {
      repeats[turn] = repeats(turn, a, b, c);
    }
    for (int round = 0; round < rounds; round++) {
      peaks[round] = peak == null ? Double.NaN : speedOf(peak);
      for (int turn = 0; turn < turns; turn++) {
        long start = now();
        for (int k = 0; k < repeats[turn]; k++) {
          mult(turn, a, b, c);
        }
        speeds[turn][round] = flops * repeats[turn] / Math.max(1L, now() - start);
      }
    }
    List<Row> rows = new ArrayList<>();
    for (int turn = 0; turn < turns; turn++) {
      double[] sorted = speeds[turn].clone();
      Arrays.sort(sorted);
      rows.add(
          new Row(
              size,
              FORMS.get(turn % FORMS.size()),
              providers.get(turn / FORMS.size()).name(),
              sorted[rounds / 2],
              sorted[rounds - 1],
              share(speeds[turn], peaks)));
    }
    return rows;
  }

  /** The median over rounds of the share, which holds when the machine's speed drifts. */
  private static double share(double[] speeds, double[] peaks) {
    double[] shares = new double[speeds.length];
    for (int round = 0; round < shares.length; round++) {
      shares[round] = speeds[round] / peaks[round];
    }
    Arrays.sort(shares);
    return shares[shares.length / 2];
  }

  /** Warms up, and finds how many products make a turn. */
  private int repeats(int turn, DMatrixRMaj a, DMatrixRMaj b, DMatrixRMaj c) {
    long start = now();
    int done = 0;
    do {
      mult(turn, a, b, c);
      done++;
    } while (now() - start < 1e9 * (secondsPerTurn + Math.min(1.0, 5 * secondsPerTurn)));
    long again = now();
    int some = Math.max(1, done / 20);
    for (int k = 0; k < some; k++) {
      mult(turn, a, b, c);
    }
    return (int) Math.max(1, secondsPerTurn * 1e9 * some / Math.max(1L, now() - again));
  }

  private static double speedOf(Peak peak) {
    double best = 0.0;
    double sum = 0.0;
    for (int k = 0; k < 8; k++) {
      long start = now();
      sum += peak.run(200_000);
      best = Math.max(best, 200_000.0 * peak.flopsPerRound() / (now() - start));
    }
    if (!Double.isFinite(sum)) {
      throw new IllegalStateException("kernels: the registers overflowed.");
    }
    return best;
  }

  private void mult(int turn, DMatrixRMaj a, DMatrixRMaj b, DMatrixRMaj c) {
    int form = turn % FORMS.size();
    providers.get(turn / FORMS.size()).mult(form >= 2, a, form % 2 == 1, b, false, c);
  }

  private void requireAgreement(DMatrixRMaj a, DMatrixRMaj b) {
    for (int form = 0; form < FORMS.size(); form++) {
      DMatrixRMaj expected = new DMatrixRMaj(a.numRows, a.numRows);
      mult(form, a, b, expected);
      for (int p = 1; p < providers.size(); p++) {
        DMatrixRMaj c = new DMatrixRMaj(a.numRows, a.numRows);
        mult(p * FORMS.size() + form, a, b, c);
        for (int i = 0; i < c.data.length; i++) {
          if (!(Math.abs(c.data[i] - expected.data[i]) <= 1e-14 * a.numRows)) {
            throw new IllegalStateException(
                "kernels: "
                    + FORMS.get(form)
                    + " of size "
                    + a.numRows
                    + " differs: "
                    + expected.data[i]
                    + " and "
                    + c.data[i]
                    + ".");
          }
        }
      }
    }
  }

  /** The working thread's own time, so that other processes count less. */
  private static long now() {
    return THREADS.getCurrentThreadCpuTime();
  }

  private static DMatrixRMaj uniform(int size, RandomGenerator random) {
    DMatrixRMaj matrix = new DMatrixRMaj(size, size);
    for (int i = 0; i < matrix.data.length; i++) {
      matrix.data[i] = 2.0 * random.nextDouble() - 1.0;
    }
    return matrix;
  }
}
