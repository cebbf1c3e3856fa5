package io.github.backstay.benchmarks.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void measuresMeanDeviationAndMedian() {
    Spread spread = Spread.of(List.of(1.0, 4.0, 2.0, 1.0));
    assertEquals(2.0, spread.mean());
    assertEquals(Math.sqrt(6.0 / 3.0), spread.deviation(), 1e-15);
    assertEquals(1.5, spread.median());
    assertEquals("2.00 ± 1.41", spread.plain(2));
    Spread error = spread.withStandardError();
    assertEquals(2.0, error.mean());
    assertEquals(Math.sqrt(0.5), error.deviation(), 1e-15);
    assertEquals("50.00 ± 0.00", Spread.of(0.5).percent());
  }

  @Test
  void nothingHasNoMean() {
    assertTrue(Double.isNaN(Spread.of().mean()));
    assertTrue(Double.isNaN(Spread.of().median()));
  }
}
