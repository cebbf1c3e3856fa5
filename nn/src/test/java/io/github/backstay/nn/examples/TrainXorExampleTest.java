package io.github.backstay.nn.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.nn.Sequential;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainXorExampleTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void learnsExclusiveOr(long seed) {
    Sequential model = TrainXorExample.model(seed);
    double first = TrainXorExample.train(model, 1, 0.2);
    double last = TrainXorExample.train(model, 2000, 0.2);

    assertTrue(first > 0.1 && last < 1e-3, "loss from " + first + " to " + last);
    assertArrayEquals(new double[] {0, 1, 1, 0}, TrainXorExample.outputs(model).data, 0.1);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void sameSeedGivesTheSameBits(long seed) {
    Sequential model = TrainXorExample.model(seed);
    Sequential again = TrainXorExample.model(seed);
    double ignored = TrainXorExample.train(model, 50, 0.2) + TrainXorExample.train(again, 50, 0.2);

    assertTrue(Double.isFinite(ignored));
    assertArrayEquals(
        TrainXorExample.outputs(model).data, TrainXorExample.outputs(again).data, 0.0);
  }
}
