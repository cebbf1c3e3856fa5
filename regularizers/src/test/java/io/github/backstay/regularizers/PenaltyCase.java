package io.github.backstay.regularizers;

import org.ejml.data.DMatrixRMaj;

/**
 * One row of the catalogue: a penalty as a function of its strength, and its value by an
 * independent formula.
 *
 * @param name how test reports call it
 * @param type the class that the row stands for
 * @param maker makes the penalty
 * @param strength the λ to test with
 * @param formula the value by plain loops
 * @param kinked whether the gradient does not vanish on the way to the anchor
 * @param mixing whether an entry of the gradient is a sum over other entries, whose rounding is
 *     relative to the largest of them
 */
record PenaltyCase(
    String name,
    Class<? extends Penalty> type,
    Maker maker,
    double strength,
    Formula formula,
    boolean kinked,
    boolean mixing) {

  PenaltyCase(
      String name, Class<? extends Penalty> type, Maker maker, double strength, Formula formula) {
    this(name, type, maker, strength, formula, false, false);
  }

  /** Makes a penalty for weights of some shape. */
  interface Maker {
    Penalty of(double strength, int rows, int cols);
  }

  /** {@code R(W)} from its definition; zeros stand for an anchor of zero. */
  interface Formula {
    double value(DMatrixRMaj weight, DMatrixRMaj anchor, double strength);
  }

  /** A sum over the entries of a function of the distance; {@code i} counts them. */
  interface Entry {
    double value(int i, double d);
  }

  static Formula sum(Entry entry) {
    return (weight, anchor, strength) -> {
      double sum = 0.0;
      for (int i = 0; i < weight.data.length; i++) {
        sum += strength * entry.value(i, weight.data[i] - anchor.data[i]);
      }
      return sum;
    };
  }

  PenaltyCase withKink() {
    return new PenaltyCase(name, type, maker, strength, formula, true, mixing);
  }

  PenaltyCase thatMixes() {
    return new PenaltyCase(name, type, maker, strength, formula, kinked, true);
  }

  Penalty penalty(int rows, int cols) {
    return maker.of(strength, rows, cols);
  }

  @Override
  public String toString() {
    return name;
  }
}
