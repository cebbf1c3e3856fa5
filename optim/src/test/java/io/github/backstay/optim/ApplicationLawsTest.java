package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.Application;
import io.github.backstay.regularizers.Ball;
import io.github.backstay.regularizers.ElasticNet;
import io.github.backstay.regularizers.Groups;
import io.github.backstay.regularizers.L1;
import io.github.backstay.regularizers.L2;
import io.github.backstay.regularizers.Penalty;
import io.github.backstay.regularizers.Regularizer;
import io.github.backstay.regularizers.Restraint;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.NormOps_DDRM;

/**
 * The ways in which a restraint reaches the weights, held against each other and against closed
 * forms, over all rules and restraints of the library.
 */
class ApplicationLawsTest {

  private static final int ROWS = RestraintCase.ROWS;
  private static final int COLS = RestraintCase.COLS;

  @Provide
  Arbitrary<RestraintCase> penalties() {
    return Arbitraries.of(
        RestraintCase.ALL.stream().filter(row -> row.restraint() instanceof Penalty).toList());
  }

  @Provide
  Arbitrary<UpdateRule> rules() {
    return Arbitraries.of(RuleCatalogue.ROWS.stream().map(RuleCase::rule).toList());
  }

  /** Those that leave an entry alone that never had a gradient. */
  @Provide
  Arbitrary<UpdateRule> restingRules() {
    return Arbitraries.of(
        RuleCatalogue.ROWS.stream().map(RuleCase::rule).filter(UpdateRule::rests).toList());
  }

  /** A weight that has moved away from its anchor by ½ to 1½ in every entry. */
  private static Applied displaced(
      Restraint restraint,
      AnchorCase anchor,
      Application how,
      UpdateRule rule,
      Schedule schedule,
      long seed) {
    RandomGenerator random = Draw.seeded(seed);
    DMatrixRMaj given = Draw.gaussian(random, ROWS, COLS);
    Parameter other = new Parameter("other", Draw.gaussian(random, ROWS, COLS));
    Parameter weight = new Parameter("w", anchor.there(given, other));
    Regularizer pull =
        Applied.make(
            Regularizer.of(restraint).over(weight).towards(anchor.anchor(given, other)), how);
    DMatrixRMaj moved = weight.toMatrix();
    for (int i = 0; i < moved.data.length; i++) {
      moved.data[i] += (random.nextBoolean() ? 1.0 : -1.0) * (0.5 + random.nextDouble());
    }
    weight.set(moved);
    return Applied.of(weight, pull, rule, schedule);
  }

  private static Applied displaced(
      Restraint restraint, Application how, UpdateRule rule, Schedule schedule, long seed) {
    return displaced(restraint, AnchorCase.INITIAL_VALUE, how, rule, schedule, seed);
  }

  // ---- coupled is in the loss, and under gradient descent decoupled is too -------------------

  /**
   * For every penalty, anchor and rule. A rule that maximizes climbs what is in the loss, so there
   * the penalty has to be subtracted; coupled it pulls by itself.
   */
  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void coupledIsInTheLoss(
      @ForAll("penalties") RestraintCase row,
      @ForAll AnchorCase anchor,
      @ForAll("rules") UpdateRule rule,
      @ForAll @IntRange(min = 1, max = 8) int steps,
      @ForAll long seed) {
    Restraint penalty = row.restraint();
    AnchorCase where = penalty.pullsToAnchor() ? anchor : AnchorCase.ZERO;
    Schedule schedule = Schedule.cosine(10, 0.001);
    Applied coupled = displaced(penalty, where, Application.COUPLED, rule, schedule, seed);
    Applied inLoss = displaced(penalty, where, Application.IN_LOSS, rule, schedule, seed);
    RandomGenerator random = Draw.seeded(~seed);
    double sign = rule.maximizes() ? -1.0 : 1.0;
    for (int step = 0; step < steps; step++) {
      DMatrixRMaj gradient = Draw.gaussian(random, ROWS, COLS);
      coupled.step(gradient);
      try (Tape tape = Tape.create()) {
        Variable pull = inLoss.pull().penalty(tape).scale(sign);
        Variable data = GivenGradients.of(inLoss.weight(), gradient).loss(tape);
        inLoss.optimizer().step(Objective.of("data", data).plus("pull", pull));
      }
    }
    if (penalty instanceof L2) {
      assertArrayEquals(inLoss.weight().toMatrix().data, coupled.weight().toMatrix().data);
    }
    // Gradients of singular values are sums of products, which both forms add in another order.
    double tolerance = row.entrywise() ? 1e-12 : 1e-10;
    assertClose(inLoss.weight(), coupled.weight(), tolerance);
  }

  private static void assertClose(Parameter expected, Parameter actual, double tolerance) {
    double[] values = expected.toMatrix().data;
    double scale = Arrays.stream(values).map(Math::abs).reduce(1.0, Math::max);
    assertArrayEquals(values, actual.toMatrix().data, tolerance * scale);
  }

  /** For every penalty and anchor: one step for both, or one after the other, from the same W. */
  @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
  void underGradientDescentDecoupledIsCoupled(
      @ForAll("penalties") RestraintCase row, @ForAll AnchorCase anchor, @ForAll long seed) {
    Restraint penalty = row.restraint();
    AnchorCase where = penalty.pullsToAnchor() ? anchor : AnchorCase.ZERO;
    Schedule rates = Schedule.constant();
    UpdateRule rule = Sgd.of(0.02);
    Applied coupled = displaced(penalty, where, Application.COUPLED, rule, rates, seed);
    Applied decoupled = displaced(penalty, where, Application.DECOUPLED, rule, rates, seed);
    RandomGenerator random = Draw.seeded(~seed);
    for (int step = 0; step < 8; step++) {
      DMatrixRMaj gradient = Draw.gaussian(random, ROWS, COLS);
      coupled.step(gradient);
      decoupled.step(gradient);
    }
    assertClose(coupled.weight(), decoupled.weight(), 1e-12);
  }

  /**
   * Under Adam they are not the same, and by how much is known where nothing but the pull moves the
   * weight: coupled, the first step is η whatever the strength and the distance, {@code ηλ|d|/(λ|d|
   * + ε)}; decoupled it is {@code ηλ|d|}.
   */
  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void underAdamDecoupledIsNotCoupledByThisMuch(@ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    double rate = 0.001 + 0.01 * random.nextDouble();
    double strength = Math.pow(10.0, 3.0 * random.nextDouble() - 2.0);
    L2 penalty = new L2(strength);
    UpdateRule adam = Adam.of(rate);
    Schedule rates = Schedule.constant();
    Applied coupled = displaced(penalty, Application.COUPLED, adam, rates, seed);
    Applied decoupled = displaced(penalty, Application.DECOUPLED, adam, rates, seed);
    double[] start = coupled.weight().toMatrix().data;
    double[] anchor = coupled.pull().anchorOf(coupled.weight()).data;
    coupled.step(new DMatrixRMaj(ROWS, COLS));
    decoupled.step(new DMatrixRMaj(ROWS, COLS));
    for (int i = 0; i < start.length; i++) {
      double d = start[i] - anchor[i];
      double pull = strength * Math.abs(d);
      double ofCoupled = Math.signum(d) * rate * pull / (pull + 1e-8);
      double ofDecoupled = rate * strength * d;
      double one = start[i] - coupled.weight().get(i / COLS, i % COLS);
      double two = start[i] - decoupled.weight().get(i / COLS, i % COLS);
      assertEquals(ofCoupled, one, 1e-14);
      assertEquals(ofDecoupled, two, 1e-14);
      assertEquals(ofDecoupled - ofCoupled, two - one, 1e-14);
      assertEquals(rate, Math.abs(one), 1e-5 * rate, "η, whatever λ and d are");
    }
  }

  // ---- closed forms where nothing but the pull acts ------------------------------------------

  /** What the rates of the steps add up to. */
  private interface Steps {
    double distance(double d, double[] rates);
  }

  /** Every rule that rests, under a schedule, without data; every entry by itself. */
  private static void assertDistances(
      Restraint restraint, Application how, UpdateRule rule, int steps, long seed, Steps closed) {
    Schedule schedule = Schedule.cosine(40, 0.001);
    Applied applied = displaced(restraint, how, rule, schedule, seed);
    double[] start = applied.weight().toMatrix().data;
    double[] anchor = applied.pull().anchorOf(applied.weight()).data;
    double[] rates = new double[steps];
    for (int step = 0; step < steps; step++) {
      rates[step] = applied.optimizer().learningRate("all");
      applied.stepWithoutData();
    }
    for (int i = 0; i < start.length; i++) {
      double expected = closed.distance(start[i] - anchor[i], rates);
      double actual = applied.weight().get(i / COLS, i % COLS) - anchor[i];
      // A step rounds the weight, the length of its way and, here, the product of the factors.
      double ulp = Math.ulp(Math.abs(start[i]) + Math.abs(anchor[i]));
      assertEquals(expected, actual, (steps + 2) * ulp, rule::toString);
      if (expected == 0.0 && how == Application.PROXIMAL) {
        assertEquals(0.0, actual, "on the anchor to the bit");
      }
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void decoupledSquaresLeaveTheProductOfTheirFactors(
      @ForAll("restingRules") UpdateRule rule,
      @ForAll @IntRange(max = 30) int steps,
      @ForAll long seed) {
    double strength = 0.9 / rule.learningRate() * Draw.seeded(seed).nextDouble();
    assertDistances(
        new L2(strength),
        Application.DECOUPLED,
        rule,
        steps,
        seed,
        (d, rates) ->
            d * Arrays.stream(rates).map(r -> 1.0 - r * strength).reduce(1.0, (a, b) -> a * b));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void proximalSquaresLeaveTheProductOfTheirFactors(
      @ForAll("restingRules") UpdateRule rule,
      @ForAll @IntRange(max = 30) int steps,
      @ForAll long seed) {
    double strength = 10.0 * Draw.seeded(seed).nextDouble();
    assertDistances(
        new L2(strength),
        Application.PROXIMAL,
        rule,
        steps,
        seed,
        (d, rates) ->
            d / Arrays.stream(rates).map(r -> 1.0 + r * strength).reduce(1.0, (a, b) -> a * b));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void proximalAbsoluteValuesTakeTheSumOfTheirStepsOff(
      @ForAll("restingRules") UpdateRule rule,
      @ForAll @IntRange(max = 30) int steps,
      @ForAll long seed) {
    double strength = 0.1 / rule.learningRate() * Draw.seeded(seed).nextDouble();
    assertDistances(
        new L1(strength),
        Application.PROXIMAL,
        rule,
        steps,
        seed,
        (d, rates) ->
            Math.signum(d) * Math.max(0.0, Math.abs(d) - strength * Arrays.stream(rates).sum()));
  }

  /** {@code P·max(|d| − l1·Σ ηₖ/Pₖ₋₁, 0)} with Pₖ the product of {@code 1/(1 + η·l2)} up to k. */
  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void proximalElasticNetsDoBoth(
      @ForAll("restingRules") UpdateRule rule,
      @ForAll @IntRange(max = 30) int steps,
      @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    double l1 = 0.05 / rule.learningRate() * random.nextDouble();
    double l2 = 5.0 * random.nextDouble();
    assertDistances(
        new ElasticNet(l1, l2),
        Application.PROXIMAL,
        rule,
        steps,
        seed,
        (d, rates) -> {
          double product = 1.0;
          double lengths = 0.0;
          for (double rate : rates) {
            lengths += rate / product;
            product /= 1.0 + rate * l2;
          }
          return Math.signum(d) * product * Math.max(0.0, Math.abs(d) - l1 * lengths);
        });
  }

  // ---- proximal steps with data ---------------------------------------------------------------

  /**
   * Gradient descent with proximal steps of the anchored lasso, {@code ‖Xw − y‖²/(2n) + λ‖w − a‖₁},
   * comes to rest where its optimality conditions hold: a weight is at its anchor to the bit and
   * its gradient is at most λ, or its gradient is λ against the pull.
   */
  @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
  void proximalGradientDescentSolvesTheAnchoredLasso(@ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    LeastSquares data = new LeastSquares(random, 30, 6);
    DMatrixRMaj anchor = Draw.gaussian(random, 6, 1);
    // Of the pulls that would hold all weights at the anchor, a third.
    double strength = CommonOps_DDRM.elementMaxAbs(data.gradient(anchor)) / 3.0;
    Parameter weight = new Parameter("w", anchor);
    Regularizer pull = Regularizer.l1(strength).over(weight).towardsInitialValue().proximal();
    Applied applied = Applied.of(weight, pull, Sgd.of(1.0 / data.largestCurvature()));
    for (int step = 0; step < 3_000; step++) {
      applied.step(data.gradient(weight.toMatrix()));
    }
    double[] gradient = data.gradient(weight.toMatrix()).data;
    int atTheAnchor = 0;
    for (int i = 0; i < 6; i++) {
      double d = weight.get(i, 0) - anchor.data[i];
      if (d == 0.0) {
        atTheAnchor++;
        assertTrue(Math.abs(gradient[i]) <= strength * (1.0 + 1e-12), "held");
      } else {
        assertEquals(-strength * Math.signum(d), gradient[i], 1e-10 * strength, "in balance");
      }
    }
    assertTrue(atTheAnchor < 6, "the strongest pull of the data is stronger");
    double[] rested = weight.toMatrix().data;
    applied.step(data.gradient(weight.toMatrix()));
    for (int i = 0; i < 6; i++) {
      assertTrue(rested[i] != anchor.data[i] || weight.get(i, 0) == anchor.data[i], "at rest");
    }
  }

  /**
   * Rows of a table that are pulled by the data with less than λ stay what they were, and those
   * that are let go snap back to the bits of their pre-trained values, under every rule.
   */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void proximalGroupLassoSnapsRowsBackToTheirBits(
      @ForAll("restingRules") UpdateRule rule, @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    DMatrixRMaj pretrained = Draw.gaussian(random, ROWS, COLS);
    Parameter table = new Parameter("w", pretrained);
    double rate = rule.learningRate();
    Regularizer pull =
        Regularizer.groupLasso(1.0 / rate, Groups.ROWS)
            .over(table)
            .towardsInitialValue()
            .proximal(); // every step takes 1 off a distance
    Applied applied = Applied.of(table, pull, rule);
    table.set(3, 0, table.get(3, 0) + 2.5);
    table.set(3, 2, table.get(3, 2) - 1.0); // 2.69 away
    double before = pull.drift(table);
    for (int step = 1; step <= 3; step++) {
      applied.stepWithoutData();
      double left = Math.max(0.0, before - step);
      assertEquals(left, pull.drift(table), 1e-14, "step " + step);
    }
    assertArrayEquals(pretrained.data, table.toMatrix().data);
  }

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void rowsThatTheDataPullsTooWeaklyNeverLeave(@ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    DMatrixRMaj pretrained = Draw.gaussian(random, ROWS, COLS);
    Parameter table = new Parameter("w", pretrained);
    Regularizer pull =
        Regularizer.groupLasso(1.0, Groups.ROWS).over(table).towardsInitialValue().proximal();
    Applied applied = Applied.of(table, pull, Sgd.of(0.05));
    for (int step = 0; step < 10; step++) {
      DMatrixRMaj gradient = new DMatrixRMaj(ROWS, COLS);
      for (int row = 0; row < ROWS; row++) {
        DMatrixRMaj direction = Draw.gaussian(random, 1, COLS);
        double length = row == 0 ? 1.5 : 0.99 * random.nextDouble();
        for (int col = 0; col < COLS; col++) {
          gradient.set(row, col, length * direction.data[col] / NormOps_DDRM.normF(direction));
        }
      }
      applied.step(gradient);
      for (int row = 1; row < ROWS; row++) {
        for (int col = 0; col < COLS; col++) {
          assertEquals(pretrained.get(row, col), table.get(row, col));
        }
      }
      assertTrue(step > 0 || pull.drift(table) > 0.0, "the first row is pulled harder than held");
    }
  }

  /** However hard the data pulls, after each step, under every rule, decay or not. */
  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void aBallIsNeverLeft(
      @ForAll("rules") UpdateRule rule,
      @ForAll Groups groups,
      @ForAll AnchorCase anchor,
      @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    double radius = random.nextInt(5) == 0 ? 0.0 : random.nextDouble();
    Applied applied =
        displaced(
            new Ball(radius, groups),
            anchor,
            Application.PROXIMAL,
            rule,
            Schedule.constant(),
            seed);
    for (int step = 0; step < 6; step++) {
      applied.pull().follow(applied.weight());
      DMatrixRMaj where = applied.pull().anchorOf(applied.weight()); // of this step's projection
      DMatrixRMaj gradient = Draw.gaussian(random, ROWS, COLS);
      CommonOps_DDRM.scale(Math.scalb(1.0, random.nextInt(20)), gradient);
      applied.step(gradient);
      DMatrixRMaj d = CommonOps_DDRM.subtract(applied.weight().toMatrix(), where, null);
      for (double distance : distances(groups, d)) {
        // Every entry of A + d is rounded by half an ulp of numbers of up to 4.
        assertTrue(distance <= radius + 2e-15, () -> distance + " > " + radius);
      }
    }
  }

  private static double[] distances(Groups groups, DMatrixRMaj d) {
    double[] distances = new double[ROWS];
    for (int i = 0; i < d.data.length; i++) {
      int group =
          switch (groups) {
            case ROWS -> i / COLS;
            case COLS -> i % COLS;
            case ALL -> 0;
          };
      distances[group] = Math.hypot(distances[group], d.data[i]);
    }
    return distances;
  }

  // ---- where a training ends ------------------------------------------------------------------

  /** {@code ‖Xw − y‖²/(2n)}, with columns of mean square 1. */
  private static final class LeastSquares {
    private final int n;
    private final DMatrixRMaj x;
    private final DMatrixRMaj y;

    LeastSquares(RandomGenerator random, int n, int d) {
      this.n = n;
      x = Draw.gaussian(random, n, d);
      y = Draw.gaussian(random, n, 1);
    }

    DMatrixRMaj gradient(DMatrixRMaj w) {
      DMatrixRMaj residual = new DMatrixRMaj(n, 1);
      CommonOps_DDRM.mult(x, w, residual);
      CommonOps_DDRM.subtractEquals(residual, y);
      DMatrixRMaj gradient = new DMatrixRMaj(x.numCols, 1);
      CommonOps_DDRM.multTransA(1.0 / n, x, residual, gradient);
      return gradient;
    }

    /** No eigenvalue of XᵀX/n is larger than the norm of that matrix. */
    double largestCurvature() {
      DMatrixRMaj hessian = new DMatrixRMaj(x.numCols, x.numCols);
      CommonOps_DDRM.multTransA(1.0 / n, x, x, hessian);
      return NormOps_DDRM.normF(hessian);
    }

    /** {@code (XᵀX + nλI)⁻¹(Xᵀy + nλa)}. */
    DMatrixRMaj anchoredRidge(double strength, DMatrixRMaj anchor) {
      DMatrixRMaj left = new DMatrixRMaj(x.numCols, x.numCols);
      CommonOps_DDRM.multTransA(x, x, left);
      DMatrixRMaj right = new DMatrixRMaj(x.numCols, 1);
      CommonOps_DDRM.multTransA(x, y, right);
      for (int i = 0; i < x.numCols; i++) {
        left.add(i, i, n * strength);
        right.add(i, 0, n * strength * anchor.get(i, 0));
      }
      DMatrixRMaj solution = new DMatrixRMaj(x.numCols, 1);
      assertTrue(CommonOps_DDRM.solve(left, right, solution));
      return solution;
    }
  }

  /**
   * Every rule, without a decay of its own, takes a coupled pull to the textbook's solution, and so
   * one that is in the loss (they are the same). Rates go to 0 as in {@link OptimizerLawsTest}.
   */
  @Property(tries = 4, edgeCases = EdgeCasesMode.NONE)
  void everyRuleFindsTheAnchoredRidgeSolution(@ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    LeastSquares data = new LeastSquares(random, 20, 3);
    DMatrixRMaj anchor = Draw.gaussian(random, 3, 1);
    double strength = 0.2 + random.nextDouble();
    DMatrixRMaj solution = data.anchoredRidge(strength, anchor);
    int steps = 5_000;
    for (RuleCase row : RuleCatalogue.ROWS) {
      if (row.rule().weightDecay() > 0.0 || row.rule().maximizes()) {
        continue;
      }
      Parameter weight = new Parameter("w", anchor);
      Regularizer pull = Regularizer.l2(strength).over(weight).towardsInitialValue().coupled();
      Applied applied = Applied.of(weight, pull, row.rule(), Schedule.cosine(steps, 0.0));
      for (int step = 0; step < steps; step++) {
        applied.step(data.gradient(weight.toMatrix()));
      }
      assertArrayEquals(solution.data, weight.toMatrix().data, 1e-5, row.name());
    }
  }

  /** Under gradient descent all four applications end there, at a constant rate. */
  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
  void gradientDescentFindsItInAllFourApplications(@ForAll Application how, @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    LeastSquares data = new LeastSquares(random, 20, 3);
    DMatrixRMaj anchor = Draw.gaussian(random, 3, 1);
    double strength = 0.2 + random.nextDouble();
    Parameter weight = new Parameter("w", anchor);
    Regularizer pull =
        Applied.make(Regularizer.l2(strength).over(weight).towardsInitialValue(), how);
    double rate = 1.0 / (data.largestCurvature() + strength);
    Applied applied = Applied.of(weight, pull, Sgd.of(rate));
    for (int step = 0; step < 1_500; step++) {
      applied.step(data.gradient(weight.toMatrix()));
    }
    assertArrayEquals(data.anchoredRidge(strength, anchor).data, weight.toMatrix().data, 1e-12);
  }

  // ---- accumulation ---------------------------------------------------------------------------

  /** 25 examples or one: a step pulls once, in all four applications, means and sums. */
  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
  void accumulatedExamplesPullOnce(
      @ForAll Application how,
      @ForAll boolean mean,
      @ForAll @IntRange(min = 1, max = 25) int examples,
      @ForAll boolean adam,
      @ForAll long seed) {
    UpdateRule rule = adam ? Adam.of(0.05) : Sgd.of(0.05);
    L2 penalty = new L2(0.8);
    Applied whole = displaced(penalty, how, rule, Schedule.constant(), seed);
    Applied parts = displaced(penalty, how, rule, Schedule.constant(), seed);
    RandomGenerator random = Draw.seeded(~seed);
    for (int step = 0; step < 3; step++) {
      DMatrixRMaj sum = new DMatrixRMaj(ROWS, COLS);
      Accumulation accumulation =
          mean ? parts.optimizer().accumulation() : parts.optimizer().sumAccumulation();
      try (Tape tape = Tape.create()) {
        for (int k = 0; k < examples; k++) {
          DMatrixRMaj gradient = Draw.gaussian(random, ROWS, COLS);
          CommonOps_DDRM.addEquals(sum, gradient);
          accumulation.add(GivenGradients.of(parts.weight(), gradient).loss(tape));
          tape.reset();
        }
        if (how == Application.IN_LOSS) {
          accumulation.penalize(parts.pull().penalty(tape));
        }
        accumulation.step();
      }
      CommonOps_DDRM.scale(mean ? 1.0 / examples : 1.0, sum);
      whole.step(sum);
      assertClose(whole.weight(), parts.weight(), 1e-12);
    }
  }

  /** The pull alone, against its closed form: λ = 0.1 at distance 1 is 0.1 and not 2.5. */
  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE)
  void twentyFiveExamplesPullByOneTenth(@ForAll Application how) {
    Parameter weight = new Parameter("w", new DMatrixRMaj(1, 1, true, 1.0));
    Applied applied =
        Applied.of(weight, Applied.make(Regularizer.l2(0.1).over(weight), how), Sgd.of(0.5));
    Accumulation accumulation = applied.optimizer().accumulation();
    try (Tape tape = Tape.create()) {
      for (int k = 0; k < 25; k++) {
        accumulation.add(weight.on(tape).scale(0.0).sum());
        tape.reset();
      }
      if (how == Application.IN_LOSS) {
        accumulation.penalize(applied.pull().penalty(tape));
      }
      accumulation.step();
    }
    double kept = how == Application.PROXIMAL ? 1.0 / 1.05 : 0.95;
    assertEquals(kept, weight.get(0, 0), 1e-15);
  }
}
