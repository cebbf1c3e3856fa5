package io.github.backstay.optim;

import java.util.List;

/**
 * Stochastic gradient descent with momentum, as PyTorch's {@code SGD}:
 *
 * <pre>{@code
 * g ← −g                                    if maximize
 * g ← g + weightDecay·w
 * b ← momentum·b + (1 − dampening)·g        (b ← g in the first step)
 * g ← g + momentum·b  if nesterov, else b   (g itself without momentum)
 * w ← w − η·g
 * }</pre>
 *
 * <p>The weight decay is coupled and pulls to <em>zero</em>: neither to the initial nor to the
 * previous value. To hold weights at an anchor use a regularizer.
 *
 * <p>Polyak 1964; Sutskever et al. 2013 for Nesterov's form.
 *
 * @param learningRate η, at least 0
 * @param momentum μ, at least 0
 * @param dampening how much of the new gradient momentum leaves out; 0 with {@code nesterov}
 * @param nesterov whether to look ahead; needs momentum
 * @param weightDecay λ of the coupled pull to zero, at least 0
 * @param maximize whether to go up the gradient
 */
public record Sgd(
    double learningRate,
    double momentum,
    double dampening,
    boolean nesterov,
    double weightDecay,
    boolean maximize)
    implements UpdateRule {

  private static final List<Slot> NONE = List.of();
  private static final List<Slot> MOMENTUM = List.of(Slot.zeros("momentum"));

  /**
   * Checks the values.
   *
   * @param learningRate η, at least 0
   * @param momentum μ, at least 0
   * @param dampening how much of the new gradient momentum leaves out; 0 with {@code nesterov}
   * @param nesterov whether to look ahead; needs momentum
   * @param weightDecay λ of the coupled pull to zero, at least 0
   * @param maximize whether to go up the gradient
   */
  public Sgd {
    Hyper.requireNotNegative("SGD", "learningRate", learningRate);
    Hyper.requireNotNegative("SGD", "momentum", momentum);
    Hyper.requireNotNegative("SGD", "weightDecay", weightDecay);
    if (Double.isNaN(dampening) || Double.isInfinite(dampening)) {
      throw new IllegalArgumentException("SGD: dampening must be finite, got " + dampening + ".");
    }
    if (nesterov && (momentum <= 0.0 || dampening != 0.0)) {
      throw new IllegalArgumentException(
          "SGD: nesterov needs a momentum and no dampening, got momentum "
              + momentum
              + " and dampening "
              + dampening
              + ".");
    }
  }

  /**
   * Plain gradient descent.
   *
   * @param learningRate η
   * @return the rule, everything else off
   */
  public static Sgd of(double learningRate) {
    return new Sgd(learningRate, 0.0, 0.0, false, 0.0, false);
  }

  /**
   * The same rule with another learning rate.
   *
   * @param rate η
   * @return the rule
   */
  public Sgd withLearningRate(double rate) {
    return new Sgd(rate, momentum, dampening, nesterov, weightDecay, maximize);
  }

  /**
   * The same rule with momentum.
   *
   * @param newMomentum μ
   * @return the rule
   */
  public Sgd withMomentum(double newMomentum) {
    return new Sgd(learningRate, newMomentum, dampening, nesterov, weightDecay, maximize);
  }

  /**
   * The same rule with dampening.
   *
   * @param newDampening how much of the new gradient momentum leaves out
   * @return the rule
   */
  public Sgd withDampening(double newDampening) {
    return new Sgd(learningRate, momentum, newDampening, nesterov, weightDecay, maximize);
  }

  /**
   * The same rule in Nesterov's form.
   *
   * @return the rule
   */
  public Sgd withNesterov() {
    return new Sgd(learningRate, momentum, dampening, true, weightDecay, maximize);
  }

  /**
   * The same rule with a coupled pull to zero.
   *
   * @param newWeightDecay λ
   * @return the rule
   */
  public Sgd withWeightDecay(double newWeightDecay) {
    return new Sgd(learningRate, momentum, dampening, nesterov, newWeightDecay, maximize);
  }

  /**
   * The same rule going up the gradient. Penalties in the loss are climbed with it and have to be
   * subtracted there; weight decay and the optimizer's regularizers still pull.
   *
   * @return the rule
   */
  public Sgd withMaximize() {
    return new Sgd(learningRate, momentum, dampening, nesterov, weightDecay, true);
  }

  @Override
  public boolean maximizes() {
    return maximize;
  }

  @Override
  public List<Slot> slots() {
    return momentum == 0.0 ? NONE : MOMENTUM;
  }

  @Override
  public boolean rests() {
    return weightDecay == 0.0;
  }

  @Override
  public int stepsToRest() {
    return weightDecay == 0.0 ? Hyper.stepsUntilNothingIsLeft(momentum) : -1;
  }

  @Override
  public void rest(double[][] slots, int from, int to, long steps) {
    if (momentum > 0.0) {
      Hyper.scale(slots[0], from, to, StrictMath.pow(momentum, (double) steps));
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
    double decay = weightDecay;
    double sign = maximize ? -1.0 : 1.0;
    if (momentum == 0.0) {
      for (int i = from; i < to; i++) {
        weight[i] -= rate * (0.0 + sign * gradient[i] + decay * weight[i]); // 0 + −0 is 0
      }
      return;
    }
    double[] b = slots[0];
    double keep = step == 1 ? 0.0 : momentum;
    double take = step == 1 ? 1.0 : 1.0 - dampening;
    double ofGradient = nesterov ? 1.0 : 0.0;
    double ofMomentum = nesterov ? momentum : 1.0;
    for (int i = from; i < to; i++) {
      double g = 0.0 + sign * gradient[i] + decay * weight[i];
      b[i] = keep * b[i] + take * g;
      weight[i] -= rate * (ofGradient * g + ofMomentum * b[i]);
    }
  }
}
