package io.github.backstay.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.ops.Reductions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;

/** Laws of the calculus, for operands, shapes and programs that nobody has chosen by hand. */
class CalculusLawsTest {

  /** Rounding of sums of at most some hundred terms of moderate size. */
  private static final double ROUNDING = 1e-12;

  @Provide
  Arbitrary<OpCase> rows() {
    return Arbitraries.of(OpCatalogue.ROWS.stream().filter(row -> !row.stops()).toList());
  }

  private static List<Shape> choice(OpCase row, RandomGenerator random) {
    return row.shapes().get(random.nextInt(row.shapes().size()));
  }

  private static boolean isFinite(DMatrixRMaj matrix) {
    for (int i = 0; i < matrix.getNumElements(); i++) {
      if (!Double.isFinite(matrix.data[i])) {
        return false;
      }
    }
    return true;
  }

  // ---- every rule of the catalogue ----------------------------------------------------------

  @Property(tries = 1000)
  void everyRuleIsLinearInItsCotangent(@ForAll("rows") OpCase row, @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    DMatrixRMaj[] operands = row.operands(choice(row, random), random);
    double f = random.nextGaussian();
    double g = random.nextGaussian();
    try (Tape tape = Tape.create()) {
      Variable[] leaves = row.leaves(tape, operands);
      Variable y = row.call().apply(leaves);
      DMatrixRMaj u = Matrices.gaussian(y.shape(), random);
      DMatrixRMaj v = Matrices.gaussian(y.shape(), random);
      Gradients ofU = tape.gradients(y, u);
      Gradients ofV = tape.gradients(y, v);
      Gradients ofBoth = tape.gradients(y, Matrices.combined(f, u, g, v));
      Gradients ofZero = tape.gradients(y, Matrices.combined(0.0, u, 0.0, v));
      for (int k = 0; k < leaves.length; k++) {
        if (row.isFree(k)) {
          Matrices.assertClose(
              Matrices.combined(f, ofU.of(leaves[k]), g, ofV.of(leaves[k])),
              ofBoth.of(leaves[k]),
              ROUNDING,
              row + ": operand " + k);
          DMatrixRMaj zero = ofZero.of(leaves[k]);
          for (int i = 0; i < zero.getNumElements(); i++) {
            assertEquals(0.0, Math.abs(zero.data[i]), row + ": zero cotangent");
          }
        }
      }
    }
  }

  @Property(tries = 1000)
  void theJacobianAndItsTransposeAreAdjoint(@ForAll("rows") OpCase row, @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    DMatrixRMaj[] operands = row.operands(choice(row, random), random);
    try (Tape tape = Tape.create()) {
      Variable[] leaves = row.leaves(tape, operands);
      Variable y = row.call().apply(leaves);
      if (!isFinite(y.toMatrix())) {
        return; // a mean of nothing
      }
      DMatrixRMaj v = Matrices.gaussian(y.shape(), random);
      for (int k = 0; k < leaves.length; k++) {
        if (row.isFree(k)) {
          DMatrixRMaj u = Matrices.gaussian(leaves[k].shape(), random);
          double left = Matrices.inner(v, Derivatives.jacobianVectorProduct(y, leaves[k], u));
          double right = Matrices.inner(tape.gradients(y, v).of(leaves[k]), u);
          Matrices.assertClose(left, right, ROUNDING, row + ": operand " + k);
        }
      }
    }
  }

  @Property(tries = 300)
  void theHessianIsSymmetric(@ForAll("rows") OpCase row, @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    DMatrixRMaj[] operands = row.operands(choice(row, random), random);
    try (Tape tape = Tape.create()) {
      Variable[] leaves = row.leaves(tape, operands);
      Variable y = row.call().apply(leaves);
      Variable f = y.dot(tape.constant(Matrices.gaussian(y.shape(), random)));
      for (int k = 0; k < leaves.length; k++) {
        if (row.isFree(k)) {
          DMatrixRMaj u = Matrices.gaussian(leaves[k].shape(), random);
          DMatrixRMaj v = Matrices.gaussian(leaves[k].shape(), random);
          List<Variable> x = List.of(leaves[k]);
          Matrices.assertClose(
              Matrices.inner(u, Derivatives.hessianVectorProduct(f, x, List.of(v)).get(0)),
              Matrices.inner(v, Derivatives.hessianVectorProduct(f, x, List.of(u)).get(0)),
              ROUNDING,
              row + ": operand " + k);
        }
      }
    }
  }

  // ---- the chain rule -----------------------------------------------------------------------

  /**
   * A random program: every line uses earlier lines, of all shapes that occur. Lines that could
   * grow end in tanh, so that a dozen of them stay smooth on the scale of a difference's step.
   */
  private static Variable program(Variable[] x, long seed, int lines) {
    RandomGenerator random = Matrices.random(seed);
    List<Variable> made = new ArrayList<>(List.of(x));
    for (int line = 0; line < lines; line++) {
      Variable a = made.get(random.nextInt(made.size()));
      Variable b = made.get(random.nextInt(made.size()));
      boolean same = a.shape().equals(b.shape());
      made.add(
          switch (random.nextInt(16)) {
            case 0 -> a.tanh();
            case 1 -> a.sin();
            case 2 -> a.sigmoid().minus(0.5);
            case 3 -> a.transpose();
            case 4 -> a.softmax(random.nextBoolean() ? Axis.ROWS : Axis.COLS);
            case 5 -> a.multTransB(a).tanh();
            case 6 -> a.multTransA(a).tanh();
            case 7 -> (same ? a.elementMult(b) : a.square()).tanh();
            case 8 -> (same ? a.plus(b) : a.minus(a.mean(Axis.ROWS))).scale(0.5);
            case 9 -> (a.cols() == b.rows() ? a.mult(b) : a.elementMult(a.sum(Axis.COLS))).tanh();
            case 10 -> a.gatherRows(Formulas.spread(a.rows() + 1, a.rows()));
            case 11 -> a.slice(0, Math.max(1, a.rows() - 1), 0, Math.max(1, a.cols() - 1));
            case 12 -> a.cols() == b.cols() ? a.concatRows(b, a) : a.logSoftmax().tanh();
            case 13 -> a.sumCols().softplus().broadcastTo(a.rows(), a.cols()).elementMult(a).tanh();
            case 14 -> same ? a.minus(b).scale(0.5) : a.negative();
            default -> a.elementDiv(a.square().plus(2.0));
          });
      // keep sizes within bounds
      Variable last = made.get(made.size() - 1);
      if (last.rows() * last.cols() > 24) {
        made.set(made.size() - 1, last.mean(Axis.COLS));
      }
    }
    Variable sum = made.get(0).mean();
    for (Variable variable : made) {
      sum = sum.plus(variable.tanh().sum());
    }
    return sum;
  }

  @Property(tries = 150)
  void theChainRuleHoldsForRandomPrograms(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int lines) {
    RandomGenerator random = Matrices.random(seed);
    DMatrixRMaj a = Matrices.gaussian(1 + random.nextInt(3), 1 + random.nextInt(4), random);
    DMatrixRMaj b = Matrices.gaussian(1 + random.nextInt(3), 1 + random.nextInt(4), random);
    // The h⁴ error is multiplied by fifth derivatives, far above 1 for a composition of a dozen
    // ops.
    GradientCheck.of(x -> program(x, seed, lines)).withStep(2e-4).at(a, b).requirePassed();
  }

  @Property(tries = 150)
  void allTapesAndBothSweepsAgreeOnRandomPrograms(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 15) int lines) {
    RandomGenerator random = Matrices.random(seed);
    DMatrixRMaj a = Matrices.gaussian(1 + random.nextInt(3), 1 + random.nextInt(4), random);
    DMatrixRMaj b = Matrices.gaussian(1 + random.nextInt(3), 1 + random.nextInt(4), random);
    try (Tape tape = Tape.create();
        Tape recycling = Tape.builder().recycleVariables().build();
        Tape debug = Tape.builder().debug().build()) {
      Variable[] x = {tape.variable(a), tape.variable(b)};
      Variable y = program(x, seed, lines);
      Gradients expected = tape.gradients(y);
      List<Variable> recorded = tape.recordedGradients(y, List.of(x));
      for (int round = 0; round < 3; round++) {
        for (Tape other : List.of(recycling, debug)) {
          Variable[] z = {other.variable(a), other.variable(b)};
          Gradients actual = other.gradients(program(z, seed, lines));
          for (int k = 0; k < 2; k++) {
            if (other == recycling) {
              Matrices.assertBits(expected.of(x[k]), actual.of(z[k]), "recycling");
            } else {
              Matrices.assertClose(expected.of(x[k]), actual.of(z[k]), 1e-11, "debug");
            }
          }
          other.reset();
        }
      }
      for (int k = 0; k < 2; k++) {
        Matrices.assertClose(
            expected.of(x[k]), recorded.get(k).toMatrix(), 1e-11, "recorded sweep");
        Matrices.assertBits(expected.of(x[k]), tape.gradients(y).of(x[k]), "asked again");
      }
    }
  }

  // ---- pairs of adjoints --------------------------------------------------------------------

  /** {@code ⟨v, A u⟩ = ⟨Aᵀ v, u⟩} for two linear maps. */
  private static void assertAdjoint(
      DMatrixRMaj u,
      Function<Variable, Variable> map,
      Function<Variable, Variable> adjoint,
      RandomGenerator random) {
    try (Tape tape = Tape.create()) {
      Variable image = map.apply(tape.constant(u));
      DMatrixRMaj v = Matrices.gaussian(image.shape(), random);
      Variable back = adjoint.apply(tape.constant(v));
      assertEquals(Shape.of(u), back.shape());
      Matrices.assertClose(
          Matrices.inner(v, image.toMatrix()),
          Matrices.inner(back.toMatrix(), u),
          ROUNDING,
          Objects.requireNonNull(image.op()).name());
    }
  }

  @Property(tries = 200)
  void everyPairOfAdjointsIsOne(
      @ForAll @IntRange(min = 0, max = 6) int m,
      @ForAll @IntRange(min = 0, max = 6) int n,
      @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    boolean row = random.nextBoolean();
    boolean column = random.nextBoolean();
    int fromRows = row ? 1 : m;
    int fromCols = column ? 1 : n;
    assertAdjoint(
        Matrices.gaussian(fromRows, fromCols, random),
        x -> x.broadcastTo(m, n),
        y -> y.sumTo(fromRows, fromCols),
        random);

    DMatrixRMaj u = Matrices.gaussian(m, n, random);
    int count = m == 0 ? 0 : random.nextInt(10);
    Indices rows = indices(count, m, random);
    assertAdjoint(u, x -> x.gatherRows(rows), y -> y.scatterRows(rows, m), random);

    int r0 = random.nextInt(m + 1);
    int r1 = r0 + random.nextInt(m - r0 + 1);
    int c0 = random.nextInt(n + 1);
    int c1 = c0 + random.nextInt(n - c0 + 1);
    assertAdjoint(u, x -> x.slice(r0, r1, c0, c1), y -> y.placeAt(r0, c0, m, n), random);

    if (n > 0) {
      Indices cols = indices(m, n, random);
      assertAdjoint(u, x -> x.pickFromRows(cols), y -> y.placeInCols(cols, n), random);
    }

    int[] ends = new int[1 + random.nextInt(4)];
    for (int b = 0; b < ends.length; b++) {
      int from = b == 0 ? 0 : ends[b - 1];
      ends[b] = b == ends.length - 1 ? m : from + random.nextInt(m - from + 1);
    }
    Indices groups = Indices.of(ends);
    assertAdjoint(u, x -> x.segmentMean(groups), y -> y.segmentSpread(groups), random);

    assertAdjoint(u, x -> x.transpose(), y -> y.transpose(), random);
    assertAdjoint(u, x -> x.reshape(n, m), y -> y.reshape(m, n), random);
    assertAdjoint(
        u,
        x -> x.concatRows(x.scale(2.0)),
        y -> y.slice(0, m, 0, n).plus(y.slice(m, 2 * m, 0, n).scale(2.0)),
        random);
    assertAdjoint(
        u,
        x -> x.concatCols(x.scale(2.0)),
        y -> y.slice(0, m, 0, n).plus(y.slice(0, m, n, 2 * n).scale(2.0)),
        random);
  }

  private static Indices indices(int count, int bound, RandomGenerator random) {
    int[] indices = new int[count];
    for (int i = 0; i < count; i++) {
      indices[i] = random.nextInt(bound);
    }
    return Indices.of(indices);
  }

  // ---- softmax, losses, sums ----------------------------------------------------------------

  @Property(tries = 200)
  void softmaxDoesNotSeeAShift(
      @ForAll @IntRange(min = 1, max = 6) int m,
      @ForAll @IntRange(min = 1, max = 6) int n,
      @ForAll Axis axis,
      @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    double shift = 64.0 * (random.nextInt(31) - 15); // exact in binary at this size of entries
    DMatrixRMaj x = Formulas.matrix(m, n, (i, j) -> random.nextInt(1 << 20) / 262144.0);
    try (Tape tape = Tape.create()) {
      Variable a = tape.variable(x);
      Variable b = tape.constant(x).plus(shift);
      Matrices.assertBits(
          a.softmax(axis).toMatrix(), b.softmax(axis).toMatrix(), "softmax + " + shift);
      Matrices.assertBits(
          a.logSoftmax(axis).toMatrix(), b.logSoftmax(axis).toMatrix(), "logSoftmax");
      Matrices.assertClose(
          a.logSumExp(axis).plus(shift).toMatrix(),
          b.logSumExp(axis).toMatrix(),
          ROUNDING,
          "logSumExp");
      Matrices.assertClose(
          a.logSoftmax(axis).exp().toMatrix(), a.softmax(axis).toMatrix(), ROUNDING, "exp log");
      DMatrixRMaj ones = a.softmax(axis).sum(axis).toMatrix();
      Matrices.assertClose(Formulas.map(ones, v -> 1.0), ones, ROUNDING, "sums to 1");
      Variable y = a.softmax(axis);
      DMatrixRMaj gradient = tape.gradients(y, Matrices.gaussian(m, n, random)).of(a);
      Variable along = tape.constant(gradient).sum(axis);
      Matrices.assertClose(
          new DMatrixRMaj(along.rows(), along.cols()),
          along.toMatrix(),
          ROUNDING,
          "the gradient does not see a shift either");
    }
  }

  @Property(tries = 100)
  void fusedOpsEqualTheirParts(
      @ForAll @IntRange(min = 1, max = 6) int m,
      @ForAll @IntRange(min = 1, max = 6) int n,
      @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    DMatrixRMaj a = Matrices.gaussian(m, n, random);
    DMatrixRMaj b = Matrices.gaussian(m, n, random);
    DMatrixRMaj weight = Matrices.gaussian(4, n, random);
    DMatrixRMaj bias = Matrices.gaussian(1, 4, random);
    Indices targets = indices(m, n, random);
    List<Function<Variable[], Variable>> fused =
        List.of(
            x -> x[0].crossEntropy(targets),
            x -> x[0].meanSquaredError(x[1]),
            x -> x[0].anchoredDistance(x[1], 0.3),
            x -> x[0].squaredNorm(0.3),
            x -> x[0].affine(x[2], x[3]).sum(),
            x -> x[0].segmentMean(Indices.of(m)).sum(),
            x -> x[0].elementDiv(x[1]).sum());
    List<Function<Variable[], Variable>> parts =
        List.of(
            x -> x[0].logSoftmax().pickFromRows(targets).mean().negative(),
            x -> x[0].minus(x[1]).square().mean(),
            x -> x[0].minus(x[1]).square().sum().scale(0.15),
            x -> x[0].dot(x[0]).scale(0.15),
            x -> x[0].mult(x[2].transpose()).plus(x[3]).sum(),
            x -> x[0].mean(Axis.COLS).sum(),
            x -> x[0].elementMult(x[1].reciprocal()).sum());
    try (Tape tape = Tape.create()) {
      for (int i = 0; i < fused.size(); i++) {
        Variable[] x = {
          tape.variable(a), tape.variable(b), tape.variable(weight), tape.variable(bias)
        };
        Variable left = fused.get(i).apply(x);
        Variable right = parts.get(i).apply(x);
        Matrices.assertClose(right.toDouble(), left.toDouble(), 1e-11, "value " + i);
        Gradients ofLeft = tape.gradients(left);
        Gradients ofRight = tape.gradients(right);
        for (Variable leaf : x) {
          assertEquals(ofRight.reaches(leaf), ofLeft.reaches(leaf));
          Matrices.assertClose(ofRight.of(leaf), ofLeft.of(leaf), 1e-11, "gradient " + i);
        }
        tape.reset();
      }
    }
  }

  // ---- functions of two numbers, extrema, norms ---------------------------------------------

  @Property(tries = 200)
  void pairsOfNumbersKeepTheirLaws(
      @ForAll @IntRange(min = 0, max = 5) int m,
      @ForAll @IntRange(min = 0, max = 5) int n,
      @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    try (Tape tape = Tape.create()) {
      Variable a = tape.variable(Matrices.gaussian(m, n, random));
      Variable b = tape.variable(Matrices.gaussian(random.nextBoolean() ? 1 : m, n, random));
      Variable factor = tape.constant(Math.scalb(1.0, random.nextInt(600) - 300));
      Variable r = a.hypot(b);
      assertSame(a.maximum(b).plus(a.minimum(b)), a.plus(b), "max + min = sum", a, b);
      assertSame(r, b.hypot(a), "hypot is symmetric", a, b);
      assertSame(r.square(), a.square().plus(b.square()), "Pythagoras", a, b);
      assertSame(
          a.elementMult(factor).hypot(b.elementMult(factor)).elementDiv(factor),
          r,
          "hypot is homogeneous",
          a,
          b);
      assertSame(
          a.elementMult(factor).atan2(b.elementMult(factor)),
          a.atan2(b),
          "an angle does not see a scale",
          a,
          b);
      assertSame(r.elementMult(a.atan2(b).sin()), a, "polar coordinates", a, b);
      assertSame(
          a.exp().power(b),
          a.elementMult(b).exp(),
          "powers of exponentials are exponentials",
          a,
          b);
    }
  }

  /** Equal in value and in the gradient of a random contraction. */
  private static void assertSame(Variable left, Variable right, String what, Variable... leaves) {
    Matrices.assertClose(right.toMatrix(), left.toMatrix(), 1e-11, what);
    Tape tape = left.tape();
    DMatrixRMaj cotangent = Matrices.gaussian(left.shape(), Matrices.random(7L));
    Gradients ofLeft = tape.gradients(left, cotangent);
    Gradients ofRight = tape.gradients(right, cotangent);
    for (Variable leaf : leaves) {
      Matrices.assertClose(ofRight.of(leaf), ofLeft.of(leaf), 1e-10, what + ", gradient");
    }
  }

  @Property(tries = 200)
  void normsAreNorms(
      @ForAll @IntRange(min = 0, max = 5) int m,
      @ForAll @IntRange(min = 0, max = 5) int n,
      @ForAll Axis axis,
      @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    double p = random.nextInt(5) == 0 ? Double.POSITIVE_INFINITY : 1.0 + 3.0 * random.nextDouble();
    double factor = -Math.scalb(1.0, random.nextInt(1000) - 500);
    try (Tape tape = Tape.create()) {
      Variable a = tape.variable(Matrices.gaussian(m, n, random));
      Variable b = tape.variable(Matrices.gaussian(m, n, random));
      Variable norm = a.norm(axis, p);
      Matrices.assertClose(
          norm.toMatrix(),
          a.scale(factor).norm(axis, p).scale(-1.0 / factor).toMatrix(),
          ROUNDING,
          "homogeneity");
      DMatrixRMaj slack = norm.plus(b.norm(axis, p)).minus(a.plus(b).norm(axis, p)).toMatrix();
      for (double entry : slack.data) {
        assertTrue(entry >= -ROUNDING, "triangle inequality");
      }
      // Euler: a homogeneous function is the inner product of its gradient and its operand
      DMatrixRMaj gradient = tape.gradients(norm.sum()).of(a);
      Matrices.assertClose(
          norm.sum().toDouble(), Matrices.inner(gradient, a.toMatrix()), ROUNDING, "Euler");
    }
  }

  @Property(tries = 200)
  void reductionsKeepTheirLaws(
      @ForAll @IntRange(min = 1, max = 6) int m,
      @ForAll @IntRange(min = 1, max = 6) int n,
      @ForAll Axis axis,
      @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    double shift = 100.0 * random.nextGaussian();
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(Matrices.gaussian(m, n, random));
      assertSame(x.exp().prod(axis), x.sum(axis).exp(), "a product of exponentials", x);
      assertSame(
          x.plus(shift).var(axis, 0), x.var(axis, 0), "the variance does not see a shift", x);
      assertSame(x.std(axis, 0).square(), x.var(axis, 0), "deviation and variance", x);
      assertSame(
          x.var(axis, 0),
          x.square().mean(axis).minus(x.mean(axis).square()),
          "the mean of squares less the square of the mean",
          x);
      assertSame(x.negative().max(axis), x.min(axis).negative(), "maximum and minimum", x);
      assertSame(x.norm(axis, 2.0).square(), x.square().sum(axis), "norm and sum of squares", x);
      assertSame(x.norm(axis, Double.POSITIVE_INFINITY), x.abs().max(axis), "largest size", x);
    }
  }

  @Property(tries = 200)
  void runningSumsCenteringAndStretchedChoicesHaveTheirAdjoints(
      @ForAll @IntRange(min = 0, max = 6) int m,
      @ForAll @IntRange(min = 0, max = 6) int n,
      @ForAll Axis axis,
      @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    DMatrixRMaj u = Matrices.gaussian(m, n, random);
    assertAdjoint(
        u,
        x -> x.cumulativeSum(axis),
        y -> y.apply(new Reductions.CumulativeSum(axis, true)),
        random);
    assertAdjoint(u, x -> x.centered(axis), y -> y.centered(axis), random);

    DMatrixRMaj bits = Formulas.matrix(m, n, (i, j) -> random.nextInt(2));
    int rows = random.nextBoolean() ? 1 : m;
    int cols = random.nextBoolean() ? 1 : n;
    assertAdjoint(
        Matrices.gaussian(rows, cols, random),
        x -> x.tape().constant(bits).where(x, x.tape().zeros(1, 1)),
        y -> y.tape().constant(bits).elementMult(y).sumTo(rows, cols),
        random);
    assertAdjoint(
        Matrices.gaussian(rows, cols, random),
        x -> x.tape().constant(bits).where(x.tape().zeros(1, 1), x),
        y -> y.tape().constant(bits).oneMinus().elementMult(y).sumTo(rows, cols),
        random);
  }

  @Property(tries = 50)
  void manyTermsAddUpInRowSparseGradients(
      @ForAll @IntRange(min = 1, max = 40) int height,
      @ForAll @IntRange(min = 0, max = 5) int width,
      @ForAll @IntRange(min = 1, max = 12) int terms,
      @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    Parameter table = new Parameter("table", Matrices.gaussian(height, width, random));
    DMatrixRMaj expected = new DMatrixRMaj(height, width);
    try (Tape tape = Tape.create()) {
      Variable loss = tape.zeros(1, 1);
      for (int t = 0; t < terms; t++) {
        Indices rows = indices(1 + random.nextInt(30), height, random);
        DMatrixRMaj factors = Matrices.gaussian(rows.size(), width, random);
        loss = loss.plus(table.on(tape).gatherRows(rows).dot(tape.constant(factors)));
        for (int i = 0; i < rows.size(); i++) {
          for (int j = 0; j < width; j++) {
            expected.add(rows.get(i), j, factors.get(i, j));
          }
        }
      }
      Gradient gradient = tape.gradients(loss).of(table);
      assertTrue(gradient.isRowSparse());
      Matrices.assertClose(expected, gradient.toMatrix(), ROUNDING, "sum of all terms");
    }
  }
}
