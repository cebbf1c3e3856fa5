package io.github.backstay.benchmarks.conformance;

import io.github.backstay.benchmarks.conformance.Case.Input;
import io.github.backstay.core.Gradients;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.optim.Optimizer;
import io.github.backstay.optim.Sgd;
import io.github.backstay.regularizers.Scope;
import java.util.LinkedHashMap;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;

/**
 * Clipping of given gradients. Backstay clips in the optimizer; plain gradient descent with rate 1
 * from 0 ends at the clipped gradients, negated.
 */
record ClipRunner() implements Runner {

  /** Adds clipping to an optimizer. */
  static void clip(Optimizer.Builder builder, String type, Fields attrs) {
    switch (type) {
      case "norm" -> builder.clipNorm(attrs.number("max_norm"), attrs.number("norm_type", 2.0));
      case "value" -> builder.clipValue(attrs.number("clip_value"));
      default -> throw CaseException.unknown("clipping", type);
    }
  }

  @Override
  public void run(Case reference, Comparison check) {
    Fields attrs = reference.attrs();
    Map<String, Parameter> parameters = new LinkedHashMap<>();
    Fields expected = reference.fields().object("outputs");
    try (Tape tape = Tape.create()) {
      Variable loss = tape.zeros(1, 1);
      for (Input input : reference.inputs("inputs").values()) {
        DMatrixRMaj gradient = input.value();
        Parameter parameter =
            new Parameter(input.name(), new DMatrixRMaj(gradient.numRows, gradient.numCols));
        parameters.put(input.name(), parameter);
        loss = loss.plus(parameter.on(tape).elementMult(tape.constant(gradient)).sum());
      }
      Gradients gradients = tape.gradients(loss);
      if (expected.has("total_norm")) {
        double norm = gradients.norm(attrs.number("norm_type", 2.0), parameter -> true);
        double[] single = {norm};
        check.matrix(
            "outputs", "total_norm", expected.matrix("total_norm"), DMatrixRMaj.wrap(1, 1, single));
      }
      Scope all = Scope.of(parameters.values().toArray(Parameter[]::new));
      Optimizer.Builder builder = Optimizer.builder().group("all", all, Sgd.of(1.0));
      clip(builder, reference.op().substring("clip_grad_".length()), attrs);
      attrs.requireAllRead("\"" + reference.op() + "\"");
      builder.build().step(gradients);
    }
    parameters.forEach(
        (name, parameter) -> {
          DMatrixRMaj clipped = parameter.toMatrix();
          for (int i = 0; i < clipped.getNumElements(); i++) {
            clipped.data[i] = -clipped.data[i];
          }
          check.matrix("outputs", name, expected.matrix(name), clipped);
        });
    expected.requireAllRead("this clipping");
  }
}
