package io.github.backstay.benchmarks.steps;

import org.ejml.data.DMatrixRMaj;

/** A weight, its gradient and what Adam remembers of it. */
final class HandWeight {

  final DMatrixRMaj value;
  final DMatrixRMaj bar;
  private final double[] m;
  private final double[] v;

  /** Copies the first values. */
  HandWeight(DMatrixRMaj initial) {
    value = initial.copy();
    bar = new DMatrixRMaj(initial.numRows, initial.numCols);
    m = new double[initial.data.length];
    v = new double[initial.data.length];
  }

  static HandWeight zeros(int rows, int cols) {
    return new HandWeight(new DMatrixRMaj(rows, cols));
  }

  /** Some rows of a weight. */
  static HandWeight rows(DMatrixRMaj initial, int from, int count) {
    DMatrixRMaj part = new DMatrixRMaj(count, initial.numCols);
    System.arraycopy(initial.data, from * initial.numCols, part.data, 0, count * initial.numCols);
    return new HandWeight(part);
  }

  void step(HandAdam adam) {
    adam.move(value.data, bar.data, m, v, m.length);
  }

  /** Steps with a pull to zero beside the gradient. */
  void stepDecayed(HandAdam adam, double strength) {
    adam.moveDecayed(value.data, strength, bar.data, m, v, m.length);
  }
}
