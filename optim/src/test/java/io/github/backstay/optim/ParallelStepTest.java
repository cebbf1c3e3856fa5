package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.kernels.Parallel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Large parameters are updated in parts, with the bits of one thread. */
class ParallelStepTest {

  private static final int ROWS = 700;
  private static final int COLS = 143; // 100,100 entries: four parts, the last one short

  static Stream<RuleCase> rules() {
    return RuleCatalogue.ROWS.stream();
  }

  private static RandomGenerator random() {
    return RandomGeneratorFactory.of("SplittableRandom").create(11L);
  }

  private static double[] train(UpdateRule rule, Parallel parallel) {
    RandomGenerator random = random();
    Parameter w = new Parameter("w", Draw.gaussian(random, ROWS, COLS));
    Optimizer optimizer = Optimizer.builder().group("all", w, rule).parallel(parallel).build();
    try (Tape tape = Tape.create()) {
      for (int step = 0; step < 3; step++) {
        DMatrixRMaj gradient = Draw.gaussian(random, ROWS, COLS);
        optimizer.step(tape.gradients(GivenGradients.of(w, gradient).loss(tape)));
        tape.reset();
      }
    }
    return w.toMatrix().data;
  }

  @ParameterizedTest
  @MethodSource("rules")
  void threadsMakeNoDifferenceToTheBit(RuleCase row) {
    double[] expected = train(row.rule(), Parallel.serial());
    ForkJoinPool pool = new ForkJoinPool(3);
    try {
      assertArrayEquals(expected, train(row.rule(), Parallel.on(pool)));
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void largeParametersGoInPartsAndSmallOnesDoNot() {
    Set<Integer> parts = ConcurrentHashMap.newKeySet();
    Parallel counting =
        new Parallel() {
          @Override
          public int threads() {
            return 2;
          }

          @Override
          public void run(int count, java.util.function.IntConsumer part) {
            parts.add(count);
            Parallel.serial().run(count, part);
          }
        };
    double[] ignored = train(Adam.of(0.1), counting);
    assertTrue(ignored.length > 0 && parts.equals(Set.of(4)), parts::toString);
    parts.clear();
    Parameter small = new Parameter("small", Draw.gaussian(random(), 3, 4));
    Optimizer optimizer =
        Optimizer.builder().group("all", small, Adam.of(0.1)).parallel(counting).build();
    try (Tape tape = Tape.create()) {
      optimizer.step(tape.gradients(small.on(tape).square().sum()));
    }
    assertTrue(parts.isEmpty(), parts::toString);
  }
}
