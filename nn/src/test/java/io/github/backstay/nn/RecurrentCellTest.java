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
