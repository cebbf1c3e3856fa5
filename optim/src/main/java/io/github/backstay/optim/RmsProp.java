package io.github.backstay.optim;

import java.util.ArrayList;
import java.util.List;

/**
 * RMSprop (Tieleman and Hinton 2012, lecture 6.5), centered as in Graves 2013, as PyTorch's {@code
 * RMSprop}:
 *
 * <pre>{@code
 * g ← g + weightDecay·w
 * v ← alpha·v + (1 − alpha)·g²
 * a ← alpha·a + (1 − alpha)·g                      if centered
 * d = √v + epsilon, or √(v − a²) + epsilon         if centered
 * b ← momentum·b + g/d                             (g/d itself without momentum)
 * w ← w − η·b
 * }</pre>
 *
 * <p>Epsilon stands outside the root, and there is no bias correction. v − a² is a variance; where
 * rounding makes it negative it counts as 0. The weight decay is coupled and pulls to
 * <em>zero</em>; to hold weights at an anchor use a regularizer.
 *
 * @param learningRate η, at least 0
 * @param alpha decay of the means, in [0, 1)
 * @param epsilon added to the root, greater than 0
 * @param centered whether the mean gradient is taken off
 * @param momentum μ, at least 0
 * @param weightDecay λ of the coupled pull to zero, at least 0
 */
public record RmsProp(
    double learningRate,
    double alpha,
    double epsilon,
    boolean centered,
    double momentum,
    double weightDecay)
    implements UpdateRule {

  /** PyTorch's defaults: η 1e-2, alpha 0.99, epsilon 1e-8, everything else off. */
  public static final RmsProp DEFAULT = new RmsProp(1e-2, 0.99, 1e-8, false, 0.0, 0.0);

  /**
   * Checks the values.
   *
   * @param learningRate η, at least 0
   * @param alpha decay of the means, in [0, 1)
   * @param epsilon added to the root, greater than 0
   * @param centered whether the mean gradient is taken off
   * @param momentum μ, at least 0
   * @param weightDecay λ of the coupled pull to zero, at least 0
   */
  public RmsProp {
    Hyper.requireNotNegative("RMSprop", "learningRate", learningRate);
    Hyper.requireFraction("RMSprop", "alpha", alpha);
    Hyper.requirePositive("RMSprop", "epsilon", epsilon);
    Hyper.requireNotNegative("RMSprop", "momentum", momentum);
    Hyper.requireNotNegative("RMSprop", "weightDecay", weightDecay);
  }

  /**
   * RMSprop with PyTorch's defaults.
   *
   * @param learningRate η
   * @return the rule
   */
  public static RmsProp of(double learningRate) {
    return DEFAULT.withLearningRate(learningRate);
  }

  /**
   * The same rule with another learning rate.
   *
   * @param rate η
   * @return the rule
   */
  public RmsProp withLearningRate(double rate) {
    return new RmsProp(rate, alpha, epsilon, centered, momentum, weightDecay);
  }

  /**
   * The same rule with another decay of the means.
   *
   * @param newAlpha their decay
   * @return the rule
   */
  public RmsProp withAlpha(double newAlpha) {
    return new RmsProp(learningRate, newAlpha, epsilon, centered, momentum, weightDecay);
  }

  /**
   * The same rule with another epsilon.
   *
   * @param newEpsilon added to the root
   * @return the rule
   */
  public RmsProp withEpsilon(double newEpsilon) {
    return new RmsProp(learningRate, alpha, newEpsilon, centered, momentum, weightDecay);
  }

  /**
   * The same rule, dividing by the deviation from the mean gradient.
   *
   * @return the rule
   */
  public RmsProp withCentering() {
    return new RmsProp(learningRate, alpha, epsilon, true, momentum, weightDecay);
  }

  /**
   * The same rule with momentum.
   *
   * @param newMomentum μ
   * @return the rule
   */
  public RmsProp withMomentum(double newMomentum) {
    return new RmsProp(learningRate, alpha, epsilon, centered, newMomentum, weightDecay);
  }

  /**
   * The same rule with a coupled pull to zero.
   *
   * @param newWeightDecay λ
   * @return the rule
   */
  public RmsProp withWeightDecay(double newWeightDecay) {
    return new RmsProp(learningRate, alpha, epsilon, centered, momentum, newWeightDecay);
  }

  @Override
  public List<Slot> slots() {
    List<Slot> slots = new ArrayList<>(List.of(Slot.zeros("v")));
    if (centered) {
      slots.add(Slot.zeros("mean"));
    }
    if (momentum > 0.0) {
      slots.add(Slot.zeros("momentum"));
    }
    return slots;
  }

  @Override
  public boolean rests() {
    return weightDecay == 0.0;
  }

  @Override
  public boolean isAdaptive() {
    return true;
  }

  @Override
  public int stepsToRest() {
    return weightDecay == 0.0 ? Hyper.stepsUntilNothingIsLeft(momentum) : -1;
  }

  @Override
  public void rest(double[][] slots, int from, int to, long steps) {
    double kept = StrictMath.pow(alpha, (double) steps);
    Hyper.scale(slots[0], from, to, kept);
    if (centered) {
      Hyper.scale(slots[1], from, to, kept);
    }
    if (momentum > 0.0) {
      Hyper.scale(slots[slots.length - 1], from, to, StrictMath.pow(momentum, (double) steps));
    }
  }

  @Override
  public void update(
      double[] weight,
      double[] gradient,
      double[][] slots,
      int from,
      int to,
      long step,
      double rate) {
    double[] v = slots[0];
    double[] a = slots[centered ? 1 : 0];
    double[] b = slots[slots.length - 1];
    for (int i = from; i < to; i++) {
      double g = gradient[i] + weightDecay * weight[i];
      v[i] = alpha * v[i] + (1.0 - alpha) * g * g;
      double variance = v[i];
      if (centered) {
        a[i] = alpha * a[i] + (1.0 - alpha) * g;
        variance = Math.max(0.0, variance - a[i] * a[i]);
      }
      double scaled = g / (Math.sqrt(variance) + epsilon);
      if (momentum > 0.0) {
        b[i] = momentum * b[i] + scaled;
        scaled = b[i];
      }
      weight[i] -= rate * scaled;
    }
  }
}
