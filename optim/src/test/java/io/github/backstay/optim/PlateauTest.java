package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class PlateauTest {

  private static void assertRates(Plateau plateau, double[] metrics, double... expected) {
    for (int t = 0; t < metrics.length; t++) {
      plateau.report(metrics[t]);
      assertEquals(expected[t], plateau.rate(t, 1.0), 1e-15, "after report " + t);
    }
  }

  /** 3 is better than nothing; 3 and 4 are bad, the second one is one too many; 2 is better. */
  @Test
  void reducesWhenPatienceIsOver() {
    Plateau plateau = ReduceOnPlateau.DEFAULT.withFactor(0.5).withPatience(1).start();
    assertRates(plateau, new double[] {3, 3, 4, 2, 2, 2, 2}, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25);
  }

  /** 9.5 is better than 10 by a twentieth: better than 0.04, not than 0.06, in either sense. */
  @Test
  void aThresholdSaysHowMuchBetterCounts() {
    ReduceOnPlateau atOnce = ReduceOnPlateau.DEFAULT.withFactor(0.5).withPatience(0);
    double[] falling = {10.0, 9.5};
    assertRates(atOnce.withRelativeThreshold(0.04).start(), falling, 1.0, 1.0);
    assertRates(atOnce.withRelativeThreshold(0.06).start(), falling, 1.0, 0.5);
    assertRates(atOnce.withAbsoluteThreshold(0.4).start(), falling, 1.0, 1.0);
    assertRates(atOnce.withAbsoluteThreshold(0.6).start(), falling, 1.0, 0.5);
    double[] rising = {9.5, 10.0};
    ReduceOnPlateau up = atOnce.withMaximize();
    assertRates(up.withRelativeThreshold(0.05).start(), rising, 1.0, 1.0);
    assertRates(up.withRelativeThreshold(0.06).start(), rising, 1.0, 0.5);
    assertRates(up.withAbsoluteThreshold(0.4).start(), rising, 1.0, 1.0);
    assertRates(up.withAbsoluteThreshold(0.6).start(), rising, 1.0, 0.5);
  }

  @Test
  void nothingIsBadWhileItCoolsDown() {
    Plateau plateau =
        ReduceOnPlateau.DEFAULT.withFactor(0.5).withPatience(0).withCooldown(2).start();
    assertRates(plateau, new double[] {1, 1, 1, 1, 1, 1}, 1, 0.5, 0.5, 0.5, 0.25, 0.25);
  }

  @Test
  void staysAboveTheMinimumAndMakesNoChangeThatIsNotWorthIt() {
    ReduceOnPlateau atOnce = ReduceOnPlateau.DEFAULT.withPatience(0);
    double[] equal = {1, 1, 1, 1};
    assertRates(atOnce.withMinimum(0.05).start(), equal, 1.0, 0.1, 0.05, 0.05);
    assertRates(atOnce.withEpsilon(0.1).start(), equal, 1.0, 0.1, 0.1, 0.1);
    assertEquals(0.01, atOnce.withMinimum(0.05).start().rate(0, 0.01), "a lower base is kept");
  }

  @Property(seed = "1", tries = 100)
  void goesOnFromASavedState(@ForAll @IntRange(min = 0, max = 20) int before, @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    ReduceOnPlateau settings = ReduceOnPlateau.DEFAULT.withPatience(1).withCooldown(1);
    Plateau whole = settings.start();
    Plateau restored = settings.start();
    for (int t = 0; t < 40; t++) {
      if (t == before) {
        restored.restore(whole.state());
      }
      double metric = random.nextInt(10);
      whole.report(metric);
      if (t >= before) {
        restored.report(metric);
        assertEquals(whole.state(), restored.state());
        assertEquals(whole.rate(t, 0.1), restored.rate(t, 0.1));
      }
    }
  }

  @Test
  void refusesAMetricThatIsNoNumber() {
    Plateau plateau = ReduceOnPlateau.DEFAULT.start();
    plateau.report(3.0);
    Plateau.State before = plateau.state();
    assertEquals(
        "plateau: the metric is NaN and can be neither better nor worse; nothing was changed.",
        assertThrows(ArithmeticException.class, () -> plateau.report(Double.NaN)).getMessage());
    assertEquals(before, plateau.state());
    plateau.report(Double.POSITIVE_INFINITY);
    assertEquals(1, plateau.state().bad());
  }

  @Test
  void defaultsAreThoseOfPyTorch() {
    assertEquals(
        new ReduceOnPlateau(false, 0.1, 10, 1e-4, true, 0, 0.0, 1e-8), ReduceOnPlateau.DEFAULT);
  }

  private static void assertRefused(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  @Test
  void refusesWhatIsOutOfRange() {
    ReduceOnPlateau settings = ReduceOnPlateau.DEFAULT;
    assertRefused("plateau: factor must be in [0, 1), got 1.0.", () -> settings.withFactor(1.0));
    assertRefused("plateau: patience must be at least 0, got -1.", () -> settings.withPatience(-1));
    assertRefused(
        "plateau: a relative threshold must be in [0, 1), got 1.0.",
        () -> settings.withRelativeThreshold(1.0));
    assertRefused(
        "plateau: threshold must be finite and at least 0, got -0.1.",
        () -> settings.withAbsoluteThreshold(-0.1));
    assertRefused("plateau: cooldown must be at least 0, got -1.", () -> settings.withCooldown(-1));
    assertRefused(
        "plateau: minimum must be finite and at least 0, got NaN.",
        () -> settings.withMinimum(Double.NaN));
    assertRefused(
        "plateau: epsilon must be finite and at least 0, got -1.0.",
        () -> settings.withEpsilon(-1.0));
    assertRefused(
        "plateau: the best metric must be a number, got NaN.",
        () -> new Plateau.State(Double.NaN, 0, 0, 0));
    assertRefused(
        "plateau: bad must be at least 0, got -1.", () -> new Plateau.State(0.0, -1, 0, 0));
  }
}
