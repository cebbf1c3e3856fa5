package io.github.backstay.optim;

import java.util.List;

/**
 * Adam (Kingma and Ba 2015, algorithm 1), with AMSGrad (Reddi et al. 2018) and weight decay in
 * either form, as PyTorch's {@code Adam} and {@code AdamW}. In step t:
 *
 * <pre>{@code
 * g ← −g                                    if maximize
 * w ← (1 − η·weightDecay)·w                 if decoupled   (Loshchilov and Hutter 2019)
 * g ← g + weightDecay·w                     if coupled
 * m ← β1·m + (1 − β1)·g
 * v ← β2·v + (1 − β2)·g²
 * u ← v, or u ← max(u, v) with amsgrad
 * w ← w − η/(1 − β1ᵗ) · m / (√u/√(1 − β2ᵗ) + epsilon)
 * }</pre>
 *
 * <p>The learning rate multiplies a decoupled decay; epsilon stands outside the root and after the
 * bias correction. Either decay pulls to <em>zero</em>, not to the initial value; to hold weights
 * at an anchor use a regularizer.
 *
 * @param learningRate η, at least 0
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon added to the denominator, greater than 0
 * @param weightDecay λ of the pull to zero, at least 0
 * @param decoupled whether the weight decay bypasses the moments
 * @param amsgrad whether the denominator may only grow
 * @param maximize whether to go up the gradient
 */
public record Adam(
    double learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    boolean decoupled,
    boolean amsgrad,
    boolean maximize)
    implements UpdateRule {

  /** PyTorch's defaults: η 1e-3, β1 0.9, β2 0.999, epsilon 1e-8, no decay. */
  public static final Adam DEFAULT = new Adam(1e-3, 0.9, 0.999, 1e-8, 0.0, false, false, false);

  private static final List<Slot> MOMENTS = List.of(Slot.zeros("m"), Slot.zeros("v"));
  private static final List<Slot> MOMENTS_AND_MAXIMUM =
      List.of(Slot.zeros("m"), Slot.zeros("v"), Slot.zeros("vMax"));

  /**
   * Checks the values.
   *
   * @param learningRate η, at least 0
   * @param beta1 decay of the first moment, in [0, 1)
   * @param beta2 decay of the second moment, in [0, 1)
   * @param epsilon added to the denominator, greater than 0
   * @param weightDecay λ of the pull to zero, at least 0
   * @param decoupled whether the weight decay bypasses the moments
   * @param amsgrad whether the denominator may only grow
   * @param maximize whether to go up the gradient
   */
  public Adam {
    Hyper.requireNotNegative("Adam", "learningRate", learningRate);
    Hyper.requireFraction("Adam", "beta1", beta1);
    Hyper.requireFraction("Adam", "beta2", beta2);
    Hyper.requirePositive("Adam", "epsilon", epsilon);
    Hyper.requireNotNegative("Adam", "weightDecay", weightDecay);
  }

  /**
   * Adam with PyTorch's defaults.
   *
   * @param learningRate η
   * @return the rule
   */
  public static Adam of(double learningRate) {
    return DEFAULT.withLearningRate(learningRate);
  }

  /**
   * AdamW: a decoupled pull to zero.
   *
   * @param learningRate η
   * @param weightDecay λ; PyTorch's default is 0.01
   * @return the rule
   */
  public static Adam adamW(double learningRate, double weightDecay) {
    return of(learningRate).withDecoupledWeightDecay(weightDecay);
  }

  /**
   * The same rule with another learning rate.
   *
   * @param rate η
   * @return the rule
   */
  public Adam withLearningRate(double rate) {
    return new Adam(rate, beta1, beta2, epsilon, weightDecay, decoupled, amsgrad, maximize);
  }

  /**
   * The same rule with other decays of the moments.
   *
   * @param newBeta1 of the first
   * @param newBeta2 of the second
   * @return the rule
   */
  public Adam withBetas(double newBeta1, double newBeta2) {
    return new Adam(
        learningRate, newBeta1, newBeta2, epsilon, weightDecay, decoupled, amsgrad, maximize);
  }

  /**
   * The same rule with another epsilon.
   *
   * @param newEpsilon added to the denominator
   * @return the rule
   */
  public Adam withEpsilon(double newEpsilon) {
    return new Adam(
        learningRate, beta1, beta2, newEpsilon, weightDecay, decoupled, amsgrad, maximize);
  }

  /**
   * The same rule with a pull to zero that goes through the moments.
   *
   * @param newWeightDecay λ
   * @return the rule
   */
  public Adam withWeightDecay(double newWeightDecay) {
    return new Adam(learningRate, beta1, beta2, epsilon, newWeightDecay, false, amsgrad, maximize);
  }

  /**
   * The same rule with a pull to zero that bypasses the moments.
   *
   * @param newWeightDecay λ
   * @return the rule
   */
  public Adam withDecoupledWeightDecay(double newWeightDecay) {
    return new Adam(learningRate, beta1, beta2, epsilon, newWeightDecay, true, amsgrad, maximize);
  }

  /**
   * The same rule with AMSGrad.
   *
   * @return the rule
   */
  public Adam withAmsgrad() {
    return new Adam(learningRate, beta1, beta2, epsilon, weightDecay, decoupled, true, maximize);
  }

  /**
   * The same rule going up the gradient. Penalties in the loss are climbed with it and have to be
   * subtracted there; weight decay and the optimizer's regularizers still pull.
   *
   * @return the rule
   */
  public Adam withMaximize() {
    return new Adam(learningRate, beta1, beta2, epsilon, weightDecay, decoupled, amsgrad, true);
  }

  @Override
  public boolean maximizes() {
    return maximize;
  }

  @Override
  public List<Slot> slots() {
    return amsgrad ? MOMENTS_AND_MAXIMUM : MOMENTS;
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
    double decay = amsgrad ? beta1 : beta1 / Math.sqrt(beta2); // of m/√v
    return weightDecay == 0.0 ? Hyper.stepsUntilNothingIsLeft(decay) : -1;
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
    double b1 = beta1;
    double b2 = beta2;
    double corrected = rate / (1.0 - StrictMath.pow(b1, (double) step));
    double correction = Math.sqrt(1.0 - StrictMath.pow(b2, (double) step));
    double eps = epsilon;
    double sign = maximize ? -1.0 : 1.0;
    double coupledDecay = decoupled ? 0.0 : weightDecay;
    double kept = decoupled ? 1.0 - rate * weightDecay : 1.0;
    if (amsgrad) {
      double[] u = slots[2];
      for (int i = from; i < to; i++) {
        double w = kept * weight[i];
        double g = 0.0 + sign * gradient[i] + coupledDecay * w; // 0 + −0 is 0
        m[i] = b1 * m[i] + (1.0 - b1) * g;
        v[i] = b2 * v[i] + (1.0 - b2) * g * g;
        u[i] = Math.max(u[i], v[i]);
        weight[i] = w - corrected * m[i] / (Math.sqrt(u[i]) / correction + eps);
      }
    } else {
      for (int i = from; i < to; i++) {
        double w = kept * weight[i];
        double g = 0.0 + sign * gradient[i] + coupledDecay * w;
        double mi = b1 * m[i] + (1.0 - b1) * g;
        double vi = b2 * v[i] + (1.0 - b2) * g * g;
        m[i] = mi;
        v[i] = vi;
        weight[i] = w - corrected * mi / (Math.sqrt(vi) / correction + eps);
      }
    }
  }
}
