package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.regularizers.Regularizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
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

/** What holds for every rule under every schedule. */
class OptimizerLawsTest {

  /** Schedules by the name of what makes them; a plateau is new in every training. */
  private enum Rates {
    CONSTANT,
    REDUCED,
    STEPWISE,
    MILESTONES,
    EXPONENTIAL,
    LINEAR,
    POLYNOMIAL,
    COSINE,
    COSINE_WITH_RESTARTS,
    ONE_CYCLE,
    UNTIL,
    EVERY,
    LAMBDA,
    PLATEAU;

    Schedule schedule() {
      return switch (this) {
        case CONSTANT -> Schedule.constant();
        case REDUCED -> Schedule.reduced(0.3, 4);
        case STEPWISE -> Schedule.stepwise(3, 0.5);
        case MILESTONES -> Schedule.milestones(0.5, 2, 5, 5);
        case EXPONENTIAL -> Schedule.exponential(0.9);
        case LINEAR -> Schedule.linear(0.1, 1.0, 5);
        case POLYNOMIAL -> Schedule.polynomial(2.0, 9);
        case COSINE -> Schedule.cosine(7, 0.001);
        case COSINE_WITH_RESTARTS -> Schedule.cosineWithRestarts(2, 2, 0.0);
        case ONE_CYCLE -> OneCycle.of(12);
        case UNTIL -> Schedule.linear(0.1, 1.0, 3).until(3, Schedule.cosine(9, 0.0));
        case EVERY -> Schedule.exponential(0.5).every(3);
        case LAMBDA -> (t, base) -> base / (1.0 + 0.1 * t);
        case PLATEAU -> ReduceOnPlateau.DEFAULT.withFactor(0.5).withPatience(1).start();
      };
    }
  }

  @Provide
  Arbitrary<UpdateRule> rules() {
    return Arbitraries.of(RuleCatalogue.ROWS.stream().map(RuleCase::rule).toList());
  }

  @Provide
  Arbitrary<RuleCase> rows() {
    return Arbitraries.of(RuleCatalogue.ROWS);
  }

  /** The loss goes to what it is at the minimum; where a decoupled pull holds it off, near it. */
  @Property(seed = "1", tries = 100, edgeCases = EdgeCasesMode.NONE)
  void aConvexQuadraticIsMinimizedUnderACosine(@ForAll("rows") RuleCase row, @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    UpdateRule rule = row.rule();
    int steps = 5_000;
    DMatrixRMaj centre = Draw.gaussian(random, 2, 2);
    double[] curvature = random.doubles(4, 0.3, 4.0).toArray();
    Parameter weight = new Parameter("w", Draw.gaussian(random, 2, 2));
    Optimizer optimizer =
        Optimizer.builder()
            .group("all", weight, rule)
            .schedule(Schedule.cosine(steps, 0.0))
            .build();
    double sign = rule.maximizes() ? -1.0 : 1.0;
    DMatrixRMaj gradient = new DMatrixRMaj(2, 2);
    try (Tape tape = Tape.create()) {
      for (int t = 0; t < steps; t++) {
        for (int i = 0; i < 4; i++) {
          gradient.data[i] = sign * curvature[i] * (weight.get(i / 2, i % 2) - centre.data[i]);
        }
        optimizer.step(tape.gradients(GivenGradients.of(weight, gradient).loss(tape)));
        tape.reset();
      }
    }
    for (int i = 0; i < 4; i++) {
      double decay = row.decoupled() ? 0.0 : rule.weightDecay();
      double minimum = curvature[i] * centre.data[i] / (curvature[i] + decay);
      double near = row.decoupled() && rule.weightDecay() > 0.0 ? 0.2 * Math.abs(minimum) : 0.0;
      assertEquals(minimum, weight.get(i / 2, i % 2), near + 1e-5, row + ", entry " + i);
    }
  }

  private static Optimizer held(Problem problem, UpdateRule rule, Schedule schedule) {
    Regularizer coupled = problem.anchor(0.2, Regularizer.Builder::coupled);
    Regularizer decoupled = problem.anchor(0.3, Regularizer.Builder::decoupled);
    return Optimizer.builder()
        .group("all", problem, rule, coupled, decoupled)
        .schedule(schedule)
        .clipNorm(0.7)
        .build();
  }

  private static void train(Problem problem, Optimizer optimizer, Schedule schedule, int steps) {
    try (Tape tape = Tape.create()) {
      for (int t = 0; t < steps; t++) {
        Objective objective = Objective.of("data", problem.loss(tape));
        double loss = objective.value();
        optimizer.step(objective);
        tape.reset();
        if (schedule instanceof Plateau plateau) {
          plateau.report(loss);
        }
      }
    }
  }

  @Property(seed = "1", tries = 300, edgeCases = EdgeCasesMode.NONE)
  void aScheduledTrainingThatIsTakenUpAgainGoesOnToTheBit(
      @ForAll Problem.Kind kind,
      @ForAll("rules") UpdateRule rule,
      @ForAll Rates rates,
      @ForAll @IntRange(min = 0, max = 6) int before,
      @ForAll @IntRange(min = 1, max = 6) int after,
      @ForAll long seed) {
    Problem.Setting setting = new Problem.Setting(kind, 5, 4, 3, seed);
    Problem whole = setting.draw();
    Problem fresh = setting.draw();
    Schedule ofWhole = rates.schedule();
    Schedule ofFresh = rates.schedule();
    Optimizer wholeOptimizer = held(whole, rule, ofWhole);
    Optimizer freshOptimizer = held(fresh, rule, ofFresh);
    train(whole, wholeOptimizer, ofWhole, before);
    freshOptimizer.restore(wholeOptimizer.steps());
    if (ofFresh instanceof Plateau plateau) {
      plateau.restore(((Plateau) ofWhole).state());
    }
    for (int p = 0; p < whole.parameters().size(); p++) {
      Parameter saved = whole.parameters().get(p);
      Parameter restored = fresh.parameters().get(p);
      restored.set(saved.toMatrix());
      freshOptimizer.restore(restored, wholeOptimizer.steps(saved), wholeOptimizer.slots(saved));
    }
    train(whole, wholeOptimizer, ofWhole, after);
    train(fresh, freshOptimizer, ofFresh, after);
    assertEquals(before + (long) after, freshOptimizer.steps());
    assertEquals(wholeOptimizer.learningRate("all"), freshOptimizer.learningRate("all"));
    for (int p = 0; p < whole.parameters().size(); p++) {
      assertArrayEquals(whole.values().get(p).data, fresh.values().get(p).data);
    }
  }

  @Property(seed = "1", tries = 300, edgeCases = EdgeCasesMode.NONE)
  void rowSparseStepsHaveTheBitsOfFullOnesUnderAnySchedule(
      @ForAll("rules") UpdateRule rule, @ForAll Rates rates, @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    DMatrixRMaj start = Draw.gaussian(random, 9, 2);
    Parameter full = new Parameter("full", start);
    Parameter sparse = new Parameter("sparse", start);
    Schedule schedule = rates.schedule();
    Optimizer ofFull = Optimizer.builder().group("all", full, rule).schedule(schedule).build();
    Optimizer ofSparse =
        Optimizer.builder().group("all", sparse, rule).schedule(schedule).eager().build();
    for (int t = 0; t < 12; t++) {
      DMatrixRMaj ofRows = Draw.gaussian(random, 3, 2);
      int[] rows = random.ints(3, 0, 9).toArray();
      DMatrixRMaj same = GivenGradients.stepRows(ofSparse, sparse, rows, ofRows);
      GivenGradients.of(full, same).step(ofFull);
      assertArrayEquals(full.toMatrix().data, sparse.toMatrix().data);
      List<DMatrixRMaj> expected = List.copyOf(ofFull.slots(full).values());
      List<DMatrixRMaj> actual = List.copyOf(ofSparse.slots(sparse).values());
      for (int i = 0; i < expected.size(); i++) {
        assertArrayEquals(expected.get(i).data, actual.get(i).data);
      }
      if (schedule instanceof Plateau plateau) {
        plateau.report(1.0);
      }
    }
  }

  /** One group, or each parameter in a group of its own, in any order. */
  @Property(seed = "1", tries = 200, edgeCases = EdgeCasesMode.NONE)
  void groupsMakeNoDifferenceToTheBit(
      @ForAll("rules") UpdateRule rule, @ForAll Rates rates, @ForAll long seed) {
    Problem.Setting setting = new Problem.Setting(Problem.Kind.TANH_NET, 5, 4, 3, seed);
    Problem together = setting.draw();
    Problem apart = setting.draw();
    Schedule one = rates.schedule();
    Schedule other = rates.schedule();
    Optimizer oneGroup =
        Optimizer.builder().group("all", together, rule).schedule(one).clipNorm(0.7).build();
    List<Parameter> shuffled = new ArrayList<>(apart.parameters());
    Collections.shuffle(shuffled, new Random(seed));
    Optimizer.Builder groups = Optimizer.builder().clipNorm(0.7).schedule(other);
    for (Parameter parameter : shuffled) {
      groups.group(parameter.name(), parameter, rule);
    }
    train(together, oneGroup, one, 8);
    train(apart, groups.build(), other, 8);
    for (int p = 0; p < together.parameters().size(); p++) {
      assertArrayEquals(together.values().get(p).data, apart.values().get(p).data);
    }
  }

  @Property(seed = "1", tries = 100, edgeCases = EdgeCasesMode.NONE)
  void aRuleThatMaximizesIsStillHeldByItsRegularizers(@ForAll long seed) {
    for (UpdateRule rule : List.of(Sgd.of(0.1).withMomentum(0.5), Adam.of(0.1))) {
      UpdateRule up = rule instanceof Sgd sgd ? sgd.withMaximize() : ((Adam) rule).withMaximize();
      RandomGenerator random = Draw.seeded(seed);
      DMatrixRMaj start = Draw.gaussian(random, 2, 3);
      Parameter down = new Parameter("w", start);
      Parameter climbing = new Parameter("w", start);
      Optimizer ofDown = pulled(rule, down);
      Optimizer ofClimbing = pulled(up, climbing);
      for (int t = 0; t < 5; t++) {
        DMatrixRMaj gradient = Draw.gaussian(random, 2, 3);
        DMatrixRMaj opposite = gradient.copy();
        for (int i = 0; i < opposite.data.length; i++) {
          opposite.data[i] = -opposite.data[i];
        }
        GivenGradients.of(down, gradient).step(ofDown);
        GivenGradients.of(climbing, opposite).step(ofClimbing);
        assertArrayEquals(down.toMatrix().data, climbing.toMatrix().data, 1e-15);
      }
    }
  }

  private static Optimizer pulled(UpdateRule rule, Parameter weight) {
    return Optimizer.builder()
        .group(
            "all",
            weight,
            rule,
            Regularizer.l2(0.5).over(weight).coupled(),
            Regularizer.l2(0.3).over(weight).towardsInitialValue().decoupled())
        .build();
  }

  // ---- schedules of groups ------------------------------------------------------------------

  private final Parameter first = new Parameter("first", new DMatrixRMaj(1, 1, true, 1.0));
  private final Parameter second = new Parameter("second", new DMatrixRMaj(1, 1, true, 1.0));

  @Test
  void eachGroupAppliesTheScheduleToItsOwnRate() {
    Optimizer optimizer =
        Optimizer.builder()
            .schedule(Schedule.stepwise(1, 0.5))
            .group("a", first, Sgd.of(1.0))
            .group("b", second, Sgd.of(8.0))
            .schedule("b", Schedule.stepwise(1, 0.25))
            .build();
    assertEquals(1.0, optimizer.learningRate("a"));
    GivenGradients.of(first, 1.0).and(second, 1.0).step(optimizer);
    assertEquals(0.5, optimizer.learningRate("a"));
    assertEquals(2.0, optimizer.learningRate("b"));
    GivenGradients.of(first, 1.0).and(second, 1.0).step(optimizer);
    assertEquals(1.0 - 1.0 - 0.5, first.get(0, 0));
    assertEquals(1.0 - 8.0 - 2.0, second.get(0, 0));
    assertEquals(8.0, optimizer.baseLearningRate("b"));
    optimizer.setLearningRate("b", 32.0);
    assertEquals(2.0, optimizer.learningRate("b"));
    assertEquals(32.0, optimizer.baseLearningRate("b"));
    assertEquals(2, optimizer.steps());
    assertTrue(optimizer.toString().contains("Stepwise[every=1, factor=0.25]"));
  }

  private static <E extends Exception> void assertRefused(
      Class<E> type, String message, Executable wrong) {
    assertEquals(message, assertThrows(type, wrong).getMessage());
  }

  @Test
  void refusesARateThatIsNoneAndChangesNothing() {
    Optimizer optimizer =
        Optimizer.builder()
            .group("a", first, Sgd.of(1.0))
            .group("b", second, Sgd.of(1.0))
            .schedule("b", (t, base) -> base - t)
            .build();
    for (int t = 0; t < 2; t++) {
      GivenGradients.of(first, 0.0).step(optimizer);
    }
    assertRefused(
        IllegalArgumentException.class,
        "optimizer: the schedule of group \"b\" gives the rate -1.0 in step 2 (must be finite and"
            + " at least 0).",
        () -> GivenGradients.of(first, 1.0).step(optimizer));
    assertEquals(1.0, first.get(0, 0));
    assertEquals(2, optimizer.steps());
  }

  @Test
  void refusesTheStepAtWhichADecoupledAnchorWouldBeOvershot() {
    Regularizer pull = Regularizer.l2(2.0).over(first).towardsInitialValue().decoupled();
    Optimizer optimizer =
        Optimizer.builder()
            .group("a", first, Sgd.of(0.25), pull)
            .schedule((t, base) -> base * (1.0 + t))
            .build();
    GivenGradients.of(first, 1.0).step(optimizer);
    GivenGradients.of(first, 1.0).step(optimizer);
    double before = first.get(0, 0);
    assertRefused(
        IllegalArgumentException.class,
        "regularizer: a decoupled step with learning rate 0.75 would overshoot the anchor (at most"
            + " 0.5 for 2.0/2·‖W−W0‖²). Lower the rate or the strength.",
        () -> GivenGradients.of(first, 1.0).step(optimizer));
    assertEquals(before, first.get(0, 0));
    assertEquals(2, optimizer.steps());
  }

  @Test
  void refusesToStartAScheduleAgainForARestoredParameter() {
    Optimizer optimizer =
        Optimizer.builder()
            .group("a", first, Sgd.of(0.5))
            .schedule(Schedule.exponential(0.5))
            .build();
    optimizer.restore(first, 3, optimizer.slots(first));
    assertRefused(
        IllegalStateException.class,
        "optimizer: parameter \"first\" has made 3 steps and the optimizer 0, so the schedule of"
            + " group \"a\" would start again. Call restore(steps) too.",
        () -> GivenGradients.of(first, 1.0).step(optimizer));
    optimizer.restore(3);
    GivenGradients.of(first, 1.0).step(optimizer);
    assertEquals(1.0 - 0.5 * 0.125, first.get(0, 0));
    assertRefused(
        IllegalArgumentException.class,
        "optimizer: steps must be at least 0, got -1.",
        () -> optimizer.restore(-1));
  }

  @Test
  void refusesAScheduleForAGroupThatIsNotThere() {
    Optimizer.Builder builder = Optimizer.builder().group("a", first, Sgd.of(0.5));
    assertRefused(
        IllegalArgumentException.class,
        "optimizer: there is no group \"b\" (groups: [a]).",
        () -> builder.schedule("b", Schedule.constant()));
  }

  // ---- another rule -------------------------------------------------------------------------

  @Test
  void anotherRuleTakesOverWhatIsRememberedAndTheRate() {
    Optimizer optimizer = Optimizer.of(Sgd.of(0.5).withMomentum(0.5), first);
    GivenGradients.of(first, 1.0).step(optimizer);
    optimizer.setRule("all", Sgd.of(9.0).withMomentum(0.25));
    GivenGradients.of(first, 0.0).step(optimizer);
    assertEquals(1.0 - 0.5 - 0.5 * 0.25, first.get(0, 0));
    assertEquals(2, optimizer.steps(first));
  }

  /** After a rule that rests comes one that moves every row. */
  @Test
  void anotherRuleMayMoveRowsThatHaveRested() {
    Parameter table = new Parameter("table", new DMatrixRMaj(3, 1, true, 1.0, 1.0, 1.0));
    Optimizer optimizer = Optimizer.of(Adam.of(0.5), table);
    optimizer.setRule("all", Adam.adamW(0.5, 0.5));
    DMatrixRMaj one = new DMatrixRMaj(1, 1, true, 1.0);
    DMatrixRMaj unused = GivenGradients.stepRows(optimizer, table, new int[] {2}, one);
    assertEquals(0.75, table.get(0, 0));
  }

  @Test
  void refusesARuleThatRemembersSomethingElse() {
    Optimizer optimizer = Optimizer.of(Sgd.of(0.5), first);
    assertRefused(
        IllegalArgumentException.class,
        "optimizer: group \"all\" remembers [], the new rule [Slot[name=momentum, initial=0.0]]"
            + " (both must be the same). Build a new optimizer for it.",
        () -> optimizer.setRule("all", Sgd.of(0.5).withMomentum(0.5)));
  }
}
