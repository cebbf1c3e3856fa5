package io.github.backstay.core;

import static io.github.backstay.core.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ReadOnlyBufferException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class StateDictTest {

  private final DMatrixRMaj matrix = new DMatrixRMaj(new double[][] {{1, 2, 3}, {4, 5, 6}});

  private final StateDict dict =
      StateDict.builder()
          .put("b", matrix)
          .put("a", new Shape(1, 2), to -> to.data[1] = Double.NaN)
          .text("place", "here")
          .integer("step", Long.MIN_VALUE)
          .build();

  @Test
  void keepsTheOrder() {
    assertEquals(List.of("b", "a"), List.copyOf(dict.names()));
    assertEquals(List.of("place", "step"), List.copyOf(dict.texts().keySet()));
    assertEquals(
        "state dict of 2 matrices and {place=here, step=-9223372036854775808}", dict.toString());
    assertEquals("state dict of 1 matrix", StateDict.builder().put("a", matrix).build().toString());
  }

  @Test
  void givesBackWhatItWasGiven() {
    assertEquals("2×3", dict.shape("b").toString());
    assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, dict.matrix("b").data);
    assertArrayEquals(new double[] {0, Double.NaN}, dict.matrix("a").data);
    assertEquals("here", dict.text("place"));
    assertEquals(Long.MIN_VALUE, dict.integer("step"));
    assertEquals(6, dict.values("b").remaining());
    assertEquals(4.0, dict.values("b").get(3));
  }

  @Test
  void cannotBeChangedFromOutside() {
    matrix.zero();
    dict.matrix("b").zero();
    assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, dict.matrix("b").data);
    assertThrows(ReadOnlyBufferException.class, () -> dict.values("b").put(0, 7.0));
    assertThrows(UnsupportedOperationException.class, () -> dict.names().remove("b"));
    assertThrows(UnsupportedOperationException.class, () -> dict.texts().clear());
  }

  @Test
  void copiesOnlyTheEntriesOfAMatrixThatOnceWasLarger() {
    DMatrixRMaj shrunk = matrix.copy();
    shrunk.reshape(1, 2);
    StateDict small = StateDict.builder().put("s", shrunk).build();
    assertArrayEquals(new double[] {1, 2}, small.matrix("s").data);
    assertEquals(2, small.values("s").remaining());
  }

  @Test
  void takesOutBelowAPrefixWhatWasPutThere() {
    StateDict all =
        StateDict.builder()
            .putAll("model", dict)
            .put("modelling.b", new DMatrixRMaj(1, 1))
            .put("model", new DMatrixRMaj(1, 1))
            .build();
    assertEquals(List.of("model.b", "model.a", "modelling.b", "model"), List.copyOf(all.names()));
    StateDict model = all.below("model");
    assertEquals(List.copyOf(dict.names()), List.copyOf(model.names()));
    assertEquals(dict.texts(), model.texts());
    assertArrayEquals(dict.matrix("b").data, model.matrix("b").data);
    assertTrue(all.below("b").names().isEmpty());
  }

  @Test
  void errorsBelowAPrefixCallThingsByTheirFullNames() {
    StateDict inner = StateDict.builder().putAll("x", dict).build();
    StateDict model = StateDict.builder().putAll("model", inner).build().below("model").below("x");
    assertMessage(
        IllegalArgumentException.class,
        "stateDict: \"model.x.c\" is missing; found: model.x.b, model.x.a.",
        () -> assertEquals(model, model.shape("c")));
    assertMessage(
        IllegalArgumentException.class,
        "stateDict: \"model.x.place\" is \"here\" (need an integer).",
        () -> assertEquals(0, model.integer("place")));
  }

  @Test
  void rejectsANameThatIsTaken() {
    String taken = "stateDict: the name \"a.b\" is taken (each must be used once).";
    StateDict.Builder builder = StateDict.builder().put("a.b", matrix);
    assertMessage(IllegalArgumentException.class, taken, () -> builder.put("a.b", matrix));
    assertMessage(IllegalArgumentException.class, taken, () -> builder.putAll("a", dict));
    builder.text("a.b", "a text may have the name of a matrix");
    assertMessage(IllegalArgumentException.class, taken, () -> builder.text("a.b", "text"));
    assertMessage(IllegalArgumentException.class, taken, () -> builder.integer("a.b", 1));
    assertMessage(
        IllegalArgumentException.class,
        "stateDict: the prefix must not be blank.",
        () -> builder.putAll(" ", dict));
    assertMessage(
        IllegalArgumentException.class,
        "stateDict: the prefix must not be blank.",
        () -> assertEquals(dict, dict.below("")));
  }

  private static Map<String, Shape> needed(Object... namesAndShapes) {
    Map<String, Shape> needed = new LinkedHashMap<>();
    for (int i = 0; i < namesAndShapes.length; i += 2) {
      needed.put((String) namesAndShapes[i], (Shape) namesAndShapes[i + 1]);
    }
    return needed;
  }

  @Test
  void acceptsExactlyWhatIsNeeded() {
    dict.requireExactly(needed("a", new Shape(1, 2), "b", new Shape(2, 3)));
    StateDict.builder().build().requireExactly(Map.of());
  }

  @Test
  void namesEverythingThatDoesNotFit() {
    Shape shape = new Shape(2, 3);
    assertMessage(
        IllegalArgumentException.class,
        "stateDict: \"c\" is missing; found: b, a.",
        () -> dict.requireExactly(needed("b", shape, "c", shape)));
    assertMessage(
        IllegalArgumentException.class,
        "stateDict: \"c\", \"d\" are missing; found: nothing.",
        () -> StateDict.builder().build().requireExactly(needed("c", shape, "d", shape)));
    assertMessage(
        IllegalArgumentException.class,
        "stateDict: \"a\" is unexpected; needed: b.",
        () -> dict.requireExactly(needed("b", shape)));
    assertMessage(
        IllegalArgumentException.class,
        "stateDict: \"b\", \"a\" are unexpected; needed: nothing.",
        () -> dict.requireExactly(needed()));
    assertMessage(
        ShapeException.class,
        "stateDict: \"b\" is 2×3 (need 3×2), \"a\" is 1×2 (need 2×3).",
        () -> dict.requireExactly(needed("b", new Shape(3, 2), "a", shape)));
  }

  @Test
  void errorsShowNoControlCharacters() {
    StateDict hostile = StateDict.builder().put("\u001b[31m\n", matrix).build();
    assertMessage(
        IllegalArgumentException.class,
        "stateDict: \"?[31m?\" is unexpected; needed: nothing.",
        () -> hostile.requireExactly(Map.of()));
  }

  @Test
  void namesWhatIsBelowNoneOfThePrefixes() {
    StateDict parts =
        StateDict.builder().putAll("model", dict).putAll("anchor", dict).put("x", matrix).build();
    parts.below("model").requireExactly(needed("a", new Shape(1, 2), "b", new Shape(2, 3)));
    assertMessage(
        IllegalArgumentException.class,
        "stateDict: \"anchor.b\", \"anchor.a\", \"x\", \"anchor.place\", \"anchor.step\" are"
            + " unexpected; needed: what is below model, optimizer.",
        () -> parts.requireOnlyBelow(List.of("model", "optimizer")));
    StateDict.builder().putAll("model", dict).build().requireOnlyBelow(List.of("model"));
  }

  @Test
  void namesMatricesWhoseValuesAreNotFinite() {
    dict.requireFinite(List.of("b"));
    assertMessage(
        IllegalArgumentException.class,
        "stateDict: \"a\" has NaN at (0, 1) (values must be finite).",
        () -> dict.requireFinite(dict.names()));
    StateDict infinite =
        StateDict.builder()
            .put("p", new DMatrixRMaj(new double[][] {{0, 1}, {Double.POSITIVE_INFINITY, 2}}))
            .put("n", new DMatrixRMaj(new double[][] {{Double.NEGATIVE_INFINITY}}))
            .build();
    assertMessage(
        IllegalArgumentException.class,
        "stateDict: \"p\" has Infinity at (1, 0), \"n\" has -Infinity at (0, 0) (values must be"
            + " finite).",
        () -> infinite.requireFinite(infinite.names()));
  }

  @Test
  void rejectsTiedMatricesThatDiffer() {
    StateDict tied =
        StateDict.builder()
            .put("a", matrix)
            .put("same", matrix)
            .put("reshaped", new DMatrixRMaj(3, 2, true, 1, 2, 3, 4, 5, 6))
            .put("other", new DMatrixRMaj(2, 3))
            .build();
    tied.requireSame("a", "same");
    String needed = " differ (they are one parameter here, which needs one value).";
    assertMessage(
        IllegalArgumentException.class,
        "stateDict: \"a\" and \"other\"" + needed,
        () -> tied.requireSame("a", "other"));
    assertMessage(
        IllegalArgumentException.class,
        "stateDict: \"a\" and \"reshaped\"" + needed,
        () -> tied.requireSame("a", "reshaped"));
  }

  @Test
  void rejectsATextThatIsMissingOrNoInteger() {
    assertMessage(
        IllegalArgumentException.class,
        "stateDict: \"b\" is missing; found: place, step.",
        () -> assertEquals("", dict.text("b")));
    assertMessage(
        IllegalArgumentException.class,
        "stateDict: \"place\" is \"here\" (need an integer).",
        () -> assertEquals(0, dict.integer("place")));
  }
}
