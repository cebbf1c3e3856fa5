package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Gradients;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.StateDict;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.List;
import java.util.random.RandomGenerator;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeTry;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/** Anchors that move by a rule, and that none moves otherwise. */
class AnchorTest {

  private static final int ROWS = 5;
  private static final int COLS = 2;

  private Parameter weight = new Parameter("unset", new DMatrixRMaj(0, 0));
  private Parameter other = weight;
  private DMatrixRMaj given = new DMatrixRMaj(0, 0);

  @BeforeTry
  void draw() {
    RandomGenerator random = Draw.seeded(77);
    weight = new Parameter("w", Draw.gaussian(random, ROWS, COLS));
    other = new Parameter("other", Draw.gaussian(random, ROWS, COLS));
    given = Draw.gaussian(random, ROWS, COLS);
  }

  /** All anchors of the library. */
  enum Kind {
    ZERO,
    INITIAL_VALUE,
    GIVEN,
    SAVED,
    PREVIOUS_TASK,
    MOVING_AVERAGE,
    FOLLOWING;

    Anchor anchor(DMatrixRMaj given, Parameter other) {
      return switch (this) {
        case ZERO -> Anchor.zero();
        case INITIAL_VALUE -> Anchor.initialValue();
        case GIVEN -> Anchor.at(given);
        case SAVED -> Anchor.saved(StateDict.builder().put("w", given).build());
        case PREVIOUS_TASK -> Anchor.previousTask();
        case MOVING_AVERAGE -> Anchor.movingAverage(0.75);
        case FOLLOWING -> Anchor.following(other);
      };
    }
  }

  /** By rows, and by entries that depend on each other. */
  private static Regularizer.Builder start(boolean byRows) {
    return byRows ? Regularizer.l2(0.5) : Regularizer.groupLasso(0.5, Groups.ALL);
  }

  private static void write(Parameter parameter, int row, double by) {
    parameter.set(row, 1, parameter.get(row, 1) + by);
  }

  private static void writeAll(Parameter parameter, double by) {
    parameter.update(
        values -> {
          for (int i = 0; i < values.data.length; i++) {
            values.data[i] += by;
          }
        });
  }

  private static double[] anchor(Regularizer pull, Parameter parameter) {
    return pull.anchorOf(parameter).data;
  }

  // ---- never aliasing -----------------------------------------------------------------------

  /** Everything that a caller can get hold of is written to; nothing but the weight has moved. */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void writingWhatCanBeReachedLeavesTheAnchorAlone(
      @ForAll Kind kind, @ForAll boolean byRows, @ForAll boolean some) {
    StateDict source = StateDict.builder().put("w", given).build();
    Anchor anchor = kind == Kind.SAVED ? Anchor.saved(source) : kind.anchor(given, other);
    Regularizer pull = start(byRows).over(weight).towards(anchor).inLoss();
    double[] expected =
        switch (kind) {
          case ZERO -> new double[ROWS * COLS];
          case INITIAL_VALUE, PREVIOUS_TASK, MOVING_AVERAGE -> weight.toMatrix().data;
          case GIVEN, SAVED -> given.copy().data;
          case FOLLOWING -> other.toMatrix().data;
        };
    assertArrayEquals(expected, anchor(pull, weight));
    given.fill(99.0);
    source.matrix("w").fill(99.0);
    other.toMatrix().fill(99.0);
    weight.toMatrix().fill(99.0);
    pull.anchorOf(weight).fill(99.0);
    StateDict state = pull.stateDict();
    for (String name : state.names()) {
      state.matrix(name).fill(99.0);
    }
    DMatrixRMaj handedOut = anchor.valueFor(weight);
    if (handedOut != null) {
      handedOut.fill(99.0);
    }
    try (Tape tape = Tape.create()) {
      Variable penalty = pull.penalty(tape);
      tape.gradients(penalty).of(weight).toMatrix().fill(99.0);
      penalty.toMatrix().fill(99.0);
    }
    assertArrayEquals(expected, anchor(pull, weight));
    StateDict loaded = pull.stateDict();
    pull.load(loaded);
    assertArrayEquals(expected, anchor(pull, weight));
    if (some) {
      write(weight, 2, 1.5);
    } else {
      writeAll(weight, 1.5);
    }
    if (kind != Kind.MOVING_AVERAGE) {
      assertArrayEquals(expected, anchor(pull, weight));
    }
    if (loaded.names().contains(weight.name())) {
      double[] saved = loaded.matrix(weight.name()).data;
      assertArrayEquals(expected, saved, "a state that was taken before");
    }
  }

  // ---- the previous task --------------------------------------------------------------------

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void aTaskIsAnchoredWhereTheOneBeforeHasEnded(
      @ForAll boolean byRows, @ForAll @IntRange(max = 4) int tasks, @ForAll boolean some) {
    Regularizer pull = start(byRows).over(weight, other).towards(Anchor.previousTask()).inLoss();
    DMatrixRMaj end = weight.toMatrix();
    for (int task = 0; task < tasks; task++) {
      if (some) {
        write(weight, task, 0.5);
      } else {
        writeAll(weight, 0.5);
      }
      assertArrayEquals(end.data, anchor(pull, weight));
      assertTrue(pull.value() > 0.0);
      pull.beginTask();
      end = weight.toMatrix();
      assertArrayEquals(end.data, anchor(pull, weight));
      assertArrayEquals(other.toMatrix().data, anchor(pull, other));
      assertEquals(0.0, pull.value());
    }
    assertEquals(
        "the values after the previous task",
        Anchor.previousTask().describe(2),
        "and says that in its sentence");
  }

  /** Penalties that are on a tape keep the anchors that they were made with. */
  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
  void aPenaltyOnATapeBelongsToTheTaskThatItWasMadeIn(
      @ForAll boolean byRows, @ForAll boolean some) {
    Regularizer pull = Regularizer.l2(2.0).over(weight).towards(Anchor.previousTask()).inLoss();
    if (!byRows) {
      DMatrixRMaj ones = new DMatrixRMaj(ROWS, COLS);
      ones.fill(1.0);
      pull = Regularizer.diagonalL2(2.0, ones).over(weight).towards(Anchor.previousTask()).inLoss();
    }
    if (some) {
      write(weight, 3, 4.0);
    } else {
      writeAll(weight, 4.0);
    }
    try (Tape tape = Tape.create()) {
      Variable penalty = pull.penalty(tape);
      pull.beginTask();
      assertEquals(8.0, tape.gradients(penalty).of(weight).get(3, 1), 1e-14);
      assertEquals(0.0, pull.value());
    }
  }

  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
  void onlyThatAnchorKnowsTasks(@ForAll Kind kind, @ForAll boolean byRows) {
    Anchor anchor = kind.anchor(given, other);
    Regularizer pull = start(byRows).over(weight).towards(anchor).inLoss();
    writeAll(weight, 1.0);
    double[] before = anchor(pull, weight);
    if (kind == Kind.PREVIOUS_TASK) {
      pull.beginTask();
      return;
    }
    Failures.assertMessage(
        IllegalStateException.class,
        "regularizer: it is anchored at "
            + anchor.describe(1)
            + ", which a new task does not move. Make it towards(Anchor.previousTask()).",
        pull::beginTask);
    assertArrayEquals(before, anchor(pull, weight));
  }

  // ---- following ----------------------------------------------------------------------------

  @Property(tries = 50, edgeCases = EdgeCasesMode.NONE)
  void aFollowerIsPulledToWhatTheOtherIsNowAndTheOtherFeelsNothing(
      @ForAll boolean byRows, @ForAll @IntRange(min = 1, max = 4) int writes) {
    Regularizer pull = start(byRows).over(weight).towards(Anchor.following(other)).inLoss();
    for (int k = 0; k < writes; k++) {
      write(other, k, 1.0);
      assertArrayEquals(other.toMatrix().data, anchor(pull, weight));
      try (Tape tape = Tape.create()) {
        Variable data = other.on(tape).sum();
        Variable penalty = pull.penalty(tape);
        Gradients alone = tape.gradients(penalty);
        assertTrue(alone.reaches(weight));
        assertFalse(alone.contains(other) && alone.reaches(other), "no gradient to the other");
        double[] ones = tape.gradients(data.plus(penalty)).of(other).toMatrix().data;
        for (double one : ones) {
          assertEquals(1.0, one);
        }
        DMatrixRMaj closed = new DMatrixRMaj(ROWS, COLS);
        pull.addGradient(weight, weight.toMatrix(), 1.0, closed);
        assertArrayEquals(closed.data, alone.of(weight).toMatrix().data, 1e-15);
      }
    }
    weight.set(other.toMatrix());
    assertEquals(0.0, pull.value());
    assertEquals(0.0, pull.drift(weight));
    assertTrue(pull.stateDict().names().isEmpty(), "it is saved where the other is");
  }

  @Example
  void twoMayFollowEachOther() {
    Regularizer one = Regularizer.l2(1.0).over(weight).towards(Anchor.following(other)).inLoss();
    Regularizer two = Regularizer.l2(1.0).over(other).towards(Anchor.following(weight)).inLoss();
    assertEquals(one.value(), two.value());
    assertEquals(one.drift(weight), two.drift(other));
  }

  @Example
  void followingItselfOrAnotherShapeOrForTwoIsRefused() {
    Failures.assertMessage(
        IllegalArgumentException.class,
        "regularizer: parameter \"w\" would be anchored at itself, where every penalty is 0 for"
            + " ever (need another parameter). Use towardsInitialValue() or"
            + " Anchor.movingAverage(…).",
        () -> Regularizer.l2(1.0).over(weight).towards(Anchor.following(weight)).inLoss());
    Parameter wide = new Parameter("wide", new DMatrixRMaj(COLS, ROWS));
    Failures.assertMessage(
        ShapeException.class,
        "regularizer: parameter \"w\" is 5×2, its anchor is 2×5 (both must have the same shape).",
        () -> Regularizer.l2(1.0).over(weight).towards(Anchor.following(wide)).inLoss());
    Parameter third = new Parameter("third", given);
    Failures.assertMessage(
        IllegalArgumentException.class,
        "regularizer: one anchor was given for 2 parameters (need a scope of exactly one). Make"
            + " one regularizer for each.",
        () -> Regularizer.l2(1.0).over(weight, other).towards(Anchor.following(third)).inLoss());
  }

  // ---- saved, moving average ----------------------------------------------------------------

  @Example
  void aSavedAnchorIsFoundByTheNameOfItsParameter() {
    StateDict state = StateDict.builder().put("w", given).put("other", weight.toMatrix()).build();
    Regularizer pull =
        Regularizer.l2(1.0).over(weight, other).towards(Anchor.saved(state)).inLoss();
    assertArrayEquals(given.data, anchor(pull, weight));
    assertArrayEquals(weight.toMatrix().data, anchor(pull, other));
    assertTrue(pull.toString().contains(", anchored at saved values, in the loss"));
    StateDict without = StateDict.builder().put("w", given).build();
    Failures.assertMessage(
        IllegalArgumentException.class,
        "stateDict: \"other\" is missing; found: w.",
        () -> Regularizer.l2(1.0).over(weight, other).towards(Anchor.saved(without)).inLoss());
  }

  @Example
  void aMovingAverageNeedsADecay() {
    for (double wrong : new double[] {-0.1, 1.0, Double.NaN}) {
      Failures.assertMessage(
          IllegalArgumentException.class,
          "anchor: the decay of a moving average must be in [0, 1), got " + wrong + ".",
          () -> Anchor.movingAverage(wrong));
    }
  }

  /**
   * Whoever looks sees what a pull would now be to, and looking twice, or at more, is no matter.
   */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void lookingAtAMovingAverageDoesNotMoveIt(@ForAll List<Boolean> looks, @ForAll long seed) {
    Regularizer pull =
        Regularizer.l2(1.0).over(weight).towards(Anchor.movingAverage(0.75)).inLoss();
    double[] average = weight.toMatrix().data;
    RandomGenerator draws = Draw.seeded(seed);
    for (boolean look : looks) {
      weight.set(Draw.gaussian(draws, ROWS, COLS)); // by hand, between two pulls
      if (look) {
        assertEquals(pull.value(), 0.5 * Math.pow(pull.drift(weight), 2.0), 1e-13);
        assertArrayEquals(average, pull.stateDict().matrix("w").data, "without what may change");
      }
    }
    double[] now = weight.toMatrix().data;
    for (int i = 0; i < now.length; i++) {
      average[i] += 0.25 * (now[i] - average[i]);
    }
    assertArrayEquals(average, anchor(pull, weight));
    try (Tape tape = Tape.create()) {
      double[] gradient = tape.gradients(pull.penalty(tape)).of(weight).toMatrix().data;
      for (int i = 0; i < now.length; i++) {
        assertEquals(now[i] - average[i], gradient[i]);
      }
      var unused = pull.penalty(tape); // the same weights: taken in once
    }
    assertArrayEquals(average, anchor(pull, weight));
  }

  /** Whichever of the two is loaded first, and whoever looks before both are back. */
  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
  void aLoadedAverageTakesInTheWeightsThatWereSavedWithIt(
      @ForAll boolean pulledBefore, @ForAll boolean weightFirst) {
    Anchor average = Anchor.movingAverage(0.75);
    Regularizer pull = Regularizer.l2(1.0).over(weight).towards(average).inLoss();
    writeAll(weight, 4.0);
    if (pulledBefore) {
      evaluate(pull);
    }
    DMatrixRMaj saved = weight.toMatrix();
    StateDict state = pull.stateDict();
    double[] expected = anchor(pull, weight);
    Parameter resumed = new Parameter("w", given);
    Regularizer again = Regularizer.l2(1.0).over(resumed).towards(average).inLoss();
    writeAll(resumed, 1.0);
    evaluate(again);
    if (weightFirst) {
      resumed.set(saved);
    }
    again.load(state);
    assertTrue(again.value() >= 0.0);
    resumed.set(saved);
    assertArrayEquals(expected, anchor(again, resumed));
    evaluate(again);
    assertArrayEquals(expected, anchor(again, resumed));
    assertArrayEquals(state.matrix("w").data, again.stateDict().matrix("w").data);
  }

  private static void evaluate(Regularizer pull) {
    try (Tape tape = Tape.create()) {
      assertTrue(pull.penalty(tape).toDouble() >= 0.0);
    }
  }

  // ---- an anchor where there is none --------------------------------------------------------

  /** A restraint without an anchor is handed none, be it rowwise or not. */
  private record Centred() implements Penalty {
    @Override
    public Variable of(Variable weight, @Nullable Variable anchor) {
      return weight.square().sum().asPenalty();
    }

    @Override
    public void addGradient(
        DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
      for (int i = 0; i < weight.getNumElements(); i++) {
        into.data[i] += 2.0 * factor * weight.data[i];
      }
    }

    @Override
    public boolean isRowwise() {
      return true;
    }

    @Override
    public boolean pullsToAnchor() {
      return false;
    }

    @Override
    public double largestRate() {
      return 0.5;
    }

    @Override
    public String formula(boolean anchored) {
      return "Σ W²";
    }
  }

  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
  void anAnchorIsRefusedWhereNoneIsPulledTo(@ForAll Kind kind) {
    Anchor anchor = kind.anchor(given, other);
    Regularizer.Builder builder = Regularizer.of(new Centred()).over(weight).towards(anchor);
    if (kind == Kind.ZERO) {
      assertEquals("Σ W² on w, in the loss", builder.inLoss().toString());
      return;
    }
    Failures.assertMessage(
        IllegalArgumentException.class,
        "regularizer: Σ W² pulls to no anchor, but one was given: "
            + anchor.describe(1)
            + ". Leave it out, or add a second regularizer that pulls to it.",
        builder::inLoss);
  }
}
