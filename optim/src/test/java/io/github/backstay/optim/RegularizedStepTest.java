package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.Regularizer;
import java.util.List;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.ejml.data.DMatrixRMaj;
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

  @Provide
  Arbitrary<UpdateRule> rules() {
    return Arbitraries.of(RuleCatalogue.ROWS.stream().map(RuleCase::rule).toList());
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
