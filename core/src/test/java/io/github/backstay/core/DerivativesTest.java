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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DerivativesTest {

  private final RandomGenerator random = Matrices.random(6L);
  private final DMatrixRMaj a = Matrices.gaussian(2, 3, random);
  private final DMatrixRMaj b = Matrices.gaussian(3, 2, random);
  private final Tape tape = Tape.create();

  @AfterEach
  void closeTape() {
    tape.close();
  }

  /** 2×3 and 3×2 to 2×2, with every kind of curvature. */
  private static Variable curved(Variable x, Variable y) {
    return x.tanh().mult(y.softplus()).plus(x.mult(y).sin()).elementMult(x.softmax().mult(y));
  }

  private static DMatrixRMaj column(DMatrixRMaj x) {
    return new DMatrixRMaj(x.data.length, 1, true, x.data);
  }

  @Test
  void hessianTimesVectorIsTheProductWithTheHessian() {
    Variable x = tape.variable(a);
    Variable y = tape.variable(b);
    Variable f = curved(x, y).square().sum();
    DMatrixRMaj v = Matrices.gaussian(2, 3, random);
    DMatrixRMaj hessian = Derivatives.hessian(f, x);
    DMatrixRMaj product = Derivatives.hessianVectorProduct(f, List.of(x), List.of(v)).get(0);
    assertEquals(new Shape(6, 6), Shape.of(hessian));
    Matrices.assertClose(Formulas.product(hessian, column(v)), column(product), 1e-12, "H·v");
    Matrices.assertClose(Formulas.transposed(hessian), hessian, 1e-12, "symmetry");
  }

  @Test
  void hessianTimesVectorCoversTheMixedBlocks() {
    Variable x = tape.variable(a);
    Variable y = tape.variable(b);
    Variable f = curved(x, y).square().sum();
    DMatrixRMaj v = Matrices.gaussian(2, 3, random);
    DMatrixRMaj u = Matrices.gaussian(3, 2, random);
    List<DMatrixRMaj> both = Derivatives.hessianVectorProduct(f, List.of(x, y), List.of(v, u));
    DMatrixRMaj mixed = Derivatives.jacobian(Derivatives.gradient(f, x), y);
    DMatrixRMaj expected =
        Matrices.combined(
            1.0,
            Formulas.product(Derivatives.hessian(f, x), column(v)),
            1.0,
            Formulas.product(mixed, column(u)));
    Matrices.assertClose(expected, column(both.get(0)), 1e-11, "H_xx·v + H_xy·u");
    DMatrixRMaj other =
        Matrices.combined(
            1.0,
            Formulas.product(Formulas.transposed(mixed), column(v)),
            1.0,
            Formulas.product(Derivatives.hessian(f, y), column(u)));
    Matrices.assertClose(other, column(both.get(1)), 1e-11, "H_yx·v + H_yy·u");
  }

  @Test
  void theHessianOfAQuadraticFormIsItsMatrix() {
    DMatrixRMaj m = Matrices.gaussian(3, 3, random);
    DMatrixRMaj symmetric = Matrices.combined(1.0, m, 1.0, Formulas.transposed(m));
    Variable x = tape.variable(Matrices.gaussian(3, 1, random));
    Variable f = x.multTransA(tape.constant(symmetric)).mult(x).scale(0.5);
    Matrices.assertClose(symmetric, Derivatives.hessian(f, x), 1e-13, "hessian");
    Matrices.assertBits(new DMatrixRMaj(3, 3), Derivatives.hessian(x.sum(), x), "of a sum");
    Matrices.assertBits(
        new DMatrixRMaj(3, 1),
        Derivatives.hessianVectorProduct(x.sum(), List.of(x), List.of(x.toMatrix())).get(0),
        "of a sum");
  }

  @Test
  void theJacobianMatchesDifferences() {
    Variable x = tape.variable(a);
    Variable y = tape.constant(b);
    DMatrixRMaj jacobian = Derivatives.jacobian(curved(x, y), x);
    assertEquals(new Shape(4, 6), Shape.of(jacobian));
    double h = 1e-3;
    double[] weights = {1.0, -8.0, 8.0, -1.0};
    double[] offsets = {-2.0, -1.0, 1.0, 2.0};
    DMatrixRMaj numeric = new DMatrixRMaj(4, 6);
    for (int j = 0; j < 6; j++) {
      for (int k = 0; k < 4; k++) {
        DMatrixRMaj moved = a.copy();
        moved.data[j] += offsets[k] * h;
        DMatrixRMaj value = curved(tape.constant(moved), y).toMatrix();
        for (int i = 0; i < 4; i++) {
          numeric.add(i, j, weights[k] * value.data[i] / (12.0 * h));
        }
      }
    }
    Matrices.assertClose(numeric, jacobian, 1e-9, "jacobian");
  }

  @Test
  void bothProductsWithTheJacobianAreThoseOfTheMatrix() {
    Variable x = tape.variable(a);
    Variable y = tape.variable(b);
    Variable f = curved(x, y);
    DMatrixRMaj v = Matrices.gaussian(2, 3, random);
    DMatrixRMaj u = Matrices.gaussian(2, 2, random);
    DMatrixRMaj jacobian = Derivatives.jacobian(f, x);
    int size = tape.size();
    DMatrixRMaj forward = Derivatives.jacobianVectorProduct(f, x, v);
    DMatrixRMaj reverse = Derivatives.vectorJacobianProduct(f, x, u);
    assertEquals(size, tape.size(), "both leave the tape as it was");
    Matrices.assertClose(Formulas.product(jacobian, column(v)), column(forward), 1e-12, "J·v");
    Matrices.assertClose(
        Formulas.product(Formulas.transposed(jacobian), column(u)), column(reverse), 1e-12, "Jᵀ·u");
    assertEquals(Matrices.inner(u, forward), Matrices.inner(reverse, v), 1e-12);
    Gradients gradients = tape.gradients(f, u);
    Matrices.assertClose(reverse, gradients.of(x), 1e-12, "the ordinary sweep");
    assertTrue(gradients.reaches(y));
  }

  @Test
  void productsOfConstantFunctionsAreZero() {
    Variable x = tape.variable(a);
    Variable y = tape.variable(b);
    Variable f = y.square();
    Matrices.assertBits(new DMatrixRMaj(6, 6), Derivatives.jacobian(f, x), "jacobian");
    Matrices.assertBits(new DMatrixRMaj(3, 2), Derivatives.jacobianVectorProduct(f, x, a), "J·v");
    Matrices.assertBits(new DMatrixRMaj(2, 3), Derivatives.vectorJacobianProduct(f, x, b), "Jᵀ·u");
    Matrices.assertBits(new DMatrixRMaj(6, 6), Derivatives.jacobian(x.detach(), x), "detached");
    Matrices.assertBits(
        new DMatrixRMaj(2, 3), Derivatives.gradient(f.sum(), x).toMatrix(), "gradient");
    assertFalse(Derivatives.gradient(f.sum(), x).isTracked());
    Matrices.assertBits(a, Derivatives.jacobianVectorProduct(x, x, a), "identity");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void gradientsNestToTheThirdOrder(boolean recycling) {
    Tape own = (recycling ? Tape.builder().recycleVariables() : Tape.builder()).build();
    for (double at : new double[] {0.7, -1.3, 0.0}) {
      Variable x = own.variable(at);
      Variable f = x.power(4.0).elementMult(x.sin());
      Variable first = Derivatives.gradient(f, x);
      Variable second = Derivatives.gradient(first, x);
      Variable third = Derivatives.gradient(second, x);
      double s = Math.sin(at);
      double c = Math.cos(at);
      double p = at * at;
      assertEquals(4 * p * at * s + p * p * c, first.toDouble(), 1e-13);
      assertEquals((12 * p - p * p) * s + 8 * p * at * c, second.toDouble(), 1e-13);
      assertEquals((24 * at - 12 * p * at) * s + (36 * p - p * p) * c, third.toDouble(), 1e-12);
      assertEquals(third.toDouble(), own.gradients(second).of(x).get(0, 0), 1e-13);
      own.reset();
    }
  }

  @Test
  void aGradientCanBePartOfALoss() {
    GradientCheck.of(
            x -> {
              Variable f = curved(x[0], x[1]).square().sum();
              return Derivatives.gradient(f, x[0]).square().sum().plus(f);
            })
        .withStep(1e-4) // a product of four curved factors has large fifth derivatives
        .at(Matrices.combined(0.3, a, 0.0, a), Matrices.combined(0.3, b, 0.0, b))
        .requirePassed();
  }

  @Test
  void differentiatesByIntermediateResults() {
    Variable x = tape.variable(a);
    Variable y = x.square();
    Variable f = y.sin().sum();
    List<Variable> gradients = tape.recordedGradients(f, List.of(y, x, y, f));
    Matrices.assertClose(
        Formulas.map(y.toMatrix(), Math::cos), gradients.get(0).toMatrix(), 1e-15, "y");
    Matrices.assertClose(
        Formulas.map(a, v -> 2.0 * v * Math.cos(v * v)), gradients.get(1).toMatrix(), 1e-15, "x");
    Matrices.assertBits(gradients.get(0).toMatrix(), gradients.get(2).toMatrix(), "y again");
    assertEquals(1.0, gradients.get(3).toDouble());
  }

  @Test
  void theRecordedGradientIsLinearInItsCotangent() {
    Variable x = tape.variable(a);
    Variable f = x.exp();
    Variable cotangent = tape.variable(Matrices.gaussian(2, 3, random));
    Variable gradient = tape.recordedGradients(f, cotangent, List.of(x)).get(0);
    Matrices.assertBits(f.toMatrix(), tape.gradients(gradient.sum()).of(cotangent), "eˣ");
  }

  @Test
  void refusesVectorsThatDoNotFit() {
    Variable x = tape.variable(a);
    Variable f = x.square().sum();
    assertMessage(
        IllegalArgumentException.class,
        "hessianVectorProduct: 1 variables, but 2 vectors (need one per variable).",
        () -> Derivatives.hessianVectorProduct(f, List.of(x), List.of(a, a)));
    assertMessage(
        ShapeException.class,
        "hessianVectorProduct (variable, vector): shapes differ: left is 2×3, right is 3×2 (both"
            + " must have the same shape).",
        () -> Derivatives.hessianVectorProduct(f, List.of(x), List.of(b)));
    assertMessage(
        ShapeException.class,
        "jacobianVectorProduct (variable, direction): shapes differ: left is 2×3, right is 3×2"
            + " (both must have the same shape).",
        () -> Derivatives.jacobianVectorProduct(f, x, b));
    assertThrows(ShapeException.class, () -> Derivatives.vectorJacobianProduct(x.square(), x, b));
    assertThrows(ShapeException.class, () -> Derivatives.gradient(x.square(), x));
    assertMessage(
        IllegalArgumentException.class,
        "recordedGradients: constant 1×1 (#5) cannot be differentiated by: it is a constant."
            + " Thaw the parameter, or make an input with tape.variable(…).",
        () -> {
          try (Tape other = Tape.create()) {
            Variable z = other.variable(1.0);
            Variable g = z.square().plus(0.0).plus(0.0).plus(0.0);
            assertTrue(Derivatives.gradient(g, other.constant(1.0)).isTracked());
          }
        });
  }
}
