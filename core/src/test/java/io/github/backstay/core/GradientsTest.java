package io.github.backstay.core;

import static io.github.backstay.core.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class GradientsTest {

  private final RandomGenerator random = Matrices.random(4L);
  private final Tape tape = Tape.create();
  private final Parameter a = new Parameter("a", Matrices.gaussian(2, 3, random));
  private final Parameter b = new Parameter("b", Matrices.gaussian(2, 3, random));
  private final Parameter table = new Parameter("table", Matrices.gaussian(100, 3, random));

  @AfterEach
  void closeTape() {
    tape.close();
  }

  @Test
  void listsParametersInTheOrderInWhichTheyCameOntoTheTape() {
    Variable loss = b.on(tape).square().sum().plus(a.on(tape).sum()).plus(b.on(tape).sum());
    Gradients gradients = tape.gradients(loss);
    assertEquals(List.of(b, a), gradients.parameters());
    assertEquals("gradients of b, a", gradients.toString());
    assertTrue(gradients.contains(a));
    assertFalse(gradients.contains(table));
    assertEquals(new Shape(2, 3), gradients.of(a).shape());
  }

  @Test
  void tellsACutPathFromAVanishingGradient() {
    Variable x = tape.variable(1.0);
    Variable loss = a.on(tape).scale(0.0).sum().plus(b.on(tape).detach().sum()).plus(x);
    Gradients gradients = tape.gradients(loss);
    assertTrue(gradients.reaches(a));
    assertFalse(gradients.reaches(b));
    assertTrue(gradients.reaches(x));
    assertTrue(gradients.reaches(a.on(tape)));
    assertFalse(gradients.reaches(b.on(tape)));
    assertFalse(gradients.reaches(table));
    assertFalse(gradients.reaches(loss));
    assertTrue(gradients.contains(b));
    assertEquals(0.0, gradients.of(b).squaredNorm());
    assertEquals(0, gradients.of(b).storedRows());
    Matrices.assertBits(new DMatrixRMaj(2, 3), gradients.of(b).toMatrix(), "zeros");
  }

  /** A loss whose gradients by a, b and rows 7 and 3 of the table are given numbers. */
  private Gradients given(double scale) {
    DMatrixRMaj ofA = new DMatrixRMaj(2, 3, true, 1.0, -2.0, 0.0, 0.5, 4.0, -1.0);
    DMatrixRMaj ofRows = new DMatrixRMaj(2, 3, true, 3.0, 0.0, 0.0, 0.0, -6.0, 0.0);
    Variable cut = b.on(tape).detach().sum();
    Variable free = tape.variable(5.0).scale(1e9);
    Variable rows = table.on(tape).gatherRows(7, 3).dot(tape.constant(ofRows));
    Variable loss = a.on(tape).dot(tape.constant(ofA)).plus(rows).scale(scale);
    return tape.gradients(loss.plus(cut).plus(free));
  }

  /**
   * Σ|g| = 17.5, Σg² = 67.25, Σ√|g| by hand, the largest is 6; the free variable is no parameter.
   */
  @Test
  void normsGoOverAllParametersTogether() {
    for (double scale : new double[] {1.0, 1e-250, 1e-170, 1e150, 1e250}) {
      Gradients gradients = given(scale);
      double tolerance = 1e-15 * 20.0 * scale;
      assertEquals(Math.sqrt(67.25) * scale, gradients.norm(), tolerance);
      assertEquals(Math.sqrt(67.25) * scale, gradients.norm(2.0, p -> true), tolerance);
      assertEquals(17.5 * scale, gradients.norm(1.0, p -> true), tolerance);
      assertEquals(6.0 * scale, gradients.norm(Double.POSITIVE_INFINITY, p -> true), tolerance);
      double roots = 4.0 + Math.sqrt(2.0) + Math.sqrt(0.5) + Math.sqrt(3.0) + Math.sqrt(6.0);
      assertEquals(roots * roots * scale, gradients.norm(0.5, p -> true), 10.0 * tolerance);
      double cubes = 1.0 + 8.0 + 0.125 + 64.0 + 1.0 + 27.0 + 216.0;
      assertEquals(Math.cbrt(cubes) * scale, gradients.norm(3.0, p -> true), tolerance);
      assertEquals(6.0 * scale, gradients.norm(1.0, p -> p == table) / 1.5, tolerance);
      assertEquals(0.0, gradients.norm(2.0, p -> p == b));
      assertEquals(0.0, gradients.norm(1.0, p -> false));
      tape.reset();
    }
  }

  @Test
  void aNormOfWhatIsNotFiniteIsNotFinite() {
    for (double p : new double[] {0.5, 1.0, 2.0, 3.0, Double.POSITIVE_INFINITY}) {
      for (double broken : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
        DMatrixRMaj ofA = new DMatrixRMaj(2, 3, true, 1.0, -2.0, 0.0, broken, 4.0, -1.0);
        Gradients gradients = tape.gradients(a.on(tape).dot(tape.constant(ofA)));
        assertEquals(broken, gradients.norm(p, any -> true), "p " + p);
        tape.reset();
      }
    }
  }

  @Test
  void refusesNormsThatAreNone() {
    Gradients gradients = given(1.0);
    for (double p : new double[] {0.0, -1.0, Double.NaN}) {
      assertMessage(
          IllegalArgumentException.class,
          "gradients: p must be greater than 0, got " + p + ".",
          () -> gradients.norm(p, any -> true));
    }
    tape.reset();
    assertThrows(IllegalStateException.class, gradients::norm);
  }

  @Test
  void refusesWhatItHasNoGradientFor() {
    Parameter frozen = new Parameter("frozen", a.toMatrix());
    frozen.freeze();
    Variable constant = tape.constant(2.0);
    Variable inner = a.on(tape).elementMult(frozen.on(tape));
    Gradients gradients = tape.gradients(inner.sum().elementMult(constant));
    assertMessage(
        IllegalArgumentException.class,
        "gradients: parameter \"b\" was not used on this tape (used: a). Call parameter.on(tape) in"
            + " the forward pass.",
        () -> gradients.of(b));
    assertMessage(
        IllegalArgumentException.class,
        "gradients: parameter \"frozen\" is frozen. Thaw it before the forward pass to get its"
            + " gradient.",
        () -> gradients.of(frozen));
    assertMessage(
        IllegalArgumentException.class,
        "gradients: no gradient was kept for elementMult 2×3 (#3). Call keepGradient() on it before"
            + " the sweep.",
        () -> gradients.of(inner));
    assertMessage(
        IllegalArgumentException.class,
        "gradients: no gradient was kept for constant 1×1 (#0). It is a constant; make it with"
            + " tape.variable(…) to differentiate by it.",
        () -> gradients.of(constant));
    Gradients ofNoParameter;
    try (Tape other = Tape.create()) {
      ofNoParameter = other.gradients(other.variable(1.0).square());
      assertMessage(
          IllegalArgumentException.class,
          "gradients: parameter \"b\" was not used on this tape (used: none). Call"
              + " parameter.on(tape) in the forward pass.",
          () -> ofNoParameter.of(b));
    }
    assertEquals("gradients (released)", ofNoParameter.toString());
  }

  @Test
  void nothingWorksAfterReset() {
    Variable x = tape.variable(1.0);
    Variable loss = table.on(tape).gatherRows(4, 4, 7).sum().plus(a.on(tape).sum()).plus(x);
    Gradients gradients = tape.gradients(loss);
    Gradient sparse = gradients.of(table);
    Gradient dense = gradients.of(a);
    tape.reset();
    List<Executable> uses =
        List.of(
            () -> gradients.of(a),
            () -> gradients.of(x),
            () -> gradients.reaches(a),
            () -> gradients.reaches(x),
            () -> gradients.contains(a),
            () -> gradients.parameters(),
            () -> sparse.storedRows(),
            () -> sparse.rowAt(0),
            () -> sparse.get(0, 0),
            () -> sparse.data(),
            () -> sparse.toMatrix(),
            () -> sparse.squaredNorm(),
            () -> dense.get(0, 0),
            () -> dense.data(),
            () -> dense.toMatrix(),
            () -> dense.isFinite());
    for (Executable use : uses) {
      assertMessage(
          IllegalStateException.class,
          "gradients: the tape has been reset or closed since (gradients live as long as the"
              + " step). Use them before reset(), or add them to a GradientSum.",
          use);
    }
    assertEquals("gradient 100×3 (released)", sparse.toString());
    assertEquals(new Shape(2, 3), dense.shape());
  }

  @Test
  void keepsTheGradientOfIntermediateResults() {
    Variable x = tape.variable(a.toMatrix());
    Variable y = x.square().keepGradient().keepGradient();
    Variable z = y.sin().keepGradient();
    Variable late = y.exp();
    Variable loss = z.sum().plus(y.sum());
    for (int times = 0; times < 2; times++) {
      Gradients gradients = tape.gradients(loss);
      Matrices.assertClose(
          Formulas.map(y.toMatrix(), v -> Math.cos(v) + 1.0), gradients.of(y), 1e-15, "y");
      Matrices.assertBits(Formulas.map(y.toMatrix(), v -> 1.0), gradients.of(z), "z");
      Matrices.assertClose(
          Formulas.map(x.toMatrix(), v -> 2.0 * v * (Math.cos(v * v) + 1.0)),
          gradients.of(x),
          1e-15,
          "x");
      assertThrows(IllegalArgumentException.class, () -> gradients.of(late));
    }
    late.keepGradient();
    Gradients later = tape.gradients(loss);
    assertFalse(later.reaches(late));
    Matrices.assertBits(new DMatrixRMaj(2, 3), later.of(late), "not on the path");
    assertTrue(tape.gradients(late.sum()).reaches(late));
    Variable total = x.sum().keepGradient();
    assertEquals(1.0, tape.gradients(total).of(total).get(0, 0));
  }

  @Test
  void keepsTheGradientOfAGatheredIntermediate() {
    Variable y = table.on(tape).scale(2.0).keepGradient();
    Gradients gradients = tape.gradients(y.gatherRows(3, 5, 3).sum());
    DMatrixRMaj expected = Formulas.matrix(100, 3, (i, j) -> i == 3 ? 2.0 : i == 5 ? 1.0 : 0.0);
    Matrices.assertBits(expected, gradients.of(y), "y");
    Matrices.assertBits(
        Matrices.combined(2.0, expected, 0.0, expected), gradients.of(table).toMatrix(), "table");
  }

  @Test
  void gatheringGivesARowSparseGradientWithTheBitsOfTheDenseOne() {
    int[] rows = new int[60];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = random.nextInt(40);
    }
    DMatrixRMaj cotangent = Matrices.gaussian(rows.length, 3, random);
    Variable y = table.on(tape).gatherRows(rows);
    Gradient gradient = tape.gradients(y, cotangent).of(table);
    DMatrixRMaj dense = tape.constant(cotangent).scatterRows(Indices.of(rows), 100).toMatrix();
    assertTrue(gradient.isRowSparse());
    assertTrue(gradient.storedRows() <= 40);
    Matrices.assertBits(dense, gradient.toMatrix(), "row-sparse");
    for (int i = 0; i < 100; i++) {
      for (int j = 0; j < 3; j++) {
        assertEquals(dense.get(i, j), gradient.get(i, j));
      }
    }
    for (int place = 0; place < gradient.storedRows(); place++) {
      assertEquals(dense.get(gradient.rowAt(place), 1), gradient.data()[place * 3 + 1]);
    }
    assertEquals(Matrices.inner(dense, dense), gradient.squaredNorm(), 1e-12);
    assertEquals("gradient 100×3, " + gradient.storedRows() + " rows stored", gradient.toString());
  }

  @Test
  void aDenseTermMakesARowSparseGradientDense() {
    Variable x = table.on(tape);
    DMatrixRMaj expected =
        Formulas.matrix(
            100, 3, (i, j) -> 0.5 * table.get(i, j) + (i == 2 ? 2.0 : i == 9 ? 1.0 : 0.0));
    for (boolean denseFirst : new boolean[] {true, false}) {
      Variable pull = denseFirst ? x.squaredNorm(0.5) : tape.zeros(1, 1);
      Variable gathered = x.gatherRows(2, 9).sum().plus(x.gatherRows(2).sum());
      Variable loss = gathered.plus(denseFirst ? pull : x.squaredNorm(0.5));
      Gradient gradient = tape.gradients(loss).of(table);
      assertFalse(gradient.isRowSparse());
      assertEquals(100, gradient.storedRows());
      assertEquals(7, gradient.rowAt(7));
      Matrices.assertClose(expected, gradient.toMatrix(), 1e-15, "both");
    }
    Gradient twice = tape.gradients(x.gatherRows(2, 9).sum().plus(x.gatherRows(2).sum())).of(table);
    assertEquals(2, twice.storedRows());
  }

  @Test
  void aGradientChecksItsIndices() {
    Variable x = table.on(tape);
    Gradient sparse = tape.gradients(x.gatherRows(1).sum()).of(table);
    Gradient dense = tape.gradients(x.sum()).of(table);
    for (Gradient gradient : List.of(sparse, dense)) {
      assertThrows(IndexOutOfBoundsException.class, () -> gradient.get(100, 0));
      assertThrows(IndexOutOfBoundsException.class, () -> gradient.get(0, 3));
      assertThrows(IndexOutOfBoundsException.class, () -> gradient.get(-1, 0));
    }
  }

  @Test
  void seesWhatIsNotFinite() {
    Variable x = table.on(tape);
    assertTrue(tape.gradients(x.gatherRows(1, 2).sum()).of(table).isFinite());
    Variable bad = x.gatherRows(1, 2).scale(Double.POSITIVE_INFINITY).sum();
    assertFalse(tape.gradients(bad).of(table).isFinite());
    Variable nan = x.minus(x).sqrt().sum(); // 1/0 − 1/0 in its rules
    assertFalse(tape.gradients(nan).of(table).isFinite());
  }

  @Test
  void aGradientBelongsToTheValuesItWasComputedAt() {
    Gradients gradients = tape.gradients(a.on(tape).square().sum());
    gradients.requireCurrent(a);
    a.set(0, 0, 2.5);
    assertMessage(
        IllegalStateException.class,
        "gradients: parameter \""
            + a.name()
            + "\" was changed after this gradient had been computed (a gradient belongs to the values"
            + " it was computed at). Compute it again.",
        () -> gradients.requireCurrent(a));
  }

  @Test
  void copiesAreTheCallersOwn() {
    Gradients gradients = tape.gradients(a.on(tape).square().sum());
    DMatrixRMaj copy = gradients.of(a).toMatrix();
    copy.set(0, 0, 1e9);
    assertEquals(2.0 * a.get(0, 0), gradients.of(a).get(0, 0));
    assertEquals(2.0 * a.get(0, 0), gradients.of(a.on(tape)).get(0, 0));
  }
}
