package io.github.backstay.benchmarks.conformance;

import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A list of instructions, each an op applied to inputs and to results of earlier instructions.
 *
 * @param vocabulary what the ops mean
 * @param instructions in order
 * @param result the id of the instruction, or the name of the input, that is the program's result
 */
record Program(Vocabulary vocabulary, List<Instruction> instructions, String result) {

  /**
   * One instruction.
   *
   * @param id what its result is called
   * @param op the op
   * @param args names of inputs and ids of earlier instructions
   * @param attrs the op's parameters
   */
  record Instruction(String id, String op, List<String> args, Fields attrs) {}

  /**
   * Reads the members {@code program} and {@code result}, and checks that every name stands for
   * something.
   *
   * @param fields where they are
   * @param inputs the names of the inputs
   */
  static Program of(Vocabulary vocabulary, Fields fields, Set<String> inputs) {
    Set<String> known = new LinkedHashSet<>(inputs);
    List<Instruction> instructions = new ArrayList<>();
    for (Fields item : fields.objects("program")) {
      Instruction instruction =
          new Instruction(
              item.text("id"), item.text("op"), item.texts("args"), item.object("attrs"));
      for (String arg : instruction.args) {
        if (!known.contains(arg)) {
          throw CaseException.at(
              item.place("args"), "\"" + arg + "\" is neither an input nor an earlier id.");
        }
      }
      if (!known.add(instruction.id)) {
        throw CaseException.at(item.place("id"), "\"" + instruction.id + "\" is taken already.");
      }
      instructions.add(instruction);
    }
    String result = fields.text("result");
    if (!known.contains(result)) {
      throw CaseException.at(fields.place("result"), "there is no \"" + result + "\".");
    }
    return new Program(vocabulary, instructions, result);
  }

  /**
   * Runs the instructions.
   *
   * @param tape where they are recorded
   * @param inputs the inputs by name
   * @return inputs and results of all instructions by name
   */
  Map<String, Variable> run(Tape tape, Map<String, Variable> inputs) {
    Map<String, Variable> values = new LinkedHashMap<>(inputs);
    for (Instruction instruction : instructions) {
      List<Variable> args = new ArrayList<>();
      for (String arg : instruction.args) {
        args.add(Objects.requireNonNull(values.get(arg)));
      }
      values.put(instruction.id, apply(instruction, tape, args));
    }
    return values;
  }

  /** Runs the instructions and gives the result alone. */
  Variable result(Tape tape, Map<String, Variable> inputs) {
    return Objects.requireNonNull(run(tape, inputs).get(result));
  }

  private Variable apply(Instruction instruction, Tape tape, List<Variable> args) {
    try {
      return vocabulary.apply(instruction.op, new Call(tape, args, instruction.attrs));
    } catch (CaseException e) {
      throw e;
    } catch (RuntimeException e) {
      throw CaseException.at(
          "instruction " + instruction.id + " (" + instruction.op + ")", String.valueOf(e));
    }
  }
}
