package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/** A penalty in both of its forms, for tests by hand. */
final class Both {

  private Both() {}

  static double value(Penalty penalty, DMatrixRMaj weight, @Nullable DMatrixRMaj anchor) {
    try (Tape tape = Tape.create()) {
      return node(penalty, tape.constant(weight), anchor).toDouble();
    }
  }

  /** The gradient, after looking whether both forms agree to a tolerance. */
  static double[] gradient(
      Penalty penalty, DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double tolerance) {
    DMatrixRMaj closed = new DMatrixRMaj(weight.numRows, weight.numCols);
    penalty.addGradient(weight, anchor, 1.0, closed);
    try (Tape tape = Tape.create()) {
      Variable leaf = tape.variable(weight);
      double[] node = tape.gradients(node(penalty, leaf, anchor)).of(leaf).data;
      assertArrayEquals(node, closed.data, tolerance);
    }
    return closed.data;
  }

  static DMatrixRMaj prox(ProximalPenalty penalty, DMatrixRMaj weight, double step) {
    DMatrixRMaj image = weight.copy();
    penalty.prox(image, null, step);
    return image;
  }

  private static Variable node(Penalty penalty, Variable leaf, @Nullable DMatrixRMaj anchor) {
    return penalty.of(leaf, anchor == null ? null : leaf.tape().constant(anchor));
  }

  static DMatrixRMaj row(double... entries) {
    return new DMatrixRMaj(1, entries.length, true, entries);
  }
}
