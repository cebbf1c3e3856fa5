package io.github.backstay.optim;

import java.util.List;

/**
 * Adagrad (Duchi, Hazan and Singer 2011, figure 1, diagonal form), as PyTorch's {@code Adagrad}. In
 * step t:
 *
 * <pre>{@code
 * g ← g + weightDecay·w
 * s ← s + g²                                    (s starts from initialAccumulator)
 * w ← w − η/(1 + (t − 1)·learningRateDecay) · g / (√s + epsilon)
 * }</pre>
 *
 * <p>The decay of the learning rate counts the steps of the parameter, so it goes on top of a
 * {@link Schedule}, which counts those of the optimizer. The weight decay is coupled and pulls to
 * <em>zero</em>; to hold weights at an anchor use a regularizer.
 *
 * @param learningRate η, at least 0
 * @param learningRateDecay how much a step adds to what η is divided by, at least 0
 * @param initialAccumulator what every sum of squares starts from, at least 0
 * @param epsilon added to the root, greater than 0
 * @param weightDecay λ of the coupled pull to zero, at least 0
 */
public record Adagrad(
    double learningRate,
    double learningRateDecay,
    double initialAccumulator,
    double epsilon,
    double weightDecay)
    implements UpdateRule {

  /** PyTorch's defaults: η 1e-2, epsilon 1e-10, everything else 0. */
  public static final Adagrad DEFAULT = new Adagrad(1e-2, 0.0, 0.0, 1e-10, 0.0);

  /**
   * Checks the values.
   *
   * @param learningRate η, at least 0
   * @param learningRateDecay how much a step adds to what η is divided by, at least 0
   * @param initialAccumulator what every sum of squares starts from, at least 0
   * @param epsilon added to the root, greater than 0
   * @param weightDecay λ of the coupled pull to zero, at least 0
   */
  public Adagrad {
    Hyper.requireNotNegative("Adagrad", "learningRate", learningRate);
    Hyper.requireNotNegative("Adagrad", "learningRateDecay", learningRateDecay);
    Hyper.requireNotNegative("Adagrad", "initialAccumulator", initialAccumulator);
    Hyper.requirePositive("Adagrad", "epsilon", epsilon);
    Hyper.requireNotNegative("Adagrad", "weightDecay", weightDecay);
  }

  /**
   * Adagrad with PyTorch's defaults.
   *
   * @param learningRate η
   * @return the rule
   */
  public static Adagrad of(double learningRate) {
    return DEFAULT.withLearningRate(learningRate);
  }

  /**
   * The same rule with another learning rate.
   *
   * @param rate η
   * @return the rule
   */
  public Adagrad withLearningRate(double rate) {
    return new Adagrad(rate, learningRateDecay, initialAccumulator, epsilon, weightDecay);
  }

  /**
   * The same rule with another decay of the learning rate.
   *
   * @param newLearningRateDecay how much a step adds to what η is divided by
   * @return the rule
   */
  public Adagrad withLearningRateDecay(double newLearningRateDecay) {
    return new Adagrad(
        learningRate, newLearningRateDecay, initialAccumulator, epsilon, weightDecay);
  }

  /**
   * The same rule with sums that start elsewhere.
   *
   * @param newInitialAccumulator what every sum of squares starts from
   * @return the rule
   */
  public Adagrad withInitialAccumulator(double newInitialAccumulator) {
    return new Adagrad(
        learningRate, learningRateDecay, newInitialAccumulator, epsilon, weightDecay);
  }

  /**
   * The same rule with another epsilon.
   *
   * @param newEpsilon added to the root
   * @return the rule
   */
  public Adagrad withEpsilon(double newEpsilon) {
    return new Adagrad(
        learningRate, learningRateDecay, initialAccumulator, newEpsilon, weightDecay);
  }

  /**
   * The same rule with a coupled pull to zero.
   *
   * @param newWeightDecay λ
   * @return the rule
   */
  public Adagrad withWeightDecay(double newWeightDecay) {
    return new Adagrad(
        learningRate, learningRateDecay, initialAccumulator, epsilon, newWeightDecay);
  }

  @Override
  public List<Slot> slots() {
    return List.of(new Slot("sum", initialAccumulator));
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
  public void update(
      double[] weight,
      double[] gradient,
      double[][] slots,
      int from,
      int to,
      long step,
      double rate) {
    double[] s = slots[0];
    double decayed = rate / (1.0 + (step - 1) * learningRateDecay);
    for (int i = from; i < to; i++) {
      double g = gradient[i] + weightDecay * weight[i];
      s[i] += g * g;
      weight[i] -= decayed * g / (Math.sqrt(s[i]) + epsilon);
    }
  }
}
