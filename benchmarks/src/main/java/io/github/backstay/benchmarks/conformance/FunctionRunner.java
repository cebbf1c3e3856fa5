package io.github.backstay.benchmarks.conformance;

import io.github.backstay.benchmarks.conformance.Case.Input;
import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.optim.Optimizer;
import io.github.backstay.optim.UpdateRule;
import java.util.Map;

/** An optimizer that goes down a function given as a program. */
record FunctionRunner(Vocabulary vocabulary) implements Runner {

  @Override
  public Tolerance tolerance() {
    return Tolerance.TRAJECTORY;
  }

  @Override
  public void run(Case reference, Comparison check) {
    Fields fields = reference.fields();
    Fields attrs = reference.attrs();
    UpdateRule rule = Rules.of(reference.op(), attrs);
    attrs.requireAllRead("\"" + reference.op() + "\"");
    Map<String, Input> inputs = reference.inputs("inputs");
    Program program = Program.of(vocabulary, fields, inputs.keySet());
    Walk walk = Walk.from(inputs);
    Optimizer optimizer = Optimizer.of(rule, walk.parameters().values().toArray(Parameter[]::new));
    double[] expected = fields.numbers("losses");
    int steps = fields.integer("steps");
    if (expected.length != steps) {
      throw CaseException.at(
          "losses", "has " + expected.length + " (need one per step: " + steps + ").");
    }
    double[] losses = new double[steps];
    try (Tape tape = Tape.create()) {
      for (int t = 0; t < losses.length; t++) {
        Variable value = program.result(tape, walk.on(tape));
        losses[t] = value.toDouble();
        optimizer.step(Objective.of("value", value));
        tape.reset();
        walk.note();
      }
    }
    check.numbers("losses", "", expected, losses);
    walk.compare(check, "trajectory", fields.object("trajectory"));
  }
}
