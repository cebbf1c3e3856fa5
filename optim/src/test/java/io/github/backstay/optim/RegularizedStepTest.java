package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.backstay.core.Gradients;
import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.L2;
import io.github.backstay.regularizers.Penalty;
import io.github.backstay.regularizers.Regularizer;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The three ways in which a penalty reaches the weights, held against each other. */
class RegularizedStepTest {

  private static final int STEPS = 12;

  @Provide
  Arbitrary<Problem.Setting> problems() {
    return Combinators.combine(
            Arbitraries.of(Problem.Kind.class),
            Arbitraries.integers().between(1, 9),
            Arbitraries.integers().between(1, 6),
            Arbitraries.integers().between(1, 4),
            Arbitraries.longs())
        .as(Problem.Setting::new);
  }

  /** Those that go down: a rule that maximizes climbs a penalty in the loss with the data. */
  @Provide
  Arbitrary<UpdateRule> rules() {
    return Arbitraries.of(
        RuleCatalogue.ROWS.stream().map(RuleCase::rule).filter(rule -> !rule.maximizes()).toList());
  }

  @Provide
  Arbitrary<Double> strengths() {
    return Arbitraries.doubles().between(1e-4, 2.0).ofScale(9);
  }

  /** A training whose penalty is a node, recorded before the data loss. */
  private static List<DMatrixRMaj> inLoss(
      Problem.Setting setting, double strength, UpdateRule rule, Regularizer... beside) {
    Problem problem = setting.draw();
    Regularizer pull = problem.anchor(strength, Regularizer.Builder::inLoss);
    Optimizer optimizer = Optimizer.builder().group("all", problem, rule, beside).build();
    train(problem, optimizer, pull);
    return problem.values();
  }

  private static void train(Problem problem, Optimizer optimizer, Regularizer... inLoss) {
    try (Tape tape = Tape.create()) {
      for (int t = 0; t < STEPS; t++) {
        Variable penalty = null;
        for (Regularizer pull : inLoss) {
          penalty = pull.penalty(tape);
        }
        Objective objective = Objective.of("data", problem.loss(tape));
        optimizer.step(penalty == null ? objective : objective.plus("anchor", penalty));
        tape.reset();
      }
    }
  }

  private static void assertClose(
      List<DMatrixRMaj> expected, List<DMatrixRMaj> actual, double tolerance) {
    for (int p = 0; p < expected.size(); p++) {
      double scale = 1.0;
      for (double value : expected.get(p).data) {
        scale = Math.max(scale, Math.abs(value));
      }
      assertArrayEquals(expected.get(p).data, actual.get(p).data, tolerance * scale);
    }
  }

  /**
   * To the bit: the optimizer adds the pull to the finished gradient, and so does the sweep when
   * the penalty was recorded before the data loss.
   */
  @Property(seed = "1", tries = 400, edgeCases = EdgeCasesMode.NONE)
  void coupledIsThePenaltyInTheLoss(
      @ForAll("problems") Problem.Setting setting,
      @ForAll("strengths") double strength,
      @ForAll("rules") UpdateRule rule) {
    Problem problem = setting.draw();
    Regularizer pull = problem.anchor(strength, Regularizer.Builder::coupled);
    train(problem, Optimizer.builder().group("all", problem, rule, pull).build());
    List<DMatrixRMaj> expected = inLoss(setting, strength, rule);
    for (int p = 0; p < expected.size(); p++) {
      assertArrayEquals(expected.get(p).data, problem.values().get(p).data);
    }
  }

  /** Even beside a decoupled pull: each sees the weights that the loss was computed from. */
  @Property(seed = "1", tries = 200, edgeCases = EdgeCasesMode.NONE)
  void coupledIsThePenaltyInTheLossBesideADecoupledPullToo(
      @ForAll("problems") Problem.Setting setting,
      @ForAll("strengths") double strength,
      @ForAll("rules") UpdateRule rule) {
    Problem one = setting.draw();
    Optimizer coupled =
        Optimizer.builder()
            .group(
                "all",
                one,
                rule,
                Regularizer.l2(0.4).over(one).decoupled(),
                one.anchor(strength, Regularizer.Builder::coupled))
            .build();
    train(one, coupled);
    Problem other = setting.draw();
    Optimizer plain =
        Optimizer.builder()
            .group("all", other, rule, Regularizer.l2(0.4).over(other).decoupled())
            .build();
    train(other, plain, other.anchor(strength, Regularizer.Builder::inLoss));
    for (int p = 0; p < one.values().size(); p++) {
      assertArrayEquals(other.values().get(p).data, one.values().get(p).data);
    }
  }

  @Property(seed = "1", tries = 200, edgeCases = EdgeCasesMode.NONE)
  void underPlainSgdAllThreeAgree(
      @ForAll("problems") Problem.Setting setting, @ForAll("strengths") double strength) {
    Sgd rule = Sgd.of(0.02);
    List<DMatrixRMaj> expected = inLoss(setting, strength, rule);
    for (boolean decoupled : new boolean[] {false, true}) {
      Problem problem = setting.draw();
      Regularizer pull =
          problem.anchor(
              strength, decoupled ? Regularizer.Builder::decoupled : Regularizer.Builder::coupled);
      train(problem, Optimizer.builder().group("all", problem, rule, pull).build());
      assertClose(expected, problem.values(), 1e-12);
    }
  }

  @Property(seed = "1", tries = 200, edgeCases = EdgeCasesMode.NONE)
  void weightDecayIsAPullToZero(
      @ForAll("problems") Problem.Setting setting, @ForAll("strengths") double strength) {
    List<UpdateRule> decaying =
        List.of(
            Sgd.of(0.02).withMomentum(0.9).withWeightDecay(strength),
            Adam.of(0.02).withWeightDecay(strength),
            Adam.adamW(0.02, strength));
    List<UpdateRule> plain = List.of(Sgd.of(0.02).withMomentum(0.9), Adam.of(0.02), Adam.of(0.02));
    for (int k = 0; k < 3; k++) {
      Problem own = setting.draw();
      train(own, Optimizer.of(decaying.get(k), own));
      Problem pulled = setting.draw();
      Regularizer.Builder zero = Regularizer.l2(strength).over(pulled).towardsZero();
      Regularizer pull = k == 2 ? zero.decoupled() : zero.coupled();
      train(pulled, Optimizer.builder().group("all", pulled, plain.get(k), pull).build());
      for (int p = 0; p < own.values().size(); p++) {
        // (1 − ηλ)·w of the rule against w − (ηλ)·w of the regularizer: one rounding apart.
        double tolerance = k == 2 ? 1e-11 : 0.0;
        double[] expected = own.values().get(p).data;
        double[] actual = pulled.values().get(p).data;
        for (int i = 0; i < expected.length; i++) {
          assertTrue(Math.abs(expected[i] - actual[i]) <= tolerance, "entry " + i);
        }
      }
    }
  }

  // ---- under Adam the two part --------------------------------------------------------------

  private static double[] alone(UpdateRule rule, double strength, boolean decoupled, int steps) {
    RandomGenerator random = Draw.seeded(3);
    Parameter weight = new Parameter("w", Draw.gaussian(random, 1, 6));
    Regularizer.Builder builder =
        Regularizer.l2(strength).over(weight).towards(Draw.gaussian(random, 1, 6));
    Regularizer pull = decoupled ? builder.decoupled() : builder.coupled();
    Optimizer optimizer = Optimizer.builder().group("all", weight, rule, pull).build();
    double[] drifts = new double[steps + 1];
    drifts[0] = pull.drift(weight);
    for (int t = 1; t <= steps; t++) {
      GivenGradients.of(weight, new double[6]).step(optimizer);
      drifts[t] = pull.drift(weight);
    }
    return drifts;
  }

  /** Adam divides λ out of a gradient that is nothing but penalty: strength has no effect. */
  @Test
  void coupledUnderAdamForgetsItsStrength() {
    double[] weak = alone(Adam.of(1e-3), 0.01, false, 200);
    double[] strong = alone(Adam.of(1e-3), 1.0, false, 200);
    assertArrayEquals(weak, strong, 1e-5);
    assertTrue(weak[200] < weak[0]);
  }

  /** {@code d ← (1 − ηλ)·d}, whatever the rule. */
  @Test
  void decoupledHasOneStrengthUnderEveryRule() {
    for (UpdateRule rule : List.of(Sgd.of(1e-3), Sgd.of(1e-3).withMomentum(0.9), Adam.of(1e-3))) {
      double[] drifts = alone(rule, 2.0, true, 200);
      for (int t = 0; t <= 200; t++) {
        assertEquals(drifts[0] * Math.pow(1.0 - 2e-3, t), drifts[t], 1e-12, "step " + t);
      }
    }
  }

  @Test
  void decoupledIsNotCoupledUnderAdam() {
    double coupled = alone(Adam.of(1e-3), 2.0, false, 1)[1];
    double decoupled = alone(Adam.of(1e-3), 2.0, true, 1)[1];
    assertTrue(Math.abs(coupled - decoupled) > 1e-4);
  }

  // ---- which parameters ---------------------------------------------------------------------

  @Test
  void parametersThatNoGradientReachesArePulledToo() {
    for (boolean decoupled : new boolean[] {false, true}) {
      Parameter idle = new Parameter("idle", new DMatrixRMaj(1, 2, true, 4.0, -2.0));
      Parameter free = new Parameter("free", new DMatrixRMaj(1, 2, true, 4.0, -2.0));
      Parameter used = new Parameter("used", new DMatrixRMaj(1, 1));
      Regularizer.Builder builder = Regularizer.l2(0.5).over(idle);
      Regularizer pull = decoupled ? builder.decoupled() : builder.coupled();
      Optimizer optimizer =
          Optimizer.builder()
              .group("held", idle, Sgd.of(0.5), pull)
              .group("rest", () -> List.of(used, free), Sgd.of(0.5))
              .build();
      GivenGradients.of(used, 1.0).step(optimizer);
      assertArrayEquals(new double[] {3.0, -1.5}, idle.toMatrix().data);
      assertArrayEquals(new double[] {4.0, -2.0}, free.toMatrix().data);
      assertEquals(decoupled ? 0 : 1, optimizer.steps(idle));
      assertEquals(0, optimizer.steps(free));
    }
  }

  @Test
  void severalRegularizersOfAGroupAddUp() {
    Parameter weight = new Parameter("w", new DMatrixRMaj(1, 1, true, 4.0));
    Regularizer toZero = Regularizer.l2(0.5).over(weight).coupled();
    Regularizer toTwo =
        Regularizer.l2(0.25).over(weight).towards(new DMatrixRMaj(1, 1, true, 2.0)).coupled();
    Optimizer optimizer =
        Optimizer.builder().group("all", weight, Sgd.of(0.5), toZero, toTwo).build();
    GivenGradients.of(weight, 1.0).step(optimizer);
    assertEquals(4.0 - 0.5 * (1.0 + 0.5 * 4.0 + 0.25 * 2.0), weight.get(0, 0));
  }

  /** All pulls are taken at the same weights, so that no pull sees what another has moved. */
  @Property(seed = "1", tries = 200, edgeCases = EdgeCasesMode.NONE)
  void theOrderOfDecoupledRegularizersDoesNotMatter(@ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    DMatrixRMaj start = Draw.gaussian(random, 3, 2);
    DMatrixRMaj gradient = Draw.gaussian(random, 3, 2);
    DMatrixRMaj anchor = Draw.gaussian(random, 3, 2);
    double rate = 0.1 + 0.2 * random.nextDouble();
    double toZero = 2.0 * random.nextDouble();
    double toAnchor = 1.0 * random.nextDouble();
    double[][] ends = new double[2][];
    for (int order = 0; order < 2; order++) {
      Parameter weight = new Parameter("w", start);
      Regularizer zero = Regularizer.l2(toZero).over(weight).decoupled();
      Regularizer anchored = Regularizer.l2(toAnchor).over(weight).towards(anchor).decoupled();
      Regularizer[] given = {order == 0 ? zero : anchored, order == 0 ? anchored : zero};
      Optimizer optimizer = Optimizer.builder().group("all", weight, Sgd.of(rate), given).build();
      GivenGradients.of(weight, gradient).step(optimizer);
      ends[order] = weight.toMatrix().data;
    }
    for (int i = 0; i < 6; i++) {
      double w = start.data[i];
      double pulled = toZero * w + toAnchor * (w - anchor.data[i]) + gradient.data[i];
      assertEquals(w - rate * pulled, ends[0][i], 1e-14);
      assertEquals(ends[0][i], ends[1][i], 1e-14);
    }
  }

  @Test
  void decoupledPullsThatTogetherOvershootAreRefused() {
    Parameter weight = new Parameter("w", new DMatrixRMaj(1, 1, true, 4.0));
    Regularizer one = Regularizer.l2(0.5).over(weight).decoupled();
    Regularizer two = Regularizer.l2(1.5).over(weight).towardsInitialValue().decoupled();
    Regularizer other = Regularizer.l2(9.0).over(weight).coupled();
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Optimizer.builder().group("all", weight, Sgd.of(0.6), one, two));
    assertEquals(
        "optimizer: the decoupled regularizers of parameter \"w\" would together overshoot with"
            + " learning rate 0.6 (at most 0.5 for ["
            + one
            + ", "
            + two
            + "]). Lower the rate or the strengths.",
        refused.getMessage());
    Optimizer optimizer =
        Optimizer.builder().group("all", weight, Sgd.of(0.5), one, two, other).build();
    assertThrows(IllegalArgumentException.class, () -> optimizer.setLearningRate("all", 0.501));
    assertEquals(0.5, optimizer.learningRate("all"));
  }

  @Test
  void aSteadyStepAllocatesNothing() {
    Parameter table = new Parameter("table", Draw.gaussian(Draw.seeded(5), 20, 3));
    Parameter other = new Parameter("other", Draw.gaussian(Draw.seeded(6), 2, 3));
    Regularizer one = Regularizer.l2(0.1).over(other).coupled();
    Regularizer two = Regularizer.l2(0.2).over(table, other).towardsInitialValue().decoupled();
    Regularizer three = Regularizer.l2(0.3).over(table, other).decoupled();
    Optimizer optimizer =
        Optimizer.builder()
            .group("rows", table, Adam.of(0.1), two, three)
            .group("all", other, Sgd.of(0.1).withMomentum(0.5), one, two, three)
            .build();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long least = Long.MAX_VALUE;
    for (int t = 0; t < 300; t++) {
      try (Tape tape = Tape.create()) {
        Variable rows = table.on(tape).gatherRows(new int[] {t % 5, 7}).sum();
        Gradients gradients = tape.gradients(rows.plus(other.on(tape).sum()));
        long before = threads.getThreadAllocatedBytes(thread);
        optimizer.step(gradients);
        least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
      }
    }
    assertEquals(0, least);
  }

  /** A penalty that breaks now and then must not spoil the steps after it. */
  @Test
  void aPenaltyThatThrowsLeavesNothingBehind() {
    for (boolean decoupled : new boolean[] {false, true}) {
      Parameter weight = new Parameter("w", new DMatrixRMaj(2, 1, true, 4.0, 2.0));
      Breaking breaking = new Breaking(new L2(0.5), new AtomicBoolean());
      Regularizer.Builder first = Regularizer.l2(0.5).over(weight);
      Regularizer.Builder second = Regularizer.of(breaking).over(weight);
      Optimizer optimizer =
          Optimizer.builder()
              .group(
                  "all",
                  weight,
                  Sgd.of(0.5).withMomentum(0.5),
                  decoupled ? first.decoupled() : first.coupled(),
                  decoupled ? second.decoupled() : second.coupled())
              .build();
      DMatrixRMaj one = new DMatrixRMaj(1, 1, true, 1.0);
      breaking.breaks.set(true);
      for (int t = 0; t < 2; t++) {
        assertThrows(
            UnsupportedOperationException.class,
            () -> GivenGradients.stepRows(optimizer, weight, new int[] {0}, one));
        assertArrayEquals(new double[] {4.0, 2.0}, weight.toMatrix().data);
        assertEquals(0, optimizer.steps(weight));
      }
      breaking.breaks.set(false);
      GivenGradients.of(weight, 0.0, 0.0).step(optimizer);
      assertArrayEquals(new double[] {2.0, 1.0}, weight.toMatrix().data);
    }
  }

  /** L2 that adds and then throws, if it is told to. */
  private record Breaking(L2 real, AtomicBoolean breaks) implements Penalty {
    @Override
    public Variable of(Variable weight, @Nullable Variable anchor) {
      return real.of(weight, anchor);
    }

    @Override
    public void addGradient(
        DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
      real.addGradient(weight, anchor, factor, into);
      if (breaks.get()) {
        throw new UnsupportedOperationException("broken");
      }
    }

    @Override
    public double largestRate() {
      return real.largestRate();
    }

    @Override
    public String formula(boolean anchored) {
      return real.formula(anchored);
    }
  }

  /** Nothing of one step's penalty may be left over in the next. */
  @Test
  void coupledPullsStartFromNothingInEveryStep() {
    Parameter weight = new Parameter("w", new DMatrixRMaj(2, 1, true, 1.0, 1.0));
    Regularizer pull = Regularizer.l2(1.0).over(weight).coupled();
    Optimizer optimizer = Optimizer.builder().group("all", weight, Sgd.of(0.5), pull).build();
    for (int t = 1; t <= 10; t++) {
      GivenGradients.of(weight, 0.0, 0.0).step(optimizer);
      assertEquals(Math.scalb(1.0, -t), weight.get(0, 0));
      assertEquals(Math.scalb(1.0, -t), weight.get(1, 0));
    }
  }
}
