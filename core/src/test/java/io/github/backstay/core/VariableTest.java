package io.github.backstay.core;

import static io.github.backstay.core.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.ops.Arithmetic;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VariableTest {

  private static final DMatrixRMaj A = Matrices.gaussian(2, 3, Matrices.random(1L));

  private final Tape tape = Tape.create();

  @AfterEach
  void closeTape() {
    tape.close();
  }

  @Test
  void readsItsValue() {
    Variable x = tape.variable(A);
    assertSame(tape, x.tape());
    assertEquals(new Shape(2, 3), x.shape());
    assertEquals(2, x.rows());
    assertEquals(3, x.cols());
    assertEquals(A.get(1, 2), x.get(1, 2));
    assertThrows(IllegalArgumentException.class, () -> x.get(2, 0));
    assertThrows(IllegalArgumentException.class, () -> x.get(0, 3));
    DMatrixRMaj copy = x.toMatrix();
    copy.set(0, 0, 99.0);
    assertNotSame(copy, x.toMatrix());
    assertEquals(A.get(0, 0), x.get(0, 0));
    DMatrixRMaj to = new DMatrixRMaj(2, 3);
    x.copyTo(to);
    Matrices.assertBits(A, to, "copyTo");
    assertNull(x.op());
    assertNull(x.parameter());
    assertSame(Arithmetic.Square.OP, x.square().op());
    assertEquals(2.5, tape.constant(2.5).toDouble());
  }

  @Test
  void refusesToReadItAsWhatItIsNot() {
    Variable x = tape.variable(A);
    assertMessage(
        ShapeException.class,
        "toDouble: the variable is 2×3 but must be 1×1. Use get(row, col).",
        () -> x.toDouble());
    assertMessage(
        ShapeException.class,
        "copyTo (variable, matrix): shapes differ: left is 2×3, right is 3×2 (both must have the"
            + " same shape).",
        () -> x.copyTo(new DMatrixRMaj(3, 2)));
  }

  @Test
  void saysWhatItIs() {
    Parameter p = new Parameter("encoder.weight", A);
    assertEquals("variable constant 1×1 (#0)", tape.constant(1.0).toString());
    assertEquals("variable free variable 2×3 (#1)", tape.variable(A).toString());
    assertEquals("variable parameter \"encoder.weight\" 2×3 (#2)", p.on(tape).toString());
    assertEquals("variable multTransA 3×3 (#3)", p.on(tape).multTransA(p.on(tape)).toString());
    Variable x = tape.variable(A);
    tape.reset();
    assertEquals("variable free variable (#4)", x.toString());
  }

  @Test
  void isTrackedWhereAGradientFlows() {
    Variable c = tape.constant(A);
    Variable x = tape.variable(A);
    assertFalse(c.square().isTracked());
    assertTrue(x.square().plus(c).isTracked());
    assertTrue(c.plus(x.square()).isTracked());
    assertFalse(x.detach().isTracked());
    assertFalse(x.sign().isTracked());
    assertFalse(x.step().where(c, c).isTracked());
    assertTrue(c.where(c, x).isTracked());
    assertFalse(x.where(c, c).isTracked());
    assertTrue(x.elementMult(x.detach()).isTracked());
    Parameter p = new Parameter("p", A);
    assertTrue(p.on(tape).isTracked());
    p.freeze();
    tape.reset();
    assertFalse(p.on(tape).isTracked());
  }

  @Test
  void penaltiesMarkWhatIsComputedFromThem() {
    Variable x = tape.variable(A);
    Variable penalty = x.square().sum().scale(0.5).asPenalty();
    assertFalse(x.square().sum().scale(0.5).isPenalty());
    assertTrue(x.squaredNorm(1.0).isPenalty());
    assertTrue(x.anchoredDistance(tape.constant(A), 1.0).isPenalty());
    assertTrue(penalty.isPenalty());
    assertTrue(penalty.scale(2.0).isPenalty());
    assertTrue(x.sum().plus(penalty).isPenalty());
    assertTrue(penalty.plus(x.sum()).isPenalty());
    assertTrue(penalty.concatRows(x.sum()).isPenalty());
    assertTrue(x.sum().affine(penalty, x.sum()).isPenalty());
    assertTrue(penalty.detach().isPenalty());
    assertTrue(Derivatives.gradient(penalty, x).isTracked());
    Matrices.assertBits(
        tape.gradients(x.squaredNorm(1.0)).of(x), tape.gradients(penalty).of(x), "same gradient");
  }

  @Test
  void refusesToKeepAGradientThatIsNotThere() {
    Variable c = tape.constant(A);
    assertMessage(
        IllegalArgumentException.class,
        "keepGradient: constant 2×3 (#0) has no gradient. Make it with tape.variable(…) to"
            + " differentiate by it.",
        () -> c.keepGradient());
  }

  @Test
  void likeMeansItselfWhereNothingIsToDo() {
    Variable x = tape.variable(A);
    assertSame(x, x.broadcastTo(x));
    assertSame(x, x.sumTo(x));
    assertEquals(x.shape(), x.sumCols().broadcastTo(x).shape());
    assertEquals(new Shape(1, 3), x.sumTo(x.sumCols()).shape());
  }

  @Test
  void ejmlsNamesMeanWhatTheyMeanThere() {
    Variable x = tape.variable(Matrices.of(2, 3, 1, 2, 3, 10, 20, 30));
    Matrices.assertBits(Matrices.of(2, 1, 6, 60), x.sumRows().toMatrix(), "sumRows");
    Matrices.assertBits(Matrices.of(1, 3, 11, 22, 33), x.sumCols().toMatrix(), "sumCols");
    assertEquals(66.0, x.sum().toDouble());
    assertEquals(11.0, x.mean().toDouble());
    assertEquals(1414.0, x.dot(x).toDouble());
  }

  @Test
  void functionsAreAccurateWhereTheirNaiveFormIsNot() {
    assertEquals(1e-12 + 5e-25, tape.constant(1e-12).expm1().toDouble(), 1e-27);
    assertEquals(1e-12 - 5e-25, tape.constant(1e-12).log1p().toDouble(), 1e-27);
    Variable far = tape.constant(Matrices.of(1, 2, 1000.0, 1000.0));
    assertEquals(1000.0 + Math.log(2.0), far.logSumExp().toDouble(), 1e-12);
    Matrices.assertClose(Matrices.of(1, 2, 0.5, 0.5), far.softmax().toMatrix(), 1e-15, "softmax");
    assertEquals(Math.log(2.0), far.crossEntropy(0).toDouble(), 1e-12);
    Variable low = tape.constant(Matrices.of(1, 2, -1000.0, -1001.0));
    assertEquals(-1000.0 + Math.log1p(Math.exp(-1.0)), low.logSumExp().toDouble(), 1e-12);
  }

  @Test
  void logSumExpOfMinusInfinityIsMinusInfinity() {
    double low = Double.NEGATIVE_INFINITY;
    assertEquals(low, tape.constant(Matrices.of(1, 2, low, low)).logSumExp().toDouble());
    assertEquals(3.0, tape.constant(Matrices.of(1, 2, low, 3.0)).logSumExp().toDouble());
    assertTrue(
        Double.isNaN(tape.constant(Matrices.of(1, 2, Double.NaN, 3.0)).logSumExp().toDouble()));
    Matrices.assertBits(
        Matrices.of(1, 2, 0.0, 1.0),
        tape.constant(Matrices.of(1, 2, low, 3.0)).softmax().toMatrix(),
        "masked softmax");
    Variable x = tape.variable(Matrices.of(1, 2, low, 3.0));
    Matrices.assertBits(
        Matrices.of(1, 2, 0.0, 0.0), tape.gradients(x.crossEntropy(1)).of(x), "masked class");
  }

  @Test
  void whatWhereDoesNotChooseDoesNoHarm() {
    double nan = Double.NaN;
    Variable mask = tape.constant(Matrices.of(1, 3, 1.0, 0.0, -2.0));
    Variable a = tape.variable(Matrices.of(1, 3, 1.0, nan, 3.0));
    Variable b = tape.variable(Matrices.of(1, 3, nan, 2.0, Double.POSITIVE_INFINITY));
    Variable y = mask.where(a, b);
    Matrices.assertBits(Matrices.of(1, 3, 1.0, 2.0, 3.0), y.toMatrix(), "value");
    Gradients gradients = tape.gradients(y.square().sum());
    Matrices.assertBits(Matrices.of(1, 3, 2.0, 0.0, 6.0), gradients.of(a), "a");
    Matrices.assertBits(Matrices.of(1, 3, 0.0, 4.0, 0.0), gradients.of(b), "b");
  }

  @Test
  void thePullIsFiniteAndExactlyZeroAtTheAnchor() {
    Variable w = tape.variable(A);
    Variable a = tape.variable(A);
    Variable pull = w.anchoredDistance(a, 3.0);
    assertEquals(0.0, pull.toDouble());
    Matrices.assertBits(new DMatrixRMaj(2, 3), tape.gradients(pull).of(w), "at the anchor");
    Matrices.assertBits(new DMatrixRMaj(2, 3), tape.gradients(pull).of(a), "at the anchor");
  }

  @Test
  void pullsAndMeansHaveTheFactorsOfTheirFormula() {
    Variable w = tape.variable(Matrices.of(1, 2, 3.0, 5.0));
    Variable a = tape.constant(Matrices.of(1, 2, 1.0, 1.0));
    assertEquals(0.5 * 0.1 * 20.0, w.anchoredDistance(a, 0.1).toDouble(), 1e-15);
    assertEquals(0.5 * 0.1 * 34.0, w.squaredNorm(0.1).toDouble(), 1e-15);
    assertEquals(10.0, w.meanSquaredError(a).toDouble(), 1e-15);
    assertEquals(2.0, tape.gradients(w.meanSquaredError(a)).of(w).get(0, 0), 1e-15);
    Matrices.assertClose(
        Matrices.of(1, 2, 0.2, 0.4),
        tape.gradients(w.anchoredDistance(a, 0.1)).of(w),
        1e-15,
        "λ(W − A)");
  }

  @Test
  void reductionsOfNothingAreAsDocumented() {
    Variable none = tape.zeros(0, 3);
    assertEquals(0.0, none.sum().toDouble());
    assertTrue(Double.isNaN(none.mean().toDouble()));
    assertEquals(Double.NEGATIVE_INFINITY, none.logSumExp().toDouble());
    assertTrue(Double.isNaN(none.crossEntropy().toDouble()));
    assertTrue(Double.isNaN(none.meanSquaredError(none).toDouble()));
    Matrices.assertBits(new DMatrixRMaj(1, 3), none.sumCols().toMatrix(), "sumCols");
    Matrices.assertBits(
        new DMatrixRMaj(2, 3), tape.zeros(0, 3).segmentMean(Indices.of(0, 0)).toMatrix(), "groups");
  }
}
