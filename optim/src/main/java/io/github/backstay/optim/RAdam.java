package io.github.backstay.optim;

import java.util.List;

/**
 * RAdam, Adam whose steps are held back while few gradients have been seen (Liu et al. 2020,
 * algorithm 2), as PyTorch's {@code RAdam}. In step t:
 *
 * <pre>{@code
 * g ← g + weightDecay·w
 * m ← β1·m + (1 − β1)·g
 * v ← β2·v + (1 − β2)·g²
 * ρ∞ = 2/(1 − β2) − 1                  ρ = ρ∞ − 2t·β2ᵗ/(1 − β2ᵗ)
 * if ρ > 5:  r = √((ρ − 4)(ρ − 2)ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)ρ))
 *            w ← w − η·r·√(1 − β2ᵗ) · m/(1 − β1ᵗ) / (√v + epsilon)
 * else:      w ← w − η · m/(1 − β1ᵗ)
 * }</pre>
 *
 * <p>The paper's limit is 4, PyTorch's is 5. Epsilon is added before the bias correction, unlike in
 * {@link Adam}. The weight decay is coupled and pulls to <em>zero</em>; to hold weights at an
 * anchor use a regularizer.
 *
 * @param learningRate η, at least 0
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon added to the denominator, greater than 0
 * @param weightDecay λ of the coupled pull to zero, at least 0
 */
public record RAdam(
    double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
    implements UpdateRule {

  /** PyTorch's defaults: η 1e-3, β1 0.9, β2 0.999, epsilon 1e-8, no decay. */
  public static final RAdam DEFAULT = new RAdam(1e-3, 0.9, 0.999, 1e-8, 0.0);

  /** Up to this ρ there is nothing to divide by. */
  private static final double LARGEST_PLAIN = 5.0;

  private static final List<Slot> MOMENTS = List.of(Slot.zeros("m"), Slot.zeros("v"));

  /**
   * Checks the values.
   *
   * @param learningRate η, at least 0
   * @param beta1 decay of the first moment, in [0, 1)
   * @param beta2 decay of the second moment, in [0, 1)
   * @param epsilon added to the denominator, greater than 0
   * @param weightDecay λ of the coupled pull to zero, at least 0
   */
  public RAdam {
    Hyper.requireNotNegative("RAdam", "learningRate", learningRate);
    Hyper.requireFraction("RAdam", "beta1", beta1);
    Hyper.requireFraction("RAdam", "beta2", beta2);
    Hyper.requirePositive("RAdam", "epsilon", epsilon);
    Hyper.requireNotNegative("RAdam", "weightDecay", weightDecay);
  }

  /**
   * RAdam with PyTorch's defaults.
   *
   * @param learningRate η
   * @return the rule
   */
  public static RAdam of(double learningRate) {
    return DEFAULT.withLearningRate(learningRate);
  }

  /**
   * The same rule with another learning rate.
   *
   * @param rate η
   * @return the rule
   */
  public RAdam withLearningRate(double rate) {
    return new RAdam(rate, beta1, beta2, epsilon, weightDecay);
  }

  /**
   * The same rule with other decays of the moments.
   *
   * @param newBeta1 of the first
   * @param newBeta2 of the second
   * @return the rule
   */
  public RAdam withBetas(double newBeta1, double newBeta2) {
    return new RAdam(learningRate, newBeta1, newBeta2, epsilon, weightDecay);
  }

  /**
   * The same rule with another epsilon.
   *
   * @param newEpsilon added to the denominator
   * @return the rule
   */
  public RAdam withEpsilon(double newEpsilon) {
    return new RAdam(learningRate, beta1, beta2, newEpsilon, weightDecay);
  }

  /**
   * The same rule with a coupled pull to zero.
   *
   * @param newWeightDecay λ
   * @return the rule
   */
  public RAdam withWeightDecay(double newWeightDecay) {
    return new RAdam(learningRate, beta1, beta2, epsilon, newWeightDecay);
  }

  @Override
  public List<Slot> slots() {
    return MOMENTS;
  }

  @Override
  public boolean rests() {
    return weightDecay == 0.0;
  }

  /** From some step on, unless ρ never grows beyond the limit: β2 must be greater than ⅔. */
  @Override
  public boolean isAdaptive() {
    return limit() > LARGEST_PLAIN;
  }

  /** ρ after infinitely many steps. */
  private double limit() {
    return 2.0 / (1.0 - beta2) - 1.0;
  }

  @Override
  public int stepsToRest() {
    return weightDecay == 0.0 ? Hyper.stepsUntilNothingIsLeft(beta1 / Math.sqrt(beta2)) : -1;
  }

  @Override
  public void rest(double[][] slots, int from, int to, long steps) {
    Hyper.scale(slots[0], from, to, StrictMath.pow(beta1, (double) steps));
    Hyper.scale(slots[1], from, to, StrictMath.pow(beta2, (double) steps));
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
    double[] m = slots[0];
    double[] v = slots[1];
    double corrected = rate / (1.0 - StrictMath.pow(beta1, (double) step));
    double logOfKept = (double) step * StrictMath.log(beta2);
    double forgotten =
        -StrictMath.expm1(logOfKept); // 1 − β2ᵗ with all its digits: ρ is a difference
    double limit = limit();
    double length = limit - 2.0 * (double) step * StrictMath.exp(logOfKept) / forgotten;
    boolean adapts = length > LARGEST_PLAIN;
    if (adapts) {
      double rectification =
          (length - 4.0) * (length - 2.0) * limit / ((limit - 4.0) * (limit - 2.0) * length);
      corrected *= Math.sqrt(rectification * forgotten);
    }
    for (int i = from; i < to; i++) {
      double g = gradient[i] + weightDecay * weight[i];
      m[i] = beta1 * m[i] + (1.0 - beta1) * g;
      v[i] = beta2 * v[i] + (1.0 - beta2) * g * g;
      weight[i] -= corrected * m[i] / (adapts ? Math.sqrt(v[i]) + epsilon : 1.0);
    }
  }
}
