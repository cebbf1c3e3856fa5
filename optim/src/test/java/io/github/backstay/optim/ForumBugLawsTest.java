package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.GradientSum;
import io.github.backstay.core.Gradients;
import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.Regularizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * The bug that this library began with, as laws.
 *
 * <p>Somebody asked on PyTorch's forum ("L2 regularization toward initial value for embedding",
 * topic 3550) how to keep word vectors near their pre-trained values while training a classifier.
 * They were porting Wieting's {@code 0.5*LW*l2(We-initial_We)} and computed it from raw values,
 * {@code .data}. The program runs, and the loss it prints has the penalty in it. But a number that
 * is added to a loss is a constant: its gradient is zero, and no weight ever feels it. Nothing in
 * the printed loss gives this away, at any strength.
 *
 * <p>The laws say in order: what the mistake looks like (1, 2), what should have happened (3), that
 * the mistake is the same as no penalty at all (4) and the right thing is the textbook's solution
 * (5), how {@link Objective} refuses the mistake (6), why weight decay, which the thread suggests,
 * is no substitute (7), and which second mistake was hiding in the same program (8).
 *
 * <p>They hold for any shape, weight, anchor, strength, loss and optimizer, so that is what they
 * are tested with. "To the bit" means that not even the last digit differs.
 */
class ForumBugLawsTest {

  /** The ways to make the mistake with variables; people have made each of them in public. */
  private enum Slip {
    /** {@code penalty.detach()}: a finished penalty, cut off. */
    DETACHED_PENALTY("the path is cut at detach 1×1 (#N), which lets no gradient through to ") {
      @Override
      Variable penalty(Tape tape, Story story) {
        return story.pull.penalty(tape).detach();
      }
    },
    /** The penalty of {@code weight.detach()}: cut off upstream. */
    DETACHED_WEIGHTS("the path is cut at detach RxC (#N), which lets no gradient through to ") {
      @Override
      Variable penalty(Tape tape, Story story) {
        return story.penaltyOf(tape, parameter -> parameter.on(tape).detach());
      }
    },
    /** The forum's own, {@code weight.data}: rebuilt from a copy of the values. */
    RAW_VALUES("it is computed from constants alone, the first being constant RxC (#N)") {
      @Override
      Variable penalty(Tape tape, Story story) {
        return story.penaltyOf(tape, parameter -> tape.constant(parameter.toMatrix()));
      }
    },
    /** A plain number that was computed elsewhere. */
    NUMBER("it is a constant") {
      @Override
      Variable penalty(Tape tape, Story story) {
        return tape.constant(story.pull.value());
      }
    },
    /** The penalty of a frozen copy of the model, as a saved state gives it. */
    FROZEN_COPY("it reads only frozen parameters, such as \"") {
      @Override
      Variable penalty(Tape tape, Story story) {
        return story.penaltyOf(
            tape,
            parameter -> {
              Parameter copy = new Parameter(parameter.name(), parameter.toMatrix());
              copy.freeze();
              return copy.on(tape);
            });
      }
    };

    private final String reason;

    Slip(String reason) {
      this.reason = reason;
    }

    /** A number of the right size without a gradient. */
    abstract Variable penalty(Tape tape, Story story);
  }

  /** A problem, and the pull to its pre-trained values that its owner wants. */
  private record Story(Problem problem, Regularizer pull, double strength) {

    static Story of(Problem.Setting setting, double strength) {
      Problem problem = setting.draw();
      return new Story(problem, problem.anchor(strength, Regularizer.Builder::inLoss), strength);
    }

    /** The penalty, written out over something else than the weights. */
    Variable penaltyOf(Tape tape, Function<Parameter, Variable> weight) {
      Variable sum = null;
      for (Parameter parameter : problem.parameters()) {
        Variable anchor = tape.constant(pull.anchorOf(parameter));
        Variable term = weight.apply(parameter).anchoredDistance(anchor, strength);
        sum = sum == null ? term : sum.plus(term);
      }
      return Objects.requireNonNull(sum);
    }
  }

  // ---- what the laws are tested with --------------------------------------------------------

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
  Arbitrary<Double> strengths() {
    return Arbitraries.doubles().between(1e-4, 10.0).ofScale(9);
  }

  @Provide
  Arbitrary<UpdateRule> rulesWithoutDecay() {
    return Arbitraries.of(
        Sgd.of(0.05),
        Sgd.of(0.02).withMomentum(0.9),
        Sgd.of(0.02).withMomentum(0.9).withNesterov(),
        Adam.of(0.05),
        Adam.of(0.05).withAmsgrad());
  }

  @Provide
  Arbitrary<UpdateRule> rules() {
    return Arbitraries.oneOf(rulesWithoutDecay(), Arbitraries.just(Adam.adamW(0.05, 0.01)));
  }

  // ---- 1 and 2: what the mistake looks like -------------------------------------------------

  /**
   * Law 1. The mistake cannot be seen in the value: computed with or without a path to the weights,
   * the penalty is the same number.
   */
  @Property(seed = "3550", edgeCases = EdgeCasesMode.NONE)
  void theDetachedPenaltyHasTheSameValueToTheBit(
      @ForAll("problems") Problem.Setting setting,
      @ForAll("strengths") double strength,
      @ForAll Slip slip) {
    Story story = Story.of(setting, strength);
    try (Tape tape = Tape.create()) {
      Variable right = story.pull.penalty(tape);
      Variable wrong = slip.penalty(tape, story);
      assertTrue(right.toDouble() > 0.0);
      assertEquals(right.toDouble(), wrong.toDouble());
      assertTrue(right.isTracked());
      assertFalse(wrong.isTracked());
    }
  }

  /**
   * Law 2. It can be seen in the gradient: with the detached penalty in the loss, every gradient is
   * what it is without any penalty.
   */
  @Property(seed = "3550", edgeCases = EdgeCasesMode.NONE)
  void theDetachedPenaltyLeavesEveryGradientAsItIs(
      @ForAll("problems") Problem.Setting setting,
      @ForAll("strengths") double strength,
      @ForAll Slip slip) {
    Story story = Story.of(setting, strength);
    List<DMatrixRMaj> without;
    try (Tape tape = Tape.create()) {
      without = gradients(story, story.problem.loss(tape));
    }
    try (Tape tape = Tape.create()) {
      Variable loss = story.problem.loss(tape).plus(slip.penalty(tape, story));
      assertSameBits(without, gradients(story, loss));
    }
  }

  // ---- 3: what should have happened ---------------------------------------------------------

  /**
   * Law 3. The penalty of a {@link Regularizer} adds {@code λ(W − W0)} to the gradient of every
   * weight.
   *
   * <p>A gradient is a sum of contributions, and the sweep adds that of the last recorded node
   * first. So when the penalty is recorded before the data loss, its contribution comes last, onto
   * the finished gradient of the data, and the law holds to the bit: {@code g + λ(W − W0)}, one
   * rounding per operation. Recorded after the data loss it comes first; the same summands are then
   * added in another order, and the law holds up to that.
   */
  @Property(seed = "3550", edgeCases = EdgeCasesMode.NONE)
  void theRealPenaltyAddsStrengthTimesDistanceToEveryGradient(
      @ForAll("problems") Problem.Setting setting, @ForAll("strengths") double strength) {
    Story story = Story.of(setting, strength);
    List<DMatrixRMaj> expected;
    try (Tape tape = Tape.create()) {
      expected = gradients(story, story.problem.loss(tape));
    }
    for (int p = 0; p < expected.size(); p++) {
      Parameter parameter = story.problem.parameters().get(p);
      double[] weight = parameter.toMatrix().data;
      double[] anchor = story.pull.anchorOf(parameter).data;
      for (int i = 0; i < weight.length; i++) {
        expected.get(p).data[i] += strength * (weight[i] - anchor[i]);
      }
    }
    try (Tape tape = Tape.create()) {
      Variable penalty = story.pull.penalty(tape);
      assertSameBits(expected, gradients(story, story.problem.loss(tape).plus(penalty)));
    }
    try (Tape tape = Tape.create()) {
      Variable loss = story.problem.loss(tape);
      assertClose(expected, gradients(story, loss.plus(story.pull.penalty(tape))), 1e-12);
    }
  }

  // ---- 4 and 5: a whole training ------------------------------------------------------------

  /**
   * Law 4. Train with the mistake and train with nothing: after any number of steps, by whatever
   * optimizer, the weights are the same to the bit. Only the printed loss differs, by exactly the
   * penalty that nobody feels. With the real penalty the weights go elsewhere.
   *
   * <p>An objective refuses the mistake (law 6), so it has to be asked for with {@code
   * plusDetached}.
   */
  @Property(seed = "3550", tries = 300, edgeCases = EdgeCasesMode.NONE)
  void aTrainingWithTheDetachedPenaltyIsATrainingWithout(
      @ForAll("problems") Problem.Setting setting,
      @ForAll("strengths") double strength,
      @ForAll("rules") UpdateRule rule,
      @ForAll Slip slip,
      @ForAll @IntRange(min = 1, max = 12) int steps) {
    Training without = new Training(setting, strength, rule);
    Training detached = new Training(setting, strength, rule);
    Training real = new Training(setting, strength, rule);
    for (int step = 0; step < steps; step++) {
      double penalty = detached.story.pull.value();
      without.step((data, tape) -> data);
      detached.step(
          (data, tape) -> data.plusDetached("anchor", slip.penalty(tape, detached.story)));
      real.step((data, tape) -> data.plus("anchor", real.story.pull.penalty(tape)));
      assertSameBits(without.story.problem.values(), detached.story.problem.values());
      assertEquals(without.printed + penalty, detached.printed);
      if (step == 0) {
        assertTrue(detached.printed > without.printed, "the penalty shows");
        assertEquals(real.printed, detached.printed, "and looks like the real one");
      }
    }
    assertNotEquals(bits(without), bits(real));
  }

  /** One optimizer at work on one story. */
  private static final class Training {
    private final Story story;
    private final Optimizer optimizer;
    private double printed;

    Training(Problem.Setting setting, double strength, UpdateRule rule) {
      story = Story.of(setting, strength);
      optimizer = Optimizer.of(rule, story.problem);
    }

    void step(BiFunction<Objective, Tape, Objective> complete) {
      try (Tape tape = Tape.create()) {
        Objective data = Objective.of("data", story.problem.loss(tape));
        Objective objective = complete.apply(data, tape);
        printed = objective.value();
        optimizer.step(objective);
      }
    }
  }

  /**
   * Law 5. The real penalty is the one of the textbook. For least squares the minimum of
   *
   * <pre>{@code (1/2n)·‖Xw − y‖² + (λ/2)·‖w − a‖²}</pre>
   *
   * is known in closed form, {@code (XᵀX + nλI)⁻¹(Xᵀy + nλa)}, and gradient descent finds it. The
   * rate is 1/L and the number of steps follows from the condition number, where L is the largest
   * eigenvalue of {@code XᵀX/n + λI}: the distance shrinks at least by {@code 1 − λ/L} per step.
   */
  @Property(seed = "3550", tries = 60, edgeCases = EdgeCasesMode.NONE)
  void aTrainingWithTheRealPenaltyFindsTheAnchoredRidgeSolution(@ForAll long seed) {
    Ridge ridge = new Ridge(Draw.seeded(seed));
    Optimizer optimizer = Optimizer.of(Sgd.of(1.0 / ridge.largestCurvature()), ridge.weight);
    for (int step = 0; step < ridge.steps(); step++) {
      ridge.step(optimizer);
    }
    ridge.requireSolved();
  }

  /** Law 5 again: which optimizer goes there does not matter. */
  @Property(seed = "3550", tries = 20, edgeCases = EdgeCasesMode.NONE)
  void soDoMomentumAndAdam(@ForAll long seed) {
    Ridge ridge = new Ridge(Draw.seeded(seed));
    Sgd gentle = Sgd.of(1.0 / ridge.largestCurvature()).withMomentum(0.5);
    for (UpdateRule rule : List.of(gentle, gentle.withNesterov())) {
      ridge.restart();
      Optimizer optimizer = Optimizer.of(rule, ridge.weight);
      for (int step = 0; step < 2 * ridge.steps(); step++) {
        ridge.step(optimizer);
      }
      ridge.requireSolved();
    }
    ridge.restart();
    Optimizer adam = Optimizer.of(Adam.of(0.1).withBetas(0.9, 0.99), ridge.weight);
    for (int step = 0; step < 6_000; step++) {
      adam.setLearningRate("all", 0.1 * Math.pow(0.996, step));
      ridge.step(adam);
    }
    ridge.requireSolved();
  }

  /** Least squares with an anchor, and its solution by linear algebra. */
  private static final class Ridge {
    private final DMatrixRMaj x;
    private final DMatrixRMaj y;
    private final DMatrixRMaj start;
    private final double strength;
    private final Regularizer pull;
    private final Parameter weight;
    private final DMatrixRMaj solution;

    Ridge(RandomGenerator random) {
      int n = 1 + random.nextInt(12);
      int d = 1 + random.nextInt(6);
      x = Draw.gaussian(random, n, d);
      y = Draw.gaussian(random, n, 1);
      start = Draw.gaussian(random, d, 1);
      strength = 0.05 + 2.0 * random.nextDouble();
      weight = new Parameter("w", start);
      DMatrixRMaj anchor = Draw.gaussian(random, d, 1);
      pull = Regularizer.l2(strength).over(weight).towards(anchor).inLoss();
      DMatrixRMaj left = new DMatrixRMaj(d, d);
      CommonOps_DDRM.multTransA(x, x, left);
      DMatrixRMaj right = new DMatrixRMaj(d, 1);
      CommonOps_DDRM.multTransA(x, y, right);
      for (int i = 0; i < d; i++) {
        left.add(i, i, n * strength);
        right.add(i, 0, n * strength * anchor.get(i, 0));
      }
      solution = new DMatrixRMaj(d, 1);
      assertTrue(CommonOps_DDRM.solve(left, right, solution));
    }

    /** The largest eigenvalue of XᵀX/n + λI. */
    double largestCurvature() {
      DMatrixRMaj hessian = new DMatrixRMaj(x.numCols, x.numCols);
      CommonOps_DDRM.multTransA(1.0 / x.numRows, x, x, hessian);
      EigenDecomposition_F64<DMatrixRMaj> eigen =
          DecompositionFactory_DDRM.eig(x.numCols, false, true);
      assertTrue(eigen.decompose(hessian));
      double largest = 0.0;
      for (int i = 0; i < x.numCols; i++) {
        largest = Math.max(largest, eigen.getEigenvalue(i).getReal());
      }
      return largest + strength;
    }

    /** After so many steps of rate 1/L a distance is less than 1e-12 of what it was. */
    int steps() {
      return (int) Math.ceil(-Math.log(1e-12) * largestCurvature() / strength);
    }

    void restart() {
      weight.set(start);
    }

    void step(Optimizer optimizer) {
      try (Tape tape = Tape.create()) {
        Variable residual = tape.constant(x).mult(weight.on(tape));
        Variable data = residual.meanSquaredError(tape.constant(y)).scale(0.5);
        optimizer.step(Objective.of("data", data).plus("anchor", pull.penalty(tape)));
      }
    }

    void requireSolved() {
      assertArrayEquals(solution.data, weight.toMatrix().data, 1e-8);
    }
  }

  // ---- 6: how the mistake is refused --------------------------------------------------------

  /**
   * Law 6. An objective refuses every form of the mistake, before the first step, and says which
   * term it is, where its path is cut, and what to do.
   */
  @Property(seed = "3550", edgeCases = EdgeCasesMode.NONE)
  void anObjectiveRefusesTheDetachedPenaltyAndSaysWhereThePathIsCut(
      @ForAll("problems") Problem.Setting setting,
      @ForAll("strengths") double strength,
      @ForAll Slip slip) {
    Story story = Story.of(setting, strength);
    try (Tape tape = Tape.create()) {
      Objective data = Objective.of("data", story.problem.loss(tape));
      Variable penalty = slip.penalty(tape, story);
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> data.plus("anchor", penalty));
      Parameter first = story.problem.parameters().get(0);
      String reached =
          switch (slip) {
            case DETACHED_PENALTY -> "asPenalty 1×1 (#N)";
            case DETACHED_WEIGHTS -> "parameter \"" + first.name() + "\" RxC (#N)";
            case FROZEN_COPY -> first.name() + "\"";
            case RAW_VALUES, NUMBER -> "";
          };
      String expected =
          "objective: no trainable parameter can be reached from term \"anchor\", so it would move"
              + " the printed loss and no weight: "
              + (slip.reason + reached).replace("RxC", first.shape().toString())
              + (slip == Slip.FROZEN_COPY
                  ? ". Thaw one, or leave the term out"
                  : ". Compute the term from parameter.on(tape)")
              + "; to log a number use report(\"anchor\", value).";
      String message = String.valueOf(refused.getMessage());
      assertEquals(expected, message.replaceAll("#\\d+", "#N"));
    }
  }

  /** Law 6, the rest: a regularizer whose weights are all frozen does not even make a penalty. */
  @Property(seed = "3550", tries = 50, edgeCases = EdgeCasesMode.NONE)
  void aRegularizerRefusesToPenalizeFrozenWeightsOnly(
      @ForAll("problems") Problem.Setting setting, @ForAll("strengths") double strength) {
    Story story = Story.of(setting, strength);
    story.problem.parameters().forEach(Parameter::freeze);
    try (Tape tape = Tape.create()) {
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> story.pull.penalty(tape));
      String message = String.valueOf(refused.getMessage());
      assertTrue(message.startsWith("regularizer: all of its parameters are frozen ("), message);
      assertTrue(message.endsWith("leave the penalty out while isActive() is false."), message);
    }
  }

  // ---- 7: why weight decay is no substitute -------------------------------------------------

  /**
   * Law 7. Weight decay pulls to zero. An answer in the thread explains it as a pull to the
   * previous value, and it is neither that nor a pull to the initial one. Left alone with it (a
   * loss whose gradient is zero), every weight goes to 0 without a turn, away from where it began;
   * a pull to the previous value would not move it at all.
   */
  @Property(seed = "3550", tries = 200, edgeCases = EdgeCasesMode.NONE)
  void weightDecayPullsToZeroAndNeitherToTheInitialNorToThePreviousValue(
      @ForAll("problems") Problem.Setting setting, @ForAll boolean decoupled) {
    double rate = 0.1;
    double decay = 0.5;
    UpdateRule rule = decoupled ? Adam.adamW(rate, decay) : Sgd.of(rate).withWeightDecay(decay);
    Problem problem = setting.draw();
    Optimizer optimizer = Optimizer.of(rule, problem);
    List<DMatrixRMaj> initial = problem.values();
    List<DMatrixRMaj> previous = initial;
    for (int step = 1; step <= 400; step++) {
      stepWithoutData(optimizer, problem);
      List<DMatrixRMaj> now = problem.values();
      double kept = Math.pow(1.0 - rate * decay, step);
      for (int p = 0; p < now.size(); p++) {
        for (int i = 0; i < now.get(p).data.length; i++) {
          double w0 = initial.get(p).data[i];
          double before = previous.get(p).data[i];
          double w = now.get(p).data[i];
          assertTrue(Math.abs(w) < Math.abs(before), "nearer to 0 than before");
          assertTrue(w * before > 0.0, "without passing it");
          assertEquals(kept * w0, w, 1e-12 * Math.abs(w0), "and at the rate that was asked for");
        }
      }
      previous = now;
    }
  }

  /**
   * Law 7, the other half: an anchor holds. Weights that begin at it stay there to the bit, under
   * every optimizer and in all three forms of the pull, if nothing else moves them.
   */
  @Property(seed = "3550", tries = 200, edgeCases = EdgeCasesMode.NONE)
  void anAnchorHoldsTheWeightsWhereTheyBegan(
      @ForAll("problems") Problem.Setting setting,
      @ForAll("strengths") double strength,
      @ForAll("rulesWithoutDecay") UpdateRule rule) {
    Problem problem = setting.draw();
    List<DMatrixRMaj> initial = problem.values();
    Regularizer.Builder pull = Regularizer.l2(strength).over(problem).towardsInitialValue();
    Regularizer inLoss = pull.inLoss();
    Optimizer plain = Optimizer.of(rule, problem);
    Optimizer coupled = Optimizer.builder().group("all", problem, rule, pull.coupled()).build();
    Optimizer decoupled = Optimizer.builder().group("all", problem, rule, pull.decoupled()).build();
    for (int step = 0; step < 20; step++) {
      stepWithoutData(coupled, problem);
      stepWithoutData(decoupled, problem);
      try (Tape tape = Tape.create()) {
        plain.step(tape.gradients(inLoss.penalty(tape)));
      }
      assertSameBits(initial, problem.values());
    }
  }

  /** A step of a loss that reaches every weight and whose gradient is zero. */
  private static void stepWithoutData(Optimizer optimizer, Problem problem) {
    try (Tape tape = Tape.create()) {
      optimizer.step(tape.gradients(problem.loss(tape).scale(0.0)));
    }
  }

  // ---- 8: the second mistake in the same program --------------------------------------------

  /**
   * Law 8. The program differentiated example by example and stepped once per batch. A penalty in
   * the loss of each of K examples, whose gradients are summed, pulls K times too hard: the
   * strength that was tuned is not the strength that acts. Here the sum is made by hand, as that
   * program did with one number per weight.
   */
  @Property(seed = "3550", tries = 300, edgeCases = EdgeCasesMode.NONE)
  void aPenaltyInEveryExampleOfASumPullsThatManyTimesTooHard(
      @ForAll("problems") Problem.Setting setting, @ForAll("strengths") double strength) {
    Story story = Story.of(setting, strength);
    int examples = story.problem.examples();
    List<DMatrixRMaj> ofData = zeros(story);
    List<DMatrixRMaj> ofBoth = zeros(story);
    try (Tape tape = Tape.create()) {
      for (int k = 0; k < examples; k++) {
        addTo(ofData, gradients(story, story.problem.loss(tape, k)));
        tape.reset();
        Variable loss = story.problem.loss(tape, k).plus(story.pull.penalty(tape));
        addTo(ofBoth, gradients(story, loss));
        tape.reset();
      }
    }
    for (int p = 0; p < ofData.size(); p++) {
      Parameter parameter = story.problem.parameters().get(p);
      double[] weight = parameter.toMatrix().data;
      double[] anchor = story.pull.anchorOf(parameter).data;
      for (int i = 0; i < weight.length; i++) {
        double data = ofData.get(p).data[i];
        double once = strength * (weight[i] - anchor[i]);
        double scale = examples * Math.abs(once) + Math.abs(data) + 10.0 * examples;
        assertEquals(data + examples * once, ofBoth.get(p).data[i], 1e-13 * scale);
      }
    }
  }

  private static List<DMatrixRMaj> zeros(Story story) {
    List<DMatrixRMaj> zeros = new ArrayList<>();
    for (Parameter parameter : story.problem.parameters()) {
      zeros.add(new DMatrixRMaj(parameter.rows(), parameter.cols()));
    }
    return zeros;
  }

  private static void addTo(List<DMatrixRMaj> sums, List<DMatrixRMaj> gradients) {
    for (int p = 0; p < sums.size(); p++) {
      CommonOps_DDRM.addEquals(sums.get(p), gradients.get(p));
    }
  }

  /** Law 8, refused: neither a {@link GradientSum} nor an {@link Accumulation} makes that sum. */
  @Property(seed = "3550", tries = 100, edgeCases = EdgeCasesMode.NONE)
  void noSumOfTheLibraryTakesThePenaltyOfASecondExample(
      @ForAll("problems") Problem.Setting setting, @ForAll("strengths") double strength) {
    Story story = Story.of(setting, strength);
    Optimizer optimizer = Optimizer.of(Sgd.of(0.01), story.problem);
    GradientSum sum = new GradientSum();
    try (Tape tape = Tape.create()) {
      Variable loss = story.problem.loss(tape, 0).plus(story.pull.penalty(tape));
      Gradients gradients = tape.gradients(loss);
      sum.add(gradients, 1.0);
      IllegalStateException twice =
          assertThrows(IllegalStateException.class, () -> sum.add(gradients, 1.0));
      String message = String.valueOf(twice.getMessage());
      assertTrue(message.contains("it would pull K times too hard"), message);
      for (Accumulation accumulation :
          List.of(optimizer.accumulation(), optimizer.sumAccumulation())) {
        assertThrows(IllegalArgumentException.class, () -> accumulation.add(loss));
      }
    }
  }

  /**
   * Law 8, the remedy. An {@link Accumulation} does not take the loss of an example with a penalty
   * in it, however deep it is buried; it takes the penalty once per step. The step is then that of
   * the mean loss plus the penalty.
   */
  @Property(seed = "3550", tries = 300, edgeCases = EdgeCasesMode.NONE)
  void anAccumulationTakesThePenaltyOncePerStep(
      @ForAll("problems") Problem.Setting setting, @ForAll("strengths") double strength) {
    double rate = 0.01;
    Story batch = Story.of(setting, strength);
    try (Tape tape = Tape.create()) {
      Variable loss = batch.problem.loss(tape);
      Optimizer.of(Sgd.of(rate), batch.problem)
          .step(Objective.of("data", loss).plus("anchor", batch.pull.penalty(tape)));
    }
    Story story = Story.of(setting, strength);
    Accumulation accumulation = Optimizer.of(Sgd.of(rate), story.problem).accumulation();
    try (Tape tape = Tape.create()) {
      for (int k = 0; k < story.problem.examples(); k++) {
        Variable loss = story.problem.loss(tape, k);
        Variable spoilt = loss.plus(story.pull.penalty(tape).scale(0.5)).scale(2.0);
        IllegalArgumentException refused =
            assertThrows(IllegalArgumentException.class, () -> accumulation.add(spoilt));
        assertEquals(
            "accumulation: the loss of an example contains a penalty, which belongs to the step,"
                + " once (summed over K examples it would pull K times too hard, averaged it would"
                + " be right only if every example had it). Leave it out of the loss and call"
                + " penalize(penalty) once per step, or give a coupled regularizer to the"
                + " optimizer's group.",
            refused.getMessage());
        accumulation.add(loss);
        tape.reset();
      }
      accumulation.penalize(story.pull.penalty(tape)).step();
    }
    assertClose(batch.problem.values(), story.problem.values(), 1e-12);
  }

  /** Law 8 in the numbers of the forum's program: 25 examples, λ = 0.1, distance 1. */
  @Example
  void twentyFiveExamplesMakeOneTenthTwoAndAHalf() {
    Parameter weight = new Parameter("w", new DMatrixRMaj(1, 1, true, 1.0));
    Regularizer pull = Regularizer.l2(0.1).over(weight).inLoss();
    double sum = 0.0;
    try (Tape tape = Tape.create()) {
      for (int k = 0; k < 25; k++) {
        Variable data = weight.on(tape).scale(0.0).sum();
        sum += tape.gradients(data.plus(pull.penalty(tape))).of(weight).get(0, 0);
        tape.reset();
      }
    }
    assertEquals(2.5, sum, 1e-14);
  }

  // ---- comparing ----------------------------------------------------------------------------

  private static List<DMatrixRMaj> gradients(Story story, Variable loss) {
    Gradients gradients = loss.tape().gradients(loss);
    List<DMatrixRMaj> all = new ArrayList<>();
    for (Parameter parameter : story.problem.parameters()) {
      assertTrue(gradients.reaches(parameter));
      all.add(gradients.of(parameter).toMatrix());
    }
    return all;
  }

  private static void assertSameBits(List<DMatrixRMaj> expected, List<DMatrixRMaj> actual) {
    for (int p = 0; p < expected.size(); p++) {
      assertArrayEquals(expected.get(p).data, actual.get(p).data);
    }
  }

  private static void assertClose(
      List<DMatrixRMaj> expected, List<DMatrixRMaj> actual, double tolerance) {
    for (int p = 0; p < expected.size(); p++) {
      for (int i = 0; i < expected.get(p).data.length; i++) {
        double value = expected.get(p).data[i];
        double scale = Math.max(1.0, Math.abs(value));
        assertEquals(value, actual.get(p).data[i], tolerance * scale);
      }
    }
  }

  private static List<Double> bits(Training training) {
    List<Double> all = new ArrayList<>();
    for (DMatrixRMaj value : training.story.problem.values()) {
      for (double entry : value.data) {
        all.add(entry);
      }
    }
    return all;
  }
}
