package io.github.backstay.benchmarks.conformance;

import io.github.backstay.benchmarks.conformance.Case.Input;
import io.github.backstay.core.Gradients;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;

/**
 * The inputs of a case on a tape: free variables where the case differentiates by them, else
 * constants.
 *
 * @param tape the tape
 * @param all all inputs by name, in order
 * @param free those that the case differentiates by
 */
record Leaves(Tape tape, Map<String, Variable> all, Map<String, Variable> free) {

  /** Puts inputs on a tape. */
  static Leaves on(Tape tape, Map<String, Input> inputs) {
    Map<String, Variable> all = new LinkedHashMap<>();
    Map<String, Variable> free = new LinkedHashMap<>();
    inputs.forEach(
        (name, input) -> {
          if (input.requiresGrad()) {
            free.put(name, tape.variable(input.value()));
            all.put(name, free.get(name));
          } else {
            all.put(name, tape.constant(input.value()));
          }
        });
    return new Leaves(tape, all, free);
  }

  /** An input by name. */
  Variable get(String name) {
    Variable leaf = all.get(name);
    if (leaf == null) {
      throw CaseException.at("", "there is no input \"" + name + "\".");
    }
    return leaf;
  }

  /** A free input by name. */
  Variable free(String name) {
    Variable leaf = free.get(name);
    if (leaf == null) {
      throw CaseException.at("", "there is no input \"" + name + "\" with a gradient.");
    }
    return leaf;
  }

  /**
   * Compares the gradients of an output with the expected ones, and the recorded gradients, which
   * can be differentiated again, with the plain ones.
   *
   * @param part the member of the case that says what to expect
   * @param output any variable of the tape
   * @param cotangent the weights of its entries
   * @param expected one matrix for every free input, or null where no path leads
   */
  void compareGradients(
      Comparison check, String part, Variable output, DMatrixRMaj cotangent, Fields expected) {
    expected.requireNames(free.keySet());
    if (!output.isTracked()) {
      free.forEach(
          (name, leaf) ->
              compare(check, part, name, expected, new DMatrixRMaj(leaf.rows(), leaf.cols())));
      return;
    }
    Map<String, DMatrixRMaj> plain = new LinkedHashMap<>();
    Gradients gradients = tape.gradients(output, cotangent);
    free.forEach((name, leaf) -> plain.put(name, gradients.of(leaf)));
    plain.forEach((name, actual) -> compare(check, part, name, expected, actual));
    List<Variable> recorded =
        tape.recordedGradients(output, tape.constant(cotangent), new ArrayList<>(free.values()));
    int i = 0;
    for (Map.Entry<String, DMatrixRMaj> entry : plain.entrySet()) {
      check.consistent(
          "recorded gradient", entry.getKey(), entry.getValue(), recorded.get(i++).toMatrix());
    }
  }

  private static void compare(
      Comparison check, String part, String name, Fields expected, DMatrixRMaj actual) {
    if (expected.has(name)) {
      check.matrix(part, name, expected.matrix(name), actual);
    } else {
      check.unreached(part, name, actual);
    }
  }
}
