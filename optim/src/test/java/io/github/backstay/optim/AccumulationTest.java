package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.Regularizer;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class AccumulationTest {

  private final Parameter weight = new Parameter("w", new DMatrixRMaj(1, 2, true, 1.0, -2.0));
  private final Regularizer pull = Regularizer.l2(0.5).over(weight).inLoss();
  private final Optimizer optimizer = Optimizer.of(Sgd.of(0.5), weight);
  private final Accumulation accumulation = optimizer.accumulation();

  private void add(double first, double second) {
    try (Tape tape = Tape.create()) {
      accumulation.add(GivenGradients.of(weight, first, second).loss(tape));
    }
  }

  @Test
  void stepsAlongTheMeanOfTheExamples() {
    add(1.0, 0.0);
    add(3.0, -4.0);
    assertEquals(2, accumulation.examples());
    assertArrayEquals(new double[] {1.0, -2.0}, weight.toMatrix().data);
    accumulation.step();
    assertArrayEquals(new double[] {0.0, -1.0}, weight.toMatrix().data);
    assertEquals(1, optimizer.steps(weight));
  }

  @Property(seed = "1", tries = 200, edgeCases = EdgeCasesMode.NONE)
  void theMeanOfExamplesIsTheGradientOfTheBatch(
      @ForAll Problem.Kind kind, @ForAll @IntRange(min = 1, max = 12) int n, @ForAll long seed) {
    Problem.Setting setting = new Problem.Setting(kind, n, 4, 3, seed);
    Problem batch = setting.draw();
    Problem oneByOne = setting.draw();
    Optimizer ofBatch = Optimizer.of(Sgd.of(0.05).withMomentum(0.9), batch);
    Optimizer ofExamples = Optimizer.of(Sgd.of(0.05).withMomentum(0.9), oneByOne);
    Accumulation sum = ofExamples.accumulation();
    try (Tape tape = Tape.create()) {
      for (int step = 0; step < 5; step++) {
        ofBatch.step(Objective.of("data", batch.loss(tape)));
        tape.reset();
        for (int k = 0; k < n; k++) {
          sum.add(oneByOne.loss(tape, k));
          tape.reset();
        }
        sum.step();
      }
    }
    List<DMatrixRMaj> expected = batch.values();
    for (int p = 0; p < expected.size(); p++) {
      double scale = 1.0;
      for (double value : expected.get(p).data) {
        scale = Math.max(scale, Math.abs(value));
      }
      assertArrayEquals(expected.get(p).data, oneByOne.values().get(p).data, 1e-10 * scale);
    }
  }

  /** The story's program: {@code loss/batchSize} for each example, then one step. */
  @Property(seed = "1", tries = 200, edgeCases = EdgeCasesMode.NONE)
  void theSumOfDividedLossesIsTheMean(
      @ForAll Problem.Kind kind, @ForAll @IntRange(min = 1, max = 12) int n, @ForAll long seed) {
    Problem.Setting setting = new Problem.Setting(kind, n, 4, 3, seed);
    Problem whole = setting.draw();
    Problem divided = setting.draw();
    Regularizer ofWhole = whole.anchor(0.5, Regularizer.Builder::inLoss);
    Regularizer ofDivided = divided.anchor(0.5, Regularizer.Builder::inLoss);
    Accumulation mean = Optimizer.of(Sgd.of(0.05), whole).accumulation();
    Accumulation sum = Optimizer.of(Sgd.of(0.05), divided).sumAccumulation();
    try (Tape tape = Tape.create()) {
      for (int step = 0; step < 3; step++) {
        for (int k = 0; k < n; k++) {
          mean.add(whole.loss(tape, k));
          sum.add(divided.loss(tape, k).scale(1.0 / n));
        }
        mean.penalize(ofWhole.penalty(tape));
        sum.penalize(ofDivided.penalty(tape));
        mean.step();
        sum.step();
        tape.reset();
      }
    }
    for (int p = 0; p < whole.values().size(); p++) {
      assertArrayEquals(whole.values().get(p).data, divided.values().get(p).data, 1e-11);
    }
  }

  @Test
  void aSumIsNotDivided() {
    Accumulation sum = optimizer.sumAccumulation();
    try (Tape tape = Tape.create()) {
      sum.add(GivenGradients.of(weight, 1.0, 0.0).loss(tape));
      sum.add(GivenGradients.of(weight, 3.0, -4.0).loss(tape));
      sum.penalize(pull.penalty(tape));
    }
    assertEquals("accumulation: sum of 2 examples and a penalty", sum.toString());
    sum.step();
    assertArrayEquals(new double[] {-1.25, 0.5}, weight.toMatrix().data);
    assertEquals("accumulation: sum of 0 examples", sum.toString());
    assertEquals("accumulation: mean of 0 examples", accumulation.toString());
    assertEquals(
        "accumulation: no example was added, so there is no sum. Call add(loss) first.",
        assertThrows(IllegalStateException.class, sum::step).getMessage());
  }

  /** A loss of 0 whose gradient is infinite, and a gradient that is out of date. */
  @Test
  void isEmptyAndUsableAfterAStepThatWasRefused() {
    weight.set(new DMatrixRMaj(1, 2, true, 0.0, 0.0));
    try (Tape tape = Tape.create()) {
      accumulation.add(weight.on(tape).sqrt().sum());
      accumulation.penalize(pull.penalty(tape));
    }
    assertThrows(ArithmeticException.class, accumulation::step);
    assertArrayEquals(new double[2], weight.toMatrix().data);
    assertEquals("accumulation: mean of 0 examples", accumulation.toString());
    add(1.0, 1.0);
    weight.set(new DMatrixRMaj(1, 2, true, 1.0, -2.0));
    assertThrows(IllegalStateException.class, accumulation::step);
    assertArrayEquals(new double[] {1.0, -2.0}, weight.toMatrix().data);
    add(1.0, 1.0);
    try (Tape tape = Tape.create()) {
      accumulation.penalize(pull.penalty(tape));
    }
    accumulation.step();
    assertArrayEquals(new double[] {0.25, -2.0}, weight.toMatrix().data);
    assertEquals(1, optimizer.steps(weight));
  }

  @Test
  void theMeanCountsExamplesThatDoNotReachAParameter() {
    Parameter rare = new Parameter("rare", new DMatrixRMaj(1, 1, true, 1.0));
    Accumulation both = Optimizer.of(Sgd.of(1.0), weight, rare).accumulation();
    try (Tape tape = Tape.create()) {
      both.add(GivenGradients.of(weight, 2.0, 2.0).loss(tape));
      both.add(GivenGradients.of(weight, 2.0, 2.0).and(rare, 2.0).loss(tape));
    }
    both.step();
    assertEquals(0.0, rare.get(0, 0));
    assertArrayEquals(new double[] {-1.0, -4.0}, weight.toMatrix().data);
  }

  @Test
  void takesThePenaltyOncePerStepAndUndivided() {
    for (int k = 0; k < 4; k++) {
      add(1.0, 1.0);
    }
    try (Tape tape = Tape.create()) {
      accumulation.penalize(pull.penalty(tape));
    }
    accumulation.step();
    // 1 − ½(1 + ½·1) and −2 − ½(1 − ½·2)
    assertArrayEquals(new double[] {0.25, -2.0}, weight.toMatrix().data);
  }

  @Test
  void theOrderOfPenaltyAndExamplesDoesNotMatter() {
    try (Tape tape = Tape.create()) {
      accumulation.penalize(pull.penalty(tape));
    }
    for (int k = 0; k < 4; k++) {
      add(1.0, 1.0);
    }
    accumulation.step();
    assertArrayEquals(new double[] {0.25, -2.0}, weight.toMatrix().data);
  }

  @Test
  void coupledRegularizersOfAGroupCountOncePerStep() {
    Regularizer coupled = Regularizer.l2(0.5).over(weight).coupled();
    Accumulation sum =
        Optimizer.builder().group("all", weight, Sgd.of(0.5), coupled).build().accumulation();
    try (Tape tape = Tape.create()) {
      for (int k = 0; k < 4; k++) {
        sum.add(GivenGradients.of(weight, 1.0, 1.0).loss(tape));
      }
    }
    sum.step();
    assertArrayEquals(new double[] {0.25, -2.0}, weight.toMatrix().data);
  }

  @Test
  void startsAgainFromNothingAfterAStep() {
    for (int round = 0; round < 3; round++) {
      weight.set(new DMatrixRMaj(1, 2, true, 1.0, -2.0));
      add(1.0, 1.0);
      if (round != 1) {
        try (Tape tape = Tape.create()) {
          accumulation.penalize(pull.penalty(tape));
        }
      }
      accumulation.step();
      assertEquals(0, accumulation.examples());
      double[] expected = round == 1 ? new double[] {0.5, -2.5} : new double[] {0.25, -2.0};
      assertArrayEquals(expected, weight.toMatrix().data, "round " + round);
    }
  }

  @Test
  void outlivesTheTapesOfItsExamples() {
    try (Tape tape = Tape.create()) {
      for (int k = 0; k < 5; k++) {
        accumulation.add(GivenGradients.of(weight, 2.0, 4.0).loss(tape));
        tape.reset();
      }
      accumulation.step();
    }
    assertArrayEquals(new double[] {0.0, -4.0}, weight.toMatrix().data);
  }

  private static void assertRefusesPenalty(Runnable add) {
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, add::run);
    assertEquals(
        "accumulation: the loss of an example contains a penalty, which belongs to the step, once"
            + " (summed over K examples it would pull K times too hard, averaged it would be right"
            + " only if every example had it). Leave it out of the loss and call penalize(penalty)"
            + " once per step, or give a coupled regularizer to the optimizer's group.",
        refused.getMessage());
  }

  @Test
  void refusesALossThatContainsAPenaltyHoweverDeep() {
    try (Tape tape = Tape.create()) {
      Variable data = weight.on(tape).sum();
      Variable penalty = pull.penalty(tape);
      Variable own = weight.on(tape).abs().sum().scale(0.1).asPenalty();
      assertRefusesPenalty(() -> accumulation.add(penalty));
      assertRefusesPenalty(() -> accumulation.add(data.plus(penalty)));
      assertRefusesPenalty(() -> accumulation.add(data.plus(penalty.scale(2.0))));
      assertRefusesPenalty(() -> accumulation.add(data.plus(penalty.scale(0.0)).square().exp()));
      assertRefusesPenalty(() -> accumulation.add(data.plus(own)));
      assertRefusesPenalty(
          () -> accumulation.add(Objective.of("data", data).plus("anchor", penalty)));
      assertRefusesPenalty(
          () -> accumulation.add(Objective.of("all", data.plus(own.negative()).scale(3.0))));
    }
    assertEquals(0, accumulation.examples());
    add(1.0, 1.0);
    accumulation.step();
    assertArrayEquals(new double[] {0.5, -2.5}, weight.toMatrix().data);
  }

  @Test
  void acceptsAnObjectiveWithoutPenalties() {
    try (Tape tape = Tape.create()) {
      Variable data = weight.on(tape).sum();
      Variable other = data.scale(3.0);
      accumulation.add(Objective.of("a", data).plus("b", other)).add(data.scale(4.0)).step();
    }
    assertArrayEquals(new double[] {-1.0, -4.0}, weight.toMatrix().data);
  }

  @Test
  void refusesASecondPenaltyInOneStep() {
    try (Tape tape = Tape.create()) {
      Variable penalty = pull.penalty(tape);
      accumulation.penalize(penalty);
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> accumulation.penalize(penalty));
      assertEquals(
          "accumulation: this step has its penalty already (once per step). Add several penalties"
              + " up and pass their sum.",
          refused.getMessage());
    }
    add(1.0, 1.0);
    accumulation.step();
    assertArrayEquals(new double[] {0.25, -2.0}, weight.toMatrix().data);
  }

  @Test
  void refusesAsAPenaltyWhatIsNone() {
    try (Tape tape = Tape.create()) {
      Variable data = weight.on(tape).sum();
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> accumulation.penalize(data));
      assertEquals(
          "accumulation: this is not a penalty. Use regularizer.penalty(tape), or mark your own"
              + " with asPenalty(); the loss of an example goes to add(loss).",
          refused.getMessage());
      accumulation.penalize(data.asPenalty());
    }
  }

  @Test
  void refusesToStepWithoutExamples() {
    String message =
        "accumulation: no example was added, so there is no mean. Call add(loss) first.";
    assertEquals(
        message, assertThrows(IllegalStateException.class, accumulation::step).getMessage());
    try (Tape tape = Tape.create()) {
      accumulation.penalize(pull.penalty(tape));
    }
    assertEquals(
        message, assertThrows(IllegalStateException.class, accumulation::step).getMessage());
    assertArrayEquals(new double[] {1.0, -2.0}, weight.toMatrix().data);
  }

  @Test
  void refusesALossThatIsNotFiniteAndGoesOnWithoutIt() {
    add(1.0, 1.0);
    try (Tape tape = Tape.create()) {
      Variable broken = weight.on(tape).log().sum();
      ArithmeticException refused =
          assertThrows(ArithmeticException.class, () -> accumulation.add(broken));
      assertEquals(
          "accumulation: the loss of example 2 is NaN, so its gradient would spoil the weights;"
              + " nothing was added. A debug tape shows where the first NaN or infinity is made.",
          refused.getMessage());
      Variable infinite = weight.on(tape).scale(1e3).exp().sum().asPenalty();
      refused = assertThrows(ArithmeticException.class, () -> accumulation.penalize(infinite));
      String start = "accumulation: the penalty is Infinity, so its gradient would spoil";
      assertTrue(String.valueOf(refused.getMessage()).startsWith(start));
      accumulation.penalize(pull.penalty(tape));
    }
    assertEquals(1, accumulation.examples());
    accumulation.step();
    assertArrayEquals(new double[] {0.25, -2.0}, weight.toMatrix().data);
  }
}
