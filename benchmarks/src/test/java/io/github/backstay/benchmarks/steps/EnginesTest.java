package io.github.backstay.benchmarks.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** All engines do the same, whatever the sizes. */
class EnginesTest {

  private static final int TRIES = 12;

  private static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("SplittableRandom").create(seed);
  }

  /** Steps every engine that takes part, and compares all values with those of the first one. */
  private static void requireAgreement(Problem problem, int engines, int steps) {
    List<Engine> all = StepBench.engines();
    double[] expected = new double[steps];
    int taking = 0;
    for (Engine engine : all) {
      Optional<Contestant> present = problem.by(engine, 1);
      if (present.isEmpty()) {
        continue;
      }
      try (Contestant contestant = present.get()) {
        for (int step = 0; step < steps; step++) {
          double value = contestant.step();
          expected[step] = taking == 0 ? value : expected[step];
          assertEquals(
              expected[step],
              value,
              1e-9 * Math.abs(expected[step]),
              problem.description() + ", step " + step + ", " + engine.name());
        }
      }
      taking++;
    }
    assertTrue(taking >= engines, problem.description() + ": " + taking);
    for (int step = 1; step < steps; step++) {
      boolean trains =
          !(problem instanceof SmallOps
              || problem instanceof Inference
              || problem instanceof Product);
      boolean fixed = !trains || problem instanceof HessianVector;
      assertEquals(fixed, expected[step] == expected[0], problem.description());
    }
  }

  @Property(tries = TRIES)
  void smallOps(@ForAll long seed, @ForAll @IntRange(min = 3, max = 7) int n) {
    requireAgreement(SmallOps.random(random(seed), n), 3, 2);
  }

  @Property(tries = TRIES)
  void networks(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int batch,
      @ForAll @IntRange(min = 1, max = 40) int hidden,
      @ForAll boolean penalized) {
    double strength = penalized ? 1e-2 : 0.0;
    requireAgreement(Mlp.random(random(seed), strength, batch, 17, hidden, 11, 3), 3, 5);
  }

  @Property(tries = TRIES)
  void hessianVectorProducts(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int batch, @ForAll boolean penalized) {
    RandomGenerator random = random(seed);
    Mlp network = Mlp.random(random, penalized ? 1e-2 : 0.0, batch, 13, 20, 9, 4);
    requireAgreement(HessianVector.random(random, network), 3, 2);
  }

  @Property(tries = TRIES)
  void inference(@ForAll long seed) {
    RandomGenerator random = random(seed);
    requireAgreement(Inference.random(random, Mlp.random(random, 0.0, 1, 30, 20, 10)), 3, 2);
  }

  @Property(tries = TRIES)
  void products(@ForAll long seed, @ForAll @IntRange(min = 1, max = 70) int n) {
    for (Product problem : Product.forms(random(seed), n)) {
      requireAgreement(problem, 3, 2);
      for (Engine engine : StepBench.engines()) {
        problem.by(engine, 1).ifPresent(present -> requireProduct(problem, present));
      }
    }
  }

  @Test
  void productsOnTwoThreads() {
    Engine backstay = StepBench.engines().get(0);
    for (Product problem : Product.forms(random(3L), 200)) {
      Contestant contestant = problem.by(backstay, 2).orElseThrow();
      assertTrue(contestant.usesOtherThreads());
      requireProduct(problem, contestant);
    }
  }

  /** Entry by entry, by the definition; twice, since a step must not add to the last one. */
  private static void requireProduct(Product problem, Contestant contestant) {
    int n = problem.a().numRows;
    double[] expected = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        for (int k = 0; k < n; k++) {
          double left = problem.transA() ? problem.a().get(k, i) : problem.a().get(i, k);
          double right = problem.transB() ? problem.b().get(j, k) : problem.b().get(k, j);
          expected[i * n + j] += left * right;
        }
      }
    }
    try (contestant) {
      contestant.step();
      contestant.step();
      double[] result = contestant.result();
      assertEquals(n * n, result.length);
      for (int i = 0; i < result.length; i++) {
        assertEquals(expected[i], result[i], 1e-12 * expected[i], problem.description());
      }
    }
  }

  @Property(tries = TRIES)
  void anchoredTables(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 200) int touched,
      @ForAll @IntRange(min = 1, max = 5) int apart) {
    int height = touched * apart + (apart - 1);
    // past the last batch, so that the first one comes again
    requireAgreement(AnchoredTable.random(random(seed), height, 7, touched, 4, 5), 3, 20);
  }

  @Property(tries = TRIES)
  void trees(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 6) int count,
      @ForAll @IntRange(min = 2, max = 30) int nodes) {
    requireAgreement(Trees.random(random(seed), count, nodes, 5, 6), 4, 5);
  }

  @Property(tries = TRIES)
  void lstmChains(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 8) int steps,
      @ForAll @IntRange(min = 1, max = 5) int batch) {
    requireAgreement(LstmChain.random(random(seed), steps, batch, 7, 6), 3, 5);
  }
}
