package io.github.backstay.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/** Plants wrong rules, each wrong in its own way, and looks whether the check finds them. */
class GradientCheckTest {

  private static final DMatrixRMaj SQUARE = Matrices.gaussian(3, 3, Matrices.random(5L));

  /** An op given by two functions of variables; its value is computed on a tape of its own. */
  private record Planted(String name, UnaryOperator<Variable> f, Rule rule) implements Op.Unary {
    interface Rule {
      Variable of(Variable x, Variable y, Variable yBar);
    }

    @Override
    public DMatrixRMaj forward(Workspace workspace, DMatrixRMaj x) {
      try (Tape tape = Tape.create()) {
        return f.apply(tape.constant(x)).toMatrix();
      }
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return rule.of(x, y, yBar);
    }
  }

  /** Squares; the factors of both forms of the rule can be chosen. */
  private record TwoForms(double plainFactor, double inPlaceFactor)
      implements Op.Unary, Op.InPlace {
    @Override
    public DMatrixRMaj forward(Workspace workspace, DMatrixRMaj x) {
      return Formulas.map(x, v -> v * v);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMult(x).scale(plainFactor);
    }

    @Override
    public void accumulate(
        int input,
        Workspace workspace,
        DMatrixRMaj[] inputs,
        DMatrixRMaj output,
        DMatrixRMaj outputBar,
        Accumulator inputBar) {
      DMatrixRMaj bar = outputBar;
      inputBar.add(
          Formulas.matrix(
              bar.numRows,
              bar.numCols,
              (i, j) -> inPlaceFactor * bar.get(i, j) * inputs[0].get(i, j)));
    }
  }

  private static GradientCheck check(Op.Unary op) {
    return GradientCheck.of(x -> x[0].sin().apply(op).tanh());
  }

  private static void assertFound(Op.Unary op) {
    GradientCheck.Report report = check(op).at(SQUARE);
    assertFalse(report.passed(), () -> op.name() + " must be found");
    assertEquals(op.name(), report.op());
    assertEquals(9, report.entries());
    AssertionError error = assertThrows(AssertionError.class, report::requirePassed);
    assertEquals(report.toString(), error.getMessage());
    assertTrue(
        report.toString().contains("; the rule of op " + op.name() + " fails by itself\n"),
        report::toString);
  }

  private static Planted planted(String name, UnaryOperator<Variable> f, Planted.Rule rule) {
    return new Planted(name, f, rule);
  }

  @Test
  void rightRulesPass() {
    Op.Unary right =
        planted("right", Variable::square, (x, y, yBar) -> yBar.elementMult(x).scale(2.0));
    check(right).at(SQUARE).requirePassed();
    check(right).secondOrder().at(SQUARE).requirePassed();
    check(new TwoForms(2.0, 2.0)).at(SQUARE).requirePassed();
    GradientCheck.Report report = check(right).at(SQUARE);
    assertNull(report.op());
    assertTrue(report.worst() < GradientCheck.DEFAULT_TOLERANCE);
    assertEquals("gradientCheck, order 1: 0 of 9 entries differ", report.toString());
  }

  @Test
  void findsAWrongFactor() {
    assertFound(
        planted("factor", Variable::square, (x, y, yBar) -> yBar.elementMult(x).scale(1.999999)));
  }

  @Test
  void findsAWrongSign() {
    assertFound(planted("signed", Variable::cos, (x, y, yBar) -> yBar.elementMult(x.sin())));
  }

  @Test
  void findsAMissingTermThatCancelsWithOnes() {
    Op.Unary centred =
        planted("centred", x -> x.scale(2.0).minus(x.mean(Axis.ROWS)), (x, y, yBar) -> yBar);
    assertFound(centred);
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(SQUARE);
      DMatrixRMaj ones = tape.zeros(3, 3).plus(1.0).toMatrix();
      Matrices.assertBits(
          ones, tape.gradients(x.apply(centred), ones).of(x), "ones would hide the mistake");
    }
  }

  @Test
  void findsAMistakeOffTheDiagonalOnly() {
    DMatrixRMaj factors = Formulas.matrix(3, 3, (i, j) -> i == j ? 3.0 : 3.00001);
    Op.Unary op =
        planted(
            "offDiagonal",
            x -> x.scale(3.0),
            (x, y, yBar) -> yBar.elementMult(yBar.tape().constant(factors)));
    assertFound(op);
    GradientCheck.Report alone = GradientCheck.of(x -> x[0].apply(op)).at(SQUARE);
    assertEquals(6, alone.mismatches().size());
    assertTrue(alone.mismatches().stream().allMatch(m -> m.row() != m.col()));
  }

  @Test
  void findsATransposedRule() {
    assertFound(planted("transposed", x -> x.scale(1.0), (x, y, yBar) -> yBar.transpose()));
  }

  @Test
  void findsARuleThatIsWrongInSecondOrderOnly() {
    Op.Unary op =
        planted("half", Variable::sin, (x, y, yBar) -> yBar.elementMult(x.detach().cos()));
    check(op).at(SQUARE).requirePassed();
    GradientCheck.Report report = check(op).secondOrder().at(SQUARE);
    assertFalse(report.passed());
    assertEquals(2, report.order());
    assertEquals("half", report.op());
  }

  @Test
  void findsNaNInARule() {
    assertFound(
        planted(
            "notANumber",
            x -> x.scale(1.0),
            (x, y, yBar) -> yBar.elementMult(x.minus(x).elementDiv(x.minus(x)))));
  }

  @Test
  void findsNaNInAValue() {
    GradientCheck.Report report =
        GradientCheck.of(x -> x[0].log()).at(Matrices.of(1, 2, 2.0, -1.0));
    assertEquals(2, report.mismatches().size());
    assertTrue(Double.isNaN(report.worst()));
    assertTrue(report.toString().contains("numeric NaN"), report::toString);
  }

  @Test
  void findsAKinkUnderThePoint() {
    assertFalse(GradientCheck.of(x -> x[0].relu()).at(Matrices.of(1, 1, 0.0)).passed());
  }

  @Test
  void findsARuleOfTheWrongShape() {
    Op.Unary op = planted("collapsed", x -> x.scale(1.0), (x, y, yBar) -> yBar.sum());
    ShapeException e = assertThrows(ShapeException.class, () -> check(op).at(SQUARE));
    assertEquals(
        "collapsed: the rule of input 0 returned a cotangent of shape 1×1, but the input is 3×3 (a"
            + " cotangent has the shape of its variable). Correct the op's vjp.",
        e.getMessage());
  }

  @Test
  void findsAnInPlaceFormThatDiffersFromTheRule() {
    assertFound(new TwoForms(2.0, 2.00001));
    assertFound(new TwoForms(2.00001, 2.0));
  }

  @Test
  void findsWhatAFunctionHidesFromTheTape() {
    Function<Variable[], Variable> detached = x -> x[0].elementMult(x[0].detach());
    GradientCheck.Report report = GradientCheck.of(detached).at(SQUARE);
    assertEquals(9, report.mismatches().size());
    assertNull(report.op());
    GradientCheck.Report constant =
        GradientCheck.of(x -> x[0].tape().constant(x[0].toMatrix())).at(SQUARE);
    assertEquals(9, constant.mismatches().size());
  }

  @Test
  void theReportNamesEverythingThatIsNeeded() {
    Op.Binary op =
        new Op.Binary() {
          @Override
          public String name() {
            return "tripled";
          }

          @Override
          public DMatrixRMaj forward(Workspace workspace, DMatrixRMaj a, DMatrixRMaj b) {
            return Matrices.combined(1.0, a, 3.0, b);
          }

          @Override
          public Variable vjpLeft(Variable a, Variable b, Variable c, Variable cBar) {
            return cBar;
          }

          @Override
          public Variable vjpRight(Variable a, Variable b, Variable c, Variable cBar) {
            return cBar.scale(2.0);
          }
        };
    DMatrixRMaj a = Matrices.of(2, 5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10);
    GradientCheck.Report report = GradientCheck.of(x -> x[0].apply(op, x[1])).at(a, a);
    assertEquals(20, report.entries());
    assertEquals(10, report.mismatches().size());
    GradientCheck.Mismatch first = report.mismatches().get(0);
    assertEquals(1, first.input());
    assertEquals(0, first.row());
    assertEquals(0, first.col());
    assertEquals(1e-3, first.step());
    assertEquals(1e-9, first.tolerance());
    assertEquals(1.5, first.numeric() / first.analytic(), 1e-9);
    assertEquals(0.01, report.mismatches().get(9).step(), 1e-15);
    assertEquals(
        String.format(
            Locale.ROOT,
            "input 1, entry (0, 0): analytic %.12g, numeric %.12g, difference %.3g (step 1.0e-03,"
                + " tolerance 1.0e-09)",
            first.analytic(),
            first.numeric(),
            Math.abs(first.analytic() - first.numeric())),
        first.toString());
    String text = report.toString();
    assertTrue(
        text.startsWith(
            "gradientCheck, order 1: 10 of 20 entries differ; the rule of op tripled fails by"
                + " itself\n  input 1, entry (0, 0): analytic "),
        text);
    assertTrue(text.endsWith("\n  and 2 more"), text);
  }

  @Test
  void inputsStayUnchanged() {
    DMatrixRMaj x = SQUARE.copy();
    GradientCheck.of(v -> v[0].exp().mult(v[0])).secondOrder().at(x).requirePassed();
    Matrices.assertBits(SQUARE, x, "input");
  }

  @Test
  void theSameSeedGivesTheSameReport() {
    GradientCheck check = GradientCheck.of(x -> x[0].exp()).withSeed(3L);
    assertEquals(check.at(SQUARE).worst(), check.at(SQUARE).worst());
  }

  @Test
  void refusesBadSettings() {
    GradientCheck check = GradientCheck.of(x -> x[0]);
    for (double bad : new double[] {0.0, -1.0, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> check.withStep(bad));
      assertThrows(IllegalArgumentException.class, () -> check.withTolerance(bad));
    }
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> new GradientCheck(x -> x[0], 0.1, 1e-9, 3, 1L));
    assertEquals(
        "gradientCheck: step and tolerance must be positive and finite and the order 1 or 2, got"
            + " step 0.1, tolerance 1.0E-9, order 3.",
        e.getMessage());
  }

  @Test
  void settingsAreKept() {
    GradientCheck check =
        GradientCheck.of(x -> x[0]).withStep(0.01).withTolerance(1e-6).withSeed(7L).secondOrder();
    assertEquals(0.01, check.step());
    assertEquals(1e-6, check.tolerance());
    assertEquals(7L, check.seed());
    assertEquals(2, check.order());
  }
}
