package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.regularizers.Regularizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A training that was saved and taken up again is the training that was never interrupted. */
class RestoreTest {

  @Provide
  Arbitrary<UpdateRule> rules() {
    return Arbitraries.of(RuleCatalogue.ROWS.stream().map(RuleCase::rule).toList());
  }

  private static void copyState(
      Optimizer from, List<Parameter> saved, Optimizer to, List<Parameter> fresh) {
    for (int p = 0; p < saved.size(); p++) {
      fresh.get(p).set(saved.get(p).toMatrix());
      to.restore(fresh.get(p), from.steps(saved.get(p)), from.slots(saved.get(p)));
    }
  }

  private static void assertSameState(
      Optimizer expected, Parameter a, Optimizer actual, Parameter b) {
    assertArrayEquals(a.toMatrix().data, b.toMatrix().data);
    assertEquals(expected.steps(a), actual.steps(b));
    Map<String, DMatrixRMaj> slots = actual.slots(b);
    Map<String, DMatrixRMaj> wanted = expected.slots(a);
    assertEquals(List.copyOf(wanted.keySet()), List.copyOf(slots.keySet()));
    List<DMatrixRMaj> left = List.copyOf(wanted.values());
    List<DMatrixRMaj> right = List.copyOf(slots.values());
    for (int i = 0; i < left.size(); i++) {
      assertArrayEquals(left.get(i).data, right.get(i).data);
    }
  }

  @Property(seed = "1", tries = 200, edgeCases = EdgeCasesMode.NONE)
  void aRestoredTrainingGoesOnToTheBit(
      @ForAll Problem.Kind kind,
      @ForAll("rules") UpdateRule rule,
      @ForAll @IntRange(min = 0, max = 6) int before,
      @ForAll @IntRange(min = 1, max = 6) int after,
      @ForAll long seed) {
    Problem.Setting setting = new Problem.Setting(kind, 5, 4, 3, seed);
    Problem whole = setting.draw();
    Problem fresh = setting.draw();
    Optimizer ofWhole = held(whole, rule);
    Optimizer ofFresh = held(fresh, rule);
    train(whole, ofWhole, before);
    copyState(ofWhole, whole.parameters(), ofFresh, fresh.parameters());
    train(whole, ofWhole, after);
    train(fresh, ofFresh, after);
    for (int p = 0; p < whole.parameters().size(); p++) {
      assertSameState(ofWhole, whole.parameters().get(p), ofFresh, fresh.parameters().get(p));
    }
  }

  private static Optimizer held(Problem problem, UpdateRule rule) {
    Regularizer coupled = problem.anchor(0.2, Regularizer.Builder::coupled);
    Regularizer decoupled = problem.anchor(0.3, Regularizer.Builder::decoupled);
    return Optimizer.builder().group("all", problem, rule, coupled, decoupled).build();
  }

  private static void train(Problem problem, Optimizer optimizer, int steps) {
    try (Tape tape = Tape.create()) {
      for (int t = 0; t < steps; t++) {
        optimizer.step(Objective.of("data", problem.loss(tape)));
        tape.reset();
      }
    }
  }

  @Property(seed = "1", tries = 400, edgeCases = EdgeCasesMode.NONE)
  void soDoesATrainingOfRows(
      @ForAll("rules") UpdateRule rule,
      @ForAll @IntRange(min = 1, max = 14) int rows,
      @ForAll @IntRange(min = 0, max = 8) int before,
      @ForAll @IntRange(min = 1, max = 8) int after,
      @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    Parameter table = new Parameter("table", Draw.gaussian(random, rows, 2));
    List<int[]> touched = new ArrayList<>();
    List<DMatrixRMaj> gradients = new ArrayList<>();
    for (int t = 0; t < before + after; t++) {
      touched.add(random.ints(2, 0, rows).toArray());
      gradients.add(Draw.gaussian(random, 2, 2));
    }
    Optimizer whole = Optimizer.builder().group("all", table, rule).eager().build();
    for (int t = 0; t < before; t++) {
      DMatrixRMaj unused = GivenGradients.stepRows(whole, table, touched.get(t), gradients.get(t));
    }
    Parameter copy = new Parameter("table", new DMatrixRMaj(rows, 2));
    Optimizer restored = Optimizer.builder().group("all", copy, rule).eager().build();
    if (random.nextBoolean()) { // what it did before it was restored is forgotten
      DMatrixRMaj unused =
          GivenGradients.stepRows(restored, copy, new int[] {rows - 1}, new DMatrixRMaj(1, 2));
    }
    copyState(whole, List.of(table), restored, List.of(copy));
    for (int t = before; t < before + after; t++) {
      DMatrixRMaj one = GivenGradients.stepRows(whole, table, touched.get(t), gradients.get(t));
      DMatrixRMaj other = GivenGradients.stepRows(restored, copy, touched.get(t), gradients.get(t));
      assertArrayEquals(one.data, other.data);
      assertSameState(whole, table, restored, copy);
    }
  }

  private final Parameter weight = new Parameter("w", new DMatrixRMaj(1, 2, true, 1.0, 2.0));

  private static <E extends Exception> String refusal(Class<E> type, Executable wrong) {
    return String.valueOf(assertThrows(type, wrong).getMessage());
  }

  @Test
  void copiesWhatItIsGiven() {
    Optimizer optimizer = Optimizer.of(Sgd.of(0.1).withMomentum(0.5), weight);
    DMatrixRMaj saved = new DMatrixRMaj(1, 2, true, 3.0, 4.0);
    Map<String, DMatrixRMaj> slots = Map.of("momentum", saved);
    optimizer.restore(weight, 5, slots);
    saved.zero();
    assertEquals(5, optimizer.steps(weight));
    assertArrayEquals(
        new double[] {3.0, 4.0}, List.copyOf(optimizer.slots(weight).values()).get(0).data);
  }

  @Test
  void refusesAStateOfSomethingElseAndKeepsItsOwn() {
    Optimizer optimizer = Optimizer.of(Adam.of(0.1), weight);
    GivenGradients.of(weight, 1.0, 2.0).step(optimizer);
    String before = optimizer.slots(weight).toString();
    DMatrixRMaj fitting = new DMatrixRMaj(1, 2);
    String place = "optimizer: the saved state of \"w\" ";
    assertEquals(
        place
            + "has the slots [m], its rule remembers [m, v] (both must be the same). Restore it"
            + " under the rule that it was saved under.",
        refusal(
            IllegalArgumentException.class,
            () -> optimizer.restore(weight, 1, Map.of("m", fitting))));
    assertEquals(
        place + "has a slot \"v\" of 2×1, the parameter is 1×2 (both must have the same shape).",
        refusal(
            ShapeException.class,
            () -> optimizer.restore(weight, 1, Map.of("m", fitting, "v", new DMatrixRMaj(2, 1)))));
    assertEquals(
        place + "has -1 steps (must be at least 0).",
        refusal(
            IllegalArgumentException.class,
            () -> optimizer.restore(weight, -1, Map.of("m", fitting, "v", fitting))));
    assertEquals(
        "optimizer: parameter \"x\" is in none of its groups.",
        refusal(
            IllegalArgumentException.class,
            () -> optimizer.restore(new Parameter("x", fitting), 1, Map.of())));
    assertEquals(before, optimizer.slots(weight).toString());
    assertEquals(1, optimizer.steps(weight));
  }
}
