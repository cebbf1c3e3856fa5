package io.github.backstay.optim;

/**
 * One cycle of the rate, with the momentum going the other way (Smith and Topin 2019), as PyTorch's
 * {@code OneCycleLR}: from {@code η/divisor} up to η, then down to {@code η/(divisor·finalDivisor)}
 * in the last step. Here η is the group's own rate and thus the <em>peak</em>; PyTorch is given the
 * peak apart, as {@code max_lr}, and ignores the rate of the group.
 *
 * <p>The rise ends at step {@code rising·steps − 1}, which need not be whole. With two phases the
 * descent ends at step {@code steps − 1}. With three it is back where it started from by step
 * {@code 2·rising·steps − 2} and goes down to the last rate from there. Each phase follows half a
 * cosine or a straight line. Beyond the last step the last rate stays (PyTorch refuses them).
 *
 * <p>The momentum is a matter of the rule, which the optimizer can be given anew each step:
 *
 * <pre>{@code
 * optimizer.setRule("all", sgd.withMomentum(cycle.momentum(optimizer.steps())));
 * }</pre>
 *
 * @param steps how many steps the cycle has, at least 2
 * @param rising the part of them that rises, at least one step and less than all, with three phases
 *     at most half
 * @param divisor the peak over the first rate, greater than 0
 * @param finalDivisor the first rate over the last, greater than 0
 * @param linear whether the phases are straight lines
 * @param threePhases whether the way down stops at the first rate
 * @param lowestMomentum the momentum at the peak, in [0, 1)
 * @param highestMomentum the momentum at both ends, in [0, 1)
 */
public record OneCycle(
    long steps,
    double rising,
    double divisor,
    double finalDivisor,
    boolean linear,
    boolean threePhases,
    double lowestMomentum,
    double highestMomentum)
    implements Schedule {

  /**
   * Checks the values.
   *
   * @param steps how many steps the cycle has, at least 2
   * @param rising the part of them that rises, at least one step and less than all, with three
   *     phases at most half
   * @param divisor the peak over the first rate, greater than 0
   * @param finalDivisor the first rate over the last, greater than 0
   * @param linear whether the phases are straight lines
   * @param threePhases whether the way down stops at the first rate
   * @param lowestMomentum the momentum at the peak, in [0, 1)
   * @param highestMomentum the momentum at both ends, in [0, 1)
   */
  public OneCycle {
    Hyper.requireAtLeast("oneCycle", "steps", 2, steps);
    if (!(rising * steps >= 1.0 && rising < 1.0 && (rising <= 0.5 || !threePhases))) {
      throw new IllegalArgumentException(
          "oneCycle: the part of the "
              + steps
              + " steps that rises must be at least one step and "
              + (threePhases ? "at most 0.5 with three phases" : "less than 1")
              + ", got "
              + rising
              + ".");
    }
    Hyper.requirePositive("oneCycle", "divisor", divisor);
    Hyper.requirePositive("oneCycle", "finalDivisor", finalDivisor);
    Hyper.requireFraction("oneCycle", "lowestMomentum", lowestMomentum);
    Hyper.requireFraction("oneCycle", "highestMomentum", highestMomentum);
  }

  /**
   * PyTorch's defaults: 0.3 of the steps rise, divisors 25 and 1e4, cosines, two phases, momenta
   * 0.85 and 0.95.
   *
   * @param steps how many steps the cycle has
   * @return the schedule
   */
  public static OneCycle of(long steps) {
    return new OneCycle(steps, 0.3, 25.0, 1e4, false, false, 0.85, 0.95);
  }

  /**
   * The same cycle with another rise.
   *
   * @param newRising the part of the steps that rises
   * @return the schedule
   */
  public OneCycle withRising(double newRising) {
    return new OneCycle(
        steps,
        newRising,
        divisor,
        finalDivisor,
        linear,
        threePhases,
        lowestMomentum,
        highestMomentum);
  }

  /**
   * The same cycle with other ends.
   *
   * @param newDivisor the peak over the first rate
   * @param newFinalDivisor the first rate over the last
   * @return the schedule
   */
  public OneCycle withDivisors(double newDivisor, double newFinalDivisor) {
    return new OneCycle(
        steps,
        rising,
        newDivisor,
        newFinalDivisor,
        linear,
        threePhases,
        lowestMomentum,
        highestMomentum);
  }

  /**
   * The same cycle along straight lines.
   *
   * @return the schedule
   */
  public OneCycle withLines() {
    return new OneCycle(
        steps, rising, divisor, finalDivisor, true, threePhases, lowestMomentum, highestMomentum);
  }

  /**
   * The same cycle in three phases.
   *
   * @return the schedule
   */
  public OneCycle withThreePhases() {
    return new OneCycle(
        steps, rising, divisor, finalDivisor, linear, true, lowestMomentum, highestMomentum);
  }

  /**
   * The same cycle with other momenta.
   *
   * @param lowest the momentum at the peak
   * @param highest the momentum at both ends
   * @return the schedule
   */
  public OneCycle withMomenta(double lowest, double highest) {
    return new OneCycle(steps, rising, divisor, finalDivisor, linear, threePhases, lowest, highest);
  }

  @Override
  public double rate(long step, double base) {
    double first = base / divisor;
    return at(step, first, base, first, first / finalDivisor);
  }

  /**
   * The momentum that goes with the rate.
   *
   * @param step how many steps were made before, 0 at first
   * @return a number between the two momenta
   */
  public double momentum(long step) {
    return at(step, highestMomentum, lowestMomentum, highestMomentum, highestMomentum);
  }

  private double at(long step, double start, double peak, double shoulder, double end) {
    double top = rising * steps - 1.0;
    double foot = threePhases ? 2.0 * rising * steps - 2.0 : top;
    double last = steps - 1.0;
    if (step <= top) {
      return between(start, peak, top == 0.0 ? 1.0 : step / top);
    }
    if (step <= foot) {
      return between(peak, shoulder, (step - top) / (foot - top));
    }
    double from = threePhases ? shoulder : peak;
    return between(from, end, Math.min(1.0, (step - foot) / (last - foot)));
  }

  private double between(double start, double end, double part) {
    return linear ? (1.0 - part) * start + part * end : Schedules.alongCosine(start, end, part);
  }
}
