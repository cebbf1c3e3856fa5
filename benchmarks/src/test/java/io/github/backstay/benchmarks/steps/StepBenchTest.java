package io.github.backstay.benchmarks.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class StepBenchTest {

  private static final StepBench.Settings SHORT = new StepBench.Settings(2, 0.001, 1, 100);

  private static RandomGenerator random() {
    return RandomGeneratorFactory.of("SplittableRandom").create(5L);
  }

  /** Says that a step has some value, and counts how often it was closed. */
  private static final class Saying implements Engine {
    private final double value;
    private final boolean elsewhere;
    private final double[] result;
    private int closed;

    Saying(double value, boolean elsewhere, double... result) {
      this.value = value;
      this.elsewhere = elsewhere;
      this.result = result;
    }

    @Override
    public String name() {
      return "says " + value;
    }

    @Override
    public Optional<Contestant> smallOps(SmallOps problem, int threads) {
      return Optional.of(
          new Contestant() {
            @Override
            public double step() {
              return value;
            }

            @Override
            public double[] result() {
              return result;
            }

            @Override
            public boolean usesOtherThreads() {
              return elsewhere;
            }

            @Override
            public void close() {
              closed++;
            }
          });
    }
  }

  @Test
  void refusesToTimeWhatDoesNotComputeTheSame() {
    Saying first = new Saying(2.0, false);
    Saying other = new Saying(2.0 + 3e-9, false);
    StepBench bench = new StepBench(List.of(first, other), SHORT);
    List<Problem> problems = List.of(SmallOps.random(random(), 4));
    IllegalStateException refused =
        assertThrows(IllegalStateException.class, () -> bench.run(Workload.W1, problems));
    assertEquals(
        "W1: says 2.000000003 has the value 2.000000003 in step 0, says 2.0 has 2.0"
            + " (ten operations on 4×4, forward and backward).",
        refused.getMessage());
    assertEquals(1, first.closed);
    assertEquals(1, other.closed);
  }

  @Test
  void refusesToTimeWhatMakesOtherNumbersOfTheSameValue() {
    Saying first = new Saying(2.0, false, 1.0, 4.0);
    IllegalStateException differs = refusal(first, new Saying(2.0, false, 1.0, 4.0 + 8e-12));
    assertEquals(
        "W1: says 2.0 has 4.000000000008 in entry 1, says 2.0 has 4.0"
            + " (ten operations on 4×4, forward and backward).",
        differs.getMessage());
    IllegalStateException fewer = refusal(first, new Saying(2.0, false, 1.0));
    assertEquals(
        "W1: says 2.0 has 1 entries, says 2.0 has 2"
            + " (ten operations on 4×4, forward and backward).",
        fewer.getMessage());
    assertEquals(2, first.closed);
  }

  private static IllegalStateException refusal(Engine first, Engine other) {
    StepBench bench = new StepBench(List.of(first, other), SHORT);
    List<Problem> problems = List.of(SmallOps.random(random(), 4));
    return assertThrows(IllegalStateException.class, () -> bench.run(Workload.W1, problems));
  }

  @Test
  void takesResultsThatDifferByRoundingOnly() {
    Saying first = new Saying(2.0, false, 4.0);
    Saying other = new Saying(2.0, false, 4.0 + 2e-12);
    StepBench bench = new StepBench(List.of(first, other), SHORT);
    assertEquals(2, bench.run(Workload.W1, List.of(SmallOps.random(random(), 4))).size());
  }

  @Test
  void refusesValuesThatAreNoNumbers() {
    Saying nan = new Saying(Double.NaN, false);
    StepBench bench = new StepBench(List.of(nan), SHORT);
    List<Problem> problems = List.of(SmallOps.random(random(), 4));
    assertThrows(IllegalStateException.class, () -> bench.run(Workload.W1, problems));
    assertEquals(1, nan.closed);
  }

  @Test
  void leavesOutTheThreadsOwnTimeWhereOthersWork() {
    Saying here = new Saying(2.0, false);
    Saying elsewhere = new Saying(2.0, true);
    StepBench bench = new StepBench(List.of(here, elsewhere), SHORT);
    List<StepBench.Row> rows = bench.run(Workload.W1, List.of(SmallOps.random(random(), 4)));
    assertNotNull(rows.get(0).cpuMicrosPerStep());
    assertNull(rows.get(1).cpuMicrosPerStep());
    assertEquals(1.0, rows.get(0).backstayRatio());
    assertEquals(1, elsewhere.closed);
  }

  @Test
  void leavesTallTablesToThoseWhoDoNotVisitAllRows() {
    StepBench bench = new StepBench(StepBench.engines(), SHORT);
    List<Problem> problems =
        List.of(
            AnchoredTable.random(random(), 100, 4, 20, 3, 5),
            AnchoredTable.random(random(), 101, 4, 20, 3, 5));
    List<StepBench.Row> rows = bench.run(Workload.W3, problems);
    List<String> low = engines(rows, problems.get(0));
    List<String> high = engines(rows, problems.get(1));
    assertTrue(low.contains("by hand, EJML"), low.toString());
    assertFalse(high.contains("by hand, EJML"), high.toString());
    assertTrue(high.containsAll(List.of("Backstay", "by hand, our kernels")), high.toString());
    for (StepBench.Row row : rows) {
      boolean first = row.description().equals(problems.get(0).description());
      assertNotNull(row.firstRatio());
      assertTrue(!first || row.firstRatio() == 1.0, row.toString());
    }
  }

  private static List<String> engines(List<StepBench.Row> rows, Problem problem) {
    return rows.stream()
        .filter(row -> row.description().equals(problem.description()))
        .map(StepBench.Row::engine)
        .toList();
  }

  @Test
  void everyWorkloadHasItsUsualSizes() {
    List<String> all =
        List.of(Workload.values()).stream()
            .flatMap(
                workload ->
                    workload.problems(List.of(1_000, 2_000), 1_000, List.of(16, 32)).stream())
            .map(Problem::description)
            .toList();
    assertEquals(
        List.of(
            "ten operations on 4×4, forward and backward",
            "MLP 784-256-128-10, batch 64, Adam, L2",
            "anchored embedding 1000×100, 25×20 tokens, Adam",
            "anchored embedding 2000×100, 25×20 tokens, Adam",
            "25 Child-Sum trees, 511 nodes, 100/100, Adam",
            "LSTM, 20 steps, batch 25, 100/100, Adam",
            "MLP 1024-1024-1024-10, batch 256, Adam",
            "Hessian-vector product of 784-256-128-10, batch 64, L2",
            "one row through 784-256-128-10",
            "A·B, 16×16",
            "Aᵀ·B, 16×16",
            "A·Bᵀ, 16×16",
            "A·B, 32×32",
            "Aᵀ·B, 32×32",
            "A·Bᵀ, 32×32"),
        all);
  }

  @Test
  void productsAreMeasuredOnlyWhenAskedFor() {
    List<Workload> all = List.of(Workload.values());
    assertEquals(all.subList(0, all.size() - 1), Workload.usual());
    assertEquals(Workload.PRODUCT, all.get(all.size() - 1));
  }

  @Test
  void refusesSettingsThatMeasureNothing() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> new StepBench.Settings(0, 0.1, 1, 100));
    assertEquals(
        "steps: rounds, seconds and threads must be positive, got 0, 0.1 and 1.",
        refused.getMessage());
  }
}
