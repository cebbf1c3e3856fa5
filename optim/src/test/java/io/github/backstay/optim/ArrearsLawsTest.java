package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.Application;
import io.github.backstay.regularizers.Ball;
import io.github.backstay.regularizers.ElasticNet;
import io.github.backstay.regularizers.GroupLasso;
import io.github.backstay.regularizers.Groups;
import io.github.backstay.regularizers.Huber;
import io.github.backstay.regularizers.L1;
import io.github.backstay.regularizers.L2;
import io.github.backstay.regularizers.Penalty;
import io.github.backstay.regularizers.Proximal;
import io.github.backstay.regularizers.ProximalPenalty;
import io.github.backstay.regularizers.Regularizer;
import io.github.backstay.regularizers.Relaxation;
import io.github.backstay.regularizers.Restraint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Rows that no gradient reaches are made up for when somebody looks at them, and are then where the
 * dense algorithm has them: for every rule, regularizer, application and schedule, and also when
 * rows are read, written by hand, multiplied by or stepped by somebody else in between.
 */
class ArrearsLawsTest {

  private static final int ROWS = 16;
  private static final int COLS = 3;

  /** What happens before and in a step, besides looking two rows up. */
  private enum Event {
    NOTHING,
    READS_A_ROW,
    READS_ALL,
    WRITES_A_ROW,
    WRITES_ALL,
    MULTIPLIES_ALL,
    LOOKS_UP_AGAIN,
    ANOTHER_OPTIMIZER,
    ANOTHER_RATE,
    NO_GRADIENT,
    FREEZES,
    IS_SAVED_AND_RESTORED
  }

  /** How a table is held; null for not at all. */
  private record Hold(@Nullable Restraint restraint, Application how) {
    /** The same with everything done for all rows. */
    Hold dense() {
      return new Hold(
          restraint instanceof ProximalPenalty penalty
              ? new AsAWhole(penalty)
              : restraint instanceof Proximal map ? new MapAsAWhole(map) : restraint,
          how);
    }

    @Nullable Regularizer on(Parameter table) {
      if (restraint == null) {
        return null;
      }
      Regularizer.Builder builder = Regularizer.of(restraint).over(table).towardsInitialValue();
      return switch (how) {
        case IN_LOSS -> builder.inLoss();
        case COUPLED -> builder.coupled();
        case DECOUPLED -> builder.decoupled();
        case PROXIMAL -> builder.proximal();
      };
    }
  }

  private record MapAsAWhole(Proximal map) implements Proximal {
    @Override
    public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
      map.prox(weight, anchor, step);
    }

    @Override
    public String formula(boolean anchored) {
      return map.formula(anchored);
    }
  }

  private static final List<Restraint> RESTRAINTS =
      List.of(
          new L2(0.3),
          new L1(0.02),
          new ElasticNet(0.01, 0.2),
          new Huber(0.3, 0.1),
          GroupLasso.of(0.02, Groups.ROWS),
          new Ball(0.3, Groups.ROWS));

  static List<Hold> holds() {
    List<Hold> holds = new ArrayList<>(List.of(new Hold(null, Application.COUPLED)));
    for (Restraint restraint : RESTRAINTS) {
      for (Application how : Application.values()) {
        if (how == Application.PROXIMAL || restraint instanceof Penalty) {
          holds.add(new Hold(restraint, how));
        }
      }
    }
    return holds;
  }

  @Provide
  Arbitrary<UpdateRule> rules() {
    return Arbitraries.of(RuleCatalogue.ROWS.stream().map(RuleCase::rule).toList());
  }

  @Provide
  Arbitrary<Hold> ways() {
    return Arbitraries.of(holds());
  }

  @Provide
  Arbitrary<Tuple2<String, Schedule>> schedules() {
    return Arbitraries.of(
        Tuple.of("constant", Schedule.constant()),
        Tuple.of("cosine", Schedule.cosine(30, 0.001)),
        Tuple.of("stepwise", Schedule.stepwise(7, 0.5)),
        Tuple.of("inverse", (Schedule) (t, base) -> base / (1.0 + 0.1 * t)));
  }

  @Provide
  Arbitrary<List<Event>> events() {
    Arbitrary<Event> event =
        Arbitraries.frequencyOf(
            Tuple.of(12, Arbitraries.just(Event.NOTHING)),
            Tuple.of(4, Arbitraries.of(Event.values())));
    return event.list().ofMinSize(5).ofMaxSize(60);
  }

  private static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }

  private static DMatrixRMaj gaussian(RandomGenerator random) {
    DMatrixRMaj matrix = new DMatrixRMaj(ROWS, COLS);
    for (int i = 0; i < matrix.data.length; i++) {
      matrix.data[i] = random.nextGaussian();
    }
    return matrix;
  }

  /** A training of a table with a rule and a way to hold it. */
  private static final class Training {
    final Parameter table;
    final @Nullable Regularizer pull;
    final UpdateRule rule;
    final Schedule schedule;
    final boolean eager;
    Optimizer optimizer;
    final Optimizer other;
    final RandomGenerator random;

    Training(UpdateRule rule, Hold hold, Schedule schedule, boolean eager, long seed) {
      this.rule = rule;
      this.eager = eager;
      this.schedule = schedule;
      random = random(seed);
      table = new Parameter("table", gaussian(random));
      pull = hold.on(table);
      optimizer = optimizer();
      other = Optimizer.of(Sgd.of(0.05).withMomentum(0.5), table);
    }

    private Optimizer optimizer() {
      Optimizer.Builder builder = Optimizer.builder();
      if (pull == null || pull.application() == Application.IN_LOSS) {
        builder.group("table", table, rule);
      } else {
        builder.group("table", table, rule, pull);
      }
      if (eager) {
        builder.eager();
      } else {
        builder.lazy();
      }
      return builder.schedule(schedule).build();
    }

    void step(Event event) {
      int row = random.nextInt(ROWS / 2);
      int second = random.nextInt(ROWS / 2);
      double number = random.nextGaussian();
      try (Tape tape = Tape.create()) {
        switch (event) {
          case READS_A_ROW -> number += 0.0 * table.get(second, 1);
          case READS_ALL -> number += 0.0 * table.toMatrix().data[3];
          case WRITES_A_ROW -> table.set(ROWS - 1 - row, 1, number);
          case WRITES_ALL -> table.set(gaussian(random));
          case ANOTHER_OPTIMIZER -> {
            other.step(Objective.of("x", table.on(tape).gatherRows(second).square().sum()));
            tape.reset();
          }
          case ANOTHER_RATE -> optimizer.setLearningRate("table", rule.learningRate() * 0.7);
          case FREEZES -> {
            table.freeze();
            number += 0.0 * table.get(second, 0);
            table.thaw();
          }
          case IS_SAVED_AND_RESTORED -> {
            long steps = optimizer.steps(table);
            Map<String, DMatrixRMaj> slots = optimizer.slots(table);
            long all = optimizer.steps();
            double rate = optimizer.baseLearningRate("table");
            optimizer = optimizer();
            optimizer.restore(table, steps, slots);
            optimizer.restore(all);
            optimizer.setLearningRate("table", rate);
          }
          case NOTHING, MULTIPLIES_ALL, LOOKS_UP_AGAIN, NO_GRADIENT -> {}
        }
        Variable read = table.on(tape).gatherRows(row, second, row);
        Variable data = read.minus(0.5 + 0.1 * number).square().sum().scale(0.1);
        if (event == Event.MULTIPLIES_ALL) {
          data = data.plus(table.on(tape).multTransB(read).square().mean().scale(0.1));
        }
        if (event == Event.LOOKS_UP_AGAIN) {
          data = data.plus(table.on(tape).gatherRows(second, ROWS - 1).tanh().sum());
        }
        Objective loss = Objective.of("data", data);
        if (event == Event.NO_GRADIENT) {
          tape.reset();
          Parameter stranger = new Parameter("stranger", new DMatrixRMaj(1, 1));
          if (pull != null && pull.application() != Application.IN_LOSS) {
            optimizer.step(tape.gradients(stranger.on(tape).sum()));
          }
        } else if (pull != null && pull.application() == Application.IN_LOSS) {
          optimizer.step(loss.plus("pull", pull.penalty(tape)));
        } else {
          optimizer.step(loss);
        }
      }
    }
  }

  private static void assertClose(DMatrixRMaj expected, DMatrixRMaj actual, String what) {
    for (int i = 0; i < expected.data.length; i++) {
      double most = 1e-12 * Math.max(1.0, Math.abs(expected.data[i]));
      assertEquals(expected.data[i], actual.data[i], most, what + ", entry " + i);
    }
  }

  @Property(tries = 1500, edgeCases = EdgeCasesMode.NONE)
  void rowsAreWhereTheDenseAlgorithmHasThem(
      @ForAll("rules") UpdateRule rule,
      @ForAll("ways") Hold hold,
      @ForAll("schedules") Tuple2<String, Schedule> schedule,
      @ForAll("events") List<Event> events,
      @ForAll long seed) {
    Training lazy = new Training(rule, hold, schedule.get2(), false, seed);
    Training dense = new Training(rule, hold.dense(), schedule.get2(), true, seed);
    for (Event event : events) {
      lazy.step(event);
      dense.step(event);
    }
    assertClose(dense.table.toMatrix(), lazy.table.toMatrix(), rule + " " + hold);
    Map<String, DMatrixRMaj> slots = lazy.optimizer.slots(lazy.table);
    assertEquals(dense.optimizer.slots(dense.table).keySet(), slots.keySet());
    for (Map.Entry<String, DMatrixRMaj> slot : dense.optimizer.slots(dense.table).entrySet()) {
      assertClose(slot.getValue(), Objects.requireNonNull(slots.get(slot.getKey())), slot.getKey());
    }
    assertEquals(dense.optimizer.steps(dense.table), lazy.optimizer.steps(lazy.table));
    if (dense.pull != null && lazy.pull != null) {
      assertEquals(dense.pull.drift(dense.table), lazy.pull.drift(lazy.table), 1e-11);
    }
  }

  /** Idle for ten thousand steps, and for every part of them in between. */
  @ParameterizedTest
  @MethodSource("holds")
  void afterTenThousandStepsTheyStillAre(Hold hold) {
    Schedule falling = Schedule.linear(1.0, 0.1, 9000);
    assertSameAfterTenThousandSteps(Sgd.of(0.05), hold, falling);
    Sgd momentum = Sgd.of(0.02).withMomentum(0.9);
    assertSameAfterTenThousandSteps(momentum, hold, Schedule.constant());
    assertSameAfterTenThousandSteps(momentum, hold, falling);
    assertSameAfterTenThousandSteps(momentum.withNesterov(), hold, Schedule.constant());
    assertSameAfterTenThousandSteps(Adagrad.of(0.05), hold, falling);
    assertSameAfterTenThousandSteps(Adam.of(1e-3), hold, falling);
    assertSameAfterTenThousandSteps(Adam.of(1e-3).withAmsgrad(), hold, Schedule.constant());
  }

  private static void assertSameAfterTenThousandSteps(
      UpdateRule rule, Hold hold, Schedule schedule) {
    DMatrixRMaj dense = afterTenThousandSteps(rule, hold.dense(), schedule, true);
    DMatrixRMaj lazy = afterTenThousandSteps(rule, hold, schedule, false);
    assertClose(dense, lazy, rule + " " + hold);
  }

  /** Rows are touched at powers of two, so that they are idle for longer and longer. */
  private static DMatrixRMaj afterTenThousandSteps(
      UpdateRule rule, Hold hold, Schedule schedule, boolean eager) {
    Training training = new Training(rule, hold, schedule, eager, 7);
    Regularizer inLoss =
        training.pull == null || training.pull.application() != Application.IN_LOSS
            ? null
            : training.pull;
    try (Tape tape = Tape.create()) {
      for (int step = 0; step < 10_000; step++) {
        int row = Integer.bitCount(step) <= 1 ? Integer.numberOfTrailingZeros(step + 16) % 4 : 7;
        Variable read = training.table.on(tape).gatherRows(row);
        Objective loss = Objective.of("data", read.minus(0.3).square().sum());
        training.optimizer.step(inLoss == null ? loss : loss.plus("pull", inLoss.penalty(tape)));
        tape.reset();
      }
    }
    return training.table.toMatrix();
  }

  @Test
  void aStepVisitsTheRowsOfItsGradientWhereAClosedFormIsKnown() {
    assertVisits(Visits.TOUCHED, Sgd.of(0.1), new Hold(null, Application.COUPLED));
    assertVisits(Visits.TOUCHED, Sgd.of(0.1), new Hold(new L2(0.1), Application.COUPLED));
    assertVisits(Visits.TOUCHED, Sgd.of(0.1), new Hold(new L2(0.1), Application.DECOUPLED));
    Sgd momentum = Sgd.of(0.1).withMomentum(0.9);
    assertVisits(Visits.TOUCHED, momentum, new Hold(new L2(0.1), Application.COUPLED));
    assertVisits(Visits.TOUCHED, momentum, new Hold(new L2(0.1), Application.DECOUPLED));
    for (UpdateRule rule : List.of(Sgd.of(0.1), momentum, Adam.of(0.1), Adagrad.of(0.1))) {
      assertVisits(Visits.TOUCHED, rule, new Hold(null, Application.COUPLED));
      assertVisits(Visits.TOUCHED, rule, new Hold(new L2(0.1), Application.DECOUPLED));
      for (Restraint restraint :
          List.of(
              new L2(0.1),
              new L1(0.1),
              new ElasticNet(0.1, 0.1),
              GroupLasso.of(0.1, Groups.ROWS),
              new Ball(1.0, Groups.ROWS))) {
        assertVisits(Visits.TOUCHED, rule, new Hold(restraint, Application.PROXIMAL));
      }
    }
  }

  @Test
  void elsewhereEveryRowThatHasMovedIsVisitedOrAllAre() {
    assertVisits(Visits.MOVED, Adam.of(0.1), new Hold(new L2(0.1), Application.COUPLED));
    assertVisits(Visits.MOVED, Adam.of(0.1), new Hold(new L1(0.1), Application.DECOUPLED));
    assertVisits(Visits.MOVED, Adam.of(0.1), new Hold(new Huber(0.1, 1), Application.PROXIMAL));
    assertVisits(Visits.MOVED, Adagrad.of(0.1), new Hold(new L2(0.1), Application.COUPLED));
    assertVisits(Visits.ALL, Adam.adamW(0.1, 0.1), new Hold(null, Application.COUPLED));
    assertVisits(
        Visits.ALL, Sgd.of(0.1), new Hold(new AsAWhole(new L2(0.1)), Application.DECOUPLED));
  }

  private static void assertVisits(Visits expected, UpdateRule rule, Hold hold) {
    Training training = new Training(rule, hold, Schedule.constant(), false, 3);
    training.step(Event.NOTHING);
    training.step(Event.NOTHING);
    assertEquals(expected, training.optimizer.visits(training.table), rule + " " + hold);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void onARateAtWhichACoupledPullOvershootsItGoesOnAllTheSame(
      @ForAll @IntRange(min = 1, max = 30) int steps, @ForAll long seed) {
    Hold hold = new Hold(new L2(1.0), Application.COUPLED);
    Schedule rising = (t, base) -> t % 5 == 4 ? 1.5 : 0.5;
    Training lazy = new Training(Sgd.of(0.5), hold, rising, false, seed);
    Training dense = new Training(Sgd.of(0.5), hold.dense(), rising, true, seed);
    for (int step = 0; step < steps; step++) {
      lazy.step(Event.NOTHING);
      dense.step(Event.NOTHING);
    }
    assertClose(dense.table.toMatrix(), lazy.table.toMatrix(), "overshooting");
  }

  /** Momentum of somebody who cannot say when it ends. */
  private record Endless() implements UpdateRule {
    @Override
    public double learningRate() {
      return 0.1;
    }

    @Override
    public List<Slot> slots() {
      return List.of(Slot.zeros("b"));
    }

    @Override
    public boolean rests() {
      return true;
    }

    @Override
    public int stepsToRest() {
      return Integer.MAX_VALUE;
    }

    @Override
    public void update(
        double[] weight,
        double[] gradient,
        double[][] slots,
        int from,
        int to,
        long step,
        double rate) {
      for (int i = from; i < to; i++) {
        slots[0][i] = 0.9 * slots[0][i] + gradient[i];
        weight[i] -= rate * slots[0][i];
      }
    }
  }

  @Test
  void aRuleUnderWhichRowsMoveOnForLongIsTakenStepByStep() {
    Hold none = new Hold(null, Application.COUPLED);
    Hold decoupled = new Hold(new L2(0.1), Application.DECOUPLED);
    for (Hold hold : List.of(none, decoupled)) {
      assertSameWhenIdle(new Endless(), hold, 1.0, 50);
    }
  }

  /** The powers of ε/√v are summed with growing weights, of which the higher may overflow. */
  @Test
  void momentsThatDecayFasterThanTheExpansionCanHoldAreTakenStepByStep() {
    Hold none = new Hold(null, Application.COUPLED);
    Adam forgetful = Adam.of(0.01).withBetas(0.5, 0.3);
    assertSameWhenIdle(forgetful.withEpsilon(1e-200), none, 1.0, 500);
    assertSameWhenIdle(forgetful, none, 1e160, 500);
  }

  @Test
  void anEntryAtItsAnchorStaysThereWhereMomentumWouldDiverge() {
    Hold hold = new Hold(new L2(100.0), Application.COUPLED);
    Parameter table = new Parameter("table", gaussian(random(5)));
    double before = table.get(0, 1);
    Regularizer pull = Objects.requireNonNull(hold.on(table));
    Sgd rule = Sgd.of(1.0).withMomentum(0.9);
    Optimizer optimizer = Optimizer.builder().group("t", table, rule, pull).lazy().build();
    stepRow(optimizer, table, 0, 0.001);
    for (int step = 0; step < 500; step++) {
      stepRow(optimizer, table, 1, 0.0);
    }
    assertEquals(before, table.get(0, 1));
  }

  @Test
  void aPullThatLeavesNothingOfADistanceLandsOnTheAnchor() {
    for (Restraint restraint : List.of(new L2(1e300), new ElasticNet(0.1, 1e300))) {
      Hold hold = new Hold(restraint, Application.PROXIMAL);
      assertSameWhenIdle(Sgd.of(1e10), hold, 1e-12, 3);
    }
  }

  /** A row with a gradient in its first entry only, and then none for some steps. */
  private static void assertSameWhenIdle(UpdateRule rule, Hold hold, double gradient, int steps) {
    List<DMatrixRMaj> ends = new ArrayList<>();
    for (boolean eager : List.of(true, false)) {
      Training training = new Training(rule, hold, Schedule.constant(), eager, 5);
      stepRow(training.optimizer, training.table, 0, gradient);
      for (int step = 0; step < steps; step++) {
        stepRow(training.optimizer, training.table, 1, 0.0);
      }
      ends.add(training.table.toMatrix());
    }
    assertClose(ends.get(0), ends.get(1), rule + " " + hold);
  }

  private static void stepRow(Optimizer optimizer, Parameter table, int row, double gradient) {
    DMatrixRMaj first = new DMatrixRMaj(1, COLS, true, gradient, 0.0, 0.0);
    var unused = GivenGradients.stepRows(optimizer, table, new int[] {row}, first);
  }

  /** An L2 that lets any rate pass, and whose relaxation then refuses it. */
  private record Unbounded(L2 inner) implements Penalty {
    @Override
    public Variable of(Variable weight, @Nullable Variable anchor) {
      return inner.of(weight, anchor);
    }

    @Override
    public void addGradient(
        DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
      inner.addGradient(weight, anchor, factor, into);
    }

    @Override
    public double largestRate() {
      return Double.POSITIVE_INFINITY;
    }

    @Override
    public boolean isRowwise() {
      return true;
    }

    @Override
    public Relaxation explicitRelaxation() {
      return inner.explicitRelaxation();
    }

    @Override
    public String formula(boolean anchored) {
      return inner.formula(anchored);
    }
  }

  @Test
  void aStepThatARelaxationRefusesIsNotOwed() {
    Parameter table = new Parameter("table", gaussian(random(5)));
    Hold hold = new Hold(new Unbounded(new L2(1.0)), Application.DECOUPLED);
    Regularizer pull = Objects.requireNonNull(hold.on(table));
    Optimizer optimizer = Optimizer.builder().group("t", table, Sgd.of(0.5), pull).lazy().build();
    double anchor = table.get(0, 0);
    stepRow(optimizer, table, 0, 1.0); // to a distance of −½
    optimizer.setLearningRate("t", 1.5);
    assertThrows(IllegalArgumentException.class, () -> stepRow(optimizer, table, 1, 1.0));
    optimizer.setLearningRate("t", 0.5);
    stepRow(optimizer, table, 2, 1.0); // halves it
    stepRow(optimizer, table, 2, 1.0); // and again
    assertEquals(anchor - 0.125, table.get(0, 0), 1e-12);
  }

  @Test
  void anEagerOptimizerOwesNothing() {
    Parameter table = new Parameter("table", new DMatrixRMaj(ROWS, COLS));
    Regularizer pull = Regularizer.l2(0.1).over(table).towardsInitialValue().decoupled();
    Optimizer eager = Optimizer.builder().group("t", table, Adam.of(0.1), pull).eager().build();
    try (Tape tape = Tape.create()) {
      eager.step(tape.gradients(table.on(tape).gatherRows(1).sum()));
    }
    assertEquals(Visits.MOVED, eager.visits(table));
    assertTrue(table.get(1, 0) < 0.0);
  }
}
