package io.github.backstay.core;

import static io.github.backstay.core.Formulas.INFINITY;
import static io.github.backstay.core.Formulas.NAN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What ops of several entries do where they are not smooth, at infinity and with NaN; ops of one
 * entry have pins in the catalogue. Nothing is NaN where the mathematics has a value.
 */
class KinksAndEndsTest {

  /** A few roundings. */
  private static final double ROUNDING = 1e-15;

  private static DMatrixRMaj matrix(int rows, int cols, double... entries) {
    return Matrices.of(rows, cols, entries);
  }

  /** Value and gradient of a sum of results, each with a weight of its own. */
  private static void assertAt(
      UnaryOperator<Variable> f,
      DMatrixRMaj x,
      DMatrixRMaj value,
      DMatrixRMaj cotangent,
      DMatrixRMaj gradient) {
    try (Tape tape = Tape.create()) {
      Variable leaf = tape.variable(x);
      Variable y = f.apply(leaf);
      Matrices.assertClose(value, y.toMatrix(), ROUNDING, "value");
      Matrices.assertClose(gradient, tape.gradients(y, cotangent).of(leaf), ROUNDING, "gradient");
      Variable recorded = tape.recordedGradients(y, tape.constant(cotangent), List.of(leaf)).get(0);
      Matrices.assertClose(gradient, recorded.toMatrix(), ROUNDING, "recorded gradient");
    }
  }

  private static void assertPair(
      BinaryOperator<Variable> f, double a, double b, double c, double aBar, double bBar) {
    try (Tape tape = Tape.create()) {
      Variable left = tape.variable(a);
      Variable right = tape.variable(b);
      Variable y = f.apply(left, right);
      String what = y.op() + " of " + a + " and " + b;
      Matrices.assertClose(c, y.toDouble(), ROUNDING, what);
      Gradients gradients = tape.gradients(y);
      Matrices.assertClose(aBar, gradients.of(left).get(0, 0), ROUNDING, what + ", left");
      Matrices.assertClose(bBar, gradients.of(right).get(0, 0), ROUNDING, what + ", right");
    }
  }

  // ---- two numbers --------------------------------------------------------------------------

  @Test
  void tiedOperandsShareEvenly() {
    assertPair(Variable::maximum, 2.0, 2.0, 2.0, 0.5, 0.5);
    assertPair(Variable::minimum, 2.0, 2.0, 2.0, 0.5, 0.5);
    assertPair(Variable::maximum, 0.0, -0.0, 0.0, 0.5, 0.5);
    assertPair(Variable::maximum, INFINITY, INFINITY, INFINITY, 0.5, 0.5);
    assertPair(Variable::minimum, -INFINITY, INFINITY, -INFINITY, 1.0, 0.0);
    assertPair(Variable::maximum, NAN, 1.0, NAN, NAN, NAN);
  }

  @Test
  void powersOfZeroHaveDerivatives() {
    assertPair(Variable::power, 0.0, 0.0, 1.0, 0.0, 0.0);
    assertPair(Variable::power, 0.0, 1.0, 0.0, 1.0, 0.0);
    assertPair(Variable::power, 0.0, 2.0, 0.0, 0.0, 0.0);
    assertPair(Variable::power, 2.0, 0.0, 1.0, 0.0, Math.log(2.0));
    assertPair(Variable::power, 0.0, 0.5, 0.0, INFINITY, 0.0);
    assertPair(Variable::power, INFINITY, -1.0, 0.0, 0.0, 0.0);
    assertPair(Variable::power, -2.0, 3.0, -8.0, 12.0, NAN);
  }

  @Test
  void theMixedDerivativeOfAPowerIsRightAtExponentZero() {
    try (Tape tape = Tape.create()) {
      Variable a = tape.variable(4.0);
      Variable b = tape.variable(0.0);
      Variable byA = tape.recordedGradients(a.power(b), List.of(a)).get(0); // b·a^(b−1)
      assertEquals(0.25, tape.gradients(byA).of(b).get(0, 0)); // a^(b−1)(1 + b ln a)
    }
  }

  @Test
  void theRadiusAtTheOriginIsFlat() {
    assertPair(Variable::hypot, 0.0, 0.0, 0.0, 0.0, 0.0);
    assertPair(Variable::hypot, 3e200, 4e200, 5e200, 0.6, 0.8);
    assertPair(Variable::hypot, 3e-200, 4e-200, 5e-200, 0.6, 0.8);
    assertPair(Variable::atan2, 0.0, 0.0, 0.0, 0.0, 0.0);
    assertPair(Variable::atan2, 0.0, -1.0, Math.PI, -1.0, -0.0);
    assertPair(Variable::atan2, 1e-200, 1e-200, Math.PI / 4.0, 5e199, -5e199);
    assertPair(Variable::atan2, 1e200, 1e200, Math.PI / 4.0, 5e-201, -5e-201);
    try (Tape tape = Tape.create()) {
      Variable a = tape.variable(0.0);
      for (Variable y : List.of(a.hypot(a), a.atan2(a), a.norm(), a.norm(3.0), a.std(0))) {
        Variable first = tape.recordedGradients(y, List.of(a)).get(0);
        assertEquals(0.0, tape.gradients(first.plus(a)).of(a).get(0, 0) - 1.0, y.toString());
      }
    }
  }

  @Test
  void aFactorZeroWinsAgainstInfinityAndNaN() {
    assertPair(Variable::elementMultOrZero, 0.0, INFINITY, 0.0, INFINITY, 0.0);
    assertPair(Variable::elementMultOrZero, NAN, 0.0, 0.0, 0.0, NAN);
    assertPair(Variable::elementMultOrZero, NAN, 1.0, NAN, 1.0, NAN);
    assertAt(
        x -> x.elementMultOrZero(x.log()),
        matrix(1, 2, 0.0, 1.0),
        matrix(1, 2, 0.0, 0.0),
        matrix(1, 2, 1.0, 1.0),
        matrix(1, 2, -INFINITY, 1.0));
  }

  @Test
  void theErrorFunctionIsAccurateFromEndToEnd() {
    DMatrixRMaj x = matrix(1, 8, 1e-300, 1e-8, 0.25, 0.46875, 0.47, 1.0, 3.99, 5.0);
    DMatrixRMaj values = // by the series of Abramowitz and Stegun, 7.1.6, with 680 digits
        matrix(
            1,
            8,
            1.1283791670955126e-300,
            1.1283791670955126e-08,
            0.27632639016823696,
            0.49261347321793797,
            0.4937450508860821,
            0.8427007929497149,
            0.9999999832607886,
            0.9999999999984626);
    try (Tape tape = Tape.create()) {
      Variable y = tape.constant(x).erf();
      for (int j = 0; j < 8; j++) {
        Matrices.assertClose(1.0, y.get(0, j) / values.get(0, j), ROUNDING, "erf " + x.get(0, j));
        assertEquals(-y.get(0, j), tape.constant(-x.get(0, j)).erf().toDouble(), "erf is odd");
      }
      // the lower tail keeps its digits, where 1 + erf has none left
      double[] tail = {
        0.3085375387259869,
        0.02275013194817921,
        2.866515718791939e-07,
        7.619853024160525e-24,
        5.725571222524577e-300
      };
      double[] at = {-0.5, -2.0, -5.0, -10.0, -37.0};
      for (int k = 0; k < at.length; k++) {
        double p = tape.constant(at[k]).normalCdf().toDouble();
        // the exponent is rounded: up to 37²/2 roundings at the far end
        Matrices.assertClose(1.0, p / tail[k], 1e-15 + at[k] * at[k] * 0x1p-53, "Φ " + at[k]);
      }
    }
  }

  // ---- what no loss depends on ----------------------------------------------------------------

  @Test
  void whatIsNotChosenHasGradientZeroBeItInfiniteOrNaN() {
    List<UnaryOperator<Variable>> functions =
        List.of(
            Variable::log,
            Variable::log1p,
            Variable::sqrt,
            Variable::exp,
            Variable::expm1,
            Variable::reciprocal,
            x -> x.power(0.5),
            x -> x.power(-1.0),
            x -> x.tape().constant(1.0).elementDiv(x),
            x -> x.elementDiv(x),
            x -> x.power(x),
            x -> x.log().relu(),
            x -> x.log().clamp(0.0, 1.0));
    for (UnaryOperator<Variable> f : functions) {
      try (Tape tape = Tape.create()) {
        Variable x = tape.variable(matrix(1, 6, 0.0, -1.0, -2.0, 1000.0, INFINITY, -INFINITY));
        Variable chosen = tape.zeros(1, 6).where(f.apply(x), x.scale(3.0));
        Matrices.assertBits(
            matrix(1, 6, 3.0, 3.0, 3.0, 3.0, 3.0, 3.0),
            tape.gradients(chosen.sum()).of(x),
            f.apply(x).toString());
      }
    }
  }

  @Test
  void aSlopeOfZeroStopsAnInfiniteCotangent() {
    assertAt(
        x -> x.relu().sqrt(),
        matrix(1, 2, -1.0, 4.0),
        matrix(1, 2, 0.0, 2.0),
        matrix(1, 2, 1.0, 1.0),
        matrix(1, 2, 0.0, 0.25));
    assertAt(
        x -> x.clamp(0.0, 9.0).sqrt(),
        matrix(1, 2, -1.0, 4.0),
        matrix(1, 2, 0.0, 2.0),
        matrix(1, 2, 1.0, 1.0),
        matrix(1, 2, 0.0, 0.25));
    assertAt(
        x -> x.max().sqrt(),
        matrix(1, 2, -1.0, 0.0),
        matrix(1, 1, 0.0),
        matrix(1, 1, 1.0),
        matrix(1, 2, 0.0, INFINITY));
  }

  @Test
  void secondDerivativesOfActivationsVanishAtInfinity() {
    List<UnaryOperator<Variable>> functions =
        List.of(
            Variable::erf,
            Variable::normalCdf,
            Variable::silu,
            Variable::gelu,
            Variable::geluTanh,
            Variable::softsign,
            Variable::softplus,
            x -> x.softplus(2.0, 20.0),
            x -> x.elu(1.5),
            Variable::sigmoid,
            Variable::tanh,
            Variable::logSigmoid);
    for (UnaryOperator<Variable> f : functions) {
      for (double end : new double[] {INFINITY, -INFINITY, 1e300, -1e300}) {
        try (Tape tape = Tape.create()) {
          Variable x = tape.variable(end);
          Variable y = f.apply(x);
          Variable first = tape.recordedGradients(y, List.of(x)).get(0);
          Variable second = tape.recordedGradients(first, List.of(x)).get(0);
          assertTrue(Double.isFinite(first.toDouble()), y + " at " + end);
          assertEquals(0.0, Math.abs(second.toDouble()), y + " at " + end);
        }
      }
    }
  }

  @Test
  void theDerivativeOfAReciprocalIsFormedWithoutItsSquare() {
    assertAt(
        x -> x.reciprocal().log(),
        matrix(1, 2, 1e-200, 1e200),
        matrix(1, 2, 200.0 * Math.log(10.0), -200.0 * Math.log(10.0)),
        matrix(1, 2, 1.0, 1.0),
        matrix(1, 2, -1e200, -1e-200));
  }

  // ---- extrema --------------------------------------------------------------------------------

  @Test
  void theFirstOfTiedEntriesHasTheWholeDerivativeAlongAnAxis() {
    DMatrixRMaj x = matrix(2, 3, 1.0, 3.0, 3.0, 3.0, 0.0, 0.0);
    assertAt(
        v -> v.max(Axis.ROWS),
        x,
        matrix(2, 1, 3.0, 3.0),
        matrix(2, 1, 2.0, 5.0),
        matrix(2, 3, 0, 2, 0, 5, 0, 0));
    assertAt(
        v -> v.min(Axis.ROWS),
        x,
        matrix(2, 1, 1.0, 0.0),
        matrix(2, 1, 2.0, 5.0),
        matrix(2, 3, 2, 0, 0, 0, 5, 0));
    assertAt(
        v -> v.max(Axis.COLS),
        matrix(2, 2, 4.0, 1.0, 4.0, 2.0),
        matrix(1, 2, 4.0, 2.0),
        matrix(1, 2, 2.0, 5.0),
        matrix(2, 2, 2, 0, 0, 5));
    assertAt(
        v -> v.max(Axis.ALL, Ties.FIRST),
        x,
        matrix(1, 1, 3.0),
        matrix(1, 1, 6.0),
        matrix(2, 3, 0, 6, 0, 0, 0, 0));
  }

  @Test
  void tiedEntriesShareWhereAskedAndOverAllEntries() {
    DMatrixRMaj x = matrix(2, 3, 1.0, 3.0, 3.0, 3.0, 0.0, 0.0);
    assertAt(
        Variable::max, x, matrix(1, 1, 3.0), matrix(1, 1, 6.0), matrix(2, 3, 0, 2, 2, 2, 0, 0));
    assertAt(
        Variable::min, x, matrix(1, 1, 0.0), matrix(1, 1, 6.0), matrix(2, 3, 0, 0, 0, 0, 3, 3));
    assertAt(
        v -> v.max(Axis.ROWS, Ties.SHARED),
        x,
        matrix(2, 1, 3.0, 3.0),
        matrix(2, 1, 2.0, 5.0),
        matrix(2, 3, 0, 1, 1, 5, 0, 0));
  }

  @Test
  void extremaAtTheEnds() {
    assertAt(
        v -> v.max(Axis.ROWS),
        matrix(3, 2, -INFINITY, -INFINITY, INFINITY, 1.0, NAN, 1.0),
        matrix(3, 1, -INFINITY, INFINITY, NAN),
        matrix(3, 1, 1.0, 1.0, 1.0),
        matrix(3, 2, 1.0, 0.0, 1.0, 0.0, NAN, NAN));
    try (Tape tape = Tape.create()) {
      assertEquals(-INFINITY, tape.zeros(0, 3).max().toDouble());
      assertEquals(INFINITY, tape.zeros(0, 3).min().toDouble());
    }
  }

  // ---- products, moments, norms ---------------------------------------------------------------

  @Test
  void aProductOverflowsOnlyIfItsValueDoes() {
    double big = 1e300;
    double small = 1e-300;
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(matrix(1, 6, big, big, -2.0, small, small, 3.0));
      Matrices.assertClose(-6.0, x.prod().toDouble(), ROUNDING, "product");
      Variable y = tape.constant(matrix(1, 5, small, small, -2.0, big, big));
      Matrices.assertClose(-2.0, y.prod().toDouble(), ROUNDING, "product");
      assertEquals(INFINITY, tape.constant(matrix(1, 2, big, big)).prod().toDouble());
      assertEquals(0.0, tape.constant(matrix(1, 2, small, small)).prod().toDouble());
      assertEquals(NAN, tape.constant(matrix(1, 2, 0.0, INFINITY)).prod().toDouble());
      assertEquals(
          0x1p-1074,
          tape.constant(matrix(1, 2, 0x1p-1000, 0x1p-74)).prod().toDouble(),
          "subnormal");
    }
  }

  @Test
  void theDerivativeOfAProductIsExactWithZeros() {
    assertAt(
        v -> v.prod(Axis.ROWS),
        matrix(3, 3, 2.0, 0.0, 5.0, 0.0, 0.0, 5.0, 2.0, 3.0, 5.0),
        matrix(3, 1, 0.0, 0.0, 30.0),
        matrix(3, 1, 1.0, 1.0, 1.0),
        matrix(3, 3, 0, 10, 0, 0, 0, 0, 15, 10, 6));
  }

  @Test
  void deviationsOfHugeEntriesDoNotOverflow() {
    assertAt(
        v -> v.std(0),
        matrix(1, 2, 0.9e308, -0.9e308),
        matrix(1, 1, 0.9e308),
        matrix(1, 1, 2.0),
        matrix(1, 2, 1.0, -1.0));
  }

  @ParameterizedTest
  @EnumSource(Axis.class)
  void equalEntriesDoNotDeviate(Axis axis) {
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(Formulas.matrix(3, 7, (i, j) -> 0.1));
      for (Variable y : List.of(x.std(axis, 1), x.var(axis, 0))) {
        Matrices.assertBits(Formulas.map(y.toMatrix(), v -> 0.0), y.toMatrix(), "deviation");
        Matrices.assertBits(
            new DMatrixRMaj(3, 7), tape.gradients(y.sum()).of(x), "gradient of " + y);
      }
    }
  }

  @Test
  void oneEntryHasNoUnbiasedVariance() {
    assertAt(
        v -> v.var(1), matrix(1, 1, 3.0), matrix(1, 1, NAN), matrix(1, 1, 1.0), matrix(1, 1, NAN));
    assertAt(
        v -> v.std(1), matrix(1, 1, 3.0), matrix(1, 1, NAN), matrix(1, 1, 1.0), matrix(1, 1, NAN));
  }

  @Test
  void normsNeitherOverflowNorUnderflow() {
    for (double p : new double[] {0.5, 1.0, 2.0, 3.0, 200.0, 5000.0, INFINITY}) {
      double expected = p == INFINITY ? 4.0 : 4.0 * Math.pow(1.0 + Math.pow(0.75, p), 1.0 / p);
      for (double scale : new double[] {1.0, 0x1p1000, 0x1p-500, 0x1p-1020}) {
        try (Tape tape = Tape.create()) {
          Variable x = tape.variable(matrix(1, 3, 3.0 * scale, -4.0 * scale, 0.0));
          Variable y = x.norm(p);
          Matrices.assertClose(expected, y.toDouble() / scale, 1e-14, "norm " + p);
          double third = tape.gradients(y).of(x).get(0, 2);
          assertEquals(0.0, third, "the derivative by an entry 0");
          double second = tape.gradients(y).of(x).get(0, 1);
          double slope = p == INFINITY ? -1.0 : -Math.pow(4.0 / expected, p - 1.0);
          Matrices.assertClose(slope, second, 1e-12, "slope " + p);
        }
      }
    }
  }

  @Test
  void normsOfZeroAndOfInfinity() {
    for (double p : new double[] {0.5, 1.0, 1.5, 2.0, 3.0, INFINITY}) {
      assertAt(
          v -> v.norm(Axis.ROWS, p),
          matrix(2, 2, 0.0, 0.0, 3.0, 0.0),
          matrix(2, 1, 0.0, 3.0),
          matrix(2, 1, 5.0, 5.0),
          matrix(2, 2, 0.0, 0.0, 5.0, 0.0));
      try (Tape tape = Tape.create()) {
        assertEquals(INFINITY, tape.constant(matrix(1, 2, 1.0, -INFINITY)).norm(p).toDouble());
        assertEquals(NAN, tape.constant(matrix(1, 2, 1.0, NAN)).norm(p).toDouble());
      }
    }
    assertAt(
        v -> v.norm(INFINITY),
        matrix(1, 4, 2.0, -2.0, 1.0, 2.0),
        matrix(1, 1, 2.0),
        matrix(1, 1, 3.0),
        matrix(1, 4, 1.0, -1.0, 0.0, 1.0));
  }

  // ---- sums and softmax -----------------------------------------------------------------------

  @Test
  void sumsAndMeansOverflowOnlyIfTheirValueDoes() {
    try (Tape tape = Tape.create()) {
      DMatrixRMaj cancelling = matrix(4, 2, 1e308, 1.0, 1e308, 1.0, -1e308, 1.0, -1e308, 1.0);
      Variable x = tape.constant(cancelling);
      Matrices.assertClose(4.0, x.sum().toDouble(), 1e292, "the sum has a value");
      Matrices.assertClose(
          matrix(1, 2, 0.0, 4.0), x.sum(Axis.COLS).toMatrix(), ROUNDING, "columns");
      Variable big = tape.constant(matrix(2, 2, 1e308, 1e308, 1.5e308, 1.5e308));
      assertEquals(INFINITY, big.sum().toDouble());
      Matrices.assertClose(1.25e308, big.mean().toDouble(), ROUNDING, "mean");
      Matrices.assertClose(
          matrix(2, 1, 1e308, 1.5e308), big.mean(Axis.ROWS).toMatrix(), ROUNDING, "means of rows");
      assertEquals(NAN, tape.constant(matrix(1, 2, INFINITY, -INFINITY)).sum().toDouble());
      assertEquals(INFINITY, tape.constant(matrix(1, 2, INFINITY, 1.0)).mean().toDouble());
    }
  }

  @Test
  void infiniteEntriesShareTheProbability() {
    DMatrixRMaj x =
        matrix(3, 3, -INFINITY, 1.0, 1.0, INFINITY, 1.0, INFINITY, -INFINITY, -INFINITY, -INFINITY);
    double third = 1.0 / 3.0;
    DMatrixRMaj ones = matrix(3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    assertAt(
        v -> v.softmax(Axis.ROWS),
        x,
        matrix(3, 3, 0.0, 0.5, 0.5, 0.5, 0.0, 0.5, third, third, third),
        ones,
        new DMatrixRMaj(3, 3));
    double half = Math.log(0.5);
    double log = -Math.log(3.0);
    try (Tape tape = Tape.create()) {
      Variable leaf = tape.variable(x);
      Matrices.assertClose(
          matrix(3, 3, -INFINITY, half, half, half, -INFINITY, half, log, log, log),
          leaf.logSoftmax().toMatrix(),
          ROUNDING,
          "logSoftmax");
      Variable y = leaf.logSumExp(Axis.ROWS);
      Matrices.assertClose(
          matrix(3, 1, 1.0 + Math.log(2.0), INFINITY, -INFINITY),
          y.toMatrix(),
          ROUNDING,
          "logSumExp");
      Matrices.assertClose(
          matrix(3, 3, 0.0, 0.5, 0.5, 0.5, 0.0, 0.5, third, third, third),
          tape.gradients(y, matrix(3, 1, 1, 1, 1)).of(leaf),
          ROUNDING,
          "its gradient");
    }
  }
}
