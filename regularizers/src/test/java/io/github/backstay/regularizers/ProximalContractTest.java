package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Tape;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * The contract of a proximal map, for every penalty in the catalogue that has one. The laws are
 * those of the argmin itself and of the proximal map of a convex function; none repeats a formula.
 */
class ProximalContractTest {

  /** A proximal map at a point with a step. */
  record Point(
      ProximalPenalty penalty, DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {

    double value(DMatrixRMaj at) {
      try (Tape tape = Tape.create()) {
        return penalty
            .of(tape.constant(at), anchor == null ? null : tape.constant(anchor))
            .toDouble();
      }
    }

    DMatrixRMaj prox(DMatrixRMaj at) {
      DMatrixRMaj image = at.copy();
      penalty.prox(image, anchor, step);
      return image;
    }

    /** {@code η·R(V) + ‖V − U‖²/2}, which the proximal map of U minimizes. */
    double objective(DMatrixRMaj v) {
      return step * value(v) + 0.5 * dot(minus(v, weight), minus(v, weight));
    }

    double anchorAt(int i) {
      return anchor == null ? 0.0 : anchor.data[i];
    }
  }

  @Provide
  Arbitrary<PenaltyCase> proximal() {
    return Arbitraries.of(
        PenaltyCatalogue.ROWS.stream()
            .filter(row -> ProximalPenalty.class.isAssignableFrom(row.type()))
            .toList());
  }

  /** Some points far away, some so close that they land on the anchor, in whole or in part. */
  private static Point point(PenaltyCase row, int rows, int cols, RandomGenerator random) {
    DMatrixRMaj anchor = random.nextBoolean() ? Draw.gaussian(random, rows, cols) : null;
    DMatrixRMaj weight = Draw.gaussian(random, rows, cols);
    double scale = Math.scalb(1.0, random.nextInt(-4, 3));
    for (int i = 0; i < weight.data.length; i++) {
      weight.data[i] = weight.data[i] * scale + (anchor == null ? 0.0 : anchor.data[i]);
    }
    double step = Math.scalb(1.0 + random.nextDouble(), random.nextInt(-6, 3));
    return new Point((ProximalPenalty) row.penalty(rows, cols), weight, anchor, step);
  }

  private static DMatrixRMaj minus(DMatrixRMaj a, DMatrixRMaj b) {
    DMatrixRMaj difference = a.copy();
    for (int i = 0; i < difference.data.length; i++) {
      difference.data[i] -= b.data[i];
    }
    return difference;
  }

  private static double dot(DMatrixRMaj a, DMatrixRMaj b) {
    double sum = 0.0;
    for (int i = 0; i < a.data.length; i++) {
      sum += a.data[i] * b.data[i];
    }
    return sum;
  }

  /**
   * {@code 0 ∈ V − U + η∂R(V)}: the pull that was followed, (U − V)/η, is a subgradient of R at V,
   * which means {@code R(Z) ≥ R(V) + ⟨(U − V)/η, Z − V⟩} for all Z.
   */
  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void whatWasTakenAwayIsASubgradientAtTheImage(
      @ForAll("proximal") PenaltyCase row,
      @ForAll @IntRange(min = 1, max = 5) int rows,
      @ForAll @IntRange(min = 1, max = 5) int cols,
      @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    Point point = point(row, rows, cols, random);
    DMatrixRMaj image = point.prox(point.weight);
    DMatrixRMaj pull = minus(point.weight, image);
    double there = point.value(image);
    for (int trial = 0; trial < 40; trial++) {
      DMatrixRMaj other = Draw.gaussian(random, rows, cols);
      double distance = Math.scalb(1.0, random.nextInt(-20, 4));
      boolean one = random.nextBoolean();
      int entry = random.nextInt(rows * cols);
      for (int i = 0; i < other.data.length; i++) {
        double shift = one && i != entry ? 0.0 : distance * other.data[i];
        other.data[i] = (trial == 0 ? point.anchorAt(i) : image.data[i] + shift);
      }
      double rise = point.step * (point.value(other) - there);
      double least = dot(pull, minus(other, image));
      double scale = point.step * (there + point.value(other)) + Math.abs(least);
      assertTrue(rise >= least - 1e-13 * scale, () -> row + ": " + rise + " < " + least);
    }
  }

  /** The same by brute force, over a grid around weight and anchor that is refined. */
  @Property(seed = "2", tries = 200, edgeCases = EdgeCasesMode.NONE)
  void imageIsWhereASearchFindsTheLeastObjective(
      @ForAll("proximal") PenaltyCase row,
      @ForAll @IntRange(min = 1, max = 3) int shape,
      @ForAll long seed) {
    int rows = shape == 2 ? 2 : 1;
    int cols = shape == 3 ? 2 : 1;
    Point point = point(row, rows, cols, Draw.seeded(seed));
    DMatrixRMaj image = point.prox(point.weight);
    DMatrixRMaj best = point.weight.copy();
    double found = point.objective(best);
    double start = Math.sqrt(dot(best, best)) + 4.0;
    int half = 6;
    int across = rows * cols == 2 ? half : 0;
    for (double width = start; width > 1e-5; width *= 0.5) {
      DMatrixRMaj center = best.copy();
      for (int k = -half; k <= half; k++) {
        for (int l = -across; l <= across; l++) {
          DMatrixRMaj candidate = center.copy();
          candidate.data[0] += k * width / half;
          if (candidate.data.length == 2) {
            candidate.data[1] += l * width / half;
          }
          double objective = point.objective(candidate);
          if (objective < found) {
            found = objective;
            best = candidate;
          }
        }
      }
    }
    assertTrue(point.objective(image) <= found + 1e-14 * (1.0 + found), row + " is not the least");
    for (int i = 0; i < image.data.length; i++) {
      // The objective is flat at its minimum: what differs by 1e-15 lies 1e-7 apart.
      assertEquals(best.data[i], image.data[i], 1e-5, () -> row + " lies elsewhere");
    }
  }

  /** {@code ‖P − Q‖² ≤ ⟨P − Q, U − V⟩}, P and Q the images of U and V. */
  @Property(seed = "3", edgeCases = EdgeCasesMode.NONE)
  void isFirmlyNonexpansive(
      @ForAll("proximal") PenaltyCase row,
      @ForAll @IntRange(min = 1, max = 6) int rows,
      @ForAll @IntRange(min = 1, max = 6) int cols,
      @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    Point point = point(row, rows, cols, random);
    DMatrixRMaj other = Draw.gaussian(random, rows, cols);
    double distance = Math.scalb(1.0, random.nextInt(-20, 4));
    for (int i = 0; i < other.data.length; i++) {
      other.data[i] = point.weight.data[i] + distance * other.data[i];
    }
    DMatrixRMaj images = minus(point.prox(point.weight), point.prox(other));
    DMatrixRMaj originals = minus(point.weight, other);
    double rounding = 1e-14 * Math.sqrt(dot(originals, originals)) * norms(point.weight, other);
    assertTrue(dot(images, images) <= dot(images, originals) + rounding, row::toString);
  }

  private static double norms(DMatrixRMaj a, DMatrixRMaj b) {
    return 4.0 + Math.sqrt(dot(a, a)) + Math.sqrt(dot(b, b));
  }

  @Property(seed = "4", edgeCases = EdgeCasesMode.NONE)
  void whatIsAtTheAnchorStaysThereToTheBit(
      @ForAll("proximal") PenaltyCase row,
      @ForAll @IntRange(min = 1, max = 6) int rows,
      @ForAll @IntRange(min = 1, max = 6) int cols,
      @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    ProximalPenalty penalty = (ProximalPenalty) row.penalty(rows, cols);
    DMatrixRMaj anchor = Draw.gaussian(random, rows, cols);
    for (double step : new double[] {0.0, 1e-300, 1e-3, 1.0, 1e9, Double.MAX_VALUE}) {
      DMatrixRMaj weight = anchor.copy();
      penalty.prox(weight, anchor, step);
      assertArrayEquals(anchor.data, weight.data);
      weight.zero();
      penalty.prox(weight, null, step);
      assertArrayEquals(new double[rows * cols], weight.data);
    }
  }

  @Property(seed = "5", edgeCases = EdgeCasesMode.NONE)
  void noStepMovesNothingAndNothingElseIsWritten(
      @ForAll("proximal") PenaltyCase row,
      @ForAll @IntRange(min = 1, max = 6) int rows,
      @ForAll @IntRange(min = 1, max = 6) int cols,
      @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    ProximalPenalty penalty = (ProximalPenalty) row.penalty(rows, cols);
    DMatrixRMaj anchor = Draw.gaussian(random, rows, cols);
    DMatrixRMaj weight = Draw.gaussian(random, rows, cols);
    DMatrixRMaj same = weight.copy();
    DMatrixRMaj before = anchor.copy();
    penalty.prox(same, anchor, 0.0);
    assertArrayEquals(weight.data, same.data);
    penalty.prox(same, anchor, 0.5);
    assertArrayEquals(before.data, anchor.data);
  }

  /** Steps that are repeated come to rest: the distance shrinks however long they are. */
  @Property(seed = "6", edgeCases = EdgeCasesMode.NONE)
  void noStepOvershoots(
      @ForAll("proximal") PenaltyCase row,
      @ForAll @IntRange(min = 1, max = 4) int rows,
      @ForAll @IntRange(min = 1, max = 4) int cols,
      @ForAll long seed) {
    Point point = point(row, rows, cols, Draw.seeded(seed));
    for (double step : new double[] {point.step, 1e3, 1e9}) {
      DMatrixRMaj image =
          new Point(point.penalty, point.weight, point.anchor, step).prox(point.weight);
      double before = 0.0;
      double after = 0.0;
      for (int i = 0; i < image.data.length; i++) {
        double from = point.weight.data[i] - point.anchorAt(i);
        double to = image.data[i] - point.anchorAt(i);
        double rounding = 1e-15 * (Math.abs(point.weight.data[i]) + Math.abs(point.anchorAt(i)));
        assertTrue(row.mixing() || to * Math.signum(from) >= -rounding, () -> row + " overshoots");
        assertTrue(
            row.mixing() || Math.abs(to) <= Math.abs(from) + rounding, () -> row + " moves away");
        before = Math.hypot(before, from);
        after = Math.hypot(after, to);
      }
      double most = before + 1e-14 * norms(point.weight, image);
      assertTrue(after <= most, () -> row + " moves away");
    }
  }
}
