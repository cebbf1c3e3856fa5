package io.github.backstay.regularizers;

import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * The relaxation of squares: every step multiplies the distance to the anchor by a factor, {@code 1
 * − ηλ} in explicit steps and {@code 1/(1 + ηλ)} in proximal ones, and any number of steps by their
 * product. Kept as a running sum of logarithms.
 */
public final class Contraction implements Relaxation {

  /** The logarithm of a factor that leaves nothing of a distance, for a factor of 0. */
  static final double NOTHING = -800.0;

  private final double strength;
  private final boolean explicit;
  private final RunningSum logarithms = new RunningSum();

  private Contraction(double strength, boolean explicit) {
    this.strength = strength;
    this.explicit = explicit;
  }

  /**
   * Factors of {@code 1 − ηλ}.
   *
   * @param strength λ, at least 0; the rates must not be greater than {@code 1/λ}
   * @return without steps
   */
  static Contraction explicit(double strength) {
    return new Contraction(strength, true);
  }

  /**
   * Factors of {@code 1/(1 + ηλ)}.
   *
   * @param strength λ, at least 0
   * @return without steps
   */
  static Contraction proximal(double strength) {
    return new Contraction(strength, false);
  }

  @Override
  public void record(double rate) {
    double pull = rate * strength;
    double logarithm = explicit ? StrictMath.log1p(-pull) : -StrictMath.log1p(pull);
    if (Double.isNaN(logarithm)) {
      throw new IllegalArgumentException(
          "contraction: a step with learning rate "
              + rate
              + " would overshoot the anchor (at most "
              + 1.0 / strength
              + ").");
    }
    logarithms.add(Math.max(NOTHING, logarithm));
  }

  /**
   * The logarithm of what a stretch of steps leaves of a distance.
   *
   * @param from the first step
   * @param to the step after the last
   * @return at most 0
   */
  public double logarithm(int from, int to) {
    return logarithms.between(from, to);
  }

  @Override
  public void relax(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, int from, int to) {
    double taken = -StrictMath.expm1(logarithm(from, to));
    for (int i = 0; i < weight.getNumElements(); i++) {
      weight.data[i] -= taken * Deviation.at(i, weight, anchor);
    }
  }

  @Override
  public void clear() {
    logarithms.clear();
  }
}
