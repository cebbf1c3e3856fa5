package io.github.backstay.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/** {@link TreeLevels}. */
class TreeLevelsTest {

  private static final double[] NONE = {};

  @Property(tries = 200)
  void blocksHoldEachNodeOnceAndFindItsChildren(
      @ForAll @IntRange(min = 0, max = 300) int size, @ForAll long seed) {
    Tree tree = TreeLstmTest.forest(size, 3, new java.util.Random(seed));
    boolean[] known = new boolean[size];
    List<TreeLevels.Block> blocks = tree.levels().blocks();
    Variable[] numbers = new Variable[blocks.size()]; // what a node gives is its own number
    try (Tape tape = Tape.create()) {
      for (int b = 0; b < numbers.length; b++) {
        TreeLevels.Block block = blocks.get(b);
        assertTrue(block.size() >= 1 && block.size() <= TreeLevels.MOST);
        boolean leaves = block.parents().size() == 0;
        double[] children = leaves ? NONE : block.children().of(numbers, tape).toMatrix().data;
        double[] sums =
            leaves ? new double[block.size()] : block.sums().of(numbers, tape).toMatrix().data;
        int child = 0;
        for (int row = 0; row < block.size(); row++) {
          Indices below = tree.children(block.nodes().get(row));
          int sum = 0;
          for (int k = 0; k < below.size(); k++, child++) {
            assertTrue(known[below.get(k)]);
            assertEquals(below.get(k), children[child]);
            assertEquals(row, block.parents().get(child));
            assertEquals(k, block.places().get(child));
            sum += below.get(k);
          }
          assertEquals(sum, sums[row]);
        }
        assertEquals(children.length, child);
        DMatrixRMaj own = new DMatrixRMaj(block.size(), 1);
        for (int row = 0; row < block.size(); row++) {
          own.data[row] = block.nodes().get(row);
          assertTrue(!known[block.nodes().get(row)]);
        }
        for (int row = 0; row < block.size(); row++) {
          known[block.nodes().get(row)] = true;
        }
        numbers[b] = tape.constant(own);
      }
      if (size > 0) {
        double[] inOrder = new double[size];
        Arrays.setAll(inOrder, node -> node);
        assertArrayEquals(inOrder, tree.levels().nodes().of(numbers, tape).toMatrix().data);
      }
    }
  }

  @Test
  void aBlockIsOfOneHeightAndHoldsNoMoreThanItMay() {
    int[][] children = new int[202][0];
    for (int pair = 0; pair < 67; pair++) { // 135 leaves, 67 nodes above two of them
      children[135 + pair] = new int[] {2 * pair, 2 * pair + 1};
    }
    assertEquals(
        List.of(64, 64, 7, 64, 3),
        Tree.of(children).levels().blocks().stream().map(TreeLevels.Block::size).toList());
  }
}
