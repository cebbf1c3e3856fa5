package io.github.backstay.benchmarks.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class FisherExampleTest {

  /** F = (1 + 9)/2 = 5, and 400/2·5·0.1² = 10. */
  @Test
  void ewcIsHalfOfLambdaTimesFTimesTheSquaredDistance() {
    assertEquals(10.0, new FisherExample().penaltyAfter(List.of(1.0, -3.0), 0.1), 1e-12);
  }
}
