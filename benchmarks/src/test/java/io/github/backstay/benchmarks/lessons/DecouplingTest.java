package io.github.backstay.benchmarks.lessons;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.benchmarks.lessons.Decoupling.Form;
import io.github.backstay.benchmarks.lessons.Decoupling.Fresh;
import io.github.backstay.benchmarks.lessons.Decoupling.Row;
import org.junit.jupiter.api.Test;

class DecouplingTest {

  private static final Decoupling.Result RESULT = Decoupling.run(3);

  /** λ cancels in m/√v but for ε = 1e-8 beside gradients of 1e-3 and more: 1e-5 of 200·1e-3. */
  @Test
  void withFreshMomentsTheCoupledTrajectoryDoesNotDependOnTheStrength() {
    assertTrue(RESULT.coupledDifference() < 2e-6, RESULT.coupledDifference() + "");
    assertTrue(RESULT.coupledDifference() > 0.0);
    for (Fresh fresh : RESULT.fresh()) {
      if (fresh.form() == Form.COUPLED) {
        assertTrue(fresh.fromClosedForm() > 0.1, fresh.fromClosedForm() + "");
      }
    }
  }

  /** 200 multiplications, each rounded twice. */
  @Test
  void theDecoupledTrajectoryIsItsClosedForm() {
    assertTrue(RESULT.decoupledDifference() > 0.03);
    for (Fresh fresh : RESULT.fresh()) {
      assertEquals(201, fresh.distances().size());
      if (fresh.form() == Form.DECOUPLED) {
        assertTrue(fresh.fromClosedForm() < 400 * 0x1.0p-53, fresh.fromClosedForm() + "");
        double last = fresh.distances().get(200) / fresh.distances().get(0);
        assertEquals(Math.pow(1.0 - 1e-3 * fresh.strength(), 200), last, 1e-13);
      }
    }
  }

  /** To a few percent: √v is an estimate from some 1,000 draws, and weights drift by chance. */
  @Test
  void aHistoryOfGradientsDividesTheCoupledPullOnly() {
    double strength = RESULT.strength();
    for (Row row : RESULT.rows()) {
      assertEquals(strength, row.coupled() * row.size(), 0.05 * strength, row.toString());
      assertEquals(strength, row.decoupled(), 0.05 * strength, row.toString());
    }
  }

  @Test
  void underPlainSgdBothAreTheSame() {
    assertTrue(RESULT.sgdDifference() < 1e-12, RESULT.sgdDifference() + "");
    assertTrue(RESULT.momentumDifference() > 1e-3, RESULT.momentumDifference() + "");
  }
}
