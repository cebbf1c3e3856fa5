package io.github.backstay.benchmarks.embedding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.backstay.optim.Visits;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the benchmark compares is the same training, whatever is visited. */
class TableTrainingTest {

  @ParameterizedTest
  @EnumSource(Anchoring.class)
  void byRowsIsTheTrainingAsAWhole(Anchoring anchoring) {
    try (TableTraining rows = new TableTraining(anchoring, false, 900, 6, 300);
        TableTraining whole = new TableTraining(anchoring, true, 900, 6, 300)) {
      for (int step = 0; step < 200; step++) {
        assertEquals(whole.step(), rows.step(), 1e-10);
      }
      assertEquals(whole.drift(), rows.drift(), 1e-10);
      assertEquals(Visits.TOUCHED, rows.visits());
      assertEquals(Visits.ALL, whole.visits());
    }
  }
}
