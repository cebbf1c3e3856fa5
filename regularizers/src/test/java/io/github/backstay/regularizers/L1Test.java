package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class L1Test {

  /** 0.5·(|3−1| + |0−2| + |4−4|) = 2, by hand; the last entry is at the kink. */
  @Test
  void isTheStrengthTimesTheSumOfDistances() {
    DMatrixRMaj weight = Both.row(3.0, 0.0, 4.0);
    DMatrixRMaj anchor = Both.row(1.0, 2.0, 4.0);
    assertEquals(2.0, Both.value(new L1(0.5), weight, anchor));
    assertArrayEquals(
        new double[] {0.5, -0.5, 0.0}, Both.gradient(new L1(0.5), weight, anchor, 0.0));
  }

  @Test
  void proximalStepMovesByTheThresholdOrOntoTheAnchor() {
    DMatrixRMaj image = Both.prox(new L1(0.5), Both.row(3.0, -0.75, 0.5, -1.0), 2.0);
    assertArrayEquals(new double[] {2.0, 0.0, 0.0, 0.0}, image.data);
  }

  /** What {@code largestRate} says of kinks: explicit steps stay within one step of the anchor. */
  @Test
  void explicitStepsJumpToAndFroWhereProximalOnesComeToRest() {
    DMatrixRMaj explicit = Both.row(1.0);
    DMatrixRMaj proximal = Both.row(1.0);
    L1 penalty = new L1(0.5);
    for (int step = 0; step < 9; step++) {
      DMatrixRMaj before = explicit.copy();
      penalty.addGradient(before, null, -0.75, explicit);
      penalty.prox(proximal, null, 0.75);
    }
    assertEquals(-0.125, explicit.data[0]); // 1, 0.625, 0.25, −0.125, 0.25, −0.125, …
    assertEquals(0.0, proximal.data[0]);
  }

  @Test
  void saysItsFormulaAndItsOtherName() {
    assertEquals("0.5·Σ|W−W0|", new L1(0.5).formula(true));
    assertEquals("0.5·Σ|W|", new L1(0.5).formula(false));
    assertEquals("the lasso when the anchor is 0", new L1(0.5).alsoKnownAs());
  }
}
