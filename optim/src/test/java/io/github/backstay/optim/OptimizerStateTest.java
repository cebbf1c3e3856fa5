package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.StateDict;
import io.github.backstay.regularizers.Regularizer;
import java.util.List;
import java.util.function.Predicate;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Under which names an optimizer's state is saved, and what is refused. */
class OptimizerStateTest {

  private final Parameter weight = new Parameter("net.weight", new DMatrixRMaj(1, 2, true, 1, 2));
  private final Parameter table = new Parameter("table", new DMatrixRMaj(1, 1, true, 5));
  private final Regularizer anchor =
      Regularizer.l2(0.5).over(weight, table).towardsInitialValue().decoupled();
  private final Regularizer decay = Regularizer.l2(0.1).over(table).towardsZero().coupled();
  private final Optimizer optimizer = optimizer(weight, table, anchor, decay);

  private static Optimizer optimizer(
      Parameter weight, Parameter table, Regularizer anchor, Regularizer decay) {
    return Optimizer.builder()
        .group("net", weight, Adam.of(0.1), anchor)
        .group("words", table, Sgd.of(0.2), anchor, decay)
        .build();
  }

  private static String refusal(Executable wrong) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, wrong).getMessage());
  }

  /** The state without some of it. */
  private static StateDict only(StateDict state, Predicate<String> wanted) {
    StateDict.Builder rest = StateDict.builder();
    state.names().stream().filter(wanted).forEach(name -> rest.put(name, state.matrix(name)));
    return rest.build();
  }

  private StateDict with(String name, double value) {
    StateDict.Builder changed = StateDict.builder();
    StateDict state = optimizer.stateDict();
    for (String each : state.names()) {
      changed.put(
          each, each.equals(name) ? new DMatrixRMaj(1, 1, true, value) : state.matrix(each));
    }
    return changed.build();
  }

  @Test
  void namesAllThatItRemembers() {
    GivenGradients.of(weight, 1.0, 2.0).step(optimizer);
    optimizer.setLearningRate("net", 0.05);
    StateDict state = optimizer.stateDict();
    assertEquals(
        List.of(
            "schedule.step",
            "learningRate.net",
            "learningRate.words",
            "steps.net.weight",
            "whole.net.weight",
            "steps.table",
            "whole.table",
            "slots.net.weight.m",
            "slots.net.weight.v",
            "anchors.0.net.weight",
            "anchors.0.table"),
        List.copyOf(state.names()));
    assertArrayEquals(new double[] {1}, state.matrix("schedule.step").data);
    assertArrayEquals(new double[] {0.05}, state.matrix("learningRate.net").data);
    assertArrayEquals(new double[] {1}, state.matrix("steps.net.weight").data);
    assertArrayEquals(new double[] {1}, state.matrix("whole.net.weight").data);
    assertArrayEquals(new double[] {1}, state.matrix("whole.table").data); // all of its rows decay
    assertArrayEquals(new double[] {1, 2}, state.matrix("anchors.0.net.weight").data);
    assertArrayEquals(
        optimizer.slots(weight).values().iterator().next().data,
        state.matrix("slots.net.weight.m").data);
  }

  @Test
  void takesUpTheStateOfAnother() {
    GivenGradients.of(weight, 1.0, 2.0).step(optimizer);
    optimizer.setLearningRate("net", 0.05);
    Parameter newWeight = new Parameter("net.weight", new DMatrixRMaj(1, 2));
    Parameter newTable = new Parameter("table", new DMatrixRMaj(1, 1));
    Regularizer newAnchor =
        Regularizer.l2(0.5).over(newWeight, newTable).towardsInitialValue().decoupled();
    Regularizer newDecay = Regularizer.l2(0.1).over(newTable).towardsZero().coupled();
    Optimizer fresh = optimizer(newWeight, newTable, newAnchor, newDecay);
    fresh.load(optimizer.stateDict());
    assertEquals(0.05, fresh.learningRate("net"));
    assertEquals(1, fresh.steps(newWeight));
    assertArrayEquals(new double[] {1, 2}, newAnchor.anchorOf(newWeight).data);
    assertArrayEquals(new double[1], newDecay.anchorOf(newTable).data);
    assertEquals(optimizer.slots(weight).toString(), fresh.slots(newWeight).toString());
  }

  @Test
  void rejectsAStateOfSomethingElse() {
    StateDict state = optimizer.stateDict();
    assertEquals(
        "stateDict: \"slots.net.weight.v\" is missing; found: slots.net.weight.m.",
        refusal(() -> optimizer.load(only(state, name -> !name.endsWith(".v")))));
    assertEquals(
        "stateDict: \"learningRate.net\", \"learningRate.words\" are missing; found: nothing.",
        refusal(() -> optimizer.load(only(state, name -> !name.startsWith("learningRate")))));
    assertEquals(
        "stateDict: \"anchors.0.table\" is missing; found: anchors.0.net.weight,"
            + " anchors.0.net.weight.moved.",
        refusal(() -> optimizer.load(only(state, name -> !name.startsWith("anchors.0.table")))));
    assertEquals(
        "stateDict: \"x.y\" is unexpected; needed: what is below schedule, learningRate, steps,"
            + " whole, slots, anchors.",
        refusal(
            () -> optimizer.load(StateDict.builder().put("x.y", new DMatrixRMaj(1, 1)).build())));
    StateDict.Builder third = StateDict.builder().put("anchors.2.x", new DMatrixRMaj(1, 1));
    state.names().forEach(name -> third.put(name, state.matrix(name)));
    assertEquals(
        "stateDict: \"anchors.2.x\" is unexpected; needed: what is below anchors.0, anchors.1.",
        refusal(() -> optimizer.load(third.build())));
  }

  @Test
  void rejectsValuesThatCannotBeAndChangesNothing() {
    String before = optimizer.stateDict().matrix("slots.net.weight.m").toString();
    for (double steps : new double[] {-1.0, 0.5, Double.NaN, 0x1p54}) {
      assertEquals(
          "optimizer: the saved state of \"table\" has "
              + steps
              + " steps (must be a whole number of at least 0).",
          refusal(() -> optimizer.load(with("steps.table", steps))));
      assertEquals(
          "optimizer: the saved state of the schedules has "
              + steps
              + " steps (must be a whole number of at least 0).",
          refusal(() -> optimizer.load(with("schedule.step", steps))));
    }
    assertEquals(
        "optimizer: learningRate must be finite and at least 0, got NaN.",
        refusal(() -> optimizer.load(with("learningRate.words", Double.NaN))));
    assertEquals(
        "regularizer: a decoupled step with learning rate 3.0 would overshoot the anchor (at most"
            + " 2.0 for "
            + anchor.restraint().formula(true)
            + "). Lower the rate or the strength.",
        refusal(() -> optimizer.load(with("learningRate.words", 3.0))));
    assertEquals(
        "stateDict: \"anchors.0.table\" has Infinity at (0, 0) (values must be finite).",
        refusal(() -> optimizer.load(with("anchors.0.table", Double.POSITIVE_INFINITY))));
    assertEquals(0.2, optimizer.learningRate("words"));
    assertEquals(before, optimizer.stateDict().matrix("slots.net.weight.m").toString());
  }

  @Test
  void rejectsParametersThatCannotBeToldApart() {
    Optimizer twins =
        Optimizer.of(Sgd.of(0.1), weight, new Parameter("net.weight", table.toMatrix()));
    String message =
        "optimizer: two of its parameters are named \"net.weight\", so their saved states cannot"
            + " be told apart. Rename one of them.";
    assertEquals(message, refusal(() -> assertEquals(0, twins.stateDict().names().size())));
    assertEquals(message, refusal(() -> twins.load(StateDict.builder().build())));
  }
}
