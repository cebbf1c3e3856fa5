package io.github.backstay.benchmarks.conformance;

import io.github.backstay.core.Shape;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/** One op: its value, and its gradients under a given cotangent. */
record OpRunner(Vocabulary vocabulary) implements Runner {

  @Override
  public void run(Case reference, Comparison check) {
    Fields fields = reference.fields();
    DMatrixRMaj output = fields.matrix("output");
    DMatrixRMaj upstream = fields.matrix("upstream");
    requireFitting(output, upstream);
    try (Tape tape = Tape.create()) {
      Leaves leaves = Leaves.on(tape, reference.inputs("inputs"));
      List<Variable> args = new ArrayList<>();
      for (String arg : fields.texts("args")) {
        args.add(leaves.get(arg));
      }
      Variable y = vocabulary.apply(reference.op(), tape, args, fields.object("attrs"));
      check.matrix("output", "", output, y.toMatrix());
      if (y.shape().equals(Shape.of(upstream))) {
        leaves.compareGradients(check, "grads", y, upstream, fields.object("grads"));
      }
    }
  }

  /** The case must agree with itself. */
  static void requireFitting(DMatrixRMaj output, DMatrixRMaj upstream) {
    if (!Shape.of(output).equals(Shape.of(upstream))) {
      throw CaseException.at(
          "upstream",
          "is "
              + Shape.of(upstream)
              + ", the output is "
              + Shape.of(output)
              + " (must be the same).");
    }
  }
}
