package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FisherTest {

  private final Parameter w = new Parameter("w", Both.row(1.0, -2.0));
  private final Parameter unread = new Parameter("unread", Both.row(5.0));

  /** {@code x·wᵀ}: its gradient is x. */
  private Variable linear(Tape tape, double[] x) {
    return tape.constant(Both.row(x)).dot(w.on(tape));
  }

  /** F = (1 + 9)/2, (4 + 16)/2. */
  private Fisher small() {
    return Fisher.empirical(
        w, List.of(new double[] {1.0, 2.0}, new double[] {3.0, -4.0}), this::linear);
  }

  private Fisher ofOne(double... x) {
    return Fisher.empirical(w, List.of(x), this::linear);
  }

  @Test
  void isTheMeanOfTheSquaresByHand() {
    Fisher fisher = small();
    assertArrayEquals(new double[] {5.0, 10.0}, fisher.of(w).data);
    assertEquals(List.of(w), fisher.parameters());
    assertEquals(2, fisher.examples());
    assertEquals(List.of(), fisher.skipped());
    assertEquals("empirical Fisher information of w, mean of 2", fisher.toString());
  }

  /** The means of (1, 2) and (3, −4) are (2, −1). */
  @Test
  void batchMeansAreSquaredUnderTheirOwnName() {
    double[][] batch = {{1.0, 2.0}, {3.0, -4.0}};
    Fisher fisher =
        Fisher.ofBatchMeans(
            w,
            List.of(batch, batch),
            (tape, rows) -> tape.constant(new DMatrixRMaj(rows)).multTransB(w.on(tape)).mean());
    assertArrayEquals(new double[] {4.0, 1.0}, fisher.of(w).data);
    assertEquals("batch-mean Fisher information of w, mean of 2", fisher.toString());
  }

  @Test
  void handsOutCopies() {
    Fisher fisher = small();
    fisher.of(w).zero();
    assertArrayEquals(new double[] {5.0, 10.0}, fisher.of(w).data);
    assertThrows(UnsupportedOperationException.class, () -> fisher.parameters().clear());
    assertThrows(UnsupportedOperationException.class, () -> fisher.skipped().clear());
    assertThrows(UnsupportedOperationException.class, () -> fisher.ewc(1.0).clear());
  }

  @Test
  void parametersThatNoLossReadsHaveZero() {
    Fisher fisher =
        Fisher.empirical(Scope.of(w, unread), List.of(new double[] {1.0, 2.0}), this::linear);
    assertArrayEquals(new double[] {0.0}, fisher.of(unread).data);
    assertArrayEquals(new double[] {1.0, 4.0}, fisher.of(w).data);
  }

  @Test
  void frozenParametersAreSkippedAndNamed() {
    unread.freeze();
    Fisher fisher =
        Fisher.empirical(Scope.of(unread, w), List.of(new double[] {1.0, 2.0}), this::linear);
    assertEquals(List.of(unread), fisher.skipped());
    assertEquals(List.of(w), fisher.parameters());
    assertEquals(
        "empirical Fisher information of w, mean of 1; skipped because frozen: unread",
        fisher.toString());
    Failures.assertMessage(
        IllegalArgumentException.class,
        "fisher: there is none for parameter \"unread\", which was frozen when it was taken.",
        () -> fisher.of(unread));
    w.freeze();
    Failures.assertMessage(
        IllegalArgumentException.class,
        "fisher: all parameters are frozen (need one that is trained): unread, w. Take the Fisher"
            + " information before they are frozen.",
        () -> Fisher.empirical(Scope.of(unread, w), List.of(new double[2]), this::linear));
  }

  @Test
  void refusesAParameterThatItHasNotSeen() {
    Failures.assertMessage(
        IllegalArgumentException.class,
        "fisher: there is none for parameter \"unread\" (there is for: w).",
        () -> small().of(unread));
  }

  /** Whatever is wrong, it is said with which example. */
  @Nested
  class Refusals {

    private final List<Integer> three = List.of(0, 1, 2);

    @Test
    void noExamples() {
      Failures.assertMessage(
          IllegalArgumentException.class,
          "fisher: there are none to take a mean of (need at least one example).",
          () -> Fisher.empirical(w, List.<double[]>of(), FisherTest.this::linear));
      Failures.assertMessage(
          IllegalArgumentException.class,
          "fisher: there are none to take a mean of (need at least one batch).",
          () -> Fisher.ofBatchMeans(w, List.<double[]>of(), FisherTest.this::linear));
      Failures.assertMessage(
          IllegalArgumentException.class,
          "fisher: there are none to take a mean of (need at least one example).",
          () -> Fisher.expected(w, List.<double[]>of(), FisherTest.this::linear));
    }

    @Test
    void lossesThatAreNotFinite() {
      for (double wrong : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
        Failures.assertMessage(
            IllegalArgumentException.class,
            "fisher: the loss of example 2 is " + wrong + " (must be finite).",
            () ->
                Fisher.empirical(
                    w,
                    three,
                    (tape, n) -> w.on(tape).sum().plus(tape.constant(n == 2 ? wrong : 0.0))));
      }
    }

    /** √0 is 0, its derivative is not finite. */
    @Test
    void gradientsThatAreNotFinite() {
      w.set(0, 1, 0.0);
      Failures.assertMessage(
          IllegalArgumentException.class,
          "fisher: the gradient of example 1 with respect to \"w\" is not finite"
              + " (need finite numbers).",
          () ->
              Fisher.empirical(
                  w, three, (tape, n) -> n == 0 ? w.on(tape).sum() : w.on(tape).sqrt().sum()));
    }

    @Test
    void lossesWithAPenalty() {
      Regularizer pull = Regularizer.l2(0.1).over(w).towardsInitialValue().inLoss();
      String remedy =
          " contains a penalty (need the likelihood of the data alone). Leave the penalty out.";
      Failures.assertMessage(
          IllegalArgumentException.class,
          "fisher: the loss of example 1" + remedy,
          () ->
              Fisher.empirical(
                  w,
                  three,
                  (tape, n) ->
                      n == 0 ? w.on(tape).sum() : w.on(tape).sum().plus(pull.penalty(tape))));
      Failures.assertMessage(
          IllegalArgumentException.class,
          "fisher: the loss of batch 0" + remedy,
          () ->
              Fisher.ofBatchMeans(
                  w, three, (tape, n) -> w.on(tape).sum().plus(pull.penalty(tape))));
      Failures.assertMessage(
          IllegalArgumentException.class,
          "fisher: the vector of logits of example 0" + remedy,
          () -> Fisher.expected(w, three, (tape, n) -> w.on(tape).plus(pull.penalty(tape))));
    }

    @Test
    void lossesThatReachNoParameter() {
      Failures.assertMessage(
          IllegalArgumentException.class,
          "objective: no trainable parameter can be reached from term \"loss of example 1\", so it"
              + " would move the printed loss and no weight: the path is cut at detach 1×2 (#1),"
              + " which lets no gradient through to parameter \"w\" 1×2 (#0). Compute the term from"
              + " parameter.on(tape); to log a number use report(\"loss of example 1\", value).",
          () ->
              Fisher.empirical(
                  w, three, (tape, n) -> n == 0 ? w.on(tape).sum() : w.on(tape).detach().sum()));
    }

    @Test
    void lossesOfWhichNoneReadsAnyOfTheParameters() {
      Failures.assertMessage(
          IllegalArgumentException.class,
          "fisher: no example reads any of the parameters, so F would be 0 everywhere: unread.",
          () -> Fisher.empirical(unread, three, (tape, n) -> w.on(tape).sum()));
    }

    @Test
    void lossesThatAreNotScalars() {
      Failures.assertMessage(
          ShapeException.class,
          "objective: term \"loss of example 0\" is 1×2 but must be 1×1. Reduce it"
              + " with sum() or mean().",
          () -> Fisher.empirical(w, three, (tape, n) -> w.on(tape)));
    }

    @Test
    void logitsOfAnotherShape() {
      for (int rows : new int[] {1, 2}) {
        Failures.assertMessage(
            ShapeException.class,
            "fisher: the logits of example 0 are "
                + rows
                + "×"
                + (rows == 1 ? 1 : 2)
                + " (need one row with a column per class, at least two). Hand over one example at"
                + " a time; a single logit z is a row of 0 and z.",
            () ->
                Fisher.expected(
                    w,
                    three,
                    (tape, n) -> rows == 1 ? w.on(tape).sum() : w.on(tape).repeatRows(2)));
      }
    }

    @Test
    void logitsWithoutProbabilities() {
      Failures.assertMessage(
          IllegalArgumentException.class,
          "fisher: the probability of class 0 of example 0 is NaN (must be finite).",
          () -> Fisher.expected(w, three, (tape, n) -> w.on(tape).plus(tape.constant(Double.NaN))));
    }

    @Test
    void parametersThatAreWrittenOnTheWay() {
      Failures.assertMessage(
          IllegalStateException.class,
          "fisher: parameter \"w\" was changed since (F belongs to the values it was taken at)."
              + " Take F when a task is learnt, and the penalty from it before the next one is"
              + " trained.",
          () ->
              Fisher.empirical(
                  w,
                  three,
                  (tape, n) -> {
                    w.set(0, 0, n);
                    return w.on(tape).sum();
                  }));
    }
  }

  /** A class with probability 0 cannot be drawn, and its log-likelihood has no gradient. */
  @Test
  void classesOfProbabilityZeroDoNotCount() {
    DMatrixRMaj masked = Both.row(0.0, 0.0, Double.NEGATIVE_INFINITY);
    Parameter z = new Parameter("z", Both.row(0.0, Math.log(3.0), 7.0));
    Fisher fisher =
        Fisher.expected(z, List.of(0), (tape, n) -> z.on(tape).plus(tape.constant(masked)));
    assertArrayEquals(new double[] {3.0 / 16.0, 3.0 / 16.0, 0.0}, fisher.of(z).data, 1e-15);
    assertEquals("expected Fisher information of z, mean of 1", fisher.toString());
  }

  @Test
  void sumsAndMultiplesAreThoseOfTheEntries() {
    Fisher other =
        Fisher.empirical(unread, List.of(1, 2, 3), (tape, n) -> unread.on(tape).scale(n));
    Fisher sum = small().scale(0.5).plus(ofOne(1.0, 0.0)).plus(other);
    assertArrayEquals(new double[] {3.5, 5.0}, sum.of(w).data);
    assertArrayEquals(new double[] {14.0 / 3.0}, sum.of(unread).data, 1e-15);
    assertEquals(List.of(w, unread), sum.parameters());
    assertEquals(6, sum.examples());
    assertArrayEquals(new double[] {5.0, 10.0}, small().of(w).data);
    for (double wrong : new double[] {-1.0, Double.NaN, Double.POSITIVE_INFINITY}) {
      Failures.assertMessage(
          IllegalArgumentException.class,
          "fisher: the factor must be finite and at least 0, got " + wrong + ".",
          () -> small().scale(wrong));
    }
  }

  @Test
  void aSumSkipsWhatBothHaveSkipped() {
    Parameter third = new Parameter("third", Both.row(1.0));
    unread.freeze();
    third.freeze();
    List<double[]> one = List.of(new double[] {1.0, 1.0});
    Fisher first = Fisher.empirical(Scope.of(w, unread, third), one, this::linear);
    unread.thaw();
    Fisher second = Fisher.empirical(Scope.of(w, unread, third), one, this::linear);
    assertEquals(List.of(third), first.plus(second).skipped());
    assertEquals(List.of(w, unread), first.plus(second).parameters());
    Fisher batches = Fisher.ofBatchMeans(w, one, this::linear);
    assertTrue(first.plus(batches).toString().startsWith("empirical + batch-mean Fisher"));
  }

  /** λ/2·(5·1² + 10·2²) = 9 with λ = 0.4. */
  @Test
  void ewcPullsEachEntryWithItsShareToTheValuesOfNow() {
    List<Regularizer> pulls = small().ewc(0.4);
    assertEquals(1, pulls.size());
    assertEquals(Application.IN_LOSS, pulls.get(0).application());
    assertArrayEquals(new double[] {1.0, -2.0}, pulls.get(0).anchorOf(w).data);
    assertEquals(0.0, pulls.get(0).value());
    w.set(Both.row(2.0, 0.0));
    assertEquals(9.0, pulls.get(0).value(), 1e-14);
    try (Tape tape = Tape.create()) {
      assertArrayEquals(
          new double[] {2.0, 8.0},
          tape.gradients(pulls.get(0).penalty(tape)).of(w).toMatrix().data,
          1e-14);
    }
  }

  @Test
  void ewcIsAppliedAsOneSays() {
    Fisher fisher = small();
    assertEquals(
        Application.DECOUPLED,
        fisher.ewc(0.4, Regularizer.Builder::decoupled).get(0).application());
    assertEquals(
        "0.4/2·Σ F⊙(W−W0)² on w, anchored at its initial value, coupled; EWC with λ 0.4 when F is"
            + " the diagonal of the Fisher information",
        fisher.ewc(0.4, Regularizer.Builder::coupled).get(0).toString());
  }

  @Test
  void ewcIsRefusedOnceTheWeightsHaveMovedOn() {
    Fisher old = small();
    w.set(0, 0, 3.0);
    Failures.assertMessage(
        IllegalStateException.class,
        "fisher: parameter \"w\" was changed since (F belongs to the values it was taken at). Take"
            + " F when a task is learnt, and the penalty from it before the next one is trained.",
        () -> old.ewc(1.0));
    List<Regularizer> both = old.plus(ofOne(1.0, 1.0)).ewc(1.0);
    assertArrayEquals(new double[] {3.0, -2.0}, both.get(0).anchorOf(w).data);
  }
}
