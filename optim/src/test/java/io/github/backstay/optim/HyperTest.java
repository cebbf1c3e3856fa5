package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HyperTest {

  @Test
  void scalingLeavesZeroAndInfinityWhatTheyAre() {
    double[] values = {3.0, 0.0, Double.POSITIVE_INFINITY, 1e300, 8.0};
    Hyper.scale(values, 1, 4, 0.0);
    assertEquals(Double.POSITIVE_INFINITY, values[2]);
    values[2] = 0.0;
    assertArrayEquals(new double[] {3.0, 0.0, 0.0, 0.0, 8.0}, values, 1e-20);
    Hyper.scale(values, 0, 5, 0.5);
    assertArrayEquals(new double[] {1.5, 0.0, 0.0, 0.0, 4.0}, values, 1e-20);
  }

  /** The remainder of the series from n on, relative to its first term. */
  @Test
  void nothingIsLeftOfASeriesWhenItIsSaidSo() {
    for (double q : new double[] {1e-9, 0.3, 0.9, 0.999}) {
      int steps = Hyper.stepsUntilNothingIsLeft(q);
      assertTrue(Math.pow(q, steps) / (1.0 - q) <= 0x1p-56 * (1.0 + 1e-9));
      assertTrue(Math.pow(q, steps - 1.0) / (1.0 - q) > 0x1p-56);
    }
    assertEquals(0, Hyper.stepsUntilNothingIsLeft(0.0));
    assertEquals(-1, Hyper.stepsUntilNothingIsLeft(1.0));
    assertEquals(-1, Hyper.stepsUntilNothingIsLeft(Double.NaN));
  }
}
