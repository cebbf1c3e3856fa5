package io.github.backstay.regularizers.contract;

import static org.junit.jupiter.api.Assertions.fail;

import io.github.backstay.core.Shape;
import io.github.backstay.regularizers.Relaxation;
import io.github.backstay.regularizers.contract.Comparison.Suspect;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * The laws of a relaxation, which are those of the single steps that it stands for.
 *
 * @param subject its name in messages
 * @param maker makes the relaxation
 * @param step one single step
 * @param cols how long the rows are
 * @param largest the largest rate
 * @param seed of the random numbers
 */
record Stretches(
    String subject,
    Supplier<@Nullable Relaxation> maker,
    Step step,
    int cols,
    double largest,
    long seed) {

  /** {@code row ←} what one step makes of it. */
  interface Step {
    void take(DMatrixRMaj row, @Nullable DMatrixRMaj anchor, double rate);
  }

  /** A row and where it is held. */
  private record Row(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor) {

    /** Rounding of many steps, relative to the largest number in them. */
    double tolerance() {
      double largest = 0.0;
      DMatrixRMaj from = Samples.orZeros(anchor, weight);
      for (int i = 0; i < weight.data.length; i++) {
        largest = Math.max(largest, Math.abs(weight.data[i]) + Math.abs(from.data[i]));
      }
      return 1e-12 * largest;
    }
  }

  /** A constant rate, a small one for long, and rates that vary and may be 0. */
  private List<double[]> schedules(RandomGenerator random) {
    double[] constant = new double[40];
    Arrays.fill(constant, 0.3 * largest);
    double[] small = new double[1500];
    Arrays.fill(small, 1e-3 * largest);
    double[] varying = new double[60];
    for (int i = 0; i < varying.length; i++) {
      varying[i] = i % 7 == 3 ? 0.0 : largest * random.nextDouble();
    }
    return List.of(constant, small, varying);
  }

  private Relaxation relaxation() {
    return Objects.requireNonNull(maker.get());
  }

  /** Records a schedule, or as much of it as the relaxation takes. */
  private static int record(Relaxation relaxation, double[] rates) {
    int n = 0;
    while (n < rates.length && !relaxation.isFull()) {
      relaxation.record(rates[n++]);
    }
    return n;
  }

  private Row row(RandomGenerator random) {
    Shape shape = new Shape(1, cols);
    DMatrixRMaj anchor = random.nextBoolean() ? Samples.gaussian(random, shape) : null;
    DMatrixRMaj weight = Samples.gaussian(random, shape);
    double scale = Math.scalb(1.0, random.nextInt(-4, 4));
    for (int i = 0; i < cols; i++) {
      weight.data[i] = scale * weight.data[i] + (anchor == null ? 0.0 : anchor.data[i]);
    }
    return new Row(weight, anchor);
  }

  /** For any stretch, whatever rows were carried over before, and again after it was cleared. */
  void requireStepsOneByOne() {
    RandomGenerator random = Samples.random(seed);
    Relaxation relaxation = relaxation();
    for (double[] rates : schedules(random)) {
      int n = record(relaxation, rates);
      for (int trial = 0; trial < 12; trial++) {
        int from = trial == 0 ? 0 : random.nextInt(n);
        int to = trial < 2 ? n : from + random.nextInt(Math.min(n - from, 40) + 1);
        Row row = row(random);
        DMatrixRMaj at = row.weight.copy();
        relaxation.relax(at, row.anchor, from, to);
        new Comparison(
                subject + ", steps " + from + " to " + to + " of " + n,
                "the steps one by one",
                singly(row, rates, from, to),
                "relax",
                at)
            .requireClose(
                i -> row.tolerance(),
                new Suspect(singly(row, rates, from, to + 1), "It takes one step too many."),
                new Suspect(singly(row, rates, from, to - 1), "It takes one step too few."));
      }
      relaxation.clear();
    }
  }

  private DMatrixRMaj singly(Row row, double[] rates, int from, int to) {
    DMatrixRMaj at = row.weight.copy();
    for (int k = from; k < Math.min(to, rates.length); k++) {
      step.take(at, row.anchor, rates[k]);
    }
    return at;
  }

  /** To the bit, over any stretch. */
  void requireRestAtTheAnchor() {
    RandomGenerator random = Samples.random(seed);
    for (double[] rates : schedules(random)) {
      Relaxation relaxation = relaxation();
      int n = record(relaxation, rates);
      DMatrixRMaj anchor = Samples.gaussian(random, new Shape(1, cols));
      for (Row row :
          List.of(new Row(anchor, anchor.copy()), new Row(new DMatrixRMaj(1, cols), null))) {
        for (int from : new int[] {0, n / 2, n}) {
          DMatrixRMaj at = row.weight.copy();
          relaxation.relax(at, row.anchor, from, n);
          new Comparison(
                  subject + ", steps " + from + " to " + n,
                  "the anchor",
                  row.weight,
                  "relax at the anchor",
                  at)
              .requireSameBits();
        }
      }
    }
  }

  /** From i to j and on to k is from i to k; from i to i is nothing, to the bit. */
  void requireAdditive() {
    RandomGenerator random = Samples.random(seed);
    for (double[] rates : schedules(random)) {
      Relaxation relaxation = relaxation();
      int n = record(relaxation, rates);
      for (int trial = 0; trial < 12; trial++) {
        int[] ends = random.ints(3, 0, n + 1).sorted().toArray();
        Row row = row(random);
        DMatrixRMaj whole = row.weight.copy();
        relaxation.relax(whole, row.anchor, ends[0], ends[2]);
        DMatrixRMaj parts = row.weight.copy();
        relaxation.relax(parts, row.anchor, ends[0], ends[0]);
        if (Samples.firstDifference(parts, row.weight) >= 0) {
          fail(subject + ": a stretch without steps, from " + ends[0] + ", moves the row.");
        }
        relaxation.relax(parts, row.anchor, ends[0], ends[1]);
        relaxation.relax(parts, row.anchor, ends[1], ends[2]);
        new Comparison(
                subject + ", steps " + ends[0] + " to " + ends[1] + " to " + ends[2],
                "the whole stretch",
                whole,
                "the two parts one after the other",
                parts)
            .requireClose(i -> row.tolerance());
      }
    }
  }
}
