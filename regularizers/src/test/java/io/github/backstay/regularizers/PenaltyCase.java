package io.github.backstay.regularizers;

import java.util.function.DoubleFunction;

/**
 * One row of the catalogue: a penalty as a function of its strength, and its value by an
 * independent formula.
 *
 * @param name how test reports call it
 * @param type the class that the row stands for
 * @param ofStrength makes the penalty
 * @param strength the λ to test with
 * @param formula the value by plain loops
 */
record PenaltyCase(
    String name,
    Class<? extends Penalty> type,
    DoubleFunction<Penalty> ofStrength,
    double strength,
    Formula formula) {

  /** {@code R(W)} from its definition, entry by entry; zeros stand for an anchor of zero. */
  interface Formula {
    double value(double[] weight, double[] anchor, double strength);
  }

  Penalty penalty() {
    return ofStrength.apply(strength);
  }

  @Override
  public String toString() {
    return name;
  }
}
