package io.github.backstay.benchmarks.conformance;

import io.github.backstay.benchmarks.conformance.Case.Input;
import io.github.backstay.core.Gradients;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ejml.data.DMatrixRMaj;

/**
 * A layer under test: which inputs of the case are its inputs, which go into its parameters, and
 * what comes out. A parameter may hold several inputs, one below or beside the other; its gradient
 * is taken apart in the same way. For one thread.
 */
final class Wiring {

  /** A parameter and the inputs that it holds, as a grid of blocks. */
  private record Held(Parameter parameter, List<List<String>> blocks) {}

  private final Tape tape;
  private final Fields attrs;
  private final Map<String, Input> inputs;
  private final Set<String> used = new LinkedHashSet<>();
  private final Map<String, Variable> variables = new LinkedHashMap<>();
  private final List<Held> held = new ArrayList<>();
  private final Map<String, Variable> outputs = new LinkedHashMap<>();
  private final Map<String, DMatrixRMaj> values = new LinkedHashMap<>();

  Wiring(Tape tape, Fields attrs, Map<String, Input> inputs) {
    this.tape = tape;
    this.attrs = attrs;
    this.inputs = inputs;
  }

  Tape tape() {
    return tape;
  }

  Fields attrs() {
    return attrs;
  }

  /** Whether there is an input of a name. */
  boolean has(String name) {
    return inputs.containsKey(name);
  }

  /** The value of an input. */
  DMatrixRMaj value(String name) {
    return find(name).value();
  }

  private Input find(String name) {
    Input input = inputs.get(name);
    if (input == null) {
      throw CaseException.at("inputs", "there is no \"" + name + "\".");
    }
    used.add(name);
    return input;
  }

  /** An input of the layer: the same variable each time. */
  Variable input(String name) {
    Input input = find(name);
    Variable variable = variables.get(name);
    if (variable == null) {
      variable = input.requiresGrad() ? tape.variable(input.value()) : tape.constant(input.value());
      variables.put(name, variable);
    }
    return variable;
  }

  /** Lets a parameter hold an input. */
  void set(Parameter parameter, String name) {
    set(parameter, List.of(List.of(name)));
  }

  /** Lets a parameter hold several inputs, one below the other. */
  void setBelow(Parameter parameter, String... names) {
    set(parameter, Arrays.stream(names).map(List::of).toList());
  }

  /** Lets a parameter hold a grid of inputs. */
  void set(Parameter parameter, List<List<String>> blocks) {
    DMatrixRMaj whole = new DMatrixRMaj(parameter.rows(), parameter.cols());
    forBlocks(
        whole,
        blocks,
        (name, row, col) -> {
          DMatrixRMaj block = value(name);
          for (int i = 0; i < block.numRows; i++) {
            for (int j = 0; j < block.numCols; j++) {
              whole.set(row + i, col + j, block.get(i, j));
            }
          }
        });
    parameter.set(whole);
    held.add(new Held(parameter, blocks));
  }

  /** What is done with a block whose first entry is at a place. */
  private interface BlockAction {
    void at(String name, int row, int col);
  }

  private void forBlocks(DMatrixRMaj whole, List<List<String>> blocks, BlockAction action) {
    int row = 0;
    for (List<String> line : blocks) {
      int col = 0;
      int height = value(line.get(0)).numRows;
      for (String name : line) {
        DMatrixRMaj block = value(name);
        if (block.numRows != height
            || row + height > whole.numRows
            || col + block.numCols > whole.numCols) {
          throw CaseException.at("inputs", "\"" + name + "\" does not have the shape it needs.");
        }
        action.at(name, row, col);
        col += block.numCols;
      }
      if (col != whole.numCols) {
        throw CaseException.at(
            "inputs", "\"" + line.get(0) + "\" does not have the shape it needs.");
      }
      row += height;
    }
    if (row != whole.numRows) {
      throw CaseException.at(
          "inputs", "\"" + blocks.get(0).get(0) + "\" does not have the shape it needs.");
    }
  }

  /** Something that comes out and may have a cotangent. */
  void output(String name, Variable output) {
    outputs.put(name, output);
  }

  /** Something that comes out as a value only. */
  void output(String name, DMatrixRMaj value) {
    values.put(name, value);
  }

  /** Compares outputs and gradients with those of the case. */
  void compare(Comparison check, Fields expected, Fields upstreams, Fields grads) {
    Set<String> left = new LinkedHashSet<>(inputs.keySet());
    left.removeAll(used);
    if (!left.isEmpty()) {
      throw CaseException.at("inputs", left + " are no inputs or parameters of this layer.");
    }
    for (String name : expected.names()) {
      check.matrix("outputs", name, expected.matrix(name), requireOutput(name));
    }
    Variable loss = tape.zeros(1, 1);
    for (String name : upstreams.names()) {
      if (!expected.has(name)) {
        throw CaseException.at(expected.place(), "\"" + name + "\" is missing.");
      }
      Variable output = outputs.get(name);
      if (output == null) {
        throw CaseException.at(upstreams.place(name), "there is no such output.");
      }
      loss = loss.plus(output.elementMult(tape.constant(upstreams.matrix(name))).sum());
    }
    Map<String, DMatrixRMaj> plain = loss.isTracked() ? gradients(loss) : Map.of();
    Map<String, DMatrixRMaj> recorded = loss.isTracked() ? recordedGradients(loss) : Map.of();
    for (Input input : inputs.values()) {
      if (!input.requiresGrad()) {
        continue;
      }
      String name = input.name();
      DMatrixRMaj value = input.value();
      DMatrixRMaj zeros = new DMatrixRMaj(value.numRows, value.numCols);
      DMatrixRMaj actual = plain.getOrDefault(name, zeros);
      if (grads.has(name)) {
        check.matrix("grads", name, grads.matrix(name), actual);
      } else if (grads.names().contains(name)) {
        check.unreached("grads", name, actual);
      } else {
        throw CaseException.at(grads.place(), "\"" + name + "\" is missing.");
      }
      check.consistent("recorded gradient", name, actual, recorded.getOrDefault(name, zeros));
    }
    grads.requireAllRead("this layer's inputs with a gradient");
  }

  private DMatrixRMaj requireOutput(String name) {
    Variable output = outputs.get(name);
    DMatrixRMaj value = output == null ? values.get(name) : output.toMatrix();
    if (value == null) {
      throw CaseException.at("outputs." + name, "there is no such output.");
    }
    return value;
  }

  private Map<String, DMatrixRMaj> gradients(Variable loss) {
    Map<String, DMatrixRMaj> found = new LinkedHashMap<>();
    Gradients gradients = tape.gradients(loss);
    variables.forEach(
        (name, variable) -> {
          if (variable.isTracked()) {
            found.put(name, gradients.of(variable));
          }
        });
    for (Held one : held) {
      if (gradients.contains(one.parameter)) {
        split(one, gradients.of(one.parameter).toMatrix(), found);
      }
    }
    return found;
  }

  private Map<String, DMatrixRMaj> recordedGradients(Variable loss) {
    Map<String, DMatrixRMaj> found = new LinkedHashMap<>();
    List<String> names = new ArrayList<>();
    List<Variable> wrt = new ArrayList<>();
    variables.forEach(
        (name, variable) -> {
          if (variable.isTracked()) {
            names.add(name);
            wrt.add(variable);
          }
        });
    held.forEach(one -> wrt.add(one.parameter.on(tape)));
    List<Variable> recorded = tape.recordedGradients(loss, wrt);
    for (int i = 0; i < names.size(); i++) {
      found.put(names.get(i), recorded.get(i).toMatrix());
    }
    for (int i = 0; i < held.size(); i++) {
      split(held.get(i), recorded.get(names.size() + i).toMatrix(), found);
    }
    return found;
  }

  private void split(Held one, DMatrixRMaj gradient, Map<String, DMatrixRMaj> into) {
    forBlocks(
        gradient,
        one.blocks,
        (name, row, col) -> {
          DMatrixRMaj value = value(name);
          DMatrixRMaj part =
              into.computeIfAbsent(name, n -> new DMatrixRMaj(value.numRows, value.numCols));
          for (int i = 0; i < part.numRows; i++) {
            for (int j = 0; j < part.numCols; j++) {
              part.add(i, j, gradient.get(row + i, col + j));
            }
          }
        });
  }
}
