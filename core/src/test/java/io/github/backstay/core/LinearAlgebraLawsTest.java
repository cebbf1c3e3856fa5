package io.github.backstay.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/** Laws of linear algebra that its ops must keep, and what they do where those end. */
class LinearAlgebraLawsTest {

  /** Rounding of a few factorizations of well-conditioned matrices of at most eight rows. */
  private static final double ROUNDING = 1e-11;

  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private static DMatrixRMaj regular(int n, long seed) {
    return LinearAlgebraRows.DOMINANT.matrix(new Shape(n, n), Matrices.random(seed));
  }

  private static DMatrixRMaj positiveDefinite(int n, long seed) {
    return LinearAlgebraRows.POSITIVE_DEFINITE.matrix(new Shape(n, n), Matrices.random(seed));
  }

  private static DMatrixRMaj gaussian(int m, int n, long seed) {
    return Matrices.gaussian(m, n, Matrices.random(seed));
  }

  private static DMatrixRMaj identity(int n) {
    return Formulas.matrix(n, n, (i, j) -> i == j ? 1.0 : 0.0);
  }

  private static void assertSame(Variable expected, Variable actual) {
    Matrices.assertClose(expected.toMatrix(), actual.toMatrix(), ROUNDING, actual.toString());
  }

  // ---- inverses and systems -----------------------------------------------------------------

  @Property(tries = 100)
  void theInverseOfTheInverseIsTheMatrix(
      @ForAll @IntRange(min = 0, max = 8) int n, @ForAll long seed) {
    try (Tape tape = Tape.create()) {
      Variable a = tape.constant(regular(n, seed));
      assertSame(a, a.inverse().inverse());
      assertSame(tape.constant(identity(n)), a.mult(a.inverse()));
    }
  }

  @Property(tries = 100)
  void aSolutionSolvesItsSystem(
      @ForAll @IntRange(min = 0, max = 8) int n,
      @ForAll @IntRange(min = 0, max = 3) int k,
      @ForAll long seed) {
    try (Tape tape = Tape.create()) {
      Variable a = tape.constant(regular(n, seed));
      Variable b = tape.constant(gaussian(n, k, seed));
      assertSame(b, a.mult(a.solve(b)));
      assertSame(b, a.tril(0).mult(a.solveTriangular(b, Triangle.LOWER)));
      assertSame(b, a.triu(0).mult(a.solveTriangular(b, Triangle.UPPER)));
    }
  }

  @Property(tries = 50)
  void theOtherTriangleIsNeitherReadNorGivenAGradient(
      @ForAll @IntRange(min = 1, max = 6) int n, @ForAll long seed) {
    DMatrixRMaj a = regular(n, seed);
    DMatrixRMaj b = gaussian(n, 2, seed);
    for (Triangle triangle : Triangle.values()) {
      boolean lower = triangle == Triangle.LOWER;
      DMatrixRMaj masked =
          Formulas.matrix(n, n, (i, j) -> (lower ? j <= i : j >= i) ? a.get(i, j) : Double.NaN);
      try (Tape tape = Tape.create()) {
        Variable whole = tape.variable(a);
        Variable half = tape.variable(masked);
        Variable x = whole.solveTriangular(tape.constant(b), triangle);
        Variable y = half.solveTriangular(tape.constant(b), triangle);
        Matrices.assertBits(x.toMatrix(), y.toMatrix(), "value");
        DMatrixRMaj ofHalf = tape.gradients(y.square().sum()).of(half);
        Matrices.assertBits(tape.gradients(x.square().sum()).of(whole), ofHalf, "gradient");
        for (int i = 0; i < n; i++) {
          for (int j = 0; j < n; j++) {
            if (lower ? j > i : j < i) {
              assertEquals(0.0, ofHalf.get(i, j));
            }
          }
        }
      }
    }
  }

  @Property(tries = 100)
  void aCholeskyFactorIsLowerAndItsSquareTheMatrix(
      @ForAll @IntRange(min = 0, max = 8) int n, @ForAll long seed) {
    try (Tape tape = Tape.create()) {
      Variable a = tape.variable(positiveDefinite(n, seed));
      Variable l = a.cholesky();
      Matrices.assertBits(l.toMatrix(), l.tril(0).toMatrix(), "lower");
      assertSame(a, l.multTransB(l));
      DMatrixRMaj gradient = tape.gradients(l, gaussian(n, n, seed)).of(a);
      Matrices.assertClose(Formulas.transposed(gradient), gradient, ROUNDING, "symmetric");
    }
  }

  // ---- determinants -------------------------------------------------------------------------

  @Property(tries = 100)
  void determinantsMultiply(@ForAll @IntRange(min = 0, max = 6) int n, @ForAll long seed) {
    try (Tape tape = Tape.create()) {
      Variable a = tape.constant(regular(n, seed));
      Variable b = tape.constant(gaussian(n, n, seed));
      assertSame(a.det().elementMult(b.det()), a.mult(b).det());
      assertSame(b.det(), b.transpose().det());
    }
  }

  @Property(tries = 100)
  void theLogarithmIsThatOfTheDeterminant(
      @ForAll @IntRange(min = 0, max = 6) int n, @ForAll long seed) {
    try (Tape tape = Tape.create()) {
      Variable a = tape.constant(regular(n, seed));
      assertSame(a.det().abs().log(), a.logAbsDet());
      double det = a.det().toDouble();
      double expected = det < 0.0 ? Double.NaN : Math.log(det);
      Matrices.assertClose(expected, a.logDet().toDouble(), ROUNDING, "logDet");
    }
  }

  @Property(tries = 100)
  void theLogarithmChangesByTheTraceOfTheInverseTimesTheChange(
      @ForAll @IntRange(min = 0, max = 8) int n, @ForAll long seed) {
    try (Tape tape = Tape.create()) {
      Variable a = tape.variable(positiveDefinite(n, seed));
      DMatrixRMaj da = gaussian(n, n, seed);
      Matrices.assertClose(
          a.inverse().mult(tape.constant(da)).trace().toMatrix(),
          Derivatives.jacobianVectorProduct(a.logDet(), a, da),
          ROUNDING,
          "d logDet");
    }
  }

  @Property(tries = 100)
  void aMatrixTimesItsAdjugateIsItsDeterminantWhateverItsRank(
      @ForAll @IntRange(min = 1, max = 6) int n,
      @ForAll @IntRange(min = 0, max = 6) int rank,
      @ForAll long seed) {
    int r = Math.min(n, rank);
    DMatrixRMaj x = Formulas.product(gaussian(n, r, seed), gaussian(r, n, seed + 1));
    try (Tape tape = Tape.create()) {
      Variable a = tape.constant(x);
      Variable det = r < n ? tape.zeros(1, 1) : a.det();
      // entries of size σ and cofactors of size σ^(n−1), σ at most about 10
      Variable small = a.scale(0.1);
      assertSame(
          tape.constant(identity(n)).elementMult(det).scale(Math.pow(0.1, n)),
          small.multTransB(small.cofactor()));
      if (r < n - 1) {
        assertSame(tape.zeros(n, n), small.cofactor());
      }
    }
  }

  @Test
  void bothWaysToTheCofactorsAgreeWhereOneTakesOver() {
    // the ratio of the pivots is just above and just below the one at which the way changes
    for (double least : new double[] {0.0011, 0.0009}) {
      DMatrixRMaj x = Matrices.of(3, 3, 1.0, 0.25, 0.0, 0.0, 0.5, 0.25, 0.0, 0.0, least);
      DMatrixRMaj expected =
          Matrices.of(3, 3, 0.5 * least, 0.0, 0.0, -0.25 * least, least, 0.0, 0.0625, -0.25, 0.5);
      try (Tape tape = Tape.create()) {
        Matrices.assertClose(
            expected, tape.constant(x).cofactor().toMatrix(), 1e-15, "least " + least);
      }
    }
  }

  @Test
  void productsOfPivotsDoNotOverflowOnTheWay() {
    DMatrixRMaj wide =
        Formulas.matrix(
            4, 4, (i, j) -> i != j ? 0.0 : new double[] {0x1p800, 0x1p800, 0x1p-800, 0x1p-799}[i]);
    try (Tape tape = Tape.create()) {
      assertEquals(2.0, tape.constant(wide).det().toDouble());
      assertEquals(Math.log(2.0), tape.constant(wide).logDet().toDouble(), 1e-12);
      Variable tiny = tape.constant(Matrices.of(2, 2, 1e-300, 0.0, 0.0, -1e-300));
      assertEquals(0.0, Math.abs(tiny.det().toDouble()));
      Matrices.assertClose(
          Matrices.of(2, 2, -1.0, 0.0, 0.0, 1.0),
          tiny.cofactor().scale(1e300).toMatrix(),
          1e-14,
          "");
      assertEquals(2.0 * Math.log(1e-300), tiny.logAbsDet().toDouble(), 1e-12);
    }
  }

  @Test
  void theLogarithmOfASingularMatrixIsMinusInfinityAndHasNoGradient() {
    try (Tape tape = Tape.create()) {
      Variable a = tape.variable(Matrices.of(2, 2, 1.0, 2.0, 2.0, 4.0));
      assertEquals(-INFINITY, a.logDet().toDouble());
      Variable y = a.logAbsDet();
      assertEquals(-INFINITY, y.toDouble());
      assertThrows(ArithmeticException.class, () -> tape.gradients(y));
    }
  }

  // ---- singular values ----------------------------------------------------------------------

  @Property(tries = 200)
  void theDecompositionComposesTheMatrix(
      @ForAll @IntRange(min = 0, max = 7) int m,
      @ForAll @IntRange(min = 0, max = 7) int n,
      @ForAll @IntRange(min = 0, max = 7) int rank,
      @ForAll long seed) {
    DMatrixRMaj x = Formulas.product(gaussian(m, rank, seed), gaussian(rank, n, seed + 1));
    int k = Math.min(m, n);
    try (Tape tape = Tape.create()) {
      Variable a = tape.constant(x);
      Variable u = a.leftSingularVectors();
      Variable s = a.singularValues();
      Variable v = a.rightSingularVectors();
      assertSame(a, u.elementMult(s.transpose()).multTransB(v));
      assertSame(tape.constant(identity(k)), u.multTransA(u));
      assertSame(tape.constant(identity(k)), v.multTransA(v));
      assertSame(a.square().sum(), s.square().sum());
      assertSame(s, a.transpose().singularValues());
      for (int i = 0; i < k; i++) {
        assertTrue(s.get(i, 0) >= 0.0);
        assertTrue(i == 0 || s.get(i, 0) <= s.get(i - 1, 0));
        double least = 0.0;
        double most = 0.0;
        for (int row = 0; row < m; row++) {
          least = Math.min(least, u.get(row, i));
          most = Math.max(most, u.get(row, i));
        }
        assertTrue(most >= -least, "the largest entry of a left vector is positive");
      }
    }
  }

  @Test
  void valuesThatAreZeroOrEqualHaveASubgradient() {
    DMatrixRMaj rankOne = Formulas.matrix(3, 4, (i, j) -> (i - 0.5) * (j + 1.0));
    for (DMatrixRMaj x :
        List.of(
            new DMatrixRMaj(3, 2),
            new DMatrixRMaj(1, 1),
            identity(3),
            rankOne,
            Formulas.transposed(rankOne),
            Matrices.of(1, 3, 0.0, 0.0, 0.0))) {
      try (Tape tape = Tape.create()) {
        Variable a = tape.variable(x);
        Variable nuclear = a.singularValues().sum();
        Variable spectral = a.singularValues().element(0, 0);
        // g is a subgradient of a norm at x if ⟨g, x⟩ = ‖x‖ and its dual norm is at most 1
        Variable g = tape.constant(tape.gradients(nuclear).of(a));
        assertSame(nuclear, g.dot(a));
        assertTrue(g.singularValues().get(0, 0) <= 1.0 + 1e-12);
        Variable h = tape.constant(tape.gradients(spectral).of(a));
        assertSame(spectral, h.dot(a));
        assertTrue(h.singularValues().sum().toDouble() <= 1.0 + 1e-12);
      }
    }
  }

  @Test
  void aSpectralNormHasSecondDerivativesWhereItsOtherValuesAreEqualOrZero() {
    GradientCheck check = GradientCheck.of(x -> x[0].singularValues().element(0, 0)).secondOrder();
    DMatrixRMaj rankOne = Formulas.matrix(3, 4, (i, j) -> (i - 0.5) * (j + 1.0));
    check.at(rankOne).requirePassed();
    check.at(Formulas.transposed(rankOne)).requirePassed();
    check.at(Matrices.of(3, 3, 3.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)).requirePassed();
  }

  @Test
  void singularValuesNeitherOverflowNorUnderflowOnTheWay() {
    DMatrixRMaj x = gaussian(3, 4, 5L);
    for (double factor : new double[] {0x1p700, 0x1p-700, 0x1p1000, 0x1p-1000}) {
      try (Tape tape = Tape.create()) {
        Variable a = tape.constant(x);
        Variable scaled = tape.variable(Formulas.map(x, entry -> factor * entry));
        assertSame(a.singularValues(), scaled.singularValues().divide(factor));
        assertSame(a.leftSingularVectors(), scaled.leftSingularVectors());
        DMatrixRMaj bar = gaussian(3, 3, 6L);
        for (double slope : tape.gradients(scaled.leftSingularVectors(), bar).of(scaled).data) {
          assertTrue(Double.isFinite(slope));
        }
      }
    }
  }

  // ---- what is not a number -----------------------------------------------------------------

  @Test
  void notANumberAnywhereGivesNotANumberEverywhere() {
    List<Function<Variable, Variable>> ops =
        List.of(
            Variable::inverse,
            Variable::cholesky,
            Variable::det,
            Variable::cofactor,
            Variable::logDet,
            Variable::logAbsDet,
            Variable::singularValues,
            Variable::leftSingularVectors,
            Variable::rightSingularVectors,
            x -> x.detHessian(x),
            x -> x.solve(x.tape().zeros(3, 2)));
    for (Function<Variable, Variable> op : ops) {
      for (int at = 0; at < 9; at++) {
        DMatrixRMaj x = new DMatrixRMaj(3, 3); // singular but for that entry
        x.data[at] = Double.NaN;
        try (Tape tape = Tape.create()) {
          Variable y = op.apply(tape.constant(x));
          for (double entry : y.toMatrix().data) {
            assertTrue(Double.isNaN(entry), y.toString());
          }
        }
      }
    }
  }

  @Test
  void notANumberOnTheRightStaysInItsColumn() {
    try (Tape tape = Tape.create()) {
      Variable b = tape.constant(Matrices.of(2, 2, Double.NaN, 1.0, 0.0, 1.0));
      Variable a = tape.constant(Matrices.of(2, 2, 2.0, 1.0, 1.0, 1.0));
      for (Variable x : List.of(a.solve(b), a.solveTriangular(b, Triangle.LOWER))) {
        assertTrue(Double.isNaN(x.get(0, 0)));
        assertTrue(Double.isNaN(x.get(1, 0)));
        assertTrue(Double.isFinite(x.get(0, 1)));
        assertTrue(Double.isFinite(x.get(1, 1)));
      }
    }
  }

  @Test
  void infinityGivesNoSingularValues() {
    try (Tape tape = Tape.create()) {
      Variable a = tape.constant(Matrices.of(2, 2, 1.0, 0.0, -INFINITY, 1.0));
      assertTrue(Double.isNaN(a.singularValues().get(0, 0)));
      assertTrue(Double.isNaN(a.rightSingularVectors().get(1, 1)));
    }
  }
}
