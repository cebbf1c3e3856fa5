package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.StateDict;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.Anchor;
import io.github.backstay.regularizers.Application;
import io.github.backstay.regularizers.DiagonalL2;
import io.github.backstay.regularizers.ElasticNet;
import io.github.backstay.regularizers.GroupLasso;
import io.github.backstay.regularizers.Groups;
import io.github.backstay.regularizers.L2;
import io.github.backstay.regularizers.ProximalPenalty;
import io.github.backstay.regularizers.Regularizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/** Where weights are held while they are trained: anchors that move, resume, freeze. */
class AnchorLawsTest {

  private static final int ROWS = 16;
  private static final int COLS = 2;
  private static final double RATE = 0.1;
  private static final double STRENGTH = 0.7;

  /** Of idle rows, whose steps are made up for at once. */
  private static final double ROUNDING = 1e-12;

  // ---- a moving average is what its formula says --------------------------------------------

  /** What somebody may do between two steps who only wants to see. */
  private enum Look {
    VALUE,
    DRIFT,
    ANCHOR,
    STATE,
    SENTENCE,
    NONE
  }

  private static void look(Applied applied, Look look) {
    Regularizer pull = applied.pull();
    switch (look) {
      case VALUE -> assertTrue(pull.value() >= 0.0);
      case DRIFT -> assertTrue(pull.drift(applied.weight()) >= 0.0);
      case ANCHOR -> assertEquals(ROWS, pull.anchorOf(applied.weight()).numRows);
      case STATE -> assertEquals(1, pull.stateDict().names().size());
      case SENTENCE -> assertFalse(applied.optimizer().toString().isEmpty());
      case NONE -> {}
    }
  }

  /**
   * Plain gradient descent with a pull to the moving average of the weights, by loops and without
   * the library, has the bits of the real training in all four applications. Looks and hand-written
   * weights in between change nothing: the average takes in what the weights are when a pull is
   * computed, once.
   */
  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void aMovingAverageIsItsReplayByPlainLoopsToTheBit(
      @ForAll Application how, @ForAll @Size(max = 12) List<Look> looks, @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    double decay = random.nextDouble();
    double[] w = Draw.gaussian(random, ROWS, COLS).data;
    Parameter weight = new Parameter("w", DMatrixRMaj.wrap(ROWS, COLS, w.clone()));
    Regularizer pull =
        Applied.make(
            Regularizer.l2(STRENGTH).over(weight).towards(Anchor.movingAverage(decay)), how);
    Applied applied = Applied.of(weight, pull, Sgd.of(RATE));
    double[] average = w.clone();
    for (Look look : looks) {
      if (random.nextInt(4) == 0) {
        look(applied, look);
        int i = random.nextInt(w.length);
        w[i] = random.nextGaussian();
        weight.set(i / COLS, i % COLS, w[i]);
      }
      look(applied, look);
      DMatrixRMaj gradient = Draw.gaussian(random, ROWS, COLS);
      for (int i = 0; i < w.length; i++) {
        average[i] = average[i] + (1.0 - decay) * (w[i] - average[i]);
        double g = gradient.data[i];
        w[i] = stepped(how, RATE, w[i], average[i], g);
      }
      applied.step(gradient);
      assertArrayEquals(w, weight.toMatrix().data);
    }
  }

  /**
   * With β = 0 the average is the weight that a step begins with, so that nothing pulls; but a
   * proximal step pulls what the rule has made of it back there: it is shortened to η/(1 + ηλ).
   */
  @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
  void anAverageWithoutMemoryPullsBackToWhereTheStepBegan(
      @ForAll Application how, @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    DMatrixRMaj start = Draw.gaussian(random, ROWS, COLS);
    Parameter held = new Parameter("w", start);
    Parameter free = new Parameter("w", start);
    Regularizer pull =
        Applied.make(Regularizer.l2(STRENGTH).over(held).towards(Anchor.movingAverage(0.0)), how);
    Applied applied = Applied.of(held, pull, Sgd.of(RATE));
    boolean shortened = how == Application.PROXIMAL;
    Optimizer plain = Optimizer.of(Sgd.of(shortened ? RATE / (1.0 + RATE * STRENGTH) : RATE), free);
    for (int step = 0; step < 5; step++) {
      DMatrixRMaj gradient = Draw.gaussian(random, ROWS, COLS);
      applied.step(gradient);
      GivenGradients.of(free, gradient).step(plain);
      assertArrayEquals(free.toMatrix().data, held.toMatrix().data, 1e-14);
      assertEquals(0.0, pull.drift(held), 1e-14);
    }
  }

  // ---- every anchor is what its rule says ----------------------------------------------------

  /** What happens in a training between two steps, and which rows the step has gradients of. */
  private enum Event {
    LOOKS_UP_ROWS,
    MULTIPLIES_ALL,
    BEGINS_TASK,
    IS_WRITTEN_BY_HAND,
    OTHER_MOVES,
    IS_LOOKED_AT
  }

  /**
   * The same for every anchor, while tasks begin, another parameter moves, and rows are looked up
   * or all multiplied: all rows are pulled to where the rule says, at whichever step it moves. To
   * the bit, unless idle rows are made up for in closed form.
   */
  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void everyAnchorIsItsReplayByPlainLoops(
      @ForAll AnchorCase anchor,
      @ForAll Application how,
      @ForAll boolean byRows,
      @ForAll boolean eager,
      @ForAll @Size(max = 12) List<Event> events,
      @ForAll long seed) {
    ProximalPenalty penalty = byRows ? new L2(STRENGTH) : new AsAWhole(new L2(STRENGTH));
    Training training = new Training(penalty, anchor, how, Sgd.of(RATE), eager, seed);
    double[] w = training.table.toMatrix().data;
    double[] a = training.applied.pull().anchorOf(training.table).data;
    for (int t = 0; t < events.size(); t++) {
      Event event = events.get(t);
      if (anchor == AnchorCase.PREVIOUS_TASK && event == Event.BEGINS_TASK) {
        a = w.clone();
      }
      RandomGenerator random = Draw.seeded(seed + t);
      training.happen(event, random);
      w = training.table.toMatrix().data;
      double rate = training.applied.optimizer().learningRate("all");
      double[] gradient = training.step(event, random).data;
      for (int i = 0; i < w.length; i++) {
        if (anchor == AnchorCase.MOVING_AVERAGE) {
          a[i] += (1.0 - AnchorCase.DECAY) * (w[i] - a[i]);
        } else if (anchor == AnchorCase.FOLLOWING) {
          a[i] = training.other.get(i / COLS, i % COLS);
        }
        w[i] = stepped(how, rate, w[i], a[i], gradient[i]);
      }
      assertArrayEquals(
          w, training.table.toMatrix().data, eager || !byRows ? 0.0 : ROUNDING, "after " + event);
    }
  }

  private static double stepped(Application how, double rate, double w, double a, double g) {
    return switch (how) {
      case IN_LOSS, COUPLED -> w - rate * (g + STRENGTH * (w - a));
      case DECOUPLED -> w + -rate * STRENGTH * (w - a) - rate * g;
      case PROXIMAL -> {
        double u = w - rate * g;
        yield u - 1.0 / (1.0 + 1.0 / (rate * STRENGTH)) * (u - a);
      }
    };
  }

  // ---- resuming -----------------------------------------------------------------------------

  @Provide
  Arbitrary<UpdateRule> rules() {
    return Arbitraries.of(RuleCatalogue.ROWS.stream().map(RuleCase::rule).toList());
  }

  /** By rows, by rows that are not said to be, by entries and as a whole. */
  @Provide
  Arbitrary<ProximalPenalty> penalties() {
    return Arbitraries.of(
        new L2(0.3),
        new ElasticNet(0.02, 0.2),
        new AsAWhole(new L2(0.3)),
        new DiagonalL2(0.3, strengths()),
        GroupLasso.of(0.05, Groups.ROWS),
        GroupLasso.of(0.05, Groups.ALL));
  }

  private static DMatrixRMaj strengths() {
    DMatrixRMaj strengths = new DMatrixRMaj(ROWS, COLS);
    for (int i = 0; i < strengths.data.length; i++) {
      strengths.data[i] = i % 3;
    }
    return strengths;
  }

  /** A table held near its anchor, and whatever may be said to it. */
  private static final class Training {
    final Parameter table;
    final Parameter other;
    final Applied applied;
    final AnchorCase anchor;
    @Nullable DMatrixRMaj began; // where the present task did

    Training(
        ProximalPenalty penalty,
        AnchorCase anchor,
        Application how,
        UpdateRule rule,
        boolean eager,
        long seed) {
      RandomGenerator random = Draw.seeded(seed);
      this.anchor = anchor;
      DMatrixRMaj given = Draw.gaussian(Draw.seeded(4), ROWS, COLS);
      table = new Parameter("w", random.nextBoolean() ? given : Draw.gaussian(random, ROWS, COLS));
      other = new Parameter("other", Draw.gaussian(random, ROWS, COLS));
      Regularizer.Builder builder =
          Regularizer.of(penalty).over(table).towards(anchor.anchor(given, other));
      Optimizer.Builder groups = Optimizer.builder().schedule(Schedule.cosine(30, 0.01));
      if (eager) {
        groups.eager();
      } else {
        groups.lazy();
      }
      applied = Applied.of(table, Applied.make(builder, how), rule, groups);
    }

    void run(Event event, long seed) {
      RandomGenerator random = Draw.seeded(seed);
      happen(event, random);
      DMatrixRMaj unused = step(event, random);
    }

    void happen(Event event, RandomGenerator random) {
      switch (event) {
        case BEGINS_TASK -> {
          if (anchor == AnchorCase.PREVIOUS_TASK) {
            applied.pull().beginTask();
            began = table.toMatrix();
          }
          if (random.nextBoolean()) {
            happen(Event.IS_WRITTEN_BY_HAND, random); // before the first step of the task
          }
        }
        case IS_WRITTEN_BY_HAND -> table.set(random.nextInt(ROWS), 1, random.nextGaussian());
        case OTHER_MOVES -> other.set(Draw.gaussian(random, ROWS, COLS));
        case IS_LOOKED_AT ->
            assertTrue(applied.pull().drift(table) + applied.pull().value() >= 0.0);
        case LOOKS_UP_ROWS, MULTIPLIES_ALL -> {}
      }
    }

    /** Gives the gradient of the data. */
    DMatrixRMaj step(Event event, RandomGenerator random) {
      int[] rows = {random.nextInt(ROWS / 4), random.nextInt(ROWS / 4)};
      DMatrixRMaj ofRows = Draw.gaussian(random, 2, COLS);
      DMatrixRMaj ofAll = Draw.gaussian(random, ROWS, COLS);
      DMatrixRMaj gradient = new DMatrixRMaj(ROWS, COLS);
      applied.step(
          tape -> {
            Variable loss = GivenGradients.ofRows(tape, table, rows, ofRows);
            if (event == Event.MULTIPLIES_ALL) {
              loss = loss.plus(GivenGradients.of(table, ofAll).loss(tape));
            }
            gradient.setTo(tape.gradients(loss).of(table).toMatrix());
            return loss;
          });
      return gradient;
    }

    /** What a user saves: the weights, the optimizer, and a regularizer that is in the loss. */
    StateDict state() {
      return StateDict.builder()
          .put("w", table.toMatrix())
          .put("other", other.toMatrix())
          .putAll("optimizer", applied.optimizer().stateDict())
          .putAll("pull", applied.pull().stateDict())
          .build();
    }

    void load(StateDict state, boolean weightsFirst) {
      if (weightsFirst) {
        loadWeights(state);
      }
      applied.optimizer().load(state.below("optimizer"));
      if (applied.pull().application() == Application.IN_LOSS) {
        applied.pull().load(state.below("pull"));
      }
      if (!weightsFirst) {
        loadWeights(state);
      }
    }

    private void loadWeights(StateDict state) {
      table.set(state.matrix("w"));
      other.set(state.matrix("other"));
    }
  }

  /** Also where rows that nobody looks up move on by themselves, as momentum has it. */
  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void aTaskIsHeldWhereItBeganWhateverMovesOn(
      @ForAll("penalties") ProximalPenalty penalty,
      @ForAll Application how,
      @ForAll("rules") UpdateRule rule,
      @ForAll @Size(max = 9) List<Event> events,
      @ForAll long seed) {
    Training training = new Training(penalty, AnchorCase.PREVIOUS_TASK, how, rule, false, seed);
    for (int t = 0; t < events.size(); t++) {
      training.run(events.get(t), seed + t);
    }
    DMatrixRMaj began = training.began;
    if (began != null) {
      assertTrue(Double.isFinite(training.table.get(0, 0))); // looks at one row
      assertArrayEquals(began.data, training.applied.pull().anchorOf(training.table).data);
    }
  }

  /** Which rows count as whole goes by the order in which parts were loaded. */
  private static void assertSame(
      StateDict expected, StateDict actual, boolean alsoMoved, double tolerance) {
    Set<String> names = new LinkedHashSet<>(expected.names());
    Set<String> found = new LinkedHashSet<>(actual.names());
    if (!alsoMoved) {
      names.removeIf(name -> name.endsWith(".moved"));
      found.removeIf(name -> name.endsWith(".moved"));
    }
    assertEquals(names, found);
    names.removeIf(name -> name.startsWith("optimizer.whole."));
    for (String name : names) {
      assertArrayEquals(expected.matrix(name).data, actual.matrix(name).data, tolerance, name);
    }
  }

  /**
   * To the bit, unless idle rows are made up for in closed form: whether they are also depends on
   * what was written by hand before, which is not saved. Nor is which rows an optimizer visits in
   * vain, and so in a later task they do not count as moved.
   */
  @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
  void aResumedTrainingIsHeldWhereTheFirstOneWas(
      @ForAll("penalties") ProximalPenalty penalty,
      @ForAll AnchorCase anchor,
      @ForAll Application how,
      @ForAll("rules") UpdateRule rule,
      @ForAll boolean eager,
      @ForAll @Size(max = 6) List<Event> before,
      @ForAll @Size(max = 6) List<Event> after,
      @ForAll boolean weightsFirst,
      @ForAll long seed) {
    Training whole = new Training(penalty, anchor, how, rule, eager, seed);
    for (int t = 0; t < before.size(); t++) {
      whole.run(before.get(t), seed + t);
    }
    StateDict saved = whole.state();
    Training resumed = new Training(penalty, anchor, how, rule, eager, seed + 1);
    resumed.run(Event.LOOKS_UP_ROWS, seed); // what it did before is forgotten
    resumed.load(saved, weightsFirst);
    assertSame(saved, resumed.state(), weightsFirst, 0.0);
    for (int t = 0; t < after.size(); t++) {
      whole.run(after.get(t), seed - t);
      resumed.run(after.get(t), seed - t);
    }
    assertSame(whole.state(), resumed.state(), false, eager ? 0.0 : ROUNDING);
  }

  // ---- frozen -------------------------------------------------------------------------------

  /** Held with a companion that is always trained, so that there is a step to make. */
  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void aFrozenWeightIsSkippedAndReportedAndItsAnchorWaits(
      @ForAll AnchorCase anchor,
      @ForAll Application how,
      @ForAll boolean byRows,
      @ForAll @IntRange(max = 4) int before,
      @ForAll @IntRange(min = 1, max = 4) int frozen,
      @ForAll @IntRange(min = 1, max = 4) int after,
      @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    DMatrixRMaj given = Draw.gaussian(random, ROWS, COLS);
    DMatrixRMaj start = Draw.gaussian(random, ROWS, COLS);
    List<List<DMatrixRMaj>> paths = new ArrayList<>();
    for (boolean pauses : new boolean[] {false, true}) {
      RandomGenerator draws = Draw.seeded(seed + 1);
      Parameter weight = new Parameter("w", start);
      Parameter other = new Parameter("other", given);
      Parameter companion = new Parameter("companion", new DMatrixRMaj(1, 1, true, 1.0));
      Regularizer.Builder builder =
          byRows ? Regularizer.l2(0.3) : Regularizer.groupLasso(0.3, Groups.ALL);
      Regularizer pull =
          Applied.make(builder.over(weight).towards(anchor.anchor(given, other)), how);
      Optimizer.Builder groups = Optimizer.builder().group("rest", companion, Sgd.of(RATE));
      if (how == Application.IN_LOSS) {
        groups.group("held", weight, Sgd.of(RATE).withMomentum(0.5));
      } else {
        groups.group("held", weight, Sgd.of(RATE).withMomentum(0.5), pull);
      }
      Optimizer optimizer = groups.build();
      String sentence = pull.toString();
      List<DMatrixRMaj> path = new ArrayList<>();
      for (int t = 0; t < before + after; t++) {
        if (t == before && pauses) {
          weight.freeze();
          assertEquals(List.of(weight), pull.skipped());
          assertFalse(pull.isActive());
          assertEquals(sentence + "; skipped because frozen: w", pull.toString());
          assertEquals(0.0, pull.value());
          DMatrixRMaj held = pull.anchorOf(weight);
          DMatrixRMaj there = weight.toMatrix();
          for (int pause = 0; pause < frozen; pause++) {
            GivenGradients.of(companion, 1.0).step(optimizer);
            assertArrayEquals(there.data, weight.toMatrix().data);
            assertArrayEquals(held.data, pull.anchorOf(weight).data);
          }
          weight.thaw();
          assertEquals(List.of(), pull.skipped());
          assertEquals(sentence, pull.toString());
          assertArrayEquals(held.data, pull.anchorOf(weight).data);
        }
        DMatrixRMaj gradient = Draw.gaussian(draws, ROWS, COLS);
        try (Tape tape = Tape.create()) {
          Variable penalty = how == Application.IN_LOSS ? pull.penalty(tape) : null;
          Variable loss = GivenGradients.of(weight, gradient).loss(tape);
          optimizer.step(tape.gradients(penalty == null ? loss : loss.plus(penalty)));
        }
        path.add(weight.toMatrix());
        path.add(pull.anchorOf(weight));
      }
      paths.add(path);
    }
    for (int i = 0; i < paths.get(0).size(); i++) {
      assertArrayEquals(paths.get(0).get(i).data, paths.get(1).get(i).data, "as if never frozen");
    }
  }

  /** Of several parameters the others go on being held. */
  @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
  void theOthersAreHeldWhileOneIsFrozen(@ForAll Application how, @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    Parameter frozen = new Parameter("frozen", Draw.gaussian(random, ROWS, COLS));
    Parameter free = new Parameter("free", Draw.gaussian(random, ROWS, COLS));
    Regularizer pull =
        Applied.make(Regularizer.l2(0.5).over(frozen, free).towardsInitialValue(), how);
    Optimizer.Builder groups = Optimizer.builder();
    if (how == Application.IN_LOSS) {
      groups.group("all", () -> List.of(frozen, free), Sgd.of(RATE));
    } else {
      groups.group("all", () -> List.of(frozen, free), Sgd.of(RATE), pull);
    }
    Optimizer optimizer = groups.build();
    frozen.update(values -> values.data[3] += 1.0);
    free.update(values -> values.data[3] += 1.0);
    frozen.freeze();
    double[] there = frozen.toMatrix().data;
    DMatrixRMaj zeros = new DMatrixRMaj(ROWS, COLS);
    try (Tape tape = Tape.create()) {
      Variable penalty = how == Application.IN_LOSS ? pull.penalty(tape) : null;
      Variable loss = GivenGradients.of(free, zeros).loss(tape);
      optimizer.step(tape.gradients(penalty == null ? loss : loss.plus(penalty)));
    }
    assertArrayEquals(there, frozen.toMatrix().data);
    assertEquals(1.0, pull.drift(frozen), 1e-15);
    double kept = how == Application.PROXIMAL ? 1.0 / (1.0 + 0.5 * RATE) : 1.0 - 0.5 * RATE;
    assertEquals(kept, pull.drift(free), 1e-15);
    assertTrue(
        how == Application.IN_LOSS
            || optimizer.toString().contains("; skipped because frozen: frozen"));
  }
}
