package io.github.backstay.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.backstay.core.Gradients;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;

/**
 * Losses whose gradients are given numbers: that of {@code Σ W ⊙ G} by W is G, to the bit. What no
 * gradient is given for is not reached.
 */
final class GivenGradients {

  private final Map<Parameter, DMatrixRMaj> dense = new LinkedHashMap<>();

  static GivenGradients of(Parameter parameter, DMatrixRMaj gradient) {
    return new GivenGradients().and(parameter, gradient);
  }

  static GivenGradients of(Parameter parameter, double... gradient) {
    return of(parameter, new DMatrixRMaj(parameter.rows(), parameter.cols(), true, gradient));
  }

  @CanIgnoreReturnValue
  GivenGradients and(Parameter parameter, DMatrixRMaj gradient) {
    dense.put(parameter, gradient);
    return this;
  }

  @CanIgnoreReturnValue
  GivenGradients and(Parameter parameter, double... gradient) {
    return and(parameter, new DMatrixRMaj(parameter.rows(), parameter.cols(), true, gradient));
  }

  Variable loss(Tape tape) {
    Variable sum = null;
    for (Map.Entry<Parameter, DMatrixRMaj> entry : dense.entrySet()) {
      Variable term = entry.getKey().on(tape).dot(tape.constant(entry.getValue()));
      sum = sum == null ? term : sum.plus(term);
    }
    if (sum == null) {
      throw new IllegalStateException("no gradient is given");
    }
    return sum;
  }

  void step(Optimizer optimizer) {
    try (Tape tape = Tape.create()) {
      optimizer.step(tape.gradients(loss(tape)));
    }
  }

  /** Where a weight that starts at 1 goes. */
  static double[] path(UpdateRule rule, double... gradients) {
    Parameter weight = new Parameter("w", new DMatrixRMaj(1, 1, true, 1.0));
    Optimizer optimizer = Optimizer.of(rule, weight);
    double[] path = new double[gradients.length];
    for (int t = 0; t < path.length; t++) {
      of(weight, gradients[t]).step(optimizer);
      path[t] = weight.get(0, 0);
    }
    return path;
  }

  /** The loss {@code Σ W[rows] ⊙ G}, whose gradient is row-sparse. */
  static Variable ofRows(Tape tape, Parameter parameter, int[] rows, DMatrixRMaj gradient) {
    return parameter.on(tape).gatherRows(rows).dot(tape.constant(gradient));
  }

  /** A step along a row-sparse gradient; gives that gradient back as a full matrix. */
  static DMatrixRMaj stepRows(
      Optimizer optimizer, Parameter parameter, int[] rows, DMatrixRMaj gradient) {
    try (Tape tape = Tape.create()) {
      Gradients gradients = tape.gradients(ofRows(tape, parameter, rows, gradient));
      if (!gradients.of(parameter).isRowSparse()) {
        throw new AssertionError("the gradient is not row-sparse");
      }
      DMatrixRMaj full = gradients.of(parameter).toMatrix();
      optimizer.step(gradients);
      return full;
    }
  }
}
