package io.github.backstay.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.StateDict;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ModuleStateTest {

  /** An encoder and a decoder whose weights are tied. */
  private static final class Tied extends Module {
    private final Linear encoder;

    Tied(long seed) {
      encoder = child("encoder", new Linear(2, 2, new Seeds(seed).generator(0, "encoder")));
      share("decoder", encoder.weight());
    }
  }

  private static void assertRefused(
      Class<? extends Exception> type, String message, Executable call) {
    assertEquals(message, Objects.requireNonNull(assertThrows(type, call).getMessage()));
  }

  static List<ModuleCatalogue.Entry> modules() {
    return ModuleCatalogue.entries().stream()
        .filter(entry -> entry.make(1).module() instanceof Module)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("modules")
  void everyModuleTakesUpTheStateOfAnother(ModuleCatalogue.Entry entry) {
    Module first = (Module) entry.make(1).module();
    Module second = (Module) entry.make(2).module();
    StateDict state = first.stateDict();
    Set<String> all = new HashSet<>(first.namedParameters().keySet());
    all.addAll(first.namedStatistics().keySet());
    assertTrue(all.containsAll(state.names()));
    second.load(state);
    assertEquals(state.names(), second.stateDict().names());
    for (int p = 0; p < first.parameters().size(); p++) {
      assertArrayEquals(
          first.parameters().get(p).toMatrix().data, second.parameters().get(p).toMatrix().data);
    }
  }

  @Test
  void statisticsAreStateToo() {
    BatchNorm first = new BatchNorm(2);
    first.runningMean().set(new DMatrixRMaj(new double[][] {{1.5, -2.0}}));
    first.runningVar().set(new DMatrixRMaj(new double[][] {{0.25, 4.0}}));
    BatchNorm second = new BatchNorm(2);
    second.load(first.stateDict());
    assertArrayEquals(new double[] {1.5, -2.0}, second.runningMean().toMatrix().data);
    assertArrayEquals(new double[] {0.25, 4.0}, second.runningVar().toMatrix().data);
    assertTrue(first.stateDict().names().contains("runningMean"));
  }

  @Test
  void theStateIsACopyUnderThePathsFromTheModule() {
    Tied model = new Tied(1);
    double before = model.encoder.weight().get(0, 0);
    StateDict state = model.stateDict();
    model.encoder.weight().set(0, 0, 7.0);
    assertEquals(List.of("encoder.weight", "encoder.bias"), List.copyOf(state.names()));
    assertEquals(before, state.matrix("encoder.weight").get(0, 0));
    assertEquals(List.of("weight", "bias"), List.copyOf(model.encoder.stateDict().names()));
  }

  @Test
  void loadingCountsAsAWriteAndCopies() {
    Tied model = new Tied(1);
    long version = model.encoder.weight().version();
    StateDict state = new Tied(2).stateDict();
    model.load(state);
    assertTrue(model.encoder.weight().version() > version);
    model.encoder.weight().set(0, 0, 7.0);
    model.load(state);
    assertEquals(state.matrix("encoder.weight").get(0, 0), model.encoder.weight().get(0, 0));
  }

  @Test
  void aTiedWeightMayBeUnderAnyOfItsPaths() {
    DMatrixRMaj weight = new DMatrixRMaj(new double[][] {{1, 2}, {3, 4}});
    DMatrixRMaj bias = new DMatrixRMaj(1, 2);
    Tied model = new Tied(1);
    model.load(StateDict.builder().put("decoder", weight).put("encoder.bias", bias).build());
    assertEquals(4.0, model.encoder.weight().get(1, 1));
    model.load(
        StateDict.builder()
            .put("decoder", weight)
            .put("encoder.weight", weight)
            .put("encoder.bias", bias)
            .text("format", "pt")
            .build());
    assertRefused(
        IllegalArgumentException.class,
        "stateDict: \"encoder.weight\" and \"decoder\" differ (they are one parameter here,"
            + " which needs one value).",
        () ->
            model.load(
                StateDict.builder()
                    .put("decoder", weight)
                    .put("encoder.weight", new DMatrixRMaj(2, 2))
                    .put("encoder.bias", bias)
                    .build()));
  }

  @Test
  void changesNothingUnlessEverythingFits() {
    Tied model = new Tied(1);
    double[] weight = model.encoder.weight().toMatrix().data;
    Shape square = new Shape(2, 2);
    Shape row = new Shape(1, 2);
    StateDict.Builder zeros = StateDict.builder().put("encoder.weight", square, m -> {});
    assertRefused(
        IllegalArgumentException.class,
        "stateDict: \"encoder.bias\" is missing; found: encoder.weight.",
        () -> model.load(zeros.build()));
    assertRefused(
        IllegalArgumentException.class,
        "stateDict: \"encoder.weight\", \"encoder.bias\" are missing; found: nothing.",
        () -> model.load(StateDict.builder().build()));
    zeros.put("encoder.bias", row, m -> {});
    StateDict fitting = zeros.build();
    assertRefused(
        IllegalArgumentException.class,
        "stateDict: \"decoder.bias\" is unexpected; needed: encoder.weight, encoder.bias.",
        () -> model.load(zeros.put("decoder.bias", row, m -> {}).build()));
    assertRefused(
        ShapeException.class,
        "stateDict: \"encoder.bias\" is 2×2 (need 1×2).",
        () ->
            model.load(
                StateDict.builder()
                    .put("encoder.weight", square, m -> {})
                    .put("encoder.bias", square, m -> {})
                    .build()));
    assertRefused(
        IllegalArgumentException.class,
        "stateDict: \"encoder.bias\" has NaN at (0, 1) (values must be finite).",
        () ->
            model.load(
                StateDict.builder()
                    .put("encoder.weight", square, m -> {})
                    .put("encoder.bias", row, m -> m.data[1] = Double.NaN)
                    .build()));
    assertArrayEquals(weight, model.encoder.weight().toMatrix().data);
    model.requireFitting(fitting);
    assertArrayEquals(weight, model.encoder.weight().toMatrix().data);
    model.load(fitting);
    assertArrayEquals(new double[4], model.encoder.weight().toMatrix().data);
  }
}
