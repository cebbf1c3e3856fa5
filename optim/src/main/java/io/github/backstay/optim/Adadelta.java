package io.github.backstay.optim;

import java.util.List;

/**
 * Adadelta (Zeiler 2012, algorithm 1), as PyTorch's {@code Adadelta}:
 *
 * <pre>{@code
 * g ← g + weightDecay·w
 * v ← rho·v + (1 − rho)·g²
 * δ = √(u + epsilon) / √(v + epsilon) · g
 * u ← rho·u + (1 − rho)·δ²
 * w ← w − η·δ
 * }</pre>
 *
 * <p>Epsilon stands inside both roots; √epsilon is the size of the first steps. The paper has no
 * learning rate: its η is 1. The weight decay is coupled and pulls to <em>zero</em>; to hold
 * weights at an anchor use a regularizer.
 *
 * @param learningRate η, at least 0
 * @param rho decay of both means, in [0, 1)
 * @param epsilon added inside the roots, greater than 0
 * @param weightDecay λ of the coupled pull to zero, at least 0
 */
public record Adadelta(double learningRate, double rho, double epsilon, double weightDecay)
    implements UpdateRule {

  /** PyTorch's defaults: η 1, rho 0.9, epsilon 1e-6, no decay. */
  public static final Adadelta DEFAULT = new Adadelta(1.0, 0.9, 1e-6, 0.0);

  private static final List<Slot> MEANS = List.of(Slot.zeros("v"), Slot.zeros("u"));

  /**
   * Checks the values.
   *
   * @param learningRate η, at least 0
   * @param rho decay of both means, in [0, 1)
   * @param epsilon added inside the roots, greater than 0
   * @param weightDecay λ of the coupled pull to zero, at least 0
   */
  public Adadelta {
    Hyper.requireNotNegative("Adadelta", "learningRate", learningRate);
    Hyper.requireFraction("Adadelta", "rho", rho);
    Hyper.requirePositive("Adadelta", "epsilon", epsilon);
    Hyper.requireNotNegative("Adadelta", "weightDecay", weightDecay);
  }

  /**
   * Adadelta with PyTorch's defaults.
   *
   * @param learningRate η; 1 in the paper
   * @return the rule
   */
  public static Adadelta of(double learningRate) {
    return DEFAULT.withLearningRate(learningRate);
  }

  /**
   * The same rule with another learning rate.
   *
   * @param rate η
   * @return the rule
   */
  public Adadelta withLearningRate(double rate) {
    return new Adadelta(rate, rho, epsilon, weightDecay);
  }

  /**
   * The same rule with another decay of the means.
   *
   * @param newRho their decay
   * @return the rule
   */
  public Adadelta withRho(double newRho) {
    return new Adadelta(learningRate, newRho, epsilon, weightDecay);
  }

  /**
   * The same rule with another epsilon.
   *
   * @param newEpsilon added inside the roots
   * @return the rule
   */
  public Adadelta withEpsilon(double newEpsilon) {
    return new Adadelta(learningRate, rho, newEpsilon, weightDecay);
  }

  /**
   * The same rule with a coupled pull to zero.
   *
   * @param newWeightDecay λ
   * @return the rule
   */
  public Adadelta withWeightDecay(double newWeightDecay) {
    return new Adadelta(learningRate, rho, epsilon, newWeightDecay);
  }

  @Override
  public List<Slot> slots() {
    return MEANS;
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
    return weightDecay == 0.0 ? 0 : -1;
  }

  @Override
  public void rest(double[][] slots, int from, int to, long steps) {
    for (double[] slot : slots) {
      Hyper.scale(slot, from, to, StrictMath.pow(rho, (double) steps));
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
    double[] u = slots[1];
    for (int i = from; i < to; i++) {
      double g = gradient[i] + weightDecay * weight[i];
      v[i] = rho * v[i] + (1.0 - rho) * g * g;
      double delta = Math.sqrt(u[i] + epsilon) / Math.sqrt(v[i] + epsilon) * g;
      u[i] = rho * u[i] + (1.0 - rho) * delta * delta;
      weight[i] -= rate * delta;
    }
  }
}
