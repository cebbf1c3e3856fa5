package io.github.backstay.benchmarks.conformance;

import io.github.backstay.core.Shape;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.Penalty;
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
      Call call = new Call(tape, args, reference.attrs());
      Variable y = vocabulary.apply(reference.op(), call);
      check.matrix("output", "", output, y.toMatrix());
      if (y.shape().equals(Shape.of(upstream))) {
        leaves.compareGradients(check, "grads", y, upstream, fields.object("grads"));
      }
      Penalty penalty = vocabulary.penalty(reference.op(), call);
      if (penalty != null) {
        compareClosedForm(penalty, call, fields.texts("args"), upstream, fields, check);
      }
    }
  }

  /** A penalty also has its gradient in closed form, for parameters away from any graph. */
  private static void compareClosedForm(
      Penalty penalty,
      Call call,
      List<String> args,
      DMatrixRMaj upstream,
      Fields fields,
      Comparison check) {
    boolean anchored = args.size() > 1;
    Fields grads = fields.object("grads");
    if (!grads.has(args.get(0)) || (anchored && args.get(0).equals(args.get(1)))) {
      return;
    }
    DMatrixRMaj weight = call.x().toMatrix();
    DMatrixRMaj gradient = new DMatrixRMaj(weight.numRows, weight.numCols);
    penalty.addGradient(
        weight, anchored ? call.y().toMatrix() : null, upstream.get(0, 0), gradient);
    check.matrix("closed-form gradient", args.get(0), grads.matrix(args.get(0)), gradient);
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
