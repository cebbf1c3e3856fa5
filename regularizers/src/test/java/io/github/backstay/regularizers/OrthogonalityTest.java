package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Parameter;
import io.github.backstay.regularizers.Orthogonality.Side;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class OrthogonalityTest {

  private final DMatrixRMaj orthonormal = new DMatrixRMaj(2, 2, true, 0.6, -0.8, 0.8, 0.6);

  /** WᵀW − I = diag(3, 0), WWᵀ − I = diag(3, 0, −1), by hand. */
  @Test
  void measuresTheGramMatrixOfOneSide() {
    DMatrixRMaj weight = new DMatrixRMaj(3, 2, true, 2.0, 0.0, 0.0, 1.0, 0.0, 0.0);
    Orthogonality columns = new Orthogonality(0.5, Side.COLUMNS);
    Orthogonality rows = new Orthogonality(0.5, Side.ROWS);
    assertEquals(4.5, Both.value(columns, weight, null));
    assertEquals(5.0, Both.value(rows, weight, null));
    double[] gradient = {12.0, 0.0, 0.0, 0.0, 0.0, 0.0};
    assertArrayEquals(gradient, Both.gradient(columns, weight, null, 0.0));
    assertArrayEquals(gradient, Both.gradient(rows, weight, null, 0.0));
  }

  @Test
  void isAtRestWhereTheSideIsOrthonormalAndAtZero() {
    for (Side side : Side.values()) {
      Orthogonality penalty = new Orthogonality(1.0, side);
      assertEquals(0.0, Both.value(penalty, orthonormal, null), 1e-30);
      assertArrayEquals(new double[4], Both.gradient(penalty, orthonormal, null, 1e-15), 1e-15);
      assertArrayEquals(new double[4], Both.gradient(penalty, new DMatrixRMaj(2, 2), null, 0.0));
    }
  }

  /** A matrix that is a multiple of an orthonormal one has that multiple as singular values. */
  @Test
  void largestRateIsThatOfSingularValuesUpToOne() {
    Orthogonality penalty = new Orthogonality(0.5, Side.COLUMNS);
    double rate = penalty.largestRate();
    assertEquals(0.25, rate);
    for (double value : new double[] {0.01, 0.5, 0.99, 1.0}) {
      double next = stepped(penalty, value, rate);
      assertTrue(next >= value - 1e-15 && next <= 1.0 + 1e-15, value + " → " + next);
    }
    assertEquals(1.0, stepped(penalty, 1.001, rate), 2e-6);
    assertEquals(1.0, stepped(penalty, 2.0, 1.0 / (4.0 * 0.5 * 2.0 * 3.0)), 1e-15);
    assertTrue(stepped(penalty, 2.3, rate) < -2.3, "beyond √5 it diverges");
    assertTrue(Math.abs(stepped(penalty, 2.2, rate)) < 2.2);
  }

  private double stepped(Penalty penalty, double value, double rate) {
    DMatrixRMaj weight = orthonormal.copy();
    for (int i = 0; i < 4; i++) {
      weight.data[i] *= value;
    }
    DMatrixRMaj after = weight.copy();
    penalty.addGradient(weight, null, -rate, after);
    return after.data[0] / orthonormal.data[0];
  }

  @Test
  void refusesAnAnchor() {
    Orthogonality penalty = new Orthogonality(0.5, Side.ROWS);
    String refusal = "Orthogonality: an anchor was given, but it pulls to no anchor (need none).";
    DMatrixRMaj into = new DMatrixRMaj(2, 2);
    Failures.assertMessage(
        IllegalArgumentException.class,
        refusal,
        () -> Both.value(penalty, orthonormal, orthonormal));
    Failures.assertMessage(
        IllegalArgumentException.class,
        refusal,
        () -> penalty.addGradient(orthonormal, orthonormal, 1.0, into));
    Parameter weight = new Parameter("w", orthonormal);
    Failures.assertMessage(
        IllegalArgumentException.class,
        "regularizer: 0.5·‖WWᵀ−I‖² pulls to no anchor, but one was given: its initial value. Leave"
            + " it out, or add a second regularizer that pulls to it.",
        () ->
            Regularizer.orthogonality(0.5, Side.ROWS).over(weight).towardsInitialValue().inLoss());
  }

  @Test
  void saysNothingOfAnAnchor() {
    Parameter weight = new Parameter("w", orthonormal);
    assertEquals(
        "0.5·‖WᵀW−I‖² on w, coupled; soft orthogonality",
        Regularizer.orthogonality(0.5, Side.COLUMNS).over(weight).coupled().toString());
  }
}
