package io.github.backstay.nn;

import static io.github.backstay.nn.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RecurrentTest {

  private static List<Variable> steps(Tape tape, int count, int batch, int in, long seed) {
    List<Variable> steps = new ArrayList<>();
    for (int t = 0; t < count; t++) {
      steps.add(tape.constant(Draw.normal(batch, in, seed + t)));
    }
    return steps;
  }

  private static void assertSame(Variable expected, Variable actual) {
    assertArrayEquals(expected.toMatrix().data, actual.toMatrix().data);
  }

  @Property(tries = 100)
  void aSequenceOfOneStepIsTheCell(@ForAll @IntRange(max = 3) int batch, @ForAll long seed) {
    Lstm lstm = Draw.all(new Lstm(3, 2, Draw.random(seed)), seed);
    RecurrentCell<LstmState> cell = lstm.cells().get(0);
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(Draw.normal(batch, 3, seed));
      LstmState state =
          new LstmState(
              tape.constant(Draw.normal(batch, 2, seed + 1)),
              tape.constant(Draw.normal(batch, 2, seed + 2)));
      LstmState expected = cell.step(x, state);
      Recurrent.Result<LstmState> result = lstm.forward(List.of(x), List.of(state));

      assertSame(expected.hidden(), result.outputs().get(0));
      assertSame(expected.hidden(), result.states().get(0).hidden());
      assertSame(expected.memory(), result.states().get(0).memory());
    }
  }

  @Property(tries = 100)
  void readingBackwardIsReadingTheReversedSequence(
      @ForAll @IntRange(min = 1, max = 5) int length, @ForAll long seed) {
    Gru both = Draw.all(new Gru(2, 3, 1, Direction.BOTH, Draw.random(seed)), seed);
    Gru swapped = Draw.all(new Gru(2, 3, 1, Direction.BOTH, Draw.random(seed)), seed);
    for (int k = 0; k < 4; k++) { // what reads forward in one reads backward in the other
      both.parameters().get(k + 4).set(swapped.parameters().get(k).toMatrix());
      swapped.parameters().get(k + 4).set(both.parameters().get(k).toMatrix());
    }
    for (int k = 0; k < 4; k++) {
      swapped.parameters().get(k).set(both.parameters().get(k + 4).toMatrix());
    }
    try (Tape tape = Tape.create()) {
      List<Variable> steps = steps(tape, length, 2, 2, seed);
      List<Variable> reversed = new ArrayList<>(steps);
      Collections.reverse(reversed);
      Recurrent.Result<Variable> one = both.forward(steps);
      Recurrent.Result<Variable> other = swapped.forward(reversed);
      for (int t = 0; t < length; t++) {
        Variable a = one.outputs().get(t);
        Variable b = other.outputs().get(length - 1 - t);

        assertSame(a.slice(0, 2, 0, 3), b.slice(0, 2, 3, 6));
        assertSame(a.slice(0, 2, 3, 6), b.slice(0, 2, 0, 3));
      }
      assertSame(one.states().get(0), other.states().get(1));
      assertSame(one.states().get(1), other.states().get(0));
    }
  }

  @Test
  void forwardOutputsDoNotDependOnLaterSteps() {
    Rnn rnn = new Rnn(2, 3, 2, Direction.FORWARD, Draw.random(1));
    try (Tape tape = Tape.create()) {
      List<Variable> steps = steps(tape, 4, 2, 2, 7);
      List<Variable> whole = rnn.forward(steps).outputs();
      List<Variable> part = rnn.forward(steps.subList(0, 2)).outputs();

      assertSame(whole.get(0), part.get(0));
      assertSame(whole.get(1), part.get(1));
    }
  }

  @Test
  void aSecondLayerReadsTheFirst() {
    Lstm lstm = new Lstm(2, 3, 2, Direction.FORWARD, Draw.random(1));
    try (Tape tape = Tape.create()) {
      List<Variable> inputs = steps(tape, 3, 1, 2, 5);
      Recurrent.Result<LstmState> result = lstm.forward(inputs);
      LstmState low = lstm.cells().get(0).zeroState(tape, 1);
      LstmState high = lstm.cells().get(1).zeroState(tape, 1);
      for (Variable x : inputs) {
        low = lstm.cells().get(0).step(x, low);
        high = lstm.cells().get(1).step(low.hidden(), high);
      }

      assertSame(high.hidden(), result.outputs().get(2));
      assertSame(low.memory(), result.states().get(0).memory());
      assertSame(high.memory(), result.states().get(1).memory());
    }
  }

  @Test
  void sequencesOfABatchDoNotSeeOneAnother() {
    Gru gru = new Gru(2, 3, 2, Direction.BOTH, Draw.random(1));
    try (Tape tape = Tape.create()) {
      List<Variable> two = steps(tape, 3, 2, 2, 5);
      List<Variable> second = two.stream().map(x -> x.slice(1, 2, 0, 2)).toList();
      Variable expected = gru.forward(second).outputs().get(1);
      Variable actual = gru.forward(two).outputs().get(1).slice(1, 2, 0, 6);

      assertArrayEquals(expected.toMatrix().data, actual.toMatrix().data, 1e-15);
    }
  }

  /** Sequences of unequal length, the longest first, each with a state of its own to begin with. */
  @Property(tries = 60)
  void aSequenceInABatchGivesWhatItGivesByItself(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = 5) Integer> lengths,
      @ForAll @IntRange(min = 1, max = 2) int layers,
      @ForAll Direction direction,
      @ForAll long seed) {
    Lstm lstm =
        new Lstm(
            2,
            layers,
            direction,
            in ->
                new LstmCell(
                    in, 3, LstmCell.Options.standard().withPeepholes(), Draw.random(seed + in)));
    List<Integer> sorted = new ArrayList<>(lengths);
    sorted.sort(Comparator.reverseOrder());
    try (Tape tape = Tape.create()) {
      List<Variable> full = steps(tape, sorted.get(0), sorted.size(), 2, seed);
      List<Variable> steps = new ArrayList<>();
      for (int t = 0; t < full.size(); t++) {
        int step = t;
        int running = (int) sorted.stream().filter(length -> length > step).count();
        steps.add(full.get(t).slice(0, running, 0, 2));
      }
      List<LstmState> initial = new ArrayList<>();
      for (int k = 0; k < lstm.cells().size(); k++) {
        initial.add(
            new LstmState(
                tape.constant(Draw.normal(sorted.size(), 3, seed - 1 - k)),
                tape.constant(Draw.normal(sorted.size(), 3, seed + 100 + k))));
      }
      Recurrent.Result<LstmState> all = lstm.forward(steps, initial);

      for (int b = 0; b < sorted.size(); b++) {
        int row = b;
        Recurrent.Result<LstmState> alone =
            lstm.forward(
                full.subList(0, sorted.get(b)).stream().map(x -> x.row(row)).toList(),
                initial.stream().map(s -> lstm.cells().get(0).rows(s, row, row + 1)).toList());
        assertClose(lstm.lastOutput(alone), lstm.lastOutput(all).row(b));
        for (int t = 0; t < sorted.get(b); t++) {
          assertClose(alone.outputs().get(t), all.outputs().get(t).row(b));
        }
        for (int k = 0; k < initial.size(); k++) {
          assertClose(alone.states().get(k).memory(), all.states().get(k).memory().row(b));
          assertClose(alone.states().get(k).hidden(), all.states().get(k).hidden().row(b));
        }
      }
    }
  }

  /** A product of more rows may add in another order. */
  private static void assertClose(Variable expected, Variable actual) {
    assertArrayEquals(expected.toMatrix().data, actual.toMatrix().data, 1e-13);
  }

  @Test
  void theLastOutputIsThatOfTheLastLayerInBothDirections() {
    Gru gru = new Gru(2, 3, 2, Direction.BOTH, Draw.random(1));
    try (Tape tape = Tape.create()) {
      Recurrent.Result<Variable> result = gru.forward(steps(tape, 4, 2, 2, 5));
      Variable last = gru.lastOutput(result);

      assertEquals(6, gru.width());
      assertSame(result.outputs().get(3).slice(0, 2, 0, 3), last.slice(0, 2, 0, 3));
      assertSame(result.outputs().get(0).slice(0, 2, 3, 6), last.slice(0, 2, 3, 6));
    }
  }

  @Test
  void takesOtherCellsFromAFunction() {
    Lstm lstm = new Lstm(5, 2, Direction.BOTH, in -> LstmCell.withoutBias(in, 3, Draw.random(in)));

    assertEquals(
        """
        parameter               kind      shape  count  state
        layer0.weightIh         LstmCell   12×5     60  trainable
        layer0.weightHh         LstmCell   12×3     36  trainable
        layer0Reverse.weightIh  LstmCell   12×5     60  trainable
        layer0Reverse.weightHh  LstmCell   12×3     36  trainable
        layer1.weightIh         LstmCell   12×6     72  trainable
        layer1.weightHh         LstmCell   12×3     36  trainable
        layer1Reverse.weightIh  LstmCell   12×6     72  trainable
        layer1Reverse.weightHh  LstmCell   12×3     36  trainable
        total 408: 408 trainable, 0 frozen""",
        lstm.summary().toString());
  }

  @Test
  void rejectsWhatDoesNotFit() {
    assertMessage(
        IllegalArgumentException.class,
        "module Gru: there must be at least 1 layer, got 0.",
        () -> new Gru(2, 3, 0, Direction.FORWARD, Draw.random(1)));
    assertMessage(
        IllegalArgumentException.class,
        "module Lstm: the cell of layer1 has in 2 and hidden 3 (need in 3 and hidden 3).",
        () -> new Lstm(2, 2, Direction.FORWARD, in -> new LstmCell(2, 3, Draw.random(1))));
    Gru gru = new Gru(2, 3, Draw.random(1));
    assertMessage(
        IllegalArgumentException.class,
        "module Gru: the sequence has no steps (need at least one).",
        () -> gru.forward(List.of()).outputs().size());
    try (Tape tape = Tape.create()) {
      assertMessage(
          IllegalArgumentException.class,
          "module Gru: there are 0 initial states for 1 cells (need one each).",
          () -> gru.forward(List.of(tape.zeros(1, 2)), List.of()).outputs().size());
      assertMessage(
          ShapeException.class,
          "module Gru: step 1 is 2×2, the one before is 1×2 (a sequence that is over does not go"
              + " on). Put longer sequences first.",
          () -> gru.forward(List.of(tape.zeros(1, 2), tape.zeros(2, 2))).outputs().size());
      assertMessage(
          ShapeException.class,
          "module Gru: initial state 0 is 3×3, the first step is 2×2 (need one row per sequence in"
              + " both).",
          () -> gru.forward(List.of(tape.zeros(2, 2)), List.of(tape.zeros(3, 3))).outputs().size());
    }
  }
}
