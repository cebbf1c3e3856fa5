package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.function.LongToDoubleFunction;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Every schedule against its formula, written another way: mostly from step to step. */
class ScheduleTest {

  @Provide
  Arbitrary<Double> rates() {
    return Arbitraries.of(1e-5, 0.02, 0.1, 1.0, 30.0);
  }

  private static void assertRates(
      Schedule schedule, double base, long steps, LongToDoubleFunction expected) {
    for (long t = 0; t < steps; t++) {
      double wanted = expected.applyAsDouble(t);
      assertEquals(wanted, schedule.rate(t, base), 1e-12 * base, schedule + ", step " + t);
    }
  }

  @Property(seed = "1", tries = 50)
  void constantAndReducedRates(
      @ForAll("rates") double base,
      @ForAll @DoubleRange(min = 0.0, max = 2.0) double factor,
      @ForAll @IntRange(min = 0, max = 20) int steps) {
    assertRates(Schedule.constant(), base, 30, t -> base);
    assertRates(Schedule.reduced(factor, steps), base, 30, t -> t < steps ? factor * base : base);
  }

  @Property(seed = "1", tries = 100)
  void factorsThatComeOnceInAWhile(
      @ForAll("rates") double base,
      @ForAll @DoubleRange(min = 0.0, max = 1.0) double factor,
      @ForAll @IntRange(min = 1, max = 9) int every) {
    double[] stepwise = new double[60];
    double[] exponential = new double[60];
    double[] milestones = new double[60];
    long[] given = {3L * every, every, every, 20};
    for (int t = 0; t < 60; t++) {
      boolean due = t > 0 && t % every == 0;
      stepwise[t] = t == 0 ? base : stepwise[t - 1] * (due ? factor : 1.0);
      exponential[t] = t == 0 ? base : exponential[t - 1] * factor;
      milestones[t] = t == 0 ? base : milestones[t - 1];
      for (long milestone : given) {
        milestones[t] *= milestone == t ? factor : 1.0;
      }
    }
    assertRates(Schedule.stepwise(every, factor), base, 60, t -> stepwise[(int) t]);
    assertRates(Schedule.exponential(factor), base, 60, t -> exponential[(int) t]);
    assertRates(Schedule.milestones(factor, given), base, 60, t -> milestones[(int) t]);
  }

  @Property(seed = "1", tries = 100)
  void straightLinesAndPowers(
      @ForAll("rates") double base,
      @ForAll @DoubleRange(min = 0.0, max = 1.0) double start,
      @ForAll @DoubleRange(min = 0.0, max = 1.0) double end,
      @ForAll @DoubleRange(min = 0.0, max = 3.0) double power,
      @ForAll @IntRange(min = 1, max = 30) int steps) {
    double[] line = new double[60];
    for (int t = 0; t < 60; t++) {
      double rise = (end - start) * base / steps;
      line[t] = t == 0 ? start * base : line[t - 1] + (t <= steps ? rise : 0.0);
    }
    assertRates(Schedule.linear(start, end, steps), base, 60, t -> line[(int) t]);
    assertEquals(end * base, Schedule.linear(start, end, steps).rate(1000, base));
    assertRates(
        Schedule.polynomial(power, steps),
        base,
        60,
        t -> base * Math.pow(Math.max(0.0, (steps - t) / (double) steps), power));
  }

  /** (1 + cos πx)/2 is cos²(πx/2). */
  @Property(seed = "1", tries = 100)
  void cosines(
      @ForAll("rates") double base,
      @ForAll @DoubleRange(min = 0.0, max = 1.0) double lowest,
      @ForAll @IntRange(min = 1, max = 12) int steps,
      @ForAll @IntRange(min = 1, max = 3) int multiplier) {
    double minimum = lowest * base;
    assertRates(
        Schedule.cosine(steps, minimum),
        base,
        80,
        t -> minimum + (base - minimum) * Math.pow(Math.cos(Math.PI * t / steps / 2.0), 2.0));
    double[] restarted = new double[80];
    int length = steps;
    int since = 0;
    for (int t = 0; t < 80; t++) {
      if (since == length) {
        since = 0;
        length *= multiplier;
      }
      double part = Math.PI * since / length / 2.0;
      restarted[t] = minimum + (base - minimum) * Math.pow(Math.cos(part), 2.0);
      since++;
    }
    assertRates(
        Schedule.cosineWithRestarts(steps, multiplier, minimum), base, 80, t -> restarted[(int) t]);
  }

  @Property(seed = "1", tries = 50)
  void oneAfterTheOtherAndByEpochs(
      @ForAll("rates") double base,
      @ForAll @IntRange(min = 0, max = 10) int first,
      @ForAll @IntRange(min = 1, max = 10) int epoch) {
    Schedule warmup = Schedule.linear(0.1, 1.0, 7);
    Schedule cosine = Schedule.cosine(11, 0.0);
    Schedule last = (t, rate) -> rate / (1.0 + t);
    Schedule three = warmup.until(first, cosine).until(first + 5L, last);
    for (long t = 0; t < 40; t++) {
      double expected =
          t < first
              ? warmup.rate(t, base)
              : t < first + 5L ? cosine.rate(t - first, base) : base / (t - first - 4.0);
      assertEquals(expected, three.rate(t, base), 1e-15 * base);
      assertEquals(cosine.rate(t / epoch, base), cosine.every(epoch).rate(t, base));
    }
  }

  /** No rate made here is above both ends, which is what a bound for decoupled pulls relies on. */
  @Test
  void theEndsAreExact() {
    for (double base : new double[] {0.1, 0.3, 0.7, 1.0 / 3.0}) {
      for (double minimum : new double[] {0.001, 0.03, 0.1}) {
        assertEquals(base, Schedule.cosine(9, minimum).rate(0, base));
        assertEquals(minimum, Schedule.cosine(9, minimum).rate(9, base));
        assertEquals(base, Schedule.cosineWithRestarts(9, 2, minimum).rate(27, base));
        assertEquals(base, Schedule.linear(minimum, 1.0, 7).rate(7, base));
      }
    }
  }

  @Test
  void areEasilyAskedForLateSteps() {
    long late = 4_000_000_000_000L;
    assertEquals(0.1, Schedule.cosine(1000, 0.0).rate(late, 0.1));
    assertEquals(0.1, Schedule.cosineWithRestarts(1000, 1, 0.0).rate(late, 0.1));
    double restarted = Schedule.cosineWithRestarts(1000, 2, 0.01).rate(late, 0.1);
    assertEquals(0.055, restarted, 0.045);
    assertEquals(0.0, Schedule.exponential(0.99).rate(late, 0.1));
  }

  @Test
  void areValuesThatSayWhatTheyAre() {
    assertEquals(Schedule.stepwise(3, 0.5), Schedule.stepwise(3, 0.5));
    assertEquals("Stepwise[every=3, factor=0.5]", Schedule.stepwise(3, 0.5).toString());
    assertEquals(new Schedules.Milestones(0.5, List.of(2L, 9L)), Schedule.milestones(0.5, 9, 2));
  }

  private static void assertRefused(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertRefused("stepwise: every must be at least 1, got 0.", () -> Schedule.stepwise(0, 0.5));
    assertRefused(
        "stepwise: factor must be finite and at least 0, got NaN.",
        () -> Schedule.stepwise(1, Double.NaN));
    assertRefused(
        "reduced: factor must be finite and at least 0, got -1.0.",
        () -> Schedule.reduced(-1.0, 3));
    assertRefused("reduced: steps must be at least 0, got -3.", () -> Schedule.reduced(1.0, -3));
    assertRefused(
        "milestones: a milestone must be at least 0, got -2.",
        () -> Schedule.milestones(0.5, 3, -2));
    assertRefused(
        "milestones: factor must be finite and at least 0, got -0.5.",
        () -> Schedule.milestones(-0.5, 3));
    assertRefused(
        "exponential: factor must be finite and at least 0, got Infinity.",
        () -> Schedule.exponential(Double.POSITIVE_INFINITY));
    assertRefused(
        "linear: start must be finite and at least 0, got -0.1.",
        () -> Schedule.linear(-0.1, 1.0, 5));
    assertRefused(
        "linear: end must be finite and at least 0, got NaN.",
        () -> Schedule.linear(0.1, Double.NaN, 5));
    assertRefused("linear: steps must be at least 1, got 0.", () -> Schedule.linear(0.1, 1.0, 0));
    assertRefused(
        "polynomial: power must be finite and at least 0, got -1.0.",
        () -> Schedule.polynomial(-1.0, 5));
    assertRefused(
        "polynomial: steps must be at least 1, got 0.", () -> Schedule.polynomial(1.0, 0));
    assertRefused("cosine: steps must be at least 1, got 0.", () -> Schedule.cosine(0, 0.0));
    assertRefused(
        "cosine: minimum must be finite and at least 0, got -0.1.", () -> Schedule.cosine(5, -0.1));
    assertRefused(
        "cosineWithRestarts: multiplier must be at least 1, got 0.",
        () -> Schedule.cosineWithRestarts(5, 0, 0.0));
    assertRefused(
        "until: milestone must be at least 0, got -1.",
        () -> Schedule.constant().until(-1, Schedule.constant()));
    assertRefused("every: steps must be at least 1, got 0.", () -> Schedule.constant().every(0));
  }
}
