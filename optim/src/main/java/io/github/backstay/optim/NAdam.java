package io.github.backstay.optim;

import java.util.List;

/**
 * NAdam, Adam with Nesterov's look-ahead (Dozat 2016, algorithm 2), as PyTorch's {@code NAdam}
 * documents it. In step t:
 *
 * <pre>{@code
 * g ← g + weightDecay·w
 * m ← β1·m + (1 − β1)·g
 * v ← β2·v + (1 − β2)·g²
 * μₜ = β1·(1 − ½·0.96^(t·momentumDecay))           Pₜ = μ₁·μ₂·…·μₜ
 * d = √(v/(1 − β2ᵗ)) + epsilon
 * w ← w − η·((1 − μₜ)/(1 − Pₜ)·g + μₜ₊₁/(1 − Pₜ₊₁)·m) / d
 * }</pre>
 *
 * <p>PyTorch remembers Pₜ; here it is found from t alone, so that nothing is remembered that
 * changes without a gradient. With {@code q = 0.96^momentumDecay} its logarithm is
 *
 * <pre>{@code
 * ln Pₜ = t·ln β1 + Σₛ ln(1 − ½qˢ) = t·ln β1 − Σₖ (½q)ᵏ/k · (1 − qᵗᵏ)/(1 − qᵏ)
 * }</pre>
 *
 * <p>(the series of the logarithm, summed over the steps first), of which some fifty terms are all
 * that a double can hold, whatever t is. The weight decay is coupled and pulls to <em>zero</em>; to
 * hold weights at an anchor use a regularizer.
 *
 * @param learningRate η, at least 0
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon added to the denominator, greater than 0
 * @param momentumDecay how fast μ rises from about β1/2 to β1, at least 0
 * @param weightDecay λ of the coupled pull to zero, at least 0
 */
public record NAdam(
    double learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double momentumDecay,
    double weightDecay)
    implements UpdateRule {

  /** PyTorch's defaults: η 2e-3, β1 0.9, β2 0.999, epsilon 1e-8, momentumDecay 4e-3, no decay. */
  public static final NAdam DEFAULT = new NAdam(2e-3, 0.9, 0.999, 1e-8, 4e-3, 0.0);

  private static final List<Slot> MOMENTS = List.of(Slot.zeros("m"), Slot.zeros("v"));
  private static final double LOG_OF_BASE = StrictMath.log(0.96);

  /**
   * Checks the values.
   *
   * @param learningRate η, at least 0
   * @param beta1 decay of the first moment, in [0, 1)
   * @param beta2 decay of the second moment, in [0, 1)
   * @param epsilon added to the denominator, greater than 0
   * @param momentumDecay how fast μ rises from about β1/2 to β1, at least 0
   * @param weightDecay λ of the coupled pull to zero, at least 0
   */
  public NAdam {
    Hyper.requireNotNegative("NAdam", "learningRate", learningRate);
    Hyper.requireFraction("NAdam", "beta1", beta1);
    Hyper.requireFraction("NAdam", "beta2", beta2);
    Hyper.requirePositive("NAdam", "epsilon", epsilon);
    Hyper.requireNotNegative("NAdam", "momentumDecay", momentumDecay);
    Hyper.requireNotNegative("NAdam", "weightDecay", weightDecay);
  }

  /**
   * NAdam with PyTorch's defaults.
   *
   * @param learningRate η
   * @return the rule
   */
  public static NAdam of(double learningRate) {
    return DEFAULT.withLearningRate(learningRate);
  }

  /**
   * The same rule with another learning rate.
   *
   * @param rate η
   * @return the rule
   */
  public NAdam withLearningRate(double rate) {
    return new NAdam(rate, beta1, beta2, epsilon, momentumDecay, weightDecay);
  }

  /**
   * The same rule with other decays of the moments.
   *
   * @param newBeta1 of the first
   * @param newBeta2 of the second
   * @return the rule
   */
  public NAdam withBetas(double newBeta1, double newBeta2) {
    return new NAdam(learningRate, newBeta1, newBeta2, epsilon, momentumDecay, weightDecay);
  }

  /**
   * The same rule with another epsilon.
   *
   * @param newEpsilon added to the denominator
   * @return the rule
   */
  public NAdam withEpsilon(double newEpsilon) {
    return new NAdam(learningRate, beta1, beta2, newEpsilon, momentumDecay, weightDecay);
  }

  /**
   * The same rule with another rise of μ.
   *
   * @param newMomentumDecay how fast it rises
   * @return the rule
   */
  public NAdam withMomentumDecay(double newMomentumDecay) {
    return new NAdam(learningRate, beta1, beta2, epsilon, newMomentumDecay, weightDecay);
  }

  /**
   * The same rule with a coupled pull to zero.
   *
   * @param newWeightDecay λ
   * @return the rule
   */
  public NAdam withWeightDecay(double newWeightDecay) {
    return new NAdam(learningRate, beta1, beta2, epsilon, momentumDecay, newWeightDecay);
  }

  @Override
  public List<Slot> slots() {
    return MOMENTS;
  }

  @Override
  public boolean rests() {
    return weightDecay == 0.0;
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

  /** μₜ. */
  private double momentum(double t) {
    return beta1 * (1.0 - 0.5 * StrictMath.exp(t * momentumDecay * LOG_OF_BASE));
  }

  /** Pₜ. */
  private double productOfMomenta(double t) {
    double logOfQ = momentumDecay * LOG_OF_BASE;
    double q = StrictMath.exp(logOfQ);
    double qToT = StrictMath.exp(t * logOfQ);
    double first = -StrictMath.expm1(logOfQ);
    double firstToT = -StrictMath.expm1(t * logOfQ);
    double below = first; // 1 − qᵏ and 1 − qᵗᵏ as sums of positive numbers: nothing cancels
    double above = firstToT;
    double power = 0.5 * q;
    double sum = 0.0;
    for (int k = 1; k <= 60; k++) {
      sum += power / k * (first == 0.0 ? t : above / below);
      power *= 0.5 * q;
      below = first + q * below;
      above = firstToT + qToT * above;
    }
    return StrictMath.pow(beta1, t) * StrictMath.exp(-sum);
  }

  @Override
  public boolean isAdaptive() {
    return true;
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
    double now = momentum((double) step);
    double next = momentum(step + 1.0);
    double product = productOfMomenta((double) step);
    double ofGradient = rate * (1.0 - now) / (1.0 - product);
    double ofMoment = rate * next / (1.0 - product * next);
    double correction = Math.sqrt(1.0 - StrictMath.pow(beta2, (double) step));
    for (int i = from; i < to; i++) {
      double g = gradient[i] + weightDecay * weight[i];
      m[i] = beta1 * m[i] + (1.0 - beta1) * g;
      v[i] = beta2 * v[i] + (1.0 - beta2) * g * g;
      double d = Math.sqrt(v[i]) / correction + epsilon;
      weight[i] -= (ofGradient * g + ofMoment * m[i]) / d;
    }
  }
}
