package io.github.backstay.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.backstay.core.GradientSum;
import io.github.backstay.core.Gradients;
import io.github.backstay.core.Objective;
import io.github.backstay.core.Variable;

/**
 * One step for several examples, whose losses are differentiated one by one.
 *
 * <pre>{@code
 * Accumulation batch = optimizer.accumulation();
 * for (Example example : examples) {
 *   batch.add(loss(tape, example));
 *   tape.reset();
 * }
 * batch.penalize(anchor.penalty(tape)).step();
 * }</pre>
 *
 * <p>{@link Optimizer#accumulation()} steps along the <em>mean</em> over the examples added. A
 * program that divides by itself, {@code loss/batchSize} per example and then one step, has the
 * same mean already; it takes {@link Optimizer#sumAccumulation()}, which steps along the plain
 * <em>sum</em>. With the wrong one of the two the data counts too little or too much, and the
 * penalty, which is never divided, is too strong or too weak beside it.
 *
 * <p>A penalty belongs to the parameters, not to an example, and so to the step, once. In a sum
 * over K examples, each with the penalty in its loss, it pulls K times too hard; in a mean it comes
 * out right only if every example has it. So {@link #add} refuses a loss that contains one, and
 * {@link #penalize} takes it once per step. Coupled and decoupled regularizers of the optimizer's
 * groups count once per step by themselves. Not thread-safe.
 */
public final class Accumulation {

  private final Optimizer optimizer;
  private final boolean mean;
  private final GradientSum sum = new GradientSum();
  private final GradientSum penalties = new GradientSum();
  private int examples;
  private boolean penalized;

  Accumulation(Optimizer optimizer, boolean mean) {
    this.optimizer = optimizer;
    this.mean = mean;
  }

  /**
   * Adds the gradient of one example's loss.
   *
   * @param loss a 1×1 variable that contains no penalty
   * @return this accumulation
   * @throws IllegalArgumentException if a penalty went into the loss
   * @throws ArithmeticException if its value is NaN or infinite; nothing has been added then
   */
  @CanIgnoreReturnValue
  public Accumulation add(Variable loss) {
    if (loss.isPenalty()) {
      throw new IllegalArgumentException(
          "accumulation: the loss of an example contains a penalty, which belongs to the step, once"
              + " (summed over K examples it would pull K times too hard, averaged it would be right"
              + " only if every example had it). Leave it out of the loss and call penalize(penalty)"
              + " once per step, or give a coupled regularizer to the optimizer's group.");
    }
    Gradients gradients = loss.tape().gradients(loss);
    requireFinite("the loss of example " + (examples + 1), loss.toDouble());
    sum.add(gradients, 1.0);
    examples++;
    return this;
  }

  /**
   * Adds the gradient of one example's objective.
   *
   * @param objective an objective without penalty terms
   * @return this accumulation
   * @throws IllegalArgumentException if one of its terms is a penalty
   */
  @CanIgnoreReturnValue
  public Accumulation add(Objective objective) {
    return add(objective.total());
  }

  /**
   * Adds the penalty of this step: all of it, once, and never divided. Whether data went into the
   * value as well cannot be seen: pass {@code regularizer.penalty(tape)} and not the loss plus it,
   * or else the data of this value counts as a whole step's.
   *
   * @param penalty a 1×1 variable, the sum of all penalties and nothing else
   * @return this accumulation
   * @throws IllegalStateException if there is one already
   * @throws IllegalArgumentException if no penalty went into it
   * @throws ArithmeticException if its value is NaN or infinite; nothing has been added then
   */
  @CanIgnoreReturnValue
  public Accumulation penalize(Variable penalty) {
    if (penalized) {
      throw new IllegalStateException(
          "accumulation: this step has its penalty already (once per step). Add several penalties up"
              + " and pass their sum.");
    }
    if (!penalty.isPenalty()) {
      throw new IllegalArgumentException(
          "accumulation: this is not a penalty. Use regularizer.penalty(tape), or mark your own with"
              + " asPenalty(); the loss of an example goes to add(loss).");
    }
    Gradients gradients = penalty.tape().gradients(penalty);
    requireFinite("the penalty", penalty.toDouble());
    penalties.add(gradients, 1.0);
    penalized = true;
    return this;
  }

  private static void requireFinite(String what, double value) {
    if (!Double.isFinite(value)) {
      throw new ArithmeticException(
          "accumulation: "
              + what
              + " is "
              + value
              + ", so its gradient would spoil the weights; nothing was added. A debug tape shows"
              + " where the first NaN or infinity is made.");
    }
  }

  /**
   * How many examples have been added since the last step.
   *
   * @return the number that a mean will be divided by
   */
  public int examples() {
    return examples;
  }

  /**
   * Steps along the mean or the sum of the examples' gradients plus the gradient of the penalty,
   * and starts again from nothing, even if the step is refused.
   *
   * @throws IllegalStateException if no example was added; a penalty is kept then
   */
  public void step() {
    if (examples == 0) {
      throw new IllegalStateException(
          "accumulation: no example was added, so there is no "
              + (mean ? "mean" : "sum")
              + ". Call add(loss) first.");
    }
    try {
      if (mean) {
        sum.scale(1.0 / examples);
      }
      sum.add(penalties.gradients(), 1.0);
      optimizer.step(sum.gradients());
    } finally {
      sum.clear();
      penalties.clear();
      examples = 0;
      penalized = false;
    }
  }

  @Override
  public String toString() {
    return "accumulation: "
        + (mean ? "mean" : "sum")
        + " of "
        + examples
        + " examples"
        + (penalized ? " and a penalty" : "");
  }
}
