package io.github.backstay.optim;

import java.util.List;

/**
 * Resilient backpropagation (Riedmiller and Braun 1993, in the form without weight backtracking of
 * Igel and Hüsken 2003, iRprop−), as PyTorch's {@code Rprop}. Every entry has a step size Δ of its
 * own, and only the sign of its gradient counts:
 *
 * <pre>{@code
 * s·sign(g) > 0:  Δ ← min(etaPlus·Δ, largestStep)                      s ← sign(g)
 * s·sign(g) < 0:  Δ ← max(etaMinus·Δ, smallestStep)                    s ← 0
 * otherwise:                                                           s ← sign(g)
 * w ← w − s·Δ
 * }</pre>
 *
 * <p>The rate in force is where Δ starts from, moved into the bounds, when an entry gets its first
 * gradient other than 0; afterwards the rate is no matter, and a schedule does nothing. At a rate
 * of 0 no entry starts. For gradients of all the data: the signs of small batches disagree too
 * often.
 *
 * @param learningRate η, where the step sizes start from, at least 0
 * @param etaMinus by how much a step size shrinks, in (0, 1)
 * @param etaPlus by how much it grows, greater than 1
 * @param smallestStep its lower bound, greater than 0
 * @param largestStep its upper bound, at least the lower one
 */
public record Rprop(
    double learningRate, double etaMinus, double etaPlus, double smallestStep, double largestStep)
    implements UpdateRule {

  /** PyTorch's defaults: η 1e-2, factors 0.5 and 1.2, bounds 1e-6 and 50. */
  public static final Rprop DEFAULT = new Rprop(1e-2, 0.5, 1.2, 1e-6, 50.0);

  private static final List<Slot> SIGN_AND_SIZE =
      List.of(Slot.zeros("sign"), Slot.zeros("stepSize"));

  /**
   * Checks the values.
   *
   * @param learningRate η, where the step sizes start from, at least 0
   * @param etaMinus by how much a step size shrinks, in (0, 1)
   * @param etaPlus by how much it grows, greater than 1
   * @param smallestStep its lower bound, greater than 0
   * @param largestStep its upper bound, at least the lower one
   */
  public Rprop {
    Hyper.requireNotNegative("Rprop", "learningRate", learningRate);
    Hyper.requirePositive("Rprop", "etaMinus", etaMinus);
    Hyper.requirePositive("Rprop", "etaPlus", etaPlus);
    if (etaMinus >= 1.0 || etaPlus <= 1.0) {
      throw new IllegalArgumentException(
          "Rprop: etaMinus must be less than 1 and etaPlus greater, got "
              + etaMinus
              + " and "
              + etaPlus
              + ".");
    }
    Hyper.requirePositive("Rprop", "smallestStep", smallestStep);
    Hyper.requirePositive("Rprop", "largestStep", largestStep);
    if (smallestStep > largestStep) {
      throw new IllegalArgumentException(
          "Rprop: smallestStep must be at most largestStep, got "
              + smallestStep
              + " and "
              + largestStep
              + ".");
    }
  }

  /**
   * Rprop with PyTorch's defaults.
   *
   * @param learningRate η, where the step sizes start from
   * @return the rule
   */
  public static Rprop of(double learningRate) {
    return DEFAULT.withLearningRate(learningRate);
  }

  /**
   * The same rule with another learning rate.
   *
   * @param rate η
   * @return the rule
   */
  public Rprop withLearningRate(double rate) {
    return new Rprop(rate, etaMinus, etaPlus, smallestStep, largestStep);
  }

  /**
   * The same rule with other factors.
   *
   * @param newEtaMinus by how much a step size shrinks
   * @param newEtaPlus by how much it grows
   * @return the rule
   */
  public Rprop withEtas(double newEtaMinus, double newEtaPlus) {
    return new Rprop(learningRate, newEtaMinus, newEtaPlus, smallestStep, largestStep);
  }

  /**
   * The same rule with other bounds of the step sizes.
   *
   * @param smallest the lower one
   * @param largest the upper one
   * @return the rule
   */
  public Rprop withStepSizes(double smallest, double largest) {
    return new Rprop(learningRate, etaMinus, etaPlus, smallest, largest);
  }

  @Override
  public List<Slot> slots() {
    return SIGN_AND_SIZE;
  }

  @Override
  public boolean rests() {
    return true;
  }

  /** True: of a gradient only the sign counts, and the step by the signs before it. */
  @Override
  public boolean isAdaptive() {
    return true;
  }

  @Override
  public int stepsToRest() {
    return 1; // the sign of the last gradient is forgotten
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
    double[] sign = slots[0];
    double[] size = slots[1];
    for (int i = from; i < to; i++) {
      double now = Math.signum(gradient[i]);
      double agreement = now * sign[i];
      if (size[i] == 0.0) { // has not started
        if (now == 0.0 || rate == 0.0) {
          continue;
        }
        size[i] = rate;
      }
      double factor = agreement > 0.0 ? etaPlus : agreement < 0.0 ? etaMinus : 1.0;
      size[i] = Math.min(Math.max(factor * size[i], smallestStep), largestStep);
      sign[i] = agreement < 0.0 ? 0.0 : now;
      weight[i] -= sign[i] * size[i];
    }
  }
}
