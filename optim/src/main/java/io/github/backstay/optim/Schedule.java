package io.github.backstay.optim;

import java.util.Arrays;

/**
 * The learning rate as a function of the number of the step: {@code rate(t, η)} is the rate in
 * force in step t = 0, 1, 2, … of a group whose own rate is η. It is a closed form, so that any
 * step can be asked for, and a training that is taken up again needs only its number. The rates are
 * those of PyTorch's schedulers when these are stepped once after each step of the optimizer; whose
 * last bits differ, because they multiply from step to step. Any lambda is a schedule too:
 *
 * <pre>{@code
 * Schedule warmup = Schedule.linear(0.1, 1.0, 100).until(100, Schedule.cosine(900, 0.0));
 * Schedule inverse = (t, base) -> base / (1.0 + 0.1 * t);
 * }</pre>
 *
 * <p>Those made here are immutable and may be shared. {@link Plateau} is the exception: it looks at
 * how the training goes.
 */
@FunctionalInterface
public interface Schedule {

  /**
   * The rate in force in a step.
   *
   * @param step how many steps were made before, 0 at first
   * @param base η, the group's own rate
   * @return the rate, finite and at least 0
   */
  double rate(long step, double base);

  /**
   * {@code η}: the group's own rate throughout.
   *
   * @return the schedule of a group that was given none
   */
  static Schedule constant() {
    return Schedules.CONSTANT;
  }

  /**
   * {@code η·factor} in the first steps, then {@code η} (PyTorch's {@code ConstantLR}).
   *
   * @param factor at least 0
   * @param steps how many steps have the factor, at least 0
   * @return the schedule
   */
  static Schedule reduced(double factor, long steps) {
    return new Schedules.Reduced(factor, steps);
  }

  /**
   * {@code η·factor^⌊t/every⌋} (PyTorch's {@code StepLR}).
   *
   * @param every how many steps a rate lasts, at least 1
   * @param factor at least 0
   * @return the schedule
   */
  static Schedule stepwise(long every, double factor) {
    return new Schedules.Stepwise(every, factor);
  }

  /**
   * {@code η·factorᵏ}, k being how many milestones are at most t; one that is given twice counts
   * twice (PyTorch's {@code MultiStepLR}).
   *
   * @param factor at least 0
   * @param milestones numbers of steps, in any order
   * @return the schedule
   */
  static Schedule milestones(double factor, long... milestones) {
    return new Schedules.Milestones(factor, Arrays.stream(milestones).sorted().boxed().toList());
  }

  /**
   * {@code η·factorᵗ} (PyTorch's {@code ExponentialLR}).
   *
   * @param factor at least 0
   * @return the schedule
   */
  static Schedule exponential(double factor) {
    return new Schedules.Exponential(factor);
  }

  /**
   * {@code η·(start + (end − start)·min(t, steps)/steps)}: a warm-up or a linear decay (PyTorch's
   * {@code LinearLR}).
   *
   * @param start the factor in step 0, at least 0
   * @param end the factor from step {@code steps} on, at least 0
   * @param steps how long it takes, at least 1
   * @return the schedule
   */
  static Schedule linear(double start, double end, long steps) {
    return new Schedules.Linear(start, end, steps);
  }

  /**
   * {@code η·(1 − min(t, steps)/steps)^power} (PyTorch's {@code PolynomialLR}).
   *
   * @param power at least 0
   * @param steps how long it takes to reach 0, at least 1
   * @return the schedule
   */
  static Schedule polynomial(double power, long steps) {
    return new Schedules.Polynomial(power, steps);
  }

  /**
   * {@code minimum + (η − minimum)·(1 + cos(π·t/steps))/2}, beyond {@code steps} too, where it goes
   * up again (Loshchilov and Hutter 2017 without restarts; PyTorch's {@code CosineAnnealingLR}).
   *
   * @param steps how long it takes from η to the minimum, at least 1
   * @param minimum a rate, not a factor; at least 0
   * @return the schedule
   */
  static Schedule cosine(long steps, double minimum) {
    return new Schedules.Cosine(steps, minimum);
  }

  /**
   * The cosine from η to the minimum over {@code steps} steps, then again from η over {@code
   * steps·multiplier}, and so on (Loshchilov and Hutter 2017, section 3; PyTorch's {@code
   * CosineAnnealingWarmRestarts}).
   *
   * @param steps how long the first descent takes, at least 1
   * @param multiplier how much longer each descent is than the one before, at least 1
   * @param minimum a rate, not a factor; at least 0
   * @return the schedule
   */
  static Schedule cosineWithRestarts(long steps, int multiplier, double minimum) {
    return new Schedules.CosineWithRestarts(steps, multiplier, minimum);
  }

  /**
   * This schedule for t below the milestone, then another one, whose own t starts from 0 (PyTorch's
   * {@code SequentialLR}).
   *
   * @param milestone the first step of the other one, at least 0
   * @param next the other one
   * @return the schedule
   */
  default Schedule until(long milestone, Schedule next) {
    return new Schedules.Until(this, milestone, next);
  }

  /**
   * This schedule with t counted in units of several steps: {@code rate(⌊t/steps⌋, η)}, for a
   * schedule that goes by epochs.
   *
   * @param steps how many steps an epoch has, at least 1
   * @return the schedule
   */
  default Schedule every(long steps) {
    return new Schedules.Every(this, steps);
  }
}
