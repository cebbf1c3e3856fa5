package io.github.backstay.core;

import static io.github.backstay.core.Failures.assertMessage;
import static io.github.backstay.core.Failures.messageOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.backstay.core.kernels.Kernels;
import io.github.backstay.core.ops.Arithmetic;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TapeTest {

  private static final DMatrixRMaj A = Matrices.gaussian(2, 3, Matrices.random(1L));

  static Stream<Tape.Builder> settings() {
    return Stream.of(
        Tape.builder(),
        Tape.builder().recycleVariables(),
        Tape.builder().debug(),
        Tape.builder().debug().recycleVariables().kernels(Kernels::standard));
  }

  @Test
  void tapesOfOneBuilderHaveTheirOwnKernels() throws Exception {
    Tape.Builder builder = Tape.builder();
    DMatrixRMaj left = Matrices.gaussian(64, 64, Matrices.random(2L));
    DMatrixRMaj right = Matrices.gaussian(64, 64, Matrices.random(3L));
    DMatrixRMaj expected;
    try (Tape tape = builder.build()) {
      expected = tape.constant(left).mult(tape.constant(right)).toMatrix();
    }
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> futures = new ArrayList<>();
      for (int t = 0; t < 4; t++) {
        futures.add(
            pool.submit(
                () -> {
                  try (Tape tape = builder.build()) {
                    for (int i = 0; i < 300; i++) {
                      Variable product = tape.constant(left).mult(tape.constant(right));
                      Matrices.assertBits(expected, product.toMatrix(), "product");
                      tape.reset();
                    }
                  }
                }));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void valuesThatWereLentAreRefusedOnceTheParameterIsWritten() {
    Parameter w = new Parameter("w", A);
    try (Tape tape = Tape.create()) {
      Variable leaf = w.on(tape);
      Variable lent = leaf.detach();
      Variable own = leaf.scale(2.0);
      w.set(0, 0, 5.0);
      String message =
          "parameter \"w\": its values were changed after they had been read on this tape, so what was"
              + " recorded no longer belongs to them. Call tape.reset() after every update.";
      assertMessage(IllegalStateException.class, message, leaf::toMatrix);
      assertMessage(IllegalStateException.class, message, () -> lent.get(0, 0));
      assertMessage(IllegalStateException.class, message, lent::square);
      assertMessage(IllegalStateException.class, message, () -> own.plus(lent));
      assertEquals(2.0 * A.get(0, 0), own.get(0, 0)); // its own values
    }
  }

  @Test
  void freezingAfterTheParameterWasReadIsRefused() {
    Parameter w = new Parameter("w", A);
    try (Tape tape = Tape.create()) {
      assertTrue(w.on(tape).isTracked());
      w.freeze();
      assertMessage(
          IllegalStateException.class,
          "parameter \"w\": it was frozen after it had been read on this tape. Call tape.reset()"
              + " first.",
          () -> w.on(tape));
      tape.reset();
      assertFalse(w.on(tape).isTracked());
      w.thaw();
      assertMessage(
          IllegalStateException.class,
          "parameter \"w\": it was thawed after it had been read on this tape. Call tape.reset()"
              + " first.",
          () -> w.on(tape));
    }
  }

  @Test
  void aMatrixThatAnOpKeepsIsNeverGivenAway() {
    DMatrixRMaj kept = Matrices.of(1, 2, 7.0, 8.0);
    record Keeping(DMatrixRMaj own) implements Op.Unary {
      @Override
      public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
        return own;
      }

      @Override
      public Variable vjp(Variable x, Variable y, Variable yBar) {
        return yBar;
      }
    }
    try (Tape tape = Tape.create()) {
      Variable y = tape.variable(Matrices.of(1, 2, 1.0, 2.0)).apply(new Keeping(kept));
      assertEquals(7.0, y.get(0, 0));
      tape.reset();
      assertEquals(-1.0, tape.constant(Matrices.of(1, 2, -1.0, -2.0)).get(0, 0));
      assertEquals(7.0, kept.get(0, 0));
      assertEquals(8.0, kept.get(0, 1));
    }
  }

  // ---- leaves -------------------------------------------------------------------------------

  @Test
  void leavesCopyTheirMatrixAndBorrowDoesNot() {
    try (Tape tape = Tape.create()) {
      DMatrixRMaj matrix = A.copy();
      Variable constant = tape.constant(matrix);
      Variable variable = tape.variable(matrix);
      Variable borrowed = tape.borrow(matrix);
      matrix.set(1, 2, 42.0);
      Matrices.assertBits(A, constant.toMatrix(), "constant");
      Matrices.assertBits(A, variable.toMatrix(), "variable");
      assertEquals(42.0, borrowed.get(1, 2));
      assertFalse(constant.isTracked());
      assertFalse(borrowed.isTracked());
      assertTrue(variable.isTracked());
    }
  }

  @Test
  void aBorrowedMatrixIsNeverHandedOutAsABuffer() {
    DMatrixRMaj mine = A.copy();
    Tape tape = Tape.create();
    for (int step = 0; step < 3; step++) {
      Variable x = tape.variable(A);
      Variable y = tape.borrow(mine).detach().asPenalty().elementMult(x).plus(tape.borrow(mine));
      assertTrue(tape.gradients(y.sum()).reaches(x));
      tape.reset();
    }
    Matrices.assertBits(A, mine, "borrowed matrix");
  }

  @Test
  void aBackingArrayMayBeLongerThanTheMatrix() {
    DMatrixRMaj large = new DMatrixRMaj(5, 5);
    large.reshape(2, 3);
    large.setTo(A);
    assertEquals(25, large.data.length);
    try (Tape tape = Tape.create()) {
      for (Variable x : List.of(tape.constant(large), tape.variable(large), tape.borrow(large))) {
        Matrices.assertBits(A, x.toMatrix(), "copy");
        DMatrixRMaj to = new DMatrixRMaj(2, 3);
        x.copyTo(to);
        Matrices.assertBits(A, to, "copyTo");
      }
      Variable borrowed = tape.borrow(large);
      Variable x = tape.variable(A);
      Variable y = borrowed.plus(x).square().concatRows(borrowed).mult(borrowed.transpose());
      Variable z = tape.constant(A).plus(x).square().concatRows(tape.constant(A));
      Matrices.assertBits(
          z.mult(tape.constant(A).transpose()).toMatrix(), y.toMatrix(), "computed from it");
      DMatrixRMaj cotangent = new DMatrixRMaj(9, 9);
      cotangent.reshape(2, 3);
      cotangent.setTo(A);
      Matrices.assertBits(A, tape.gradients(x.plus(0.0), cotangent).of(x), "cotangent");
    }
  }

  @Test
  void refusesAMatrixThatHoldsTooFewNumbers() {
    DMatrixRMaj broken = new DMatrixRMaj(2, 3);
    broken.data = new double[5];
    try (Tape tape = Tape.create()) {
      assertMessage(
          ShapeException.class,
          "constant: the matrix says it is 2×3 but holds only 5 numbers.",
          () -> tape.constant(broken));
      assertMessage(
          ShapeException.class,
          "variable: the matrix says it is 2×3 but holds only 5 numbers.",
          () -> tape.variable(broken));
      assertMessage(
          ShapeException.class,
          "borrow: the matrix says it is 2×3 but holds only 5 numbers.",
          () -> tape.borrow(broken));
    }
  }

  @Test
  void aParameterHasOneLeafPerStep() {
    Parameter p = new Parameter("p", A);
    try (Tape tape = Tape.create()) {
      Variable first = p.on(tape);
      assertSame(first, p.on(tape));
      assertSame(p, first.parameter());
      Variable loss = first.elementMult(p.on(tape)).sum();
      Matrices.assertClose(
          Matrices.combined(2.0, A, 0.0, A), tape.gradients(loss).of(p).toMatrix(), 1e-15, "2p");
      tape.reset();
      assertNotSame(first, p.on(tape));
    }
  }

  // ---- what is refused ----------------------------------------------------------------------

  @Test
  void refusesAnOutputThatIsNotScalar() {
    try (Tape tape = Tape.create()) {
      Variable y = tape.variable(A).square();
      assertMessage(
          ShapeException.class,
          "gradients: the output is 2×3 but must be 1×1. Reduce it with sum() or mean(), or pass a"
              + " cotangent of shape 2×3.",
          () -> tape.gradients(y));
      assertMessage(
          ShapeException.class,
          "recordedGradients: the output is 2×3 but must be 1×1. Reduce it with sum() or mean(),"
              + " or pass a cotangent.",
          () -> tape.recordedGradients(y, List.of(y)));
      assertMessage(
          ShapeException.class,
          "gradients (output, cotangent): shapes differ: left is 2×3, right is 3×2 (both must have"
              + " the same shape).",
          () -> tape.gradients(y, new DMatrixRMaj(3, 2)));
      assertMessage(
          ShapeException.class,
          "recordedGradients (output, cotangent): shapes differ: left is 2×3, right is 1×1 (both"
              + " must have the same shape).",
          () -> tape.recordedGradients(y, tape.constant(1.0), List.of(y)));
    }
  }

  @Test
  void explainsWhyThereIsNothingToDifferentiateBy() {
    Parameter frozen = new Parameter("encoder.weight", A);
    frozen.freeze();
    try (Tape tape = Tape.create()) {
      Variable constants = tape.constant(2.0).square();
      assertMessage(
          IllegalArgumentException.class,
          "gradients: no trainable parameter or free variable can be reached from square 1×1 (#1):"
              + " it is computed from constants alone, the first being constant 1×1 (#0).",
          () -> tape.gradients(constants));
      Variable cut = tape.variable(2.0).exp().detach().square();
      assertMessage(
          IllegalArgumentException.class,
          "gradients: no trainable parameter or free variable can be reached from square 1×1 (#5):"
              + " the path is cut at detach 1×1 (#4), which lets no gradient through to exp 1×1"
              + " (#3).",
          () -> tape.gradients(cut));
      Variable ofFrozen = frozen.on(tape).sum();
      assertMessage(
          IllegalArgumentException.class,
          "gradients: no trainable parameter or free variable can be reached from sum 1×1 (#7): it"
              + " reads only frozen parameters, such as \"encoder.weight\".",
          () -> tape.gradients(ofFrozen));
      Variable leaf = tape.constant(1.0);
      assertMessage(
          IllegalArgumentException.class,
          "gradients: no trainable parameter or free variable can be reached from constant 1×1"
              + " (#8): it is a constant.",
          () -> tape.gradients(leaf));
      Variable x = tape.variable(1.0);
      assertMessage(
          IllegalArgumentException.class,
          "recordedGradients: constant 1×1 (#8) cannot be differentiated by: it is a constant."
              + " Thaw the parameter, or make an input with tape.variable(…).",
          () -> tape.recordedGradients(x.square(), List.of(leaf)));
    }
  }

  @Test
  void refusesAClosedTape() {
    Tape tape = Tape.create();
    Variable x = tape.variable(1.0);
    Parameter p = new Parameter("p", A);
    tape.close();
    tape.close();
    String closed = ": this tape has been closed. Create a new one with Tape.create().";
    assertMessage(IllegalStateException.class, "tape" + closed, () -> tape.constant(1.0));
    assertMessage(IllegalStateException.class, "tape" + closed, () -> tape.variable(A));
    assertMessage(IllegalStateException.class, "borrow" + closed, () -> tape.borrow(A));
    assertMessage(IllegalStateException.class, "parameter.on" + closed, () -> p.on(tape));
    assertMessage(IllegalStateException.class, "square" + closed, () -> x.square());
    assertMessage(
        IllegalStateException.class,
        "toMatrix: free variable (#0) is on a tape that has been closed. Compute it again, or copy"
            + " what must outlive the step with toMatrix().",
        () -> x.toMatrix());
    assertMessage(
        IllegalStateException.class,
        "reset: this tape has been closed. Create a new one.",
        tape::reset);
    assertEquals("tape with 0 variables (closed)", tape.toString());
  }

  @Test
  void aRecyclingTapeRefusesOldVariablesUntilTheirPlaceIsTakenAgain() {
    try (Tape tape = Tape.builder().recycleVariables().build()) {
      Variable x = tape.variable(A);
      Variable y = x.square();
      tape.reset();
      assertThrows(IllegalStateException.class, () -> x.square());
      assertSame(x, tape.variable(5.0));
      assertEquals(5.0, x.toDouble());
      assertThrows(IllegalStateException.class, () -> y.toMatrix());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void refusesVariablesOfAStepThatHasEnded(boolean debug) {
    try (Tape tape = (debug ? Tape.builder().debug() : Tape.builder()).build()) {
      Variable x = tape.variable(A);
      Variable y = x.square();
      Gradients gradients = tape.gradients(y.sum());
      tape.reset();
      List<Executable> uses =
          List.of(
              () -> x.square(),
              () -> tape.constant(1.0).plus(y),
              () -> tape.constant(1.0).affine(tape.constant(1.0), y),
              () -> x.toMatrix(),
              () -> y.get(0, 0),
              () -> y.shape(),
              () -> y.rows(),
              () -> y.cols(),
              () -> y.toDouble(),
              () -> y.copyTo(new DMatrixRMaj(2, 3)),
              () -> y.keepGradient(),
              () -> tape.gradients(y),
              () -> tape.gradients(y, A),
              () -> tape.recordedGradients(y, List.of(x)),
              () -> y.concatRows(y),
              () -> x.broadcastTo(y),
              () -> x.sumTo(y),
              () -> x.dot(y),
              () -> Derivatives.jacobian(y, x),
              () -> Derivatives.jacobianVectorProduct(y, x, A),
              () -> Derivatives.hessian(y, x));
      for (Executable use : uses) {
        String message = messageOf(IllegalStateException.class, use);
        assertTrue(message.contains(" belongs to a step that has ended"), message);
        assertTrue(
            message.endsWith(
                " (the tape was reset). Compute it again, or copy what must outlive the step with"
                    + " toMatrix()."),
            message);
      }
      assertMessage(
          IllegalStateException.class,
          "gradients: the tape has been reset or closed since (gradients live as long as the"
              + " step). Use them before reset(), or add them to a GradientSum.",
          () -> gradients.of(x));
    }
  }

  @Test
  void refusesVariablesOfAnotherTape() {
    try (Tape tape = Tape.create();
        Tape other = Tape.create()) {
      Variable x = tape.variable(A);
      Variable y = other.variable(A);
      assertMessage(
          IllegalArgumentException.class,
          "plus: free variable 2×3 (#0) is on another tape (all operands must be on one). Make it"
              + " with this tape, or pass its value through constant(…).",
          () -> x.plus(y));
      List<Executable> uses =
          List.of(
              () -> tape.apply(Arithmetic.Square.OP, y),
              () -> x.affine(y, x),
              () -> x.concatCols(x, y),
              () -> tape.gradients(y.sum()),
              () -> tape.recordedGradients(x.sum(), List.of(y)));
      for (Executable use : uses) {
        String message = messageOf(IllegalArgumentException.class, use);
        assertTrue(message.contains(" is on another tape (all operands must be on one)"), message);
      }
    }
  }

  @Test
  void refusesAnotherThreadUntilReset() throws Throwable {
    ExecutorService worker =
        Executors.newSingleThreadExecutor(task -> new Thread(task, "the other"));
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(2.0);
      Variable y = x.square();
      String message =
          ": this tape is in use by thread \""
              + Thread.currentThread().getName()
              + "\" and was called from \"the other\" (one thread uses one tape between resets)."
              + " Give each thread its own tape.";
      assertMessage(
          IllegalStateException.class, "exp" + message, () -> here(worker, () -> x.exp()));
      assertMessage(
          IllegalStateException.class,
          "tape" + message,
          () -> here(worker, () -> tape.zeros(1, 1)));
      assertMessage(
          IllegalStateException.class,
          "gradients" + message,
          () -> here(worker, () -> tape.gradients(y)));
      assertMessage(
          IllegalStateException.class,
          "recordedGradients" + message,
          () -> here(worker, () -> tape.recordedGradients(y, y, List.of(x))));
      tape.reset();
      here(worker, () -> assertEquals(9.0, tape.variable(3.0).square().toDouble()));
      assertThrows(IllegalStateException.class, () -> tape.variable(3.0));
    } finally {
      worker.shutdown();
    }
  }

  @Test
  void aRefusedThreadDoesNotDisturbTheOwner() throws Exception {
    ExecutorService worker = Executors.newSingleThreadExecutor();
    AtomicBoolean done = new AtomicBoolean();
    try (Tape tape = Tape.create()) {
      Variable two = tape.variable(2.0);
      Variable three = tape.variable(3.0);
      Future<?> intruder =
          worker.submit(
              () -> {
                while (!done.get()) {
                  assertThrows(IllegalStateException.class, () -> three.square());
                  assertThrows(IllegalStateException.class, () -> three.plus(three));
                }
              });
      for (int i = 0; i < 300_000; i++) {
        assertEquals(4.0, two.square().toDouble());
        assertEquals(4.0, two.plus(two).toDouble());
      }
      done.set(true);
      intruder.get();
    } finally {
      done.set(true);
      worker.shutdown();
    }
  }

  private static void here(ExecutorService worker, Executable call) throws Throwable {
    Future<?> future =
        worker.submit(
            () -> {
              try {
                call.execute();
              } catch (Exception | Error e) {
                throw e;
              } catch (Throwable e) {
                throw new AssertionError(e);
              }
              return null;
            });
    try {
      future.get();
    } catch (ExecutionException e) {
      throw e.getCause();
    }
  }

  @Test
  void refusesTheWrongNumberOfOperands() {
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(1.0);
      assertMessage(
          IllegalArgumentException.class,
          "square: takes 1 operand, got 2.",
          () -> tape.apply(Arithmetic.Square.OP, x, x));
      assertMessage(
          IllegalArgumentException.class,
          "plus: takes 2 operands, got 3.",
          () -> tape.apply(Arithmetic.Plus.OP, x, x, x));
      assertEquals(2.0, tape.apply(Arithmetic.Plus.OP, x, x).toDouble());
    }
  }

  @Test
  void refusesAParameterThatWasChangedAfterItWasRead() {
    String message =
        "parameter \"w\": its values were changed after they had been read on this tape, so what"
            + " was recorded no longer belongs to them. Call tape.reset() after every update.";
    for (boolean frozen : new boolean[] {false, true}) {
      Parameter w = new Parameter("w", A);
      if (frozen) {
        w.freeze();
      }
      try (Tape tape = Tape.create()) {
        Variable x = tape.variable(A);
        Variable loss = w.on(tape).elementMult(x).sum();
        w.set(0, 0, 7.0);
        assertMessage(IllegalStateException.class, message, () -> tape.gradients(loss));
        assertMessage(
            IllegalStateException.class, message, () -> tape.recordedGradients(loss, List.of(x)));
        assertMessage(IllegalStateException.class, message, () -> w.on(tape));
        tape.reset();
        Variable y = tape.variable(A);
        assertEquals(7.0, tape.gradients(w.on(tape).elementMult(y).sum()).of(y).get(0, 0));
      }
    }
  }

  // ---- sweeps -------------------------------------------------------------------------------

  @Test
  void aMillionOpsDoNotOverflowTheStack() {
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(1.0);
      Variable y = x;
      for (int i = 0; i < 1_000_000; i++) {
        y = y.scale(i % 2 == 0 ? 2.0 : 0.5);
      }
      assertEquals(1.0, tape.gradients(y).of(x).get(0, 0));
      assertEquals("tape with 1000001 variables", tape.toString());
    }
  }

  @Test
  void aRecordedSweepOverManyOpsDoesNotOverflowTheStack() {
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(1.0);
      Variable y = x;
      for (int i = 0; i < 100_000; i++) {
        y = y.sin();
      }
      Variable gradient = Derivatives.gradient(y, x);
      assertEquals(tape.gradients(y).of(x).get(0, 0), gradient.toDouble(), 1e-15);
      assertTrue(Double.isFinite(Derivatives.gradient(gradient, x).toDouble()));
    }
  }

  @Test
  void anExplanationOverManyOpsDoesNotOverflowTheStack() {
    try (Tape tape = Tape.create()) {
      Variable y = tape.variable(1.0).detach();
      for (int i = 0; i < 100_000; i++) {
        y = y.sin();
      }
      Variable end = y;
      String message = messageOf(IllegalArgumentException.class, () -> tape.gradients(end));
      assertTrue(message.contains("the path is cut at detach 1×1 (#1)"), message);
    }
  }

  @ParameterizedTest
  @MethodSource("settings")
  void askingTwiceGivesTheSameBits(Tape.Builder settings) {
    SmallModel model = new SmallModel(3L, true);
    try (Tape tape = settings.build()) {
      for (int step = 0; step < 4; step++) {
        Variable loss = model.loss(tape, step);
        Gradients first = tape.gradients(loss);
        Gradients second = tape.gradients(loss);
        for (Parameter parameter : model.parameters) {
          Matrices.assertBits(
              first.of(parameter).toMatrix(), second.of(parameter).toMatrix(), parameter.name());
        }
        tape.reset();
      }
    }
  }

  @Test
  void sweepsFromSeveralOutputsDoNotDisturbEachOther() {
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(3.0);
      Variable square = x.square();
      Variable cube = square.elementMult(x);
      Gradients ofSquare = tape.gradients(square);
      Gradients ofCube = tape.gradients(cube);
      Gradients ofLeaf = tape.gradients(x);
      Variable later = tape.variable(5.0);
      Gradients ofSum = tape.gradients(cube.plus(later));
      assertEquals(6.0, ofSquare.of(x).get(0, 0));
      assertEquals(27.0, ofCube.of(x).get(0, 0));
      assertEquals(1.0, ofLeaf.of(x).get(0, 0));
      assertEquals(27.0, ofSum.of(x).get(0, 0));
      assertEquals(1.0, ofSum.of(later).get(0, 0));
      assertFalse(tape.gradients(square).reaches(later));
      assertEquals(0.0, tape.gradients(square).of(later).get(0, 0));
    }
  }

  @Test
  void emptyMatricesCanBeDifferentiated() {
    Parameter p = new Parameter("p", new DMatrixRMaj(0, 3));
    try (Tape tape = Tape.create()) {
      Variable x = p.on(tape);
      Variable y = tape.variable(new DMatrixRMaj(3, 2));
      Gradients gradients = tape.gradients(x.mult(y).sum().plus(x.square().sum()));
      assertEquals(new Shape(0, 3), gradients.of(p).shape());
      assertEquals(new Shape(0, 3), Shape.of(gradients.of(p).toMatrix()));
      assertTrue(gradients.reaches(p));
      assertEquals(0.0, gradients.of(p).squaredNorm());
      assertEquals(new Shape(3, 2), Shape.of(gradients.of(y)));
      assertTrue(tape.gradients(x.exp(), new DMatrixRMaj(0, 3)).reaches(p));
    }
  }

  // ---- rules that return what they were given -----------------------------------------------

  /** y = a, or y = a + b for two operands; what each rule returns is up to the test. */
  private record Odd(Rule left, Rule right) implements Op.Binary {
    interface Rule {
      Variable of(Variable a, Variable b, Variable c, Variable cBar);
    }

    @Override
    public DMatrixRMaj forward(Workspace workspace, DMatrixRMaj a, DMatrixRMaj b) {
      return a;
    }

    @Override
    public Variable vjpLeft(Variable a, Variable b, Variable c, Variable cBar) {
      return left.of(a, b, c, cBar);
    }

    @Override
    public Variable vjpRight(Variable a, Variable b, Variable c, Variable cBar) {
      return right.of(a, b, c, cBar);
    }
  }

  @ParameterizedTest
  @MethodSource("settings")
  void rulesMayReturnWhatTheyWereGiven(Tape.Builder settings) {
    DMatrixRMaj a = A;
    DMatrixRMaj b = Matrices.gaussian(2, 3, Matrices.random(2L));
    DMatrixRMaj bar = Matrices.gaussian(2, 3, Matrices.random(3L));
    DMatrixRMaj fixed = Matrices.gaussian(2, 3, Matrices.random(4L));
    record Answer(Odd.Rule rule, DMatrixRMaj value) {}
    List<Answer> answers =
        List.of(
            new Answer((x, y, z, zBar) -> zBar, bar),
            new Answer((x, y, z, zBar) -> x, a),
            new Answer((x, y, z, zBar) -> y, b),
            new Answer((x, y, z, zBar) -> z, a),
            new Answer((x, y, z, zBar) -> zBar.detach(), bar),
            new Answer((x, y, z, zBar) -> zBar.plus(y).detach(), Matrices.combined(1, bar, 1, b)),
            new Answer(
                (x, y, z, zBar) -> zBar.plus(y).asPenalty(), Matrices.combined(1, bar, 1, b)),
            new Answer((x, y, z, zBar) -> zBar.tape().borrow(fixed), fixed),
            new Answer((x, y, z, zBar) -> zBar.tape().constant(fixed), fixed),
            new Answer((x, y, z, zBar) -> zBar.tape().zeros(2, 3), new DMatrixRMaj(2, 3)));
    Tape tape = settings.build();
    for (Answer left : answers) {
      for (Answer right : answers) {
        for (int uses = 1; uses <= 2; uses++) {
          Odd op = new Odd(left.rule(), right.rule());
          Variable x = tape.variable(a);
          Variable y = tape.variable(b);
          Variable z = x.apply(op, y);
          Variable end = uses == 1 ? z : z.apply(op, y).plus(z.minus(z));
          DMatrixRMaj cotangent = bar.copy();
          Gradients first = tape.gradients(end, cotangent);
          Gradients second = tape.gradients(end, cotangent);
          if (uses == 1) {
            Matrices.assertClose(left.value(), first.of(x), 1e-15, "left");
            Matrices.assertClose(right.value(), first.of(y), 1e-15, "right");
          }
          Matrices.assertBits(first.of(x), second.of(x), "twice");
          Matrices.assertBits(first.of(y), second.of(y), "twice");
          Matrices.assertBits(a, x.toMatrix(), "a");
          Matrices.assertBits(b, y.toMatrix(), "b");
          Matrices.assertBits(a, z.toMatrix(), "value");
          Matrices.assertBits(bar, cotangent, "cotangent");
          tape.reset();
        }
      }
    }
    Matrices.assertBits(Matrices.gaussian(2, 3, Matrices.random(4L)), fixed, "borrowed by rules");
  }

  @Test
  void oneVariableOnBothSides() {
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(A);
      DMatrixRMaj ones = tape.zeros(2, 3).plus(1.0).toMatrix();
      DMatrixRMaj zeros = new DMatrixRMaj(2, 3);
      Matrices.assertBits(zeros, tape.gradients(x.minus(x), ones).of(x), "x − x");
      Matrices.assertClose(zeros, tape.gradients(x.elementDiv(x), ones).of(x), 1e-15, "x / x");
      Matrices.assertClose(
          Matrices.combined(2.0, A, 0.0, A),
          tape.gradients(x.elementMult(x), ones).of(x),
          1e-15,
          "x · x");
      Matrices.assertBits(
          Matrices.combined(2.0, ones, 0.0, ones), tape.gradients(x.plus(x), ones).of(x), "x + x");
      assertEquals(0.0, tape.gradients(x.meanSquaredError(x)).of(x).get(1, 1));
    }
  }

  // ---- exceptions in the middle -------------------------------------------------------------

  private record Failing(boolean inForward, boolean inRule, boolean wrongShape)
      implements Op.Unary {
    @Override
    public DMatrixRMaj forward(Workspace workspace, DMatrixRMaj x) {
      if (inForward) {
        throw new UnsupportedOperationException("forward fails");
      }
      return workspace.copy(x);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      Variable temporary = yBar.exp().elementMult(x);
      if (inRule) {
        throw new UnsupportedOperationException("rule fails");
      }
      return wrongShape ? temporary.sum() : yBar;
    }
  }

  @ParameterizedTest
  @MethodSource("settings")
  void anExceptionInTheMiddleLeavesTheTapeUsable(Tape.Builder settings) {
    Parameter table = new Parameter("table", Matrices.gaussian(9, 3, Matrices.random(8L)));
    try (Tape tape = settings.build()) {
      for (int step = 0; step < 3; step++) {
        Variable x = tape.variable(A);
        Variable rows = table.on(tape).gatherRows(1, 4);
        Variable good = x.tanh().elementMult(rows).sum();
        Gradients before = tape.gradients(good);
        int size = tape.size();
        assertThrows(
            UnsupportedOperationException.class, () -> x.apply(new Failing(true, false, false)));
        assertEquals(size, tape.size());
        for (Failing failing :
            List.of(new Failing(false, true, false), new Failing(false, false, true))) {
          Variable bad = x.apply(failing).elementMult(rows).plus(x).square().sum().plus(good);
          int recorded = tape.size();
          assertThrows(RuntimeException.class, () -> tape.gradients(bad));
          assertEquals(recorded, tape.size());
          assertThrows(RuntimeException.class, () -> tape.recordedGradients(bad, List.of(x)));
        }
        Gradients after = tape.gradients(good);
        Matrices.assertBits(before.of(x), after.of(x), "after the exception");
        Matrices.assertBits(
            before.of(table).toMatrix(), after.of(table).toMatrix(), "after the exception");
        Variable more = x.exp().sum();
        assertTrue(more.isTracked());
        assertEquals(more.toDouble(), x.exp().sum().toDouble(), 0.0);
        tape.reset();
      }
    }
  }

  // ---- threads, recycling, allocation -------------------------------------------------------

  @Test
  void eightThreadsGiveTheSameBitsAsOne() throws Exception {
    ExecutorService workers = Executors.newFixedThreadPool(8);
    try {
      List<Future<SmallModel>> trained = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        long seed = i;
        trained.add(workers.submit(() -> new SmallModel(seed, true).train(Tape.create(), 300)));
      }
      for (int i = 0; i < 8; i++) {
        SmallModel alone = new SmallModel(i, true).train(Tape.create(), 300);
        SmallModel.assertSameBits(alone, trained.get(i).get());
      }
    } finally {
      workers.shutdown();
    }
  }

  @Test
  void threadsMayShareParametersThatNobodyWrites() throws Exception {
    SmallModel model = new SmallModel(1L, true);
    ExecutorService workers = Executors.newFixedThreadPool(4);
    try {
      List<Future<List<DMatrixRMaj>>> results = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        results.add(workers.submit(() -> gradients(model)));
      }
      List<DMatrixRMaj> expected = gradients(model);
      for (Future<List<DMatrixRMaj>> result : results) {
        for (int i = 0; i < expected.size(); i++) {
          Matrices.assertBits(expected.get(i), result.get().get(i), "gradient " + i);
        }
      }
    } finally {
      workers.shutdown();
    }
  }

  private static List<DMatrixRMaj> gradients(SmallModel model) {
    List<DMatrixRMaj> matrices = new ArrayList<>();
    try (Tape tape = Tape.create()) {
      for (int step = 0; step < 20; step++) {
        Gradients gradients = tape.gradients(model.loss(tape, step));
        for (Parameter parameter : model.parameters) {
          matrices.add(gradients.of(parameter).toMatrix());
        }
        tape.reset();
      }
    }
    return matrices;
  }

  @Test
  void recyclingAndDebugTapesTrainToTheSameValues() {
    SmallModel ordinary = new SmallModel(5L, true).train(Tape.create(), 500);
    SmallModel fresh = new SmallModel(5L, true);
    for (int step = 0; step < 500; step++) {
      try (Tape tape = Tape.create()) {
        fresh.step(tape, step);
      }
    }
    SmallModel.assertSameBits(fresh, ordinary);
    SmallModel recycled =
        new SmallModel(5L, true).train(Tape.builder().recycleVariables().build(), 500);
    SmallModel.assertSameBits(fresh, recycled);
    SmallModel debugged = new SmallModel(5L, true).train(Tape.builder().debug().build(), 50);
    SmallModel short1 = new SmallModel(5L, true).train(Tape.create(), 50);
    for (int i = 0; i < short1.parameters.size(); i++) {
      Matrices.assertClose(
          short1.values().get(i), debugged.values().get(i), 1e-10, "the rules in plain form");
    }
  }

  @Test
  void aRecyclingTapeSurvivesStepsOfEveryKind() {
    RandomGenerator random = Matrices.random(11L);
    Tape recycling = Tape.builder().recycleVariables().build();
    for (int step = 0; step < 300; step++) {
      int rows = random.nextInt(5);
      int cols = random.nextInt(5);
      DMatrixRMaj value = Matrices.gaussian(rows, cols, random);
      int kind = random.nextInt(5);
      List<DMatrixRMaj> expected;
      try (Tape fresh = Tape.create()) {
        expected = step(fresh, value, kind);
      }
      List<DMatrixRMaj> actual = step(recycling, value, kind);
      for (int i = 0; i < expected.size(); i++) {
        Matrices.assertBits(expected.get(i), actual.get(i), "step " + step + ", kind " + kind);
      }
      recycling.reset();
    }
  }

  private static List<DMatrixRMaj> step(Tape tape, DMatrixRMaj value, int kind) {
    Variable x = tape.variable(value);
    Variable y = tape.variable(value);
    Variable z = x.tanh().elementMult(y).plus(x.mean(Axis.ROWS)).softplus();
    return switch (kind) {
      case 0 -> List.of(tape.gradients(z.sum()).of(x), tape.gradients(z.sum()).of(y));
      case 1 ->
          List.of(
              Derivatives.gradient(z.square().sum(), x).toMatrix(),
              Derivatives.hessian(z.sum(), y),
              tape.gradients(z.sum()).of(x));
      case 2 ->
          List.of(
              tape.gradients(
                      z.mult(z.transpose())
                          .affine(z.multTransB(z), z.multTransB(z).sumCols())
                          .sum())
                  .of(x));
      case 3 -> {
        z.keepGradient();
        Gradients gradients = tape.gradients(z.concatRows(z, x).sin().sum());
        yield List.of(gradients.of(z), gradients.of(x), Derivatives.jacobian(z, x));
      }
      default -> List.of(z.detach().toMatrix());
    };
  }

  @Test
  void aSteadyStepAllocatesNextToNothing() {
    Tape tape = Tape.builder().recycleVariables().build();
    SmallModel model = new SmallModel(9L, false);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    assertSame(model, model.train(tape, 20_000));
    long least = Long.MAX_VALUE;
    // vectors are allocated until the last compiler has had its turn, which may have others to do
    for (int round = 0; round < 10 || (round < 500 && least > 1024); round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      assertSame(model, model.train(tape, 1_000));
      least = Math.min(least, (threads.getThreadAllocatedBytes(thread) - before) / 1_000);
    }
    long perStep = least;
    assertTrue(perStep <= 1024, () -> perStep + " bytes per step");
  }

  // ---- debugging ----------------------------------------------------------------------------

  @Test
  void aDebugTapeStopsAtTheFirstNaNAndNamesTheLine() {
    try (Tape tape = Tape.builder().debug().build()) {
      Variable x = tape.variable(Matrices.of(2, 2, 1.0, 2.0, -3.0, 4.0));
      int line = line() + 1;
      String message = messageOf(ArithmeticException.class, () -> x.log());
      assertTrue(
          message.startsWith("log: entry (1, 0) of 2×2 is NaN; made at TapeTest.java:" + line),
          message);
      assertEquals("tape with 2 variables (debug)", tape.toString());
    }
  }

  @Test
  void aDebugTapeStopsAtTheFirstNaNInARule() {
    try (Tape tape = Tape.builder().debug().build()) {
      Variable x = tape.variable(Matrices.of(1, 2, 4.0, 0.0));
      int line = line() + 1;
      Variable y = x.sqrt().sum();
      String message = messageOf(ArithmeticException.class, () -> tape.gradients(y));
      assertTrue(
          message.startsWith(
              "reciprocal: in a rule of the reverse sweep, entry (0, 1) of 1×2 is Infinity;"
                  + " made at TapeTest.java:"),
          message);
      assertTrue(
          message.contains(
              " It is part of the rule of sqrt 1×2 (#1, made at TapeTest.java:" + line),
          message);
      assertEquals(5.0, tape.gradients(x.scale(5.0).sum()).of(x).get(0, 0));
    }
  }

  @Test
  void aDebugTapeChecksOpsWithAnInPlaceFormToo() {
    DMatrixRMaj huge = Matrices.of(1, 1, 1e200);
    try (Tape tape = Tape.builder().debug().build()) {
      Variable x = tape.variable(1e200);
      Variable y = x.elementMult(tape.constant(1e-200)).square();
      assertTrue(tape.gradients(y).reaches(x));
      Variable z = x.anchoredDistance(tape.constant(1e200), 1.0);
      assertTrue(tape.gradients(z).reaches(x));
      Variable s = tape.variable(1e150).square();
      String message = messageOf(ArithmeticException.class, () -> tape.gradients(s, huge));
      assertTrue(message.contains("It is part of the rule of square 1×1"), message);
    }
    try (Tape tape = Tape.create()) {
      Variable s = tape.variable(1e150);
      assertEquals(Double.POSITIVE_INFINITY, tape.gradients(s.square(), huge).of(s).get(0, 0));
    }
  }

  @Test
  void aDebugTapeShowsInOtherErrorsWhereAVariableWasMade() {
    try (Tape tape = Tape.builder().debug().build()) {
      int line = line() + 1;
      Variable y = tape.variable(1.0).detach();
      String message = messageOf(IllegalArgumentException.class, () -> tape.gradients(y));
      assertTrue(message.contains("detach 1×1 (#1, made at TapeTest.java:" + line), message);
    }
  }

  private static int line() {
    return StackWalker.getInstance()
        .walk(frames -> frames.skip(1).findFirst().orElseThrow().getLineNumber());
  }

  @Test
  void aTapeSaysWhatItIs() {
    assertEquals("tape with 0 variables", Tape.create().toString());
    assertEquals(
        "tape with 0 variables (recycling)", Tape.builder().recycleVariables().build().toString());
  }
}
