package io.github.backstay.benchmarks.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ejml.data.DMatrixRMaj;

/**
 * One case of a reference file: what every form of case has in common.
 *
 * @param name its name, unique within the file
 * @param op the op, layer or rule it is about, or {@code program}, {@code training}
 * @param kind its form, where the case says so; else empty
 * @param tags what is special about it
 * @param fields everything, by name
 */
record Case(String name, String op, String kind, Set<String> tags, Fields fields) {

  private static final Set<String> TAGS =
      Set.of(
          "kink",
          "tie",
          "quirk",
          "extreme",
          "ill_conditioned",
          "non_finite",
          "zero_size",
          "broadcast",
          "alias",
          "optional",
          // of programs
          "fan_out",
          "constant",
          "detach",
          "dead_node",
          "unreached_leaf",
          "matrix_result",
          "readable");

  /**
   * A matrix that goes into a case.
   *
   * @param name what the case calls it
   * @param value its value
   * @param requiresGrad whether the case differentiates by it
   */
  record Input(String name, DMatrixRMaj value, boolean requiresGrad) {}

  /** Copies the set. */
  Case {
    tags = Set.copyOf(tags);
  }

  /** Reads what all cases have. */
  static Case of(JsonNode node) {
    Fields fields = Fields.of(node, "");
    String name = fields.text("name");
    String op = fields.text("op");
    Set<String> tags = new HashSet<>(fields.has("tags") ? fields.texts("tags") : List.of());
    for (String tag : tags) {
      if (!TAGS.contains(tag)) {
        throw CaseException.unknown("tag", tag);
      }
    }
    return new Case(name, op, fields.text("kind", ""), tags, fields);
  }

  /** The name that a case goes by in the report, also if the case is broken otherwise. */
  static String nameOf(JsonNode node, String otherwise) {
    JsonNode name = node.get("name");
    return name != null && name.isTextual() ? name.textValue() : otherwise;
  }

  /** The parameters. */
  Fields attrs() {
    return fields.object("attrs");
  }

  /** What goes in, by name, in order. */
  Map<String, Input> inputs(String member) {
    Map<String, Input> inputs = new LinkedHashMap<>();
    for (Fields input : fields.objects(member)) {
      String inputName = input.text("name");
      boolean requiresGrad = input.flag("requiresGrad", false);
      Input before = inputs.put(inputName, new Input(inputName, input.asMatrix(), requiresGrad));
      if (before != null) {
        throw CaseException.at(input.place(), "there is an \"" + inputName + "\" already.");
      }
    }
    return inputs;
  }

  /** The names of those inputs that the case differentiates by. */
  static List<String> trainable(Map<String, Input> inputs) {
    List<String> names = new ArrayList<>();
    for (Input input : inputs.values()) {
      if (input.requiresGrad()) {
        names.add(input.name());
      }
    }
    return names;
  }
}
