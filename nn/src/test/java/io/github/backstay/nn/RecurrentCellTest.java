package io.github.backstay.nn;

import static io.github.backstay.nn.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/** {@link RnnCell}, {@link GruCell} and {@link LstmCell}, worked out with plain numbers. */
class RecurrentCellTest {

  private static double sigmoid(double x) {
    return 1.0 / (1.0 + Math.exp(-x));
  }

  /** Sets the parameters of a cell of width 1: per gate, the weights and biases. */
  private static <C extends RecurrentCell<?>> C set(
      C cell, double[] ih, double[] hh, double[] bi, double[] bh) {
    double[][] values = {ih, hh, bi, bh};
    for (int k = 0; k < 4; k++) {
      Parameter p = cell.parameters().get(k);
      p.set(new DMatrixRMaj(p.rows(), p.cols(), true, values[k]));
    }
    return cell;
  }

  private static Variable number(Tape tape, double value) {
    return tape.constant(Draw.row(value));
  }

  @Test
  void rnnAddsBothBiases() {
    RnnCell cell =
        set(
            new RnnCell(1, 1, Draw.random(1)),
            new double[] {0.5},
            new double[] {-2},
            new double[] {0.1},
            new double[] {0.2});
    try (Tape tape = Tape.create()) {
      double y = cell.step(number(tape, 3), number(tape, 0.25)).toDouble();

      assertEquals(Math.tanh(1.5 - 0.5 + 0.3), y, 1e-15);
    }
  }

  @Test
  void gruResetsTheRecurrentTermWithItsBias() {
    GruCell cell =
        set(
            new GruCell(1, 1, Draw.random(1)),
            new double[] {0.3, -0.4, 0.7},
            new double[] {0.2, 0.6, -1.1},
            new double[] {0.01, 0.02, 0.03},
            new double[] {0.1, 0.2, 0.5});
    double x = 1.3;
    double h = -0.8;
    double r = sigmoid(0.3 * x + 0.01 + 0.2 * h + 0.1);
    double z = sigmoid(-0.4 * x + 0.02 + 0.6 * h + 0.2);
    double n = Math.tanh(0.7 * x + 0.03 + r * (-1.1 * h + 0.5));
    try (Tape tape = Tape.create()) {
      assertEquals(
          (1 - z) * n + z * h, cell.step(number(tape, x), number(tape, h)).toDouble(), 1e-15);
    }
  }

  @Test
  void lstmGatesComeInTheOrderInputForgetCandidateOutput() {
    LstmCell cell =
        set(
            new LstmCell(1, 1, Draw.random(1)),
            new double[] {0.3, -0.4, 0.7, 0.9},
            new double[] {0.2, 0.6, -1.1, 0.8},
            new double[] {0.01, 0.02, 0.03, 0.04},
            new double[] {0.1, 0.2, 0.5, -0.3});
    double x = 1.3;
    double h = -0.8;
    double i = sigmoid(0.3 * x + 0.2 * h + 0.11);
    double f = sigmoid(-0.4 * x + 0.6 * h + 0.22);
    double g = Math.tanh(0.7 * x - 1.1 * h + 0.53);
    double o = sigmoid(0.9 * x + 0.8 * h - 0.26);
    double c = f * 2.5 + i * g;
    try (Tape tape = Tape.create()) {
      LstmState next =
          cell.step(number(tape, x), new LstmState(number(tape, h), number(tape, 2.5)));

      assertEquals(c, next.memory().toDouble(), 1e-15);
      assertEquals(o * Math.tanh(c), next.hidden().toDouble(), 1e-15);
    }
  }

  /**
   * The input and forget gates see the memory before the step, the output gate the one after it.
   */
  @Test
  void peepholesSeeTheMemoryBeforeAndAfterTheStep() {
    LstmCell cell =
        set(
            new LstmCell(1, 1, LstmCell.Options.standard().withPeepholes(), Draw.random(1)),
            new double[] {0.3, -0.4, 0.7, 0.9},
            new double[] {0.2, 0.6, -1.1, 0.8},
            new double[] {0.01, 0.02, 0.03, 0.04},
            new double[] {0.1, 0.2, 0.5, -0.3});
    peephole(cell).set(Draw.row(0.7, -0.9, 1.2));
    double i = sigmoid(0.3 * 1.3 + 0.2 * -0.8 + 0.11 + 0.7 * 2.5);
    double f = sigmoid(-0.4 * 1.3 + 0.6 * -0.8 + 0.22 - 0.9 * 2.5);
    double g = Math.tanh(0.7 * 1.3 - 1.1 * -0.8 + 0.53);
    double c = f * 2.5 + i * g;
    double o = sigmoid(0.9 * 1.3 + 0.8 * -0.8 - 0.26 + 1.2 * c);
    try (Tape tape = Tape.create()) {
      LstmState next =
          cell.step(number(tape, 1.3), new LstmState(number(tape, -0.8), number(tape, 2.5)));

      assertEquals(c, next.memory().toDouble(), 1e-15);
      assertEquals(o * Math.tanh(c), next.hidden().toDouble(), 1e-15);
    }
  }

  private static Parameter peephole(LstmCell cell) {
    return Objects.requireNonNull(cell.peephole());
  }

  @Property(tries = 50)
  void withoutPeepholesItIsTheCellWhosePeepholesAreZero(
      @ForAll boolean outputGate, @ForAll boolean bias, @ForAll long seed) {
    LstmCell.Options plain = new LstmCell.Options(bias, false, outputGate);
    LstmCell expected = new LstmCell(3, 2, plain, Draw.random(seed));
    LstmCell actual = new LstmCell(3, 2, plain.withPeepholes(), Draw.random(seed));
    peephole(actual).set(new DMatrixRMaj(1, outputGate ? 6 : 4));

    assertSameStep(expected, actual, seed);
  }

  @Property(tries = 50)
  void withoutOutputGateItIsTheCellWhoseOutputGateIsOpen(
      @ForAll boolean peepholes, @ForAll long seed) {
    LstmCell.Options gated = new LstmCell.Options(true, peepholes, true);
    LstmCell expected = Draw.all(new LstmCell(3, 2, gated, Draw.random(seed)), seed);
    LstmCell actual =
        Draw.all(new LstmCell(3, 2, gated.withoutOutputGate(), Draw.random(seed)), seed + 1);
    for (int k = 0; k < actual.parameters().size(); k++) {
      Parameter with = expected.parameters().get(k);
      Parameter without = actual.parameters().get(k);
      DMatrixRMaj open = with.toMatrix();
      boolean rows = without.rows() < with.rows(); // weights hold the gates below one another
      for (int i = 0; i < with.rows(); i++) {
        for (int j = 0; j < with.cols(); j++) {
          if (i < without.rows() && j < without.cols()) {
            without.set(i, j, with.get(i, j));
          } else {
            open.set(i, j, rows || k > 3 ? 0.0 : 50.0); // σ(100) = 1
          }
        }
      }
      with.set(open);
    }

    assertSameStep(expected, actual, seed);
  }

  private static void assertSameStep(LstmCell expected, LstmCell actual, long seed) {
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(Draw.normal(4, 3, seed));
      LstmState state =
          new LstmState(
              tape.constant(Draw.normal(4, 2, seed + 1)),
              tape.constant(Draw.normal(4, 2, seed + 2)));
      LstmState a = expected.step(x, state);
      LstmState b = actual.step(x, state);

      assertArrayEquals(a.memory().toMatrix().data, b.memory().toMatrix().data, 1e-15);
      assertArrayEquals(a.hidden().toMatrix().data, b.hidden().toMatrix().data, 1e-15);
    }
  }

  @Test
  void aCellWithPeepholesStartsAsTheOneWithout() {
    LstmCell plain = new LstmCell(3, 2, Draw.random(4));
    LstmCell seeing =
        new LstmCell(3, 2, LstmCell.Options.standard().withPeepholes(), Draw.random(4));
    for (int k = 0; k < 4; k++) {
      assertArrayEquals(
          plain.parameters().get(k).toMatrix().data, seeing.parameters().get(k).toMatrix().data);
    }
    assertNull(plain.peephole());
    assertEquals("1×6", peephole(seeing).shape().toString());
  }

  @Test
  void theIdentityCellStartsByRememberingEverything() {
    RnnCell cell =
        RnnCell.identity(3, 2, Activation.RELU, Initializer.normal(0.001), Draw.random(1));
    Parameter biasIh = Objects.requireNonNull(cell.biasIh());
    Parameter biasHh = Objects.requireNonNull(cell.biasHh());

    assertArrayEquals(new double[] {1, 0, 0, 1}, cell.weightHh().toMatrix().data);
    assertArrayEquals(new double[2], biasIh.toMatrix().data);
    assertArrayEquals(new double[2], biasHh.toMatrix().data);
    try (Tape tape = Tape.create()) {
      Variable h = tape.constant(Draw.row(0.7, 1.9));
      for (int t = 0; t < 5; t++) {
        h = cell.step(tape.zeros(1, 3), h);
      }

      assertArrayEquals(new double[] {0.7, 1.9}, h.toMatrix().data);
    }
  }

  @Test
  void startsWithinOneOverTheRootOfTheHiddenWidth() {
    for (Parameter parameter : new LstmCell(50, 16, Draw.random(2)).parameters()) {
      double largest = 0.0;
      for (double value : parameter.toMatrix().data) {
        largest = Math.max(largest, Math.abs(value));
      }
      assertTrue(largest <= 0.25 && largest > 0.22, parameter + ": " + largest);
    }
  }

  @Test
  void storesGatesBelowOneAnother() {
    GruCell cell = new GruCell(5, 2, Draw.random(1));

    assertEquals("6×5", cell.weightIh().shape().toString());
    assertEquals("6×2", cell.weightHh().shape().toString());
    assertNull(LstmCell.withoutBias(5, 2, Draw.random(1)).biasIh());
    assertNull(LstmCell.withoutBias(5, 2, Draw.random(1)).biasHh());
  }

  @Test
  void zeroStateIsZero() {
    try (Tape tape = Tape.create()) {
      LstmState zero = new LstmCell(3, 2, Draw.random(1)).zeroState(tape, 4);

      assertArrayEquals(new double[8], zero.hidden().toMatrix().data);
      assertEquals("4×2", zero.memory().shape().toString());
    }
  }

  @Test
  void rejectsWhatDoesNotFit() {
    assertMessage(
        IllegalArgumentException.class,
        "module GruCell: both widths must be at least 1, got in 0 and hidden 2.",
        () -> new GruCell(0, 2, Draw.random(1)));
    assertMessage(
        IllegalArgumentException.class,
        "module LstmCell: both widths must be at least 1, got in 3 and hidden -1.",
        () -> new LstmCell(3, -1, Draw.random(1)));
    RnnCell rnn = new RnnCell(3, 2, Draw.random(1));
    LstmCell lstm = new LstmCell(3, 2, Draw.random(1));
    try (Tape tape = Tape.create()) {
      Variable x = tape.zeros(4, 3);
      Variable h = tape.zeros(4, 2);
      assertMessage(
          ShapeException.class,
          "module RnnCell: the input is 4×2 (need 3 columns).",
          () -> rnn.step(h, h).shape());
      assertMessage(
          ShapeException.class,
          "module RnnCell: the hidden state is 4×3 (need 2 columns).",
          () -> rnn.step(x, x).shape());
      assertMessage(
          ShapeException.class,
          "module RnnCell: the hidden state is 1×2, the input is 4×3 (need one row per sequence in"
              + " both).",
          () -> rnn.step(x, tape.zeros(1, 2)).shape());
      assertMessage(
          ShapeException.class,
          "module LstmCell: the memory is 1×2, the input is 4×3 (need one row per sequence in both,"
              + " and 2 columns in the memory).",
          () -> lstm.step(x, new LstmState(h, tape.zeros(1, 2))).hidden().shape());
    }
  }
}
