package io.github.backstay.regularizers.contract;

import io.github.backstay.core.Shape;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.Penalty;
import java.util.stream.DoubleStream;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * A penalty at a point: random weights of some shape, with a random anchor or none. It is one and
 * the same penalty that is asked everything.
 */
record PenaltyPoint(
    PenaltyContract contract, Penalty penalty, DMatrixRMaj weight, @Nullable DMatrixRMaj anchor) {

  DMatrixRMaj anchorOrZeros() {
    return Samples.orZeros(anchor, weight);
  }

  double formula(DMatrixRMaj at) {
    return contract.value(at, anchorOrZeros());
  }

  /** The weights at some multiple of their distance from the anchor. */
  DMatrixRMaj along(double multiple) {
    DMatrixRMaj at = anchorOrZeros().copy();
    for (int i = 0; i < at.data.length; i++) {
      at.data[i] += multiple * (weight.data[i] - at.data[i]);
    }
    return at;
  }

  double node(DMatrixRMaj at) {
    try (Tape tape = Tape.create()) {
      return on(tape, tape.variable(at)).toDouble();
    }
  }

  /** Zeros if no gradient reaches the weight. */
  DMatrixRMaj nodeGradient(DMatrixRMaj at) {
    try (Tape tape = Tape.create()) {
      Variable leaf = tape.variable(at);
      Variable node = on(tape, leaf);
      return node.isTracked()
          ? tape.gradients(node).of(leaf).copy()
          : new DMatrixRMaj(at.numRows, at.numCols);
    }
  }

  DMatrixRMaj closedFormGradient(DMatrixRMaj at) {
    return added(at, 1.0, new DMatrixRMaj(at.numRows, at.numCols));
  }

  /** {@code before + factor · ∇R(at)}, by the form for optimizers. */
  DMatrixRMaj added(DMatrixRMaj at, double factor, DMatrixRMaj before) {
    DMatrixRMaj into = before.copy();
    penalty.addGradient(at.copy(), anchor, factor, into);
    return into;
  }

  Variable on(Tape tape, Variable leaf) {
    return penalty.of(leaf, anchor == null ? null : tape.constant(anchor));
  }

  PenaltyPoint with(DMatrixRMaj newWeight, @Nullable DMatrixRMaj newAnchor) {
    return new PenaltyPoint(contract, penalty, newWeight, newAnchor);
  }

  /** The same place with a penalty that was never asked anything. */
  PenaltyPoint anew() {
    return new PenaltyPoint(contract, contract.restraint(Shape.of(weight)), weight, anchor);
  }

  /** Of sums of up to 40 products of either sign, with terms ten times as large as the result. */
  double rounding(DMatrixRMaj gradient) {
    return contract.mixesEntries()
        ? 1e-13 * DoubleStream.of(gradient.data).map(Math::abs).max().orElse(0.0)
        : 0.0;
  }

  @Override
  public String toString() {
    return penalty.formula(anchor != null) + " at " + Shape.of(weight);
  }
}
