package io.github.backstay.regularizers.contract;

import static org.junit.jupiter.api.Assertions.fail;

import io.github.backstay.core.Parameter;
import io.github.backstay.regularizers.Application;
import io.github.backstay.regularizers.Penalty;
import io.github.backstay.regularizers.Proximal;
import io.github.backstay.regularizers.Restraint;
import io.github.backstay.regularizers.contract.Comparison.Suspect;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/**
 * The contract of code that trains with a regularizer: that the penalty which was asked for is the
 * one that the weights feel, in every step, once, and nothing else. A penalty may be right by
 * itself and still be lost on the way: never wired, added as a number, counted once per example,
 * computed once, applied a second time by the optimizer's decay, anchored anew by a restart.
 *
 * <p>A test class that implements this says how a small training is started. The kit starts the
 * same training with and without the penalty, puts both at the same weights, lets each make a step,
 * and compares the difference with {@code −η∇R(W)}, or with the proximal map. That difference is
 * known exactly where the penalty bypasses the optimizer's rule ({@link Application#DECOUPLED},
 * {@link Application#PROXIMAL}), and under plain SGD.
 */
public interface TrainingContract {

  /**
   * How a training is to be set up.
   *
   * @param isRegularized false for the training without any regularizer
   * @param strength λ
   * @param examples how many examples each step accumulates, for trainings that do so
   */
  record Setup(boolean isRegularized, double strength, int examples) {}

  /** A training that has begun. */
  interface Training {

    /**
     * The parameters that the regularizer covers, frozen ones too.
     *
     * @return always the same
     */
    List<Parameter> held();

    /**
     * Makes one step.
     *
     * @return the loss that it prints, of the weights before the step
     */
    double step();

    /**
     * Saves the training, makes everything anew as after a restart, and loads what was saved. A
     * training that is never resumed answers itself.
     *
     * @return the training that goes on
     */
    Training resumed();
  }

  /**
   * What the training is meant to be held by.
   *
   * @param strength λ; of no interest to constraints
   * @return for instance {@code new L2(strength)}
   */
  Restraint restraint(double strength);

  /**
   * How it is meant to be applied.
   *
   * @return one of the four
   */
  Application application();

  /**
   * The rate η of every step.
   *
   * @return greater than 0
   */
  double learningRate();

  /**
   * Starts a training: from the same weights, with the same examples in the same order each time.
   *
   * @param setup what differs from one to the other
   * @return a training that shares nothing with those started before
   */
  Training start(Setup setup);

  /**
   * Whether the optimizer's rule is {@code W ← W − ηg}. Rules that remember or normalize turn the
   * gradient of a penalty in the loss, or of a coupled one, into something else; then only the laws
   * are checked that hold under every rule. Give the loop plain SGD for this test if it can be
   * given one.
   *
   * @return true unless it is overridden
   */
  default boolean isPlainSgd() {
    return true;
  }

  /**
   * λ to test with: strong enough to show, weak enough not to overshoot.
   *
   * @return 0.1 unless it is overridden
   */
  default double strength() {
    return 0.1;
  }

  /**
   * Where a parameter is meant to be held.
   *
   * @param parameter one of the {@link Training#held()}
   * @param initial its value when the training is started, a copy
   * @return the initial value, unless it is overridden
   */
  default DMatrixRMaj anchorOf(Parameter parameter, DMatrixRMaj initial) {
    return initial;
  }

  /** Or else nothing could be compared. */
  @Test
  default void trainingIsTheSameEachTimeItIsStarted() {
    TrainingPair pair = new TrainingPair(this, start(held(1)), start(held(1)));
    for (int step = 0; step < 5; step++) {
      pair.step();
      pair.requireSameWeights("two trainings started alike, after step " + (step + 1));
    }
  }

  /** A strength of 0 is no penalty, to the bit. */
  @Test
  default void strengthZeroIsNoPenaltyToTheBit() {
    if (restraint(strength()) instanceof Penalty) {
      TrainingPair pair = new TrainingPair(this, start(plain(1)), start(new Setup(true, 0.0, 1)));
      for (int step = 0; step < 5; step++) {
        pair.step();
        pair.requireSameWeights("strength 0 against no penalty, after step " + (step + 1));
      }
    }
  }

  /** Nor does one that is next to 0 change much, whatever the rule: nothing else was replaced. */
  @Test
  default void aTinyStrengthHardlyChangesTheTraining() {
    if (restraint(strength()) instanceof Penalty) {
      TrainingPair pair = new TrainingPair(this, start(plain(1)), start(new Setup(true, 1e-12, 1)));
      for (int step = 0; step < 5; step++) {
        pair.step();
      }
      for (int p = 0; p < pair.plain.held().size(); p++) {
        new Comparison(
                "strength 1e-12 against no penalty, after 5 steps, parameter " + pair.name(p),
                "the training without",
                pair.plain.held().get(p).toMatrix(),
                "the training with",
                pair.held.held().get(p).toMatrix())
            .requireClose(i -> 1e-6);
      }
    }
  }

  /** The mistake that this library began with. */
  @Test
  default void penaltyMovesTheWeightsAndNotOnlyThePrintedLoss() {
    TrainingPair pair = new TrainingPair(this, start(plain(1)), start(held(1)));
    double printed = 0.0;
    for (int step = 0; step < 20; step++) {
      printed = Math.max(printed, Math.abs(pair.step()));
    }
    if (pair.hasSameWeights()) {
      fail(
          "training: after 20 steps with strength "
              + strength()
              + " every weight is the same to the bit as without a penalty, and the printed losses"
              + " differ by up to "
              + printed
              + (printed == 0.0
                  ? " (the weights must differ). The regularizer is never used: add its penalty to"
                      + " the loss, or give it to the optimizer's group; or its anchor is the live"
                      + " weight."
                  : " (the weights must differ too). The penalty moves the printed loss only: is it"
                      + " computed from detached values, a copy or a plain number?"));
    }
  }

  /** Held weights end closer to the anchor than free ones. */
  @Test
  default void weightsEndCloserToTheAnchor() {
    TrainingPair pair = new TrainingPair(this, start(plain(1)), start(held(1)));
    for (int step = 0; step < 20; step++) {
      pair.step();
    }
    double free = pair.distance(pair.plain);
    double near = pair.distance(pair.held);
    if (!(near < free)) {
      fail(
          "training: after 20 steps the weights are "
              + near
              + " away from their anchors, without a penalty "
              + free
              + " (must be closer). Does the penalty push away, or pull to somewhere else?");
    }
  }

  /** Once per step, with the right strength, on every row, from where the weights are now. */
  @Test
  default void everyStepPullsAsThePenaltyPrescribes() {
    requirePulls(new TrainingPair(this, start(plain(1)), start(held(1))), 1, "");
  }

  /** A penalty belongs to the step, not to an example. */
  @Test
  default void pullDoesNotDependOnTheNumberOfExamples() {
    requirePulls(
        new TrainingPair(this, start(plain(4)), start(held(4))),
        4,
        "It is 4 times as large with 4 examples per step: is the penalty in the loss of every"
            + " example, and counted once for each?");
  }

  /** What is printed is what is minimized. */
  @Test
  default void printedLossContainsThePenaltyIfItIsInTheLoss() {
    TrainingPair pair = new TrainingPair(this, start(plain(1)), start(held(1)));
    RandomGenerator random = Samples.random(1);
    for (int step = 0; step < 3; step++) {
      pair.moveAway(random);
      double expected = application() == Application.IN_LOSS ? pair.value() : 0.0;
      double least = pair.value();
      double printed = pair.step();
      if (!(Math.abs(printed - expected) <= pair.rounding() + 1e-9 * least)) {
        fail(
            "training: the printed loss is "
                + printed
                + " larger than without a penalty, at weights where the penalty is "
                + least
                + " (need "
                + expected
                + ", as it is applied "
                + application()
                + "). Is it an old value, that of frozen weights too, or with another factor?");
      }
    }
  }

  /** Frozen weights are neither pulled nor part of the loss. Tried where several are held. */
  @Test
  default void frozenWeightsAreLeftAloneAndOutOfTheLoss() {
    TrainingPair pair = new TrainingPair(this, start(plain(1)), start(held(1)));
    if (pair.held.held().size() > 1) {
      pair.moveAway(Samples.random(1));
      DMatrixRMaj before = pair.held.held().get(0).toMatrix();
      pair.plain.held().get(0).freeze();
      pair.held.held().get(0).freeze();
      double expected = application() == Application.IN_LOSS ? pair.value() : 0.0;
      double printed = pair.step();
      new Comparison(
              "frozen parameter " + pair.name(0),
              "what it was before",
              before,
              "the parameter after a step",
              pair.held.held().get(0).toMatrix())
          .requireSameBits();
      if (!(Math.abs(printed - expected) <= pair.rounding() + 1e-9 * expected)) {
        fail(
            "training: with parameter "
                + pair.name(0)
                + " frozen the printed loss is "
                + printed
                + " larger than without a penalty, the penalty of the others is "
                + expected
                + " (must agree). Leave frozen parameters out of the penalty.");
      }
    }
  }

  /** Saved, loaded and continued is continued. */
  @Test
  default void resumedTrainingGoesOnAsIfItHadNotStopped() {
    TrainingPair pair = new TrainingPair(this, start(held(1)), start(held(1)));
    for (int step = 0; step < 6; step++) {
      pair.step();
      pair.requireSameWeights(
          step < 3
              ? "two trainings started alike, after step " + (step + 1)
              : "resumed after step 3, against one that went on, after step " + (step + 1));
      if (step == 2) {
        pair = pair.resumed();
      }
    }
  }

  /** A restart must not become the new place to be held at. */
  @Test
  default void resumedTrainingPullsToTheOriginalAnchor() {
    TrainingPair pair = new TrainingPair(this, start(plain(1)), start(held(1)));
    for (int step = 0; step < 3; step++) {
      pair.meet();
      pair.step();
    }
    requirePulls(pair.resumed(), 1, "");
  }

  // ---- how it is tried ----------------------------------------------------------------------

  private Setup plain(int examples) {
    return new Setup(false, strength(), examples);
  }

  private Setup held(int examples) {
    return new Setup(true, strength(), examples);
  }

  /** At weights that are away from the anchor, and at those that come of the steps. */
  private void requirePulls(TrainingPair pair, int examples, String likely) {
    boolean exact =
        isPlainSgd()
            || application() == Application.DECOUPLED
            || application() == Application.PROXIMAL;
    if (!exact) {
      return;
    }
    RandomGenerator random = Samples.random(1);
    for (int step = 0; step < 6; step++) {
      if (step % 3 == 0) {
        pair.moveAway(random);
      } else {
        pair.meet();
      }
      List<DMatrixRMaj> at = TrainingPair.values(pair.held);
      pair.step();
      for (int p = 0; p < at.size(); p++) {
        requirePull(pair, p, at.get(p), examples, likely);
      }
    }
  }

  private void requirePull(TrainingPair pair, int p, DMatrixRMaj at, int examples, String likely) {
    DMatrixRMaj plain = pair.plain.held().get(p).toMatrix();
    DMatrixRMaj anchor = pair.anchors.get(p);
    DMatrixRMaj held = pair.held.held().get(p).toMatrix();
    DMatrixRMaj expected = pull(at, plain, anchor);
    DMatrixRMaj tooOften = expected.copy();
    for (int i = 0; i < tooOften.data.length; i++) {
      tooOften.data[i] *= examples;
    }
    DMatrixRMaj dataLost = Samples.minus(expected, Samples.minus(plain, at));
    DMatrixRMaj zero = new DMatrixRMaj(at.numRows, at.numCols);
    List<Suspect> suspects = new ArrayList<>();
    if (examples > 1) {
      suspects.add(new Suspect(tooOften, likely));
    }
    suspects.add(new Suspect(dataLost, "The data loss is gone: is the sum overwritten?"));
    suspects.add(new Suspect(pull(at, plain, zero), "It pulls to zero: is the anchor left out?"));
    suspects.add(
        new Suspect(
            pull(at, plain, pair.restarted.get(p)),
            "It pulls to where the training was resumed: save the anchor and load it."));
    new Comparison(
            "training, parameter " + pair.name(p),
            "the pull of " + restraint(strength()).formula(true) + ", " + application(),
            expected,
            "what the penalty changes in a step",
            Samples.minus(held, plain))
        .requireClose(
            i -> 1e-12 * (1.0 + Math.abs(at.data[i]) + Math.abs(plain.data[i])),
            suspects.toArray(new Suspect[0]));
  }

  /**
   * What the penalty must change: −η∇R at the weights before, or the proximal map of those after.
   */
  private DMatrixRMaj pull(DMatrixRMaj before, DMatrixRMaj plain, DMatrixRMaj anchor) {
    Restraint restraint = restraint(strength());
    if (application() == Application.PROXIMAL) {
      DMatrixRMaj image = plain.copy();
      ((Proximal) restraint).prox(image, anchor, learningRate());
      return Samples.minus(image, plain);
    }
    DMatrixRMaj pull = new DMatrixRMaj(before.numRows, before.numCols);
    ((Penalty) restraint).addGradient(before, anchor, -learningRate(), pull);
    return pull;
  }
}
