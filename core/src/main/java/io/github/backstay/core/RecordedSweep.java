package io.github.backstay.core;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reverse sweep whose result can be differentiated again: rules are handed the recorded
 * variables, so that everything they compute goes onto the tape. Only nodes between the output and
 * the variables that were asked for are visited.
 */
final class RecordedSweep {

  private final Tape tape;

  RecordedSweep(Tape tape) {
    this.tape = tape;
  }

  List<Variable> run(Variable output, Variable outputBar, List<Variable> wrt) {
    int end = output.index + 1;
    boolean[] wanted = tape.dependants(wrt, end);
    @Nullable Variable[] bars = new @Nullable Variable[end];
    bars[output.index] = outputBar;
    for (int i = end - 1; i >= 0; i--) {
      Variable bar = bars[i];
      Variable node = tape.node(i);
      Op op = node.op;
      if (bar == null || op == null || !wanted[i]) {
        continue;
      }
      Variable[] inputs = node.inputs;
      for (int k = 0; k < inputs.length; k++) {
        int input = inputs[k].index;
        if (wanted[input] && !op.blocks(k)) {
          Variable contribution = op.vjp(k, inputs, node, bar);
          ReverseSweep.requireShape(op, k, inputs[k], contribution);
          Variable sum = bars[input];
          bars[input] = sum == null ? contribution : sum.plus(contribution);
        }
      }
    }
    List<Variable> gradients = new ArrayList<>(wrt.size());
    for (Variable variable : wrt) {
      Variable bar = variable.index < end ? bars[variable.index] : null;
      gradients.add(bar != null ? bar : tape.zeros(variable.value.numRows, variable.value.numCols));
    }
    return gradients;
  }
}
