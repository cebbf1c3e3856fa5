package io.github.backstay.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.backstay.core.Gradients;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ModuleTest {

  private static final RandomGenerator RANDOM = new Seeds(1).generator(0, "module test");

  /** A module to build trees with. */
  private static final class Node extends Module {
    @CanIgnoreReturnValue
    Parameter add(String name) {
      return parameter(name, new DMatrixRMaj(2, 3));
    }

    @CanIgnoreReturnValue
    Parameter tie(String name, Parameter parameter) {
      return share(name, parameter);
    }

    @CanIgnoreReturnValue
    <M extends Module> M add(String name, M part) {
      return child(name, part);
    }

    @CanIgnoreReturnValue
    Parameter addRandom(String name, Initializer initializer) {
      return parameter(name, 2, 3, initializer, RANDOM);
    }

    String described() {
      return describe();
    }
  }

  private static List<String> names(Module module) {
    return module.parameters().stream().map(Parameter::name).toList();
  }

  private static @Nullable String messageOf(Executable code) {
    return assertThrows(IllegalArgumentException.class, code).getMessage();
  }

  // ---- names and order ------------------------------------------------------------------------

  @Test
  void parametersAndChildrenKeepTheOrderOfRegistration() {
    Node model = new Node();
    model.add("first");
    Node part = new Node();
    part.add("inner");
    model.add("part", part);
    model.add("last");

    assertEquals(List.of("first", "part.inner", "last"), names(model));
    assertEquals(
        List.of("first", "part.inner", "last"), List.copyOf(model.namedParameters().keySet()));
    assertEquals(Map.of("part", part), model.children());
  }

  @Test
  void namesBecomePathsFromTheTopWhenBuiltFromBelow() {
    Node leaf = new Node();
    Parameter weight = leaf.add("weight");
    assertEquals("weight", weight.name());
    Node encoder = new Node();
    encoder.add("hidden", leaf);
    assertEquals("hidden.weight", weight.name());
    Node model = new Node();
    model.add("encoder", encoder);

    assertEquals("encoder.hidden.weight", weight.name());
    assertEquals("encoder.hidden", leaf.path());
    assertEquals("", model.path());
    assertEquals(List.of("hidden.weight"), List.copyOf(encoder.namedParameters().keySet()));
  }

  @Test
  void namesBecomePathsFromTheTopWhenBuiltFromAbove() {
    Node model = new Node();
    Node encoder = model.add("encoder", new Node());
    Node leaf = encoder.add("hidden", new Node());
    Parameter weight = leaf.add("weight");
    Parameter scale = encoder.add("scale");

    assertEquals("encoder.hidden.weight", weight.name());
    assertEquals("encoder.scale", scale.name());
    assertEquals(List.of(weight, scale), model.parameters());
  }

  // ---- sharing --------------------------------------------------------------------------------

  @Test
  void sharedParameterIsListedOnceUnderItsMakersPath() {
    Embedding words = new Embedding(7, 3, Initializer.normal(1.0), RANDOM);
    Linear output = Linear.sharing(words.weight());
    Node model = new Node();
    model.add("words", words);
    model.add("output", output);

    assertEquals(List.of("words.weight", "output.bias"), names(model));
    assertEquals(
        List.of("words.weight", "output.weight", "output.bias"),
        List.copyOf(model.namedParameters().keySet()));
    assertSame(words.weight(), model.namedParameters().get("output.weight"));
    assertEquals(7 * 3 + 7, model.parameterCount());
  }

  @Test
  void sharedParameterKeepsItsMakersPathWhateverIsRegisteredFirst() {
    Embedding words = new Embedding(7, 3, Initializer.normal(1.0), RANDOM);
    Node model = new Node();
    model.add("output", Linear.sharing(words.weight()));
    model.add("words", words);

    assertEquals(List.of("words.weight", "output.bias"), names(model));
  }

  @Test
  void sharedModuleIsListedOnceUnderItsFirstPath() {
    Linear tower = new Linear(2, 2, RANDOM);
    Node twins = new Node();
    twins.add("left", tower);
    twins.add("right", tower);
    Node model = new Node();
    model.add("twins", twins);

    assertEquals(List.of("twins.left.weight", "twins.left.bias"), names(model));
    assertEquals(4, model.namedParameters().size());
    assertSame(tower.weight(), model.namedParameters().get("twins.right.weight"));
    assertEquals(6, model.parameterCount());
  }

  @Test
  void moduleInTwoModelsKeepsTheNamesOfTheFirst() {
    Linear encoder = new Linear(2, 2, RANDOM);
    Node first = new Node();
    first.add("encoder", encoder);
    Node second = new Node();
    second.add("pretrained", encoder);

    assertEquals("encoder.weight", encoder.weight().name());
    assertSame(encoder.weight(), second.namedParameters().get("pretrained.weight"));
  }

  @Test
  void sharedParameterGetsTheSumOfBothGradients() {
    Embedding words = new Embedding(3, 2, Initializer.normal(1.0), RANDOM);
    Linear output = Linear.sharing(words.weight());
    try (Tape tape = Tape.create()) {
      Variable x = words.lookUp(tape, Indices.of(1));
      Gradients gradients = tape.gradients(output.forward(x, Pass.evaluation()).sum());
      DMatrixRMaj w = words.weight().toMatrix();

      // y = Σₖ wₖ·w₁, so row k gets w₁ and row 1 the sum of all rows besides
      for (int k = 0; k < 3; k++) {
        for (int j = 0; j < 2; j++) {
          double sum = w.get(0, j) + w.get(1, j) + w.get(2, j);
          double expected = w.get(1, j) + (k == 1 ? sum : 0.0);
          assertEquals(expected, gradients.of(words.weight()).get(k, j), 1e-14);
        }
      }
    }
  }

  // ---- freezing, counting, views --------------------------------------------------------------

  @Test
  void freezingReachesAllParametersBelow() {
    Sequential model = new Sequential(new Linear(2, 3, RANDOM), new Linear(3, 1, RANDOM));
    model.freeze();
    assertTrue(model.parameters().stream().allMatch(Parameter::isFrozen));
    model.thaw();
    assertFalse(model.parameters().stream().anyMatch(Parameter::isFrozen));
  }

  @Test
  void partsCanBeFrozenAlone() {
    Linear encoder = new Linear(2, 3, RANDOM);
    Linear head = new Linear(3, 1, RANDOM);
    Sequential model = new Sequential(encoder, head);
    encoder.freeze();
    try (Tape tape = Tape.create()) {
      Variable y = model.forward(tape.constant(new DMatrixRMaj(4, 2)), Pass.evaluation());
      Gradients gradients = tape.gradients(y.sum());

      assertFalse(gradients.contains(encoder.weight()));
      assertTrue(gradients.contains(head.weight()));
    }
  }

  @Test
  void listsAndMapsCannotBeChanged() {
    Linear linear = new Linear(2, 3, RANDOM);

    assertThrows(UnsupportedOperationException.class, () -> linear.parameters().remove(0));
    assertThrows(UnsupportedOperationException.class, () -> linear.namedParameters().clear());
    assertThrows(UnsupportedOperationException.class, () -> linear.children().clear());
  }

  @Test
  void moduleWithoutAnythingHasNoParameters() {
    assertEquals(List.of(), new Node().parameters());
    assertEquals(0, new Node().parameterCount());
  }

  // ---- errors ---------------------------------------------------------------------------------

  @Test
  void refusesANameTwice() {
    Node encoder = new Node();
    encoder.add("weight");
    encoder.add("part", new Node());

    assertEquals(
        "module Node: a parameter named \"weight\" is already registered.",
        messageOf(() -> encoder.add("weight")));
    assertEquals(
        "module Node: a child named \"part\" is already registered.",
        messageOf(() -> encoder.tie("part", new Parameter("p", new DMatrixRMaj(1, 1)))));
    new Node().add("encoder", encoder);
    assertEquals(
        "module \"encoder\": a parameter named \"weight\" is already registered.",
        messageOf(() -> encoder.add("weight", new Node())));
  }

  @Test
  void refusesNamesThatAreBlankOrHaveDots() {
    assertEquals("module Node: a name must not be blank.", messageOf(() -> new Node().add(" ")));
    assertEquals(
        "module Node: the name \"a.b\" must not contain a dot (dots separate the parts of a path).",
        messageOf(() -> new Node().add("a.b", new Node())));
    assertEquals(
        "module Node: the name \".b\" must not contain a dot (dots separate the parts of a path).",
        messageOf(() -> new Node().add(".b")));
  }

  @Test
  void refusesCircles() {
    Node outer = new Node();
    Node inner = outer.add("inner", new Node());

    assertEquals(
        "module Node: \"self\" must not be the module itself.",
        messageOf(() -> outer.add("self", outer)));
    assertEquals(
        "module \"inner\": \"outer\" must not be a module that contains this one.",
        messageOf(() -> inner.add("outer", outer)));
    assertEquals(Map.of(), inner.children());
  }

  @Test
  void refusesAnInitializerThatReturnsAnotherShape() {
    Node node = new Node();

    assertEquals(
        "module Node: the initializer of \"weight\" returned 3×2 (needed 2×3).",
        messageOf(
            () -> node.addRandom("weight", (rows, cols, random) -> new DMatrixRMaj(cols, rows))));
    assertEquals(List.of(), node.parameters());
  }

  @Test
  void refusesANameBeforeAnythingIsDrawn() {
    Initializer mustNotDraw =
        (rows, cols, random) -> {
          throw new AssertionError("drawn");
        };

    assertEquals(
        "module Node: a name must not be blank.",
        messageOf(() -> new Node().addRandom("", mustNotDraw)));
  }

  @Test
  void refusesInitialValuesThatAreNotFinite() {
    Node model = new Node();
    Node encoder = model.add("encoder", new Node());

    assertEquals(
        "parameter \"encoder.weight\": entry (0, 0) is NaN (values must be finite).",
        messageOf(() -> encoder.addRandom("weight", (r, c, random) -> filled(r, c, Double.NaN))));
    assertEquals(List.of(), model.parameters());
  }

  private static DMatrixRMaj filled(int rows, int cols, double value) {
    DMatrixRMaj matrix = new DMatrixRMaj(rows, cols);
    matrix.fill(value);
    return matrix;
  }

  @Test
  void printsKindAndPath() {
    Linear linear = new Linear(2, 3, RANDOM);
    assertEquals("Linear", linear.toString());
    Node model = new Node();
    model.add("hidden", linear);
    assertEquals("Linear \"hidden\"", linear.toString());
    assertEquals("module Module", new Module() {}.describe());
    assertEquals("module Node", model.described());
  }
}
