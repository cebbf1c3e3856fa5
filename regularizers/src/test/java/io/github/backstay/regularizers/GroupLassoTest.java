package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class GroupLassoTest {

  private final DMatrixRMaj weight = new DMatrixRMaj(2, 2, true, 3.0, 4.0, 0.0, 0.0);

  @Test
  void sumsTheNormsOfItsGroups() {
    assertEquals(10.0, Both.value(GroupLasso.of(2.0, Groups.ROWS), weight, null));
    assertEquals(14.0, Both.value(GroupLasso.of(2.0, Groups.COLS), weight, null));
    assertEquals(10.0, Both.value(GroupLasso.of(2.0, Groups.ALL), weight, null));
    assertEquals(20.0, Both.value(GroupLasso.of(2.0, Groups.ALL).withSizeWeights(), weight, null));
  }

  /** A row that never moved gets no gradient, however the others are pulled. */
  @Test
  void gradientOfAGroupAtItsAnchorIsZero() {
    assertArrayEquals(
        new double[] {1.2, 1.6, 0.0, 0.0},
        Both.gradient(GroupLasso.of(2.0, Groups.ROWS), weight, null, 1e-15),
        1e-15);
    assertArrayEquals(
        new double[4], Both.gradient(GroupLasso.of(2.0, Groups.ROWS), weight, weight.copy(), 0.0));
  }

  /** PyTorch and JAX answer NaN here if the norm is written as a root. */
  @Test
  void secondDerivativeAtTheAnchorIsZeroToo() {
    try (Tape tape = Tape.create()) {
      Variable leaf = tape.variable(weight);
      Variable node = GroupLasso.of(2.0, Groups.ROWS).of(leaf, tape.constant(weight));
      Variable gradient = tape.recordedGradients(node, List.of(leaf)).get(0);
      Variable along = gradient.dot(tape.constant(new DMatrixRMaj(2, 2, true, 1, 2, 3, 4)));
      double[] second = along.isTracked() ? tape.gradients(along).of(leaf).data : new double[4];
      assertArrayEquals(new double[4], second);
    }
  }

  @Test
  void nothingIsLostFarFromOne() {
    for (double scale : new double[] {1e-200, 1e-310, 1e200, 1e305}) {
      DMatrixRMaj far = Both.row(3.0 * scale, -4.0 * scale);
      GroupLasso penalty = GroupLasso.of(1.0, Groups.ROWS);
      // 1e-310 is subnormal and has ten digits only.
      double rounding = scale < 1e-300 ? 1e-9 : 1e-15;
      assertEquals(1.0, Both.value(penalty, far, null) / (5.0 * scale), rounding);
      assertArrayEquals(
          new double[] {0.6, -0.8}, Both.gradient(penalty, far, null, 1e-15), rounding);
      assertEquals(0.0, Both.prox(penalty, far, 6.0 * scale).data[1]);
    }
  }

  @Test
  void proximalStepTakesWholeGroupsHome() {
    DMatrixRMaj table = new DMatrixRMaj(2, 2, true, 3.0, 4.0, 0.3, 0.4);
    assertArrayEquals(
        new double[] {2.4, 3.2, 0.0, 0.0},
        Both.prox(GroupLasso.of(2.0, Groups.ROWS), table, 0.5).data,
        1e-15);
  }

  @Test
  void onlyRowsAreAMatterOfRows() {
    assertTrue(GroupLasso.of(1.0, Groups.ROWS).isRowwise());
    assertTrue(GroupLasso.of(1.0, Groups.ROWS).withSizeWeights().isRowwise());
    assertFalse(GroupLasso.of(1.0, Groups.COLS).isRowwise());
    assertFalse(GroupLasso.of(1.0, Groups.ALL).isRowwise());
  }

  @Test
  void saysItsFormulaAndItsOtherName() {
    GroupLasso rows = GroupLasso.of(0.5, Groups.ROWS);
    assertEquals("0.5·Σ ‖row of (W−W0)‖", rows.formula(true));
    assertEquals("0.5·Σ ‖row of W‖", rows.formula(false));
    assertEquals("0.5·Σ √size·‖row of W‖", rows.withSizeWeights().formula(false));
    assertEquals("0.5·Σ ‖column of W‖", GroupLasso.of(0.5, Groups.COLS).formula(false));
    assertEquals("0.5·‖W−W0‖", GroupLasso.of(0.5, Groups.ALL).formula(true));
    assertEquals("the group lasso when the anchor is 0", rows.alsoKnownAs());
    assertEquals("", GroupLasso.of(0.5, Groups.ALL).alsoKnownAs());
  }
}
