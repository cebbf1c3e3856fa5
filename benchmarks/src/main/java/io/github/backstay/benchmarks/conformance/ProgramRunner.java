package io.github.backstay.benchmarks.conformance;

import io.github.backstay.benchmarks.conformance.Case.Input;
import io.github.backstay.core.Shape;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.Map;
import java.util.Objects;
import org.ejml.data.DMatrixRMaj;

/** A whole program: every instruction's value, and the gradients of the result. */
record ProgramRunner(Vocabulary vocabulary) implements Runner {

  @Override
  public void run(Case reference, Comparison check) {
    Fields fields = reference.fields();
    Map<String, Input> inputs = reference.inputs("inputs");
    Program program = Program.of(vocabulary, fields, inputs.keySet());
    Fields attrs = reference.attrs();
    int instructions = attrs.integer("instructions", program.instructions().size());
    attrs.requireAllRead("a program");
    if (instructions != program.instructions().size()) {
      throw CaseException.at(
          attrs.place("instructions"),
          "is " + instructions + ", the program has " + program.instructions().size() + ".");
    }
    DMatrixRMaj output = fields.matrix("output");
    DMatrixRMaj upstream = fields.matrix("upstream");
    OpRunner.requireFitting(output, upstream);
    Fields expected = fields.object("values");
    try (Tape tape = Tape.create()) {
      Leaves leaves = Leaves.on(tape, inputs);
      Map<String, Variable> values = program.run(tape, leaves.all());
      for (Program.Instruction instruction : program.instructions()) {
        Variable value = Objects.requireNonNull(values.get(instruction.id()));
        check.matrix(
            "values", instruction.id(), expected.matrix(instruction.id()), value.toMatrix());
      }
      expected.requireAllRead("this program's instructions");
      Variable result = Objects.requireNonNull(values.get(program.result()));
      check.matrix("output", "", output, result.toMatrix());
      if (result.shape().equals(Shape.of(upstream))) {
        leaves.compareGradients(check, "grads", result, upstream, fields.object("grads"));
      }
    }
  }
}
