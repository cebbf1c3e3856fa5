package io.github.backstay.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.github.backstay.core.kernels.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/** Holds every row of the {@link OpCatalogue} to the contract of an op. */
class OpContractTest {

  /** Values are sums of at most a few dozen terms of moderate size. */
  private static final double ROUNDING = 1e-13;

  /** Both forms of a rule may order their sums differently, nothing more. */
  private static final double IN_PLACE = 1e-12;

  private static final long SEED = 20250101L;

  private interface Law {
    void hold(OpCase row, List<Shape> choice, DMatrixRMaj[] operands, RandomGenerator random);
  }

  @TestFactory
  Stream<DynamicNode> everyOpKeepsItsContract() {
    return OpCatalogue.ROWS.stream().map(OpContractTest::contract);
  }

  private static DynamicNode contract(OpCase row) {
    List<DynamicNode> laws = new ArrayList<>();
    add(laws, row, "value matches the independent formula", OpContractTest::value);
    add(laws, row, "operands, cotangent and value stay unchanged", OpContractTest::unchanged);
    add(laws, row, "constants get no gradient, the others the same one", OpContractTest::detached);
    add(laws, row, "debug and recycling tapes give the same", OpContractTest::otherTapes);
    if (row.stops()) {
      add(laws, row, "no gradient passes", OpContractTest::stops);
    } else {
      add(laws, row, "gradient matches central differences", OpContractTest::gradient);
      add(laws, row, "second order matches central differences", OpContractTest::secondOrder);
      add(laws, row, "rules return the shape of their input", OpContractTest::ruleShapes);
      add(laws, row, "recorded gradient equals the ordinary one", OpContractTest::recorded);
      add(laws, row, "used twice, contributions add up", OpContractTest::fanOut);
      add(laws, row, "one variable for all operands", OpContractTest::aliased);
      add(laws, row, "in-place form equals the rule", OpContractTest::inPlace);
    }
    if (!row.pins().isEmpty()) {
      laws.add(dynamicTest("kinks, ends and infinities are as documented", () -> pins(row)));
    }
    return dynamicContainer(row.name(), laws);
  }

  private static void add(List<DynamicNode> laws, OpCase row, String name, Law law) {
    laws.add(
        dynamicTest(
            name,
            () -> {
              for (List<Shape> choice : row.shapes()) {
                RandomGenerator random = Matrices.random(SEED);
                law.hold(row, choice, row.operands(choice, random), random);
              }
            }));
  }

  // ---- laws ---------------------------------------------------------------------------------

  private static void value(
      OpCase row, List<Shape> choice, DMatrixRMaj[] operands, RandomGenerator random) {
    DMatrixRMaj expected = row.formula().apply(operands);
    try (Tape tape = Tape.create()) {
      Variable y = row.on(tape, operands);
      Matrices.assertClose(expected, y.toMatrix(), ROUNDING, row + " of " + choice);
      assertEquals(Shape.of(expected), y.shape());
    }
  }

  private static void gradient(
      OpCase row, List<Shape> choice, DMatrixRMaj[] operands, RandomGenerator random) {
    GradientCheck.Report report =
        GradientCheck.of(row.ofFree(operands)).withSeed(random.nextLong()).at(row.free(operands));
    assertEquals(
        Arrays.stream(row.free(operands)).mapToInt(x -> x.data.length).sum(), report.entries());
    report.requirePassed();
  }

  private static void secondOrder(
      OpCase row, List<Shape> choice, DMatrixRMaj[] operands, RandomGenerator random) {
    GradientCheck.of(row.ofFree(operands))
        .secondOrder()
        .withSeed(random.nextLong())
        .at(row.free(operands))
        .requirePassed();
  }

  private static void unchanged(
      OpCase row, List<Shape> choice, DMatrixRMaj[] operands, RandomGenerator random) {
    try (Tape tape = Tape.create()) {
      Variable[] leaves = row.leaves(tape, operands);
      Variable y = row.call().apply(leaves);
      DMatrixRMaj value = y.toMatrix();
      DMatrixRMaj cotangent = Matrices.gaussian(y.shape(), random);
      DMatrixRMaj given = cotangent.copy();
      if (y.isTracked()) {
        Gradients first = tape.gradients(y, cotangent);
        Gradients second = tape.gradients(y, cotangent);
        for (int k = 0; k < leaves.length; k++) {
          if (row.isFree(k)) {
            Matrices.assertBits(first.of(leaves[k]), second.of(leaves[k]), "asked twice");
          }
        }
      }
      for (int k = 0; k < leaves.length; k++) {
        Matrices.assertBits(operands[k], leaves[k].toMatrix(), row + ": operand " + k);
      }
      Matrices.assertBits(given, cotangent, row + ": cotangent");
      Matrices.assertBits(value, y.toMatrix(), row + ": value");
    }
  }

  private static void detached(
      OpCase row, List<Shape> choice, DMatrixRMaj[] operands, RandomGenerator random) {
    DMatrixRMaj cotangent = Matrices.gaussian(Shape.of(row.formula().apply(operands)), random);
    List<DMatrixRMaj> together = gradients(row, operands, cotangent, Tape.create());
    for (int alone = 0; alone < operands.length; alone++) {
      try (Tape tape = Tape.create()) {
        Variable[] leaves = new Variable[operands.length];
        for (int k = 0; k < leaves.length; k++) {
          leaves[k] = k == alone ? tape.variable(operands[k]) : tape.constant(operands[k]);
        }
        Variable y = row.call().apply(leaves);
        assertEquals(row.isFree(alone) && !row.stops(), y.isTracked());
        if (y.isTracked()) {
          Gradients gradients = tape.gradients(y, cotangent);
          Matrices.assertBits(
              together.get(alone), gradients.of(leaves[alone]), row + ": operand " + alone);
          for (int k = 0; k < leaves.length; k++) {
            if (k != alone) {
              Variable constant = leaves[k];
              assertThrows(IllegalArgumentException.class, () -> gradients.of(constant));
              assertFalse(gradients.reaches(constant));
            }
          }
        }
      }
    }
  }

  private static void otherTapes(
      OpCase row, List<Shape> choice, DMatrixRMaj[] operands, RandomGenerator random) {
    DMatrixRMaj cotangent = Matrices.gaussian(Shape.of(row.formula().apply(operands)), random);
    List<DMatrixRMaj> expected = gradients(row, operands, cotangent, Tape.create());
    Tape recycling = Tape.builder().recycleVariables().build();
    boolean finite = Arrays.stream(row.formula().apply(operands).data).allMatch(Double::isFinite);
    List<Supplier<Tape>> others = new ArrayList<>(List.of(() -> recycling, () -> recycling));
    if (finite && cotangent.data.length > 0) {
      others.add(() -> Tape.builder().debug().build());
    }
    for (Supplier<Tape> other : others) {
      List<DMatrixRMaj> actual = gradients(row, operands, cotangent, other.get());
      for (int k = 0; k < operands.length; k++) {
        Matrices.assertClose(expected.get(k), actual.get(k), IN_PLACE, row + ": operand " + k);
      }
    }
  }

  /** The gradients of all operands, zeros for masks; resets the tape. */
  private static List<DMatrixRMaj> gradients(
      OpCase row, DMatrixRMaj[] operands, DMatrixRMaj cotangent, Tape tape) {
    Variable[] leaves = row.leaves(tape, operands);
    Variable y = row.call().apply(leaves);
    List<DMatrixRMaj> gradients = new ArrayList<>();
    for (int k = 0; k < leaves.length; k++) {
      gradients.add(
          row.isFree(k) && y.isTracked()
              ? tape.gradients(y, cotangent).of(leaves[k])
              : new DMatrixRMaj(operands[k].numRows, operands[k].numCols));
    }
    tape.reset();
    return gradients;
  }

  private static void stops(
      OpCase row, List<Shape> choice, DMatrixRMaj[] operands, RandomGenerator random) {
    try (Tape tape = Tape.create()) {
      Variable y = row.on(tape, operands);
      assertFalse(y.isTracked());
      DMatrixRMaj cotangent = Matrices.gaussian(y.shape(), random);
      assertThrows(IllegalArgumentException.class, () -> tape.gradients(y, cotangent));
      Op op = Objects.requireNonNull(y.op());
      for (int k = 0; k < operands.length; k++) {
        assertTrue(op.blocks(k));
      }
    }
  }

  private static void ruleShapes(
      OpCase row, List<Shape> choice, DMatrixRMaj[] operands, RandomGenerator random) {
    try (Tape tape = Tape.create()) {
      Variable[] leaves = row.leaves(tape, operands);
      Variable y = row.call().apply(leaves);
      Op op = Objects.requireNonNull(y.op());
      Variable bar = tape.constant(Matrices.gaussian(y.shape(), random));
      for (int k = 0; k < leaves.length; k++) {
        assertEquals(!row.isFree(k), op.blocks(k));
        assertEquals(leaves[k].shape(), op.vjp(k, leaves, y, bar).shape());
      }
    }
  }

  private static void recorded(
      OpCase row, List<Shape> choice, DMatrixRMaj[] operands, RandomGenerator random) {
    try (Tape tape = Tape.create()) {
      Variable[] leaves = row.leaves(tape, operands);
      Variable y = row.call().apply(leaves);
      DMatrixRMaj cotangent = Matrices.gaussian(y.shape(), random);
      for (int k = 0; k < leaves.length; k++) {
        if (row.isFree(k)) {
          Variable gradient =
              tape.recordedGradients(y, tape.constant(cotangent), List.of(leaves[k])).get(0);
          Matrices.assertClose(
              tape.gradients(y, cotangent).of(leaves[k]), gradient.toMatrix(), IN_PLACE, row + "");
        }
      }
    }
  }

  private static void fanOut(
      OpCase row, List<Shape> choice, DMatrixRMaj[] operands, RandomGenerator random) {
    Function<Variable[], Variable> once = row.ofFree(operands);
    Function<Variable[], Variable> twice =
        x -> {
          Variable y = once.apply(x);
          Variable sum = y.elementMult(once.apply(x)).plus(y);
          for (Variable leaf : x) {
            sum = sum.plus(leaf.square().sum());
          }
          return sum;
        };
    GradientCheck.of(twice).at(row.free(operands)).requirePassed();
  }

  private static void aliased(
      OpCase row, List<Shape> choice, DMatrixRMaj[] operands, RandomGenerator random) {
    boolean oneShape = choice.stream().distinct().count() == 1;
    if (operands.length < 2 || !oneShape || !row.masks().isEmpty()) {
      return;
    }
    DMatrixRMaj x = operands[operands.length - 1];
    GradientCheck.of(
            free -> {
              Variable[] all = new Variable[operands.length];
              Arrays.fill(all, free[0]);
              return row.call().apply(all);
            })
        .at(x)
        .requirePassed();
    DMatrixRMaj[] copies = new DMatrixRMaj[operands.length];
    Arrays.fill(copies, x);
    DMatrixRMaj cotangent = Matrices.gaussian(Shape.of(row.formula().apply(copies)), random);
    DMatrixRMaj sum = new DMatrixRMaj(x.numRows, x.numCols);
    for (DMatrixRMaj gradient : gradients(row, copies, cotangent, Tape.create())) {
      sum = Matrices.combined(1.0, sum, 1.0, gradient);
    }
    try (Tape tape = Tape.create()) {
      Variable[] all = new Variable[operands.length];
      Arrays.fill(all, tape.variable(x));
      Variable y = row.call().apply(all);
      Matrices.assertClose(sum, tape.gradients(y, cotangent).of(all[0]), ROUNDING, row + "");
    }
  }

  private static void inPlace(
      OpCase row, List<Shape> choice, DMatrixRMaj[] operands, RandomGenerator random) {
    try (Tape tape = Tape.create()) {
      Variable[] constants = new Variable[operands.length];
      for (int k = 0; k < constants.length; k++) {
        constants[k] = tape.constant(operands[k]);
      }
      Variable y = row.call().apply(constants);
      Op op = Objects.requireNonNull(y.op());
      if (!(op instanceof Op.InPlace inPlace) || !inPlace.covers(operands)) {
        return;
      }
      DMatrixRMaj value = y.toMatrix();
      DMatrixRMaj bar = Matrices.gaussian(y.shape(), random);
      for (int k = 0; k < operands.length; k++) {
        DMatrixRMaj rule = op.vjp(k, constants, y, tape.constant(bar)).toMatrix();
        DMatrixRMaj held = Matrices.gaussian(constants[k].shape(), random);
        DMatrixRMaj firstRow =
            Formulas.matrix(held.numRows, held.numCols, (i, j) -> i == 0 ? held.get(i, j) : 0.0);
        DMatrixRMaj zeros = new DMatrixRMaj(held.numRows, held.numCols);
        for (DMatrixRMaj start : List.of(zeros, held, firstRow)) {
          Workspace workspace = new Workspace(Kernels.standard());
          Accumulator sum = new Accumulator(workspace, new Accumulator.SparseRowsPool());
          sum.open(held.numRows, held.numCols);
          if (start == held) {
            sum.add(held);
          } else if (start == firstRow && held.numRows > 0) {
            sum.addRow(0, 1.0, held, 0);
          }
          DMatrixRMaj givenBar = bar.copy();
          inPlace.accumulate(k, workspace, operands, value, givenBar, sum);
          Matrices.assertClose(
              Matrices.combined(1.0, start, 1.0, rule), sum.takeDense(), IN_PLACE, row + " " + k);
          Matrices.assertBits(bar, givenBar, row + ": cotangent");
          Matrices.assertBits(y.toMatrix(), value, row + ": value");
          for (int i = 0; i < operands.length; i++) {
            Matrices.assertBits(constants[i].toMatrix(), operands[i], row + ": operand " + i);
          }
        }
      }
    }
  }

  private static void pins(OpCase row) {
    for (OpCase.Pin pin : row.pins()) {
      try (Tape tape = Tape.create()) {
        Variable x = tape.variable(pin.x());
        Variable y = row.call().apply(new Variable[] {x});
        String what = row + " at " + pin.x();
        Matrices.assertClose(pin.y(), y.toDouble(), 1e-15, what);
        if (y.isTracked()) {
          Gradients gradients = tape.gradients(y);
          Matrices.assertClose(
              pin.derivative(), gradients.of(x).get(0, 0), 1e-15, what + ", derivative");
          Variable recorded = tape.recordedGradients(y, List.of(x)).get(0);
          Matrices.assertClose(
              pin.derivative(), recorded.toDouble(), 1e-15, what + ", recorded derivative");
        } else {
          assertEquals(0.0, pin.derivative());
        }
      }
    }
  }
}
