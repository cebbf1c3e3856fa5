package io.github.backstay.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Reductions over 10⁷ entries. At most 64 numbers are added one by one, all else pairwise: the
 * error of a sum of n numbers is at most (64 + 2 + log₂(n/64)) rounding errors of the sum of sizes
 * (Higham 2002, §4.2), for 10⁷ numbers 84·2⁻⁵³ = 9.3e-15. Added one by one, the numbers here are
 * off by 1e-11 and more.
 */
class ReductionAccuracyTest {

  private static final int COUNT = 10_000_000;

  private static final double BOUND = 9.4e-15;

  /** Numbers near {@code around}: plain addition rounds them the same way again and again. */
  private static DMatrixRMaj numbers(int rows, double around, double spread) {
    DMatrixRMaj x = new DMatrixRMaj(rows, COUNT / rows);
    for (int i = 0; i < COUNT; i++) {
      x.data[i] = around + spread * (i * 40503 % 65536);
    }
    return x;
  }

  /** Sums with twice the digits of double (Knuth's TwoSum), so exact for the purpose. */
  private static double sum(DMatrixRMaj x, int from, int step, int count, DoubleUnaryOperator f) {
    double high = 0.0;
    double low = 0.0;
    for (int k = 0; k < count; k++) {
      double term = f.applyAsDouble(x.data[from + k * step]);
      double next = high + term;
      double back = next - high;
      low += (high - (next - back)) + (term - back);
      high = next;
    }
    return high + low;
  }

  private static void assertRelative(double expected, double actual, double bound, String what) {
    double error = Math.abs(actual - expected) / Math.abs(expected);
    assertTrue(
        error <= bound, () -> what + ": " + actual + " for " + expected + ", off by " + error);
  }

  @Test
  void thesePlainlyAddedAreFarOff() {
    DMatrixRMaj x = numbers(1, 0.1, 1e-17);
    double plain = 0.0;
    for (double number : x.data) {
      plain += number;
    }
    double expected = sum(x, 0, 1, COUNT, v -> v);
    double error = Math.abs(plain - expected) / expected;
    assertTrue(error > 100.0 * BOUND, () -> "only " + error);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2500, 5_000_000})
  void sumsAndMeansStayWithinTheBound(int rows) {
    DMatrixRMaj x = numbers(rows, 0.1, 1e-17);
    int cols = x.numCols;
    try (Tape tape = Tape.create()) {
      Variable leaf = tape.borrow(x);
      double all = sum(x, 0, 1, COUNT, v -> v);
      assertRelative(all, leaf.sum().toDouble(), BOUND, "sum");
      assertRelative(all / COUNT, leaf.mean().toDouble(), BOUND, "mean");
      assertRelative(all, leaf.sumTo(1, 1).toDouble(), BOUND, "sumTo scalar");
      for (int i : List.of(0, rows / 2, rows - 1)) {
        double row = sum(x, i * cols, 1, cols, v -> v);
        assertRelative(row, leaf.sum(Axis.ROWS).get(i, 0), BOUND, "sum of row");
        assertRelative(row, leaf.sumTo(rows, 1).get(i, 0), BOUND, "sumTo column");
      }
      for (int j : List.of(0, cols / 2, cols - 1)) {
        double col = sum(x, j, cols, rows, v -> v);
        assertRelative(col, leaf.sum(Axis.COLS).get(0, j), BOUND, "sum of column");
        assertRelative(col, leaf.sumTo(1, cols).get(0, j), BOUND, "sumTo row");
        assertRelative(col / rows, leaf.mean(Axis.COLS).get(0, j), BOUND, "mean of column");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5_000_000})
  void logSumExpAndSoftmaxStayWithinTheBound(int rows) {
    DMatrixRMaj x = numbers(rows, 0.1, 1e-17);
    int cols = x.numCols;
    try (Tape tape = Tape.create()) {
      Variable leaf = tape.borrow(x);
      // an exponential is rounded too, and log z has the relative error of z as an absolute one
      double all = sum(x, 0, 1, COUNT, Math::exp);
      assertEquals(Math.log(all), leaf.logSumExp().toDouble(), 2.0 * BOUND);
      assertRelative(
          Math.exp(x.data[7]) / all,
          leaf.softmax(Axis.ALL).get(7 / cols, 7 % cols),
          2.0 * BOUND,
          "softmax");
      double col = sum(x, 0, cols, rows, Math::exp);
      assertEquals(Math.log(col), leaf.logSumExp(Axis.COLS).get(0, 0), 2.0 * BOUND);
      assertRelative(
          Math.exp(x.data[0]) / col,
          leaf.softmax(Axis.COLS).get(0, 0),
          2.0 * BOUND,
          "softmax of column");
      double row = sum(x, 0, 1, cols, Math::exp);
      assertEquals(x.data[0] - Math.log(row), leaf.logSoftmax().get(0, 0), 2.0 * BOUND);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5_000_000})
  void momentsAndNormsStayWithinTheBound(int rows) {
    // far from 0: the mean of the squares would lose eight digits
    DMatrixRMaj x = numbers(rows, 1e4, 0x1p-16);
    int cols = x.numCols;
    double mean = 1e4 + sum(x, 0, 1, COUNT, v -> v - 1e4) / COUNT;
    double squares = sum(x, 0, 1, COUNT, v -> (v - mean) * (v - mean));
    try (Tape tape = Tape.create()) {
      Variable leaf = tape.borrow(x);
      // differences to the first entry are rounded once more, to 1e-12 of at least 1e-5
      assertRelative(squares / COUNT, leaf.var(0).toDouble(), 1e-13, "variance");
      assertRelative(Math.sqrt(squares / COUNT), leaf.std(0).toDouble(), 1e-13, "deviation");
      double sizes = sum(x, 0, 1, COUNT, v -> v * v);
      assertRelative(Math.sqrt(sizes), leaf.norm().toDouble(), BOUND, "norm");
      assertRelative(sum(x, 0, 1, COUNT, v -> v), leaf.norm(1.0).toDouble(), BOUND, "norm 1");
      double col = sum(x, 0, cols, rows, v -> v * v);
      assertRelative(Math.sqrt(col), leaf.norm(Axis.COLS, 2.0).get(0, 0), BOUND, "norm of column");
      assertRelative(0.5 * sizes, leaf.squaredNorm(1.0).toDouble(), BOUND, "squaredNorm");
      double distance = sum(x, 0, 1, COUNT, v -> (v - 1e4) * (v - 1e4));
      Variable other = tape.constant(1e4).broadcastTo(rows, cols);
      assertRelative(
          distance / COUNT, leaf.meanSquaredError(other).toDouble(), 2.0 * BOUND, "squared error");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5_000_000})
  void cumulativeSumsStayWithinTwoRoundings(int rows) {
    DMatrixRMaj x = numbers(rows, 0.1, 1e-17);
    int cols = x.numCols;
    double twoRoundings = 0x1p-52;
    try (Tape tape = Tape.create()) {
      Variable leaf = tape.borrow(x);
      double all = sum(x, 0, 1, COUNT, v -> v);
      assertRelative(
          all, leaf.cumulativeSum(Axis.ALL).get(rows - 1, cols - 1), twoRoundings, "all");
      double col = sum(x, 0, cols, rows, v -> v);
      assertRelative(col, leaf.cumulativeSum(Axis.COLS).get(rows - 1, 0), twoRoundings, "column");
    }
  }
}
