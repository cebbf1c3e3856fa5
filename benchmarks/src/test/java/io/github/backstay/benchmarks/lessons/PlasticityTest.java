package io.github.backstay.benchmarks.lessons;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.benchmarks.data.Digits;
import io.github.backstay.benchmarks.lessons.Plasticity.Candidate;
import io.github.backstay.benchmarks.lessons.Plasticity.Treatment;
import io.github.backstay.nn.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PlasticityTest {

  private static final Digits FEW = DrawnDigits.draw(80, new Seeds(2).generator(0, "few"));

  private static Plasticity.Result run(int threads, Runnable progress) {
    return Plasticity.run(FEW, 3, 2, 5, 2, threads, progress);
  }

  @Test
  void figuresDoNotDependOnTheNumberOfThreads() {
    AtomicInteger trainings = new AtomicInteger();
    Plasticity.Result one = run(1, trainings::incrementAndGet);
    assertEquals(one, run(2, () -> {}));
    assertEquals(Plasticity.trainings(2), trainings.get());
    assertEquals(List.of(205L, 206L, 207L), one.searchSeeds());
    assertEquals(List.of(1005L, 1006L), one.heldOutSeeds());
  }

  @Test
  void everyTreatmentIsReportedWithTheStrengthThatWasBestInTheSearch() {
    Plasticity.Result result = run(2, () -> {});
    assertEquals(8, result.search().size());
    assertEquals(3, result.rows().size());
    for (Plasticity.Row row : result.rows()) {
      double best = 0.0;
      double strength = 0.0;
      for (Candidate candidate : result.search()) {
        if (candidate.treatment() == row.treatment() && candidate.mean().mean() > best) {
          best = candidate.mean().mean();
          strength = candidate.strength();
        }
      }
      assertEquals(strength, row.strength(), row.treatment().toString());
      assertEquals(2, row.runs().size());
      assertEquals(3, row.byTask().size());
      for (Plasticity.Run each : row.runs()) {
        assertTrue(each.accuracy().stream().allMatch(a -> a > 0.0 && a < 0.6), each.toString());
      }
    }
    assertEquals(Treatment.NONE, result.rows().get(0).treatment());
    assertEquals(0.0, result.rows().get(0).strength());
  }

  @Test
  void firstAndLastAreAnEighthOfTheTasks() {
    List<Double> accuracy = new ArrayList<>();
    for (int task = 0; task < 16; task++) {
      accuracy.add((double) task);
    }
    Plasticity.Run run = new Plasticity.Run(1, accuracy);
    assertEquals(0.5, run.first());
    assertEquals(14.5, run.last());
    assertEquals(7.5, run.mean());
    Plasticity.Run small = new Plasticity.Run(1, List.of(0.25, 0.5, 0.75));
    assertEquals(0.25, small.first());
    assertEquals(0.75, small.last());
  }
}
