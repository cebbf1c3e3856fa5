package io.github.backstay.benchmarks.steps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Indices;
import io.github.backstay.nn.Tree;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ProblemsTest {

  private static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("SplittableRandom").create(seed);
  }

  @Property(tries = 30)
  void tablesOfAnyHeightHaveAsManyRowsTouched(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 200) int touched,
      @ForAll @IntRange(min = 1, max = 50) int apart) {
    AnchoredTable table = AnchoredTable.random(random(seed), touched * apart, 3, touched, 5, 4);
    Set<Integer> rows = new HashSet<>();
    for (Indices batch : table.batches()) {
      for (int k = 0; k < batch.size(); k++) {
        rows.add(batch.get(k));
        assertTrue(batch.get(k) < touched * apart);
      }
    }
    assertEquals(touched, rows.size());
  }

  @Test
  void everyoneGetsATableOfTheirOwn() {
    AnchoredTable problem = AnchoredTable.random(random(1L), 6, 5, 2, 2, 2);
    double[] first = problem.table().data;
    double[] second = problem.table().data;
    assertNotSame(first, second);
    assertArrayEquals(first, second);
    for (double value : first) {
      assertTrue(Math.abs(value) <= 0.5);
    }
  }

  @Property(tries = 30)
  void everyTreeHasOneRootWhichIsItsLastNode(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 40) int nodes) {
    for (Tree tree : Trees.random(random(seed), 5, nodes, 2, 2).trees()) {
      assertEquals(Indices.of(tree.size() - 1), tree.roots());
    }
  }

  @Test
  void bothTransposedIsNoProblem() {
    Product plain = Product.forms(random(1L), 3).get(0);
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class, () -> new Product(true, plain.a(), true, plain.b()));
    assertEquals(
        "product: A and B are both transposed (one of them may be). Transpose B·A instead.",
        refused.getMessage());
  }

  @Test
  void theSameNumbersAreDrawnInEveryCall() {
    List<Problem> first = Workload.W2.problems(List.of(), 1, List.of());
    List<Problem> second = Workload.W2.problems(List.of(), 1, List.of());
    assertArrayEquals(((Mlp) first.get(0)).input().data, ((Mlp) second.get(0)).input().data);
  }
}
