package io.github.backstay.benchmarks.overhead;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class OverheadBenchTest {

  @Test
  void allContestantsComputeTheSameLossesOverManySteps() {
    RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(11L);
    List<Workload> workloads =
        List.of(SmallOps.workload(random), Mlp.workload(random), LstmChain.workload(random));
    for (Workload workload : workloads) {
      for (int step = 0; step < 5; step++) {
        double expected = workload.contestants().get(0).step();
        for (Contestant other : workload.contestants().subList(1, workload.contestants().size())) {
          assertEquals(
              expected,
              other.step(),
              1e-9 * Math.max(1.0, Math.abs(expected)),
              workload.name() + ", step " + step + ", " + other.name());
        }
      }
    }
  }

  @Test
  void refusesSettingsThatMeasureNothing() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new OverheadBench(0, 0.1));
    assertEquals(
        "overhead: rounds and seconds must be positive, got 0 and 0.1.", refused.getMessage());
  }
}
