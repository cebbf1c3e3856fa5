package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.backstay.core.Parameter;
import io.github.backstay.regularizers.Regularizer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/**
 * Steps along row-sparse gradients, as an embedding gives them. They visit only the rows that have
 * ever been touched, and must have the same bits as steps along the same gradients given in full.
 */
class RowSparseStepTest {

  /** How a regularizer, if any, takes part. */
  private enum Pull {
    NONE,
    COUPLED,
    DECOUPLED
  }

  @Provide
  Arbitrary<UpdateRule> rules() {
    return Arbitraries.of(RuleCatalogue.ROWS.stream().map(RuleCase::rule).toList());
  }

  private static Optimizer optimizer(
      UpdateRule rule, Parameter table, Parameter elsewhere, Pull pull) {
    Regularizer.Builder builder = Regularizer.l2(0.3).over(table).towardsInitialValue();
    Optimizer.Builder groups =
        Optimizer.builder().eager().group("elsewhere", elsewhere, Sgd.of(0.1));
    return switch (pull) {
      case NONE -> groups.group("all", table, rule).build();
      case COUPLED -> groups.group("all", table, rule, builder.coupled()).build();
      case DECOUPLED -> groups.group("all", table, rule, builder.decoupled()).build();
    };
  }

  private static void assertSameBits(
      Optimizer expected, Parameter a, Optimizer actual, Parameter b) {
    assertArrayEquals(a.toMatrix().data, b.toMatrix().data);
    Map<String, DMatrixRMaj> slots = actual.slots(b);
    expected
        .slots(a)
        .forEach((name, slot) -> assertArrayEquals(slot.data, at(slots, name).data, name));
    assertEquals(expected.steps(a), actual.steps(b));
  }

  private static DMatrixRMaj at(Map<String, DMatrixRMaj> slots, String name) {
    DMatrixRMaj slot = slots.get(name);
    if (slot == null) {
      throw new AssertionError("no slot " + name);
    }
    return slot;
  }

  /**
   * Random sequences of rows, with repeats within a step, now and then a full gradient or none, and
   * a rate that changes.
   */
  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void rowSparseStepsHaveTheBitsOfFullOnes(
      @ForAll("rules") UpdateRule rule,
      @ForAll Pull pull,
      @ForAll @IntRange(min = 1, max = 14) int rows,
      @ForAll @IntRange(min = 1, max = 4) int cols,
      @ForAll @IntRange(min = 1, max = 20) int steps,
      @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    DMatrixRMaj start = Draw.gaussian(random, rows, cols);
    Parameter full = new Parameter("full", start);
    Parameter sparse = new Parameter("sparse", start);
    Parameter elsewhere = new Parameter("elsewhere", new DMatrixRMaj(1, 1));
    Optimizer fullOptimizer = optimizer(rule, full, elsewhere, pull);
    Optimizer sparseOptimizer = optimizer(rule, sparse, elsewhere, pull);
    for (int t = 0; t < steps; t++) {
      double rate = rule.learningRate() * (0.2 + random.nextDouble());
      fullOptimizer.setLearningRate("all", rate);
      sparseOptimizer.setLearningRate("all", rate);
      int what = random.nextInt(12);
      if (what == 0) {
        DMatrixRMaj gradient = Draw.gaussian(random, rows, cols);
        GivenGradients.of(full, gradient).step(fullOptimizer);
        GivenGradients.of(sparse, gradient).step(sparseOptimizer);
      } else if (what == 1) {
        GivenGradients.of(elsewhere, 1.0).step(fullOptimizer);
        GivenGradients.of(elsewhere, 1.0).step(sparseOptimizer);
      } else {
        int[] touched = random.ints(1 + random.nextInt(3), 0, rows).toArray();
        DMatrixRMaj ofRows = Draw.gaussian(random, touched.length, cols);
        DMatrixRMaj same = GivenGradients.stepRows(sparseOptimizer, sparse, touched, ofRows);
        GivenGradients.of(full, same).step(fullOptimizer);
      }
      assertSameBits(fullOptimizer, full, sparseOptimizer, sparse);
    }
  }

  /** Rows of slots that start elsewhere than at 0, as of Adagrad, rest as well. */
  @Property(seed = "1", tries = 100, edgeCases = EdgeCasesMode.NONE)
  void slotsMayStartElsewhereThanAtZero(
      @ForAll @IntRange(min = 1, max = 14) int rows, @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    DMatrixRMaj start = Draw.gaussian(random, rows, 2);
    Parameter full = new Parameter("full", start);
    Parameter sparse = new Parameter("sparse", start);
    UpdateRule rule = Adagrad.of(0.1).withInitialAccumulator(0.25);
    Optimizer fullOptimizer = Optimizer.of(rule, full);
    Optimizer sparseOptimizer = Optimizer.of(rule, sparse);
    assertEquals(0.25, at(sparseOptimizer.slots(sparse), "sum").get(0, 0));
    for (int t = 0; t < 6; t++) {
      int[] touched = random.ints(2, 0, rows).toArray();
      DMatrixRMaj ofRows = Draw.gaussian(random, 2, 2);
      DMatrixRMaj same = GivenGradients.stepRows(sparseOptimizer, sparse, touched, ofRows);
      GivenGradients.of(full, same).step(fullOptimizer);
      assertSameBits(fullOptimizer, full, sparseOptimizer, sparse);
      Optimizer restored = Optimizer.of(rule, sparse);
      restored.restore(sparse, sparseOptimizer.steps(sparse), sparseOptimizer.slots(sparse));
      sparseOptimizer = restored;
    }
  }

  @Test
  void rowsThatWereNeverTouchedDoNotMoveUnderARuleThatRests() {
    RandomGenerator random = Draw.seeded(7);
    for (UpdateRule rule :
        List.of(Sgd.of(0.1), Sgd.of(0.1).withMomentum(0.9), Adam.of(0.1).withAmsgrad())) {
      DMatrixRMaj start = Draw.gaussian(random, 50, 3);
      Parameter table = new Parameter("table", start);
      Optimizer optimizer = Optimizer.of(rule, table);
      for (int t = 0; t < 10; t++) {
        int[] rows = {3, 40, 3, 7 + t % 2};
        DMatrixRMaj unused =
            GivenGradients.stepRows(optimizer, table, rows, Draw.gaussian(random, 4, 3));
      }
      for (int row = 0; row < 50; row++) {
        double[] before = Arrays.copyOfRange(start.data, 3 * row, 3 * row + 3);
        double[] after = Arrays.copyOfRange(table.toMatrix().data, 3 * row, 3 * row + 3);
        boolean touched = row == 3 || row == 40 || row == 7 || row == 8;
        assertEquals(!touched, Arrays.equals(before, after), "row " + row);
      }
    }
  }

  /** Unlike "sparse" optimizers that forget: momentum carries a row on after its last gradient. */
  @Test
  void rowsThatWereTouchedOnceKeepTheirMomentum() {
    Parameter table = new Parameter("table", new DMatrixRMaj(10, 1));
    Optimizer optimizer = Optimizer.of(Sgd.of(1.0).withMomentum(0.5), table);
    DMatrixRMaj one = new DMatrixRMaj(1, 1, true, 1.0);
    DMatrixRMaj first = GivenGradients.stepRows(optimizer, table, new int[] {4}, one);
    DMatrixRMaj later = GivenGradients.stepRows(optimizer, table, new int[] {6}, one);
    assertEquals(1.0, first.get(4, 0));
    assertEquals(0.0, later.get(4, 0));
    assertEquals(-1.5, table.get(4, 0));
    assertEquals(-1.0, table.get(6, 0));
    assertEquals(0.0, table.get(5, 0));
  }
}
