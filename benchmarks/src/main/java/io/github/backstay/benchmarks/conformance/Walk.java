package io.github.backstay.benchmarks.conformance;

import io.github.backstay.benchmarks.conformance.Case.Input;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parameters on their way: where they start, and where they were after each step. For one thread.
 *
 * @param parameters the trainable inputs by name
 * @param constants the other inputs
 * @param places for each parameter its values after each step so far
 */
record Walk(
    Map<String, Parameter> parameters,
    Map<String, Input> constants,
    Map<String, List<double[]>> places) {

  /** Makes a parameter of every trainable input. */
  static Walk from(Map<String, Input> inputs) {
    Walk walk = new Walk(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    inputs.forEach(
        (name, input) -> {
          if (input.requiresGrad()) {
            walk.parameters.put(name, new Parameter(name, input.value()));
            walk.places.put(name, new ArrayList<>());
          } else {
            walk.constants.put(name, input);
          }
        });
    return walk;
  }

  /** A parameter by name. */
  Parameter parameter(String name, String place) {
    Parameter parameter = parameters.get(name);
    if (parameter == null) {
      throw CaseException.at(place, "there is no parameter \"" + name + "\".");
    }
    return parameter;
  }

  /** All inputs on a tape. */
  Map<String, Variable> on(Tape tape) {
    Map<String, Variable> leaves = new LinkedHashMap<>();
    parameters.forEach((name, parameter) -> leaves.put(name, parameter.on(tape)));
    constants.forEach((name, input) -> leaves.put(name, tape.constant(input.value())));
    return leaves;
  }

  /** Remembers where the parameters are. */
  void note() {
    parameters.forEach(
        (name, parameter) -> {
          List<double[]> steps = places.computeIfAbsent(name, n -> new ArrayList<>());
          steps.add(parameter.toMatrix().data);
        });
  }

  /**
   * Compares every step.
   *
   * @param part the member that says what to expect, for messages
   * @param expected lists of numbers by parameter
   */
  void compare(Comparison check, String part, Fields expected) {
    places.forEach(
        (name, actual) -> {
          List<double[]> steps = expected.numberLists(name);
          check.require(
              part,
              steps.size() == actual.size(),
              part + "." + name + " has " + steps.size() + " steps, replayed " + actual.size());
          for (int t = 0; t < Math.min(steps.size(), actual.size()); t++) {
            check.numbers(part, name + " after step " + t, steps.get(t), actual.get(t));
          }
        });
    expected.requireAllRead("this training");
  }

  /** Whether another walk went the same way, to the last bit. */
  boolean equalsInEveryBit(Walk other) {
    for (Map.Entry<String, List<double[]>> entry : places.entrySet()) {
      List<double[]> others = other.places.getOrDefault(entry.getKey(), List.of());
      if (others.size() != entry.getValue().size()) {
        return false;
      }
      for (int t = 0; t < others.size(); t++) {
        if (!Arrays.equals(entry.getValue().get(t), others.get(t))) {
          return false;
        }
      }
    }
    return true;
  }
}
