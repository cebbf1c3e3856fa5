package io.github.backstay.benchmarks.start;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class StartBenchTest {

  @Test
  void anotherGradientIsRefused() {
    assertDoesNotThrow(() -> StartBench.requireAgreement(4.0, 4.0 + 8e-13));
    for (double other : new double[] {4.0 + 2e-12, 3.0, Double.NaN}) {
      StartException e =
          assertThrows(StartException.class, () -> StartBench.requireAgreement(4.0, other));
      assertEquals(
          "start: the gradients differ: here 4.0, in the process "
              + other
              + " (need the same to 1e-12).",
          e.getMessage());
    }
  }

  @Test
  void roundsAreNeeded() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> new StartBench(0));
    assertEquals("start: rounds must be positive, got 0.", e.getMessage());
  }
}
