package io.github.backstay.core;

import static io.github.backstay.core.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GradientSumTest {

  private final Tape tape = Tape.create();
  private final Parameter w = new Parameter("w", Matrices.gaussian(2, 3, Matrices.random(1L)));
  private final Parameter table = new Parameter("t", Matrices.gaussian(50, 2, Matrices.random(2L)));
  private final Parameter unused = new Parameter("u", Matrices.of(1, 1, 1.0));

  @AfterEach
  void closeTape() {
    tape.close();
  }

  @Test
  void countsAPenaltyOnce() {
    GradientSum sum = new GradientSum();
    sum.add(tape.gradients(w.on(tape).square().sum()), 1.0);
    sum.add(tape.gradients(w.on(tape).squaredNorm(0.1)), 1.0);
    Gradients second = tape.gradients(w.on(tape).sum().plus(w.on(tape).squaredNorm(0.1)));
    assertMessage(
        IllegalStateException.class,
        "gradientSum: a penalty is in the sum already and would count once per summand: over K"
            + " examples it would pull K times too hard. Differentiate the penalty by itself and add"
            + " it once per step.",
        () -> sum.add(second, 1.0));
    assertTrue(sum.gradients().containsPenalty());
    sum.clear();
    sum.add(second, 1.0);
  }

  @Test
  void refusesSummandsComputedAtDifferentValues() {
    GradientSum sum = new GradientSum();
    sum.add(tape.gradients(w.on(tape).square().sum()), 1.0);
    tape.reset();
    w.set(0, 0, 3.0);
    Gradients later = tape.gradients(w.on(tape).square().sum());
    assertMessage(
        IllegalStateException.class,
        "gradientSum: parameter \"w\" was changed between the summands (all must be computed at the"
            + " same values). Step only after the last one, then clear().",
        () -> sum.add(later, 1.0));
    assertMessage(
        IllegalArgumentException.class,
        "gradientSum: the factor must be finite, got NaN.",
        () -> sum.add(later, Double.NaN));
  }

  @Test
  void addsMultiplesAndOutlivesTheTape() {
    GradientSum sum = new GradientSum();
    DMatrixRMaj expected = new DMatrixRMaj(2, 3);
    for (int i = 1; i <= 3; i++) {
      Variable x = w.on(tape);
      Gradients gradients =
          tape.gradients(x.square().scale(i).sum().plus(unused.on(tape).detach()));
      expected = Matrices.combined(1.0, expected, 0.5, gradients.of(w).toMatrix());
      sum.add(gradients, 0.5);
      tape.reset();
    }
    sum.scale(2.0);
    Gradients total = sum.gradients();
    assertSame(total, sum.gradients());
    Matrices.assertBits(
        Matrices.combined(2.0, expected, 0.0, expected), total.of(w).toMatrix(), "sum");
    assertEquals(List.of(w), total.parameters());
    assertFalse(total.contains(unused));
    assertTrue(total.reaches(w));
  }

  @Test
  void rowSparseGradientsStayRowSparseUntilADenseOneComes() {
    GradientSum sum = new GradientSum();
    DMatrixRMaj expected = new DMatrixRMaj(50, 2);
    int[][] rows = {{4, 4, 9}, {9, 30}, {}, {31, 4}};
    for (int[] some : rows) {
      Gradients gradients = tape.gradients(table.on(tape).gatherRows(some).square().sum());
      expected = Matrices.combined(1.0, expected, 0.25, gradients.of(table).toMatrix());
      sum.add(gradients, 0.25);
      tape.reset();
    }
    Gradient sparse = sum.gradients().of(table);
    assertTrue(sparse.isRowSparse());
    assertEquals(4, sparse.storedRows());
    Matrices.assertBits(expected, sparse.toMatrix(), "row-sparse sum");

    sum.clear();
    Gradients gathered = tape.gradients(table.on(tape).gatherRows(4, 9).sum());
    Gradients full = tape.gradients(table.on(tape).square().sum());
    for (List<Gradients> order : List.of(List.of(gathered, full), List.of(full, gathered))) {
      order.forEach(gradients -> sum.add(gradients, 2.0));
      Gradient dense = sum.gradients().of(table);
      assertFalse(dense.isRowSparse());
      Matrices.assertClose(
          Matrices.combined(2.0, gathered.of(table).toMatrix(), 2.0, full.of(table).toMatrix()),
          dense.toMatrix(),
          1e-15,
          "dense sum");
      sum.clear();
    }
  }

  @Test
  void theSameCallsGiveTheSameBits() {
    GradientSum first = new GradientSum();
    GradientSum second = new GradientSum();
    for (int round = 0; round < 3; round++) {
      for (GradientSum sum : List.of(first, second)) {
        for (int i = 0; i < 5; i++) {
          sum.add(tape.gradients(w.on(tape).sin().scale(i / 3.0).sum()), 1.0 / 7.0);
          tape.reset();
        }
      }
      Matrices.assertBits(
          first.gradients().of(w).toMatrix(), second.gradients().of(w).toMatrix(), "sums");
      first.clear();
      second.clear();
    }
  }

  @Test
  void refusesMoreAfterItHasBeenTaken() {
    GradientSum sum = new GradientSum();
    Gradients gradients = tape.gradients(w.on(tape).sum());
    sum.add(gradients, 1.0);
    Gradient taken = sum.gradients().of(w);
    String message =
        "gradientSum: the sum has been taken with gradients(). Call clear() before adding more.";
    assertMessage(IllegalStateException.class, message, () -> sum.add(gradients, 1.0));
    assertMessage(IllegalStateException.class, message, () -> sum.scale(2.0));
    assertEquals(1.0, taken.get(1, 1));
    sum.clear();
    assertThrows(IllegalStateException.class, () -> taken.toMatrix());
    sum.add(gradients, 3.0);
    assertEquals(3.0, sum.gradients().of(w).get(0, 0));
  }

  @Test
  void anEmptySumHasNoGradients() {
    GradientSum sum = new GradientSum();
    assertEquals(List.of(), sum.gradients().parameters());
    assertFalse(sum.gradients().contains(w));
    sum.clear();
    sum.clear();
    Gradients gone = tape.gradients(w.on(tape).sum());
    tape.reset();
    assertThrows(IllegalStateException.class, () -> sum.add(gone, 1.0));
  }
}
