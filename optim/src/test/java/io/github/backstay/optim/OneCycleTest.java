package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Parameter;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class OneCycleTest {

  /** The corners: rate 1/10 in step 0, 1 in step 2, 1/10 in step 4, 1/100 in step 9. */
  @Test
  void threeStraightPhasesByHand() {
    OneCycle cycle =
        OneCycle.of(10).withRising(0.3).withDivisors(10.0, 10.0).withLines().withThreePhases();
    double[] rates = {0.1, 0.55, 1.0, 0.55, 0.1, 0.082, 0.064, 0.046, 0.028, 0.01};
    double[] momenta = {0.95, 0.9, 0.85, 0.9, 0.95, 0.95, 0.95, 0.95, 0.95, 0.95};
    for (int t = 0; t < 10; t++) {
      assertEquals(rates[t], cycle.rate(t, 1.0), 1e-15);
      assertEquals(momenta[t], cycle.momentum(t), 1e-15);
    }
    assertEquals(rates[9], cycle.rate(1000, 1.0), 1e-15);
  }

  /** Up to step 2, half way down a cosine in step 6 of 2 to 10. */
  @Test
  void twoCosinesByHand() {
    OneCycle cycle = OneCycle.of(11).withRising(3.0 / 11.0).withDivisors(4.0, 5.0);
    assertEquals(0.5, cycle.rate(0, 2.0), 1e-15);
    assertEquals(1.25, cycle.rate(1, 2.0), 1e-15);
    assertEquals(2.0, cycle.rate(2, 2.0), 1e-15);
    assertEquals(1.05, cycle.rate(6, 2.0), 1e-15);
    assertEquals(0.1, cycle.rate(10, 2.0), 1e-15);
    assertEquals(0.9, cycle.momentum(6), 1e-15);
  }

  @Property(seed = "1", tries = 200)
  void theRateNeverExceedsThePeakAndTheMomentumGoesTheOtherWay(
      @ForAll @IntRange(min = 8, max = 60) int steps,
      @ForAll @DoubleRange(min = 0.25, max = 0.5) double rising,
      @ForAll boolean lines,
      @ForAll boolean three) {
    OneCycle cycle = OneCycle.of(steps).withRising(rising);
    cycle = lines ? cycle.withLines() : cycle;
    cycle = three ? cycle.withThreePhases() : cycle;
    double before = cycle.rate(0, 0.7);
    double momentum = cycle.momentum(0);
    assertEquals(0.7 / 25.0, before, 1e-15);
    for (int t = 1; t < steps; t++) {
      double rate = cycle.rate(t, 0.7);
      assertTrue(rate <= 0.7 && rate > 0.0, cycle + ", step " + t + ": " + rate);
      boolean past = t - 1 < rising * steps - 1.0 && t > rising * steps - 1.0;
      if (!past) { // the peak may lie between two steps
        double sameWay = (rate - before) * (cycle.momentum(t) - momentum);
        assertTrue(sameWay <= 1e-15, cycle + ", step " + t);
      }
      before = rate;
      momentum = cycle.momentum(t);
    }
    assertEquals(0.7 / 25.0 / 1e4, before, 1e-15);
  }

  /** μ of step t from the cycle: the buffer carries on, the factor is another. */
  @Test
  void theOptimizerTakesUpItsMomenta() {
    OneCycle cycle = OneCycle.of(10).withLines();
    Sgd sgd = Sgd.of(0.5).withMomentum(0.9);
    Parameter weight = new Parameter("w", new DMatrixRMaj(1, 1));
    Optimizer optimizer = Optimizer.builder().group("all", weight, sgd).schedule(cycle).build();
    double w = 0.0;
    double b = 0.0;
    for (int t = 0; t < 10; t++) {
      optimizer.setRule("all", sgd.withMomentum(cycle.momentum(optimizer.steps())));
      GivenGradients.of(weight, 1.0 + t).step(optimizer);
      b = cycle.momentum(t) * b + (1.0 + t);
      w -= cycle.rate(t, 0.5) * b;
      assertEquals(w, weight.get(0, 0), 1e-12);
    }
  }

  @Test
  void defaultsAreThoseOfPyTorch() {
    assertEquals(new OneCycle(40, 0.3, 25.0, 1e4, false, false, 0.85, 0.95), OneCycle.of(40));
    assertEquals(
        new OneCycle(40, 0.3, 25.0, 1e4, false, false, 0.1, 0.2),
        OneCycle.of(40).withMomenta(0.1, 0.2));
  }

  private static void assertRefused(String message, Executable wrong) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  @Test
  void refusesWhatIsOutOfRange() {
    OneCycle cycle = OneCycle.of(10);
    assertRefused("oneCycle: steps must be at least 2, got 1.", () -> OneCycle.of(1));
    assertRefused(
        "oneCycle: the part of the 10 steps that rises must be at least one step and less than 1,"
            + " got 0.05.",
        () -> cycle.withRising(0.05));
    assertRefused(
        "oneCycle: the part of the 10 steps that rises must be at least one step and less than 1,"
            + " got 1.0.",
        () -> cycle.withRising(1.0));
    assertRefused(
        "oneCycle: the part of the 10 steps that rises must be at least one step and at most 0.5"
            + " with three phases, got 0.6.",
        () -> cycle.withThreePhases().withRising(0.6));
    assertRefused(
        "oneCycle: divisor must be finite and greater than 0, got 0.0.",
        () -> cycle.withDivisors(0.0, 1.0));
    assertRefused(
        "oneCycle: finalDivisor must be finite and greater than 0, got NaN.",
        () -> cycle.withDivisors(1.0, Double.NaN));
    assertRefused(
        "oneCycle: highestMomentum must be in [0, 1), got 1.0.", () -> cycle.withMomenta(0.5, 1.0));
    assertRefused(
        "oneCycle: lowestMomentum must be in [0, 1), got -0.5.",
        () -> cycle.withMomenta(-0.5, 0.9));
  }
}
