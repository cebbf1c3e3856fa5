package io.github.backstay.core;

import static io.github.backstay.core.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizationsTest {

  private static final double ROOT = Math.sqrt(1.5); // of 1, 2, 3: deviation √(2/3)

  private static DMatrixRMaj standardized(double epsilon, double... row) {
    try (Tape tape = Tape.create()) {
      return tape.variable(Matrices.of(1, row.length, row))
          .standardize(Axis.ROWS, epsilon)
          .toMatrix();
    }
  }

  private static DMatrixRMaj gradient(double epsilon, DMatrixRMaj cotangent, double... row) {
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(Matrices.of(1, row.length, row));
      return tape.gradients(x.standardize(Axis.ROWS, epsilon), cotangent).of(x);
    }
  }

  @Property(tries = 500)
  void shiftAndScaleOfAGroupDoNotMatter(
      @ForAll @IntRange(min = 2, max = 9) int n,
      @ForAll @DoubleRange(min = -100, max = 100) double shift,
      @ForAll @DoubleRange(min = 0.01, max = 1000) double scale,
      @ForAll long seed) {
    double[] row = Matrices.gaussian(1, n, Matrices.random(seed)).data;
    double[] moved = new double[n];
    for (int i = 0; i < n; i++) {
      moved[i] = scale * row[i] + shift;
    }

    // what the shift costs: digits of the scaled row, before the op sees them
    double lost = 1e-14 * (1.0 + Math.abs(shift) / scale) / deviation(row);
    assertArrayEquals(standardized(0.0, row).data, standardized(0.0, moved).data, 1e-12 + lost);
  }

  @Property(tries = 500)
  void meanIsZeroAndTheMeanSquareOne(@ForAll @IntRange(min = 2, max = 9) int n, @ForAll long seed) {
    double[] y = standardized(0.0, Matrices.gaussian(1, n, Matrices.random(seed)).data).data;

    assertEquals(0.0, Formulas.plainSum(y), 1e-14 * n);
    assertEquals(1.0, Formulas.sum(n, i -> y[i] * y[i]) / n, 1e-14);
  }

  private static double deviation(double[] row) {
    double mean = Formulas.plainSum(row) / row.length;
    return Math.sqrt(Formulas.sum(row.length, i -> (row[i] - mean) * (row[i] - mean)) / row.length);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0x1p-1074, 1e-300, 1e-160, 1.0, 1e160, 4e307})
  void noSizeOverflowsOrVanishes(double unit) {
    assertArrayEquals(
        new double[] {-ROOT, 0.0, ROOT},
        standardized(0.0, unit, 2.0 * unit, 3.0 * unit).data,
        1e-15);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e8, -1e15, 0x1p51})
  void largeOffsetsCostNothing(double offset) {
    assertArrayEquals(
        new double[] {-ROOT, 0.0, ROOT},
        standardized(0.0, offset + 1.0, offset + 2.0, offset + 3.0).data,
        1e-15);
  }

  @Test
  void groupsOfEqualEntriesGiveZeroAndOnlyEpsilonScalesTheGradient() {
    DMatrixRMaj cotangent = Matrices.of(1, 3, 3.0, 0.0, 0.0);
    for (double x : new double[] {0.0, 0.1, -1e-300, 1e308}) {
      assertArrayEquals(new double[3], standardized(1e-4, x, x, x).data, 0x1p-1074);
      assertArrayEquals(
          new double[] {200.0, -100.0, -100.0}, gradient(1e-4, cotangent, x, x, x).data, 1e-10);
      assertArrayEquals(new double[3], standardized(0.0, x, x, x).data, 0x1p-1074);
      assertArrayEquals(new double[3], gradient(0.0, cotangent, x, x, x).data, 0x1p-1074);
    }
  }

  @Test
  void aGroupWithNanOrInfinityIsNanAndOthersAreNot() {
    double nan = Double.NaN;
    try (Tape tape = Tape.create()) {
      DMatrixRMaj x = Matrices.of(3, 2, 1, nan, 1, Double.POSITIVE_INFINITY, 1, 3);
      assertArrayEquals(
          new double[] {nan, nan, nan, nan, -1, 1},
          tape.constant(x).standardize(Axis.ROWS, 0.0).toMatrix().data);
      assertArrayEquals(
          new double[] {nan, nan, 1},
          tape.constant(x).inverseDeviation(Axis.ROWS, 0.0).toMatrix().data);
    }
  }

  @Test
  void secondDerivativeExistsWhereAllEntriesAreEqual() {
    GradientCheck.of(x -> x[0].standardize(Axis.ROWS, 1.0))
        .secondOrder()
        .at(Matrices.of(2, 3, 1, 1, 1, 1, 2, 4))
        .requirePassed();
  }

  @Test
  void inverseDeviationIsTheFactor() {
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(Matrices.of(1, 4, 1, 2, 4, 9));
      Variable byHand = x.minus(x.mean()).elementMult(x.inverseDeviation(Axis.ALL, 0.3));

      Matrices.assertClose(
          byHand.toMatrix(), x.standardize(Axis.ALL, 0.3).toMatrix(), 1e-14, "factor");
    }
  }

  @Test
  void rejectsEpsilonsThatAreNegativeOrNotFinite() {
    try (Tape tape = Tape.create()) {
      Variable x = tape.zeros(1, 2);
      for (double epsilon : List.of(-1e-9, Double.NaN, Double.POSITIVE_INFINITY)) {
        assertMessage(
            IllegalArgumentException.class,
            "standardize: epsilon must be at least 0 and finite, got " + epsilon + ".",
            () -> x.standardize(Axis.ROWS, epsilon).shape());
        assertMessage(
            IllegalArgumentException.class,
            "inverseDeviation: epsilon must be at least 0 and finite, got " + epsilon + ".",
            () -> x.inverseDeviation(Axis.ROWS, epsilon).shape());
      }
    }
  }
}
