package io.github.backstay.optim;

import java.util.List;

/**
 * Adamax (Kingma and Ba 2015, algorithm 2), as PyTorch's {@code Adamax}. In step t:
 *
 * <pre>{@code
 * g ← g + weightDecay·w
 * m ← β1·m + (1 − β1)·g
 * u ← max(β2·u, |g| + epsilon)
 * w ← w − η/(1 − β1ᵗ) · m / u
 * }</pre>
 *
 * <p>The paper has no epsilon. PyTorch lets u start from 0; here it starts from epsilon, which is
 * what a gradient of 0 makes of it at once, so that the path is the same and untouched entries
 * rest. The weight decay is coupled and pulls to <em>zero</em>; to hold weights at an anchor use a
 * regularizer.
 *
 * @param learningRate η, at least 0
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the largest gradient, in [0, 1)
 * @param epsilon added to the size of each gradient, greater than 0
 * @param weightDecay λ of the coupled pull to zero, at least 0
 */
public record Adamax(
    double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
    implements UpdateRule {

  /** PyTorch's defaults: η 2e-3, β1 0.9, β2 0.999, epsilon 1e-8, no decay. */
  public static final Adamax DEFAULT = new Adamax(2e-3, 0.9, 0.999, 1e-8, 0.0);

  /**
   * Checks the values.
   *
   * @param learningRate η, at least 0
   * @param beta1 decay of the first moment, in [0, 1)
   * @param beta2 decay of the largest gradient, in [0, 1)
   * @param epsilon added to the size of each gradient, greater than 0
   * @param weightDecay λ of the coupled pull to zero, at least 0
   */
  public Adamax {
    Hyper.requireNotNegative("Adamax", "learningRate", learningRate);
    Hyper.requireFraction("Adamax", "beta1", beta1);
    Hyper.requireFraction("Adamax", "beta2", beta2);
    Hyper.requirePositive("Adamax", "epsilon", epsilon);
    Hyper.requireNotNegative("Adamax", "weightDecay", weightDecay);
  }

  /**
   * Adamax with PyTorch's defaults.
   *
   * @param learningRate η
   * @return the rule
   */
  public static Adamax of(double learningRate) {
    return DEFAULT.withLearningRate(learningRate);
  }

  /**
   * The same rule with another learning rate.
   *
   * @param rate η
   * @return the rule
   */
  public Adamax withLearningRate(double rate) {
    return new Adamax(rate, beta1, beta2, epsilon, weightDecay);
  }

  /**
   * The same rule with other decays.
   *
   * @param newBeta1 of the first moment
   * @param newBeta2 of the largest gradient
   * @return the rule
   */
  public Adamax withBetas(double newBeta1, double newBeta2) {
    return new Adamax(learningRate, newBeta1, newBeta2, epsilon, weightDecay);
  }

  /**
   * The same rule with another epsilon.
   *
   * @param newEpsilon added to the size of each gradient
   * @return the rule
   */
  public Adamax withEpsilon(double newEpsilon) {
    return new Adamax(learningRate, beta1, beta2, newEpsilon, weightDecay);
  }

  /**
   * The same rule with a coupled pull to zero.
   *
   * @param newWeightDecay λ
   * @return the rule
   */
  public Adamax withWeightDecay(double newWeightDecay) {
    return new Adamax(learningRate, beta1, beta2, epsilon, newWeightDecay);
  }

  @Override
  public List<Slot> slots() {
    return List.of(Slot.zeros("m"), new Slot("u", epsilon));
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
    return weightDecay == 0.0 ? Hyper.stepsUntilNothingIsLeft(beta1 / beta2) : -1;
  }

  @Override
  public void rest(double[][] slots, int from, int to, long steps) {
    Hyper.scale(slots[0], from, to, StrictMath.pow(beta1, (double) steps));
    double kept = StrictMath.pow(beta2, (double) steps);
    for (int i = from; i < to; i++) {
      slots[1][i] = Math.max(kept * slots[1][i], epsilon);
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
    double[] m = slots[0];
    double[] u = slots[1];
    double corrected = rate / (1.0 - StrictMath.pow(beta1, (double) step));
    for (int i = from; i < to; i++) {
      double g = gradient[i] + weightDecay * weight[i];
      m[i] = beta1 * m[i] + (1.0 - beta1) * g;
      u[i] = Math.max(beta2 * u[i], Math.abs(g) + epsilon);
      weight[i] -= corrected * m[i] / u[i];
    }
  }
}
