package io.github.backstay.benchmarks.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class ComparisonTest {

  private static boolean same(Tolerance tolerance, double expected, double actual) {
    Comparison check = new Comparison(tolerance);
    check.number("x", expected, actual);
    return check.differences().isEmpty();
  }

  @Test
  void smallNumbersAreHeldToAnAbsoluteErrorAndLargeOnesToARelative() {
    assertTrue(same(Tolerance.ORDINARY, 1e-20, 9e-10));
    assertFalse(same(Tolerance.ORDINARY, 0.0, 1.1e-9));
    assertTrue(same(Tolerance.ORDINARY, 1e6, 1e6 + 9e-4));
    assertFalse(same(Tolerance.ORDINARY, 1e6, 1e6 + 1.1e-3));
    assertTrue(same(Tolerance.TRAJECTORY, 0.5, 0.5 + 9e-8));
    assertFalse(same(Tolerance.TRAJECTORY, 0.5, 0.5 + 1.1e-7));
  }

  @Test
  void extremeNumbersAreHeldToTheirSize() {
    assertFalse(same(Tolerance.EXTREME, 1e-20, 1.1e-20));
    assertFalse(same(Tolerance.EXTREME, 0.0, 1e-300));
    assertTrue(same(Tolerance.EXTREME, 0.0, -0.0));
    assertTrue(same(Tolerance.EXTREME, 1e300, 1e300));
    assertTrue(same(Tolerance.EXTREME, Double.MIN_VALUE, 0.0), "one unit in the last place");
  }

  @Test
  void illConditionedMatricesAreHeldToTheirLargestEntry() {
    Comparison check = new Comparison(Tolerance.ILL_CONDITIONED);
    check.matrix("x", "", row(1e6, 0.0), row(1e6, 0.09));
    assertEquals(List.of(), check.differences());
    check.matrix("x", "", row(1e6, 0.0), row(1e6, 0.11));
    assertEquals(List.of("x(0, 1) is 0.11, expected 0.0"), check.differences());
  }

  @Test
  void specialNumbersEqualOnlyThemselvesExceptForTheSignOfZero() {
    double[] special = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1.0};
    for (Tolerance tolerance : Tolerance.values()) {
      for (double expected : special) {
        for (double actual : special) {
          assertEquals(
              Double.compare(expected, actual) == 0,
              same(tolerance, expected, actual),
              tolerance + ": " + expected + ", " + actual);
        }
      }
      assertTrue(same(tolerance, 0.0, -0.0));
      assertTrue(same(tolerance, -0.0, 0.0));
    }
  }

  @Test
  void shapesMustBeTheSameEvenWithoutEntries() {
    Comparison check = new Comparison(Tolerance.ORDINARY);
    check.matrix("output", "", new DMatrixRMaj(0, 3), new DMatrixRMaj(3, 0));
    assertEquals(List.of("output is 3×0, expected 0×3"), check.differences());
    assertEquals(Set.of("output"), check.differing());
    check.numbers("losses", "", new double[2], new double[3]);
    assertEquals("losses has 3 numbers, expected 2", check.differences().get(1));
  }

  @Test
  void worstErrorsAreThoseWithinTheTolerance() {
    Comparison check = new Comparison(Tolerance.ORDINARY);
    assertTrue(check.isEmpty());
    check.matrix("x", "", row(100.0, 2.0, 7.0), row(100.0 + 1e-8, 2.0 + 1e-9, 8.0));
    assertFalse(check.isEmpty());
    assertEquals(1e-8, check.worstAbsolute(), 1e-13);
    assertEquals(5e-10, check.worstRelative(), 1e-14);
  }

  @Test
  void twoAnswersOfOneProgramMustAgreeButAreNoReference() {
    Comparison check = new Comparison(Tolerance.EXTREME);
    check.consistent("recorded", "x", row(1e-20, 1.0), row(2e-20, 1.0));
    assertEquals(List.of(), check.differences());
    assertEquals(0.0, check.worstAbsolute());
    check.consistent("recorded", "x", row(1.0), row(1.1));
    assertEquals(List.of("recorded.x(0, 0) is 1.1, expected 1.0"), check.differences());
  }

  @Test
  void tagsOfTheCaseGoBeforeItsForm() {
    assertEquals(Tolerance.EXTREME, Tolerance.of(Set.of("extreme"), Tolerance.TRAJECTORY));
    assertEquals(Tolerance.TRAJECTORY, Tolerance.of(Set.of("kink"), Tolerance.TRAJECTORY));
    assertEquals(
        Tolerance.ILL_CONDITIONED, Tolerance.of(Set.of("ill_conditioned"), Tolerance.ORDINARY));
  }

  private static DMatrixRMaj row(double... values) {
    return DMatrixRMaj.wrap(1, values.length, values);
  }
}
