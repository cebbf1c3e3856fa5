package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.backstay.core.GradientCheck;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.random.RandomGenerator;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class L2Test {

  /** ½·0.5·((3−1)² + (0−2)²) = 2, by hand; and λ(W−A) = (1, −1). */
  @Test
  void isHalfTheStrengthTimesTheSquaredDistance() {
    try (Tape tape = Tape.create()) {
      Variable weight = tape.variable(new DMatrixRMaj(1, 2, true, 3.0, 0.0));
      Variable anchor = tape.constant(new DMatrixRMaj(1, 2, true, 1.0, 2.0));
      Variable penalty = new L2(0.5).of(weight, anchor);
      assertEquals(2.0, penalty.toDouble());
      assertArrayEquals(new double[] {1.0, -1.0}, tape.gradients(penalty).of(weight).data);
    }
  }

  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void bothFormsOfTheGradientHaveTheSameBits(
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 9) int cols,
      @ForAll @IntRange(min = -20, max = 20) int power,
      @ForAll boolean anchored,
      @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    DMatrixRMaj weight = Draw.gaussian(random, rows, cols);
    DMatrixRMaj anchor = Draw.gaussian(random, rows, cols);
    L2 penalty = new L2(Math.scalb(1.0 + random.nextDouble(), power));
    DMatrixRMaj closed = new DMatrixRMaj(rows, cols);
    penalty.addGradient(weight, anchored ? anchor : null, 1.0, closed);
    try (Tape tape = Tape.create()) {
      Variable leaf = tape.variable(weight);
      Variable node = penalty.of(leaf, anchored ? tape.constant(anchor) : null);
      assertArrayEquals(tape.gradients(node).of(leaf).data, closed.data);
    }
  }

  @Test
  void anchorMayItselfBeDifferentiated() {
    RandomGenerator random = Draw.seeded(3);
    DMatrixRMaj weight = Draw.gaussian(random, 3, 2);
    DMatrixRMaj anchor = Draw.gaussian(random, 3, 2);
    GradientCheck check = GradientCheck.of(x -> new L2(0.8).of(x[0], x[1]));
    check.at(weight, anchor).requirePassed();
    check.secondOrder().at(weight, anchor).requirePassed();
  }

  @Test
  void staysFiniteAtTheAnchorHoweverStrong() {
    DMatrixRMaj weight = new DMatrixRMaj(1, 2, true, 1e300, -3.0);
    DMatrixRMaj gradient = new DMatrixRMaj(1, 2);
    new L2(Double.MAX_VALUE).addGradient(weight, weight.copy(), 1.0, gradient);
    assertArrayEquals(new double[] {0.0, 0.0}, gradient.data);
  }

  @Test
  void largestRateIsTheOneThatLandsOnTheAnchor() {
    assertEquals(4.0, new L2(0.25).largestRate());
    DMatrixRMaj weight = new DMatrixRMaj(1, 2, true, 7.0, -5.0);
    DMatrixRMaj stepped = weight.copy();
    DMatrixRMaj anchor = new DMatrixRMaj(1, 2, true, 1.0, 2.0);
    new L2(0.25).addGradient(weight, anchor, -4.0, stepped);
    assertArrayEquals(anchor.data, stepped.data);
  }

  @Test
  void saysItsFormulaAndItsOtherName() {
    assertEquals("0.003/2·‖W−W0‖²", new L2(0.003).formula(true));
    assertEquals("0.003/2·‖W‖²", new L2(0.003).formula(false));
    assertEquals(
        "equals PyTorch weight_decay 0.003 when the anchor is 0", new L2(0.003).alsoKnownAs());
  }

  @Test
  void namesTheStrengthItRefuses() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new L2(-0.5));
    assertEquals(
        "L2: the strength λ must be finite and at least 0, got -0.5.", refused.getMessage());
    refused = assertThrows(IllegalArgumentException.class, () -> Regularizer.l2(Double.NaN));
    assertEquals(
        "L2: the strength λ must be finite and at least 0, got NaN.", refused.getMessage());
  }
}
