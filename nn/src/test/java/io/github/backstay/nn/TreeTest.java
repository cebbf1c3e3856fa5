package io.github.backstay.nn;

import static io.github.backstay.nn.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.backstay.core.Indices;
import java.util.List;
import org.junit.jupiter.api.Test;

class TreeTest {

  private static final int[] LEAF = {};

  @Test
  void knowsLeavesAndRoots() {
    Tree tree = Tree.of(LEAF, LEAF, new int[] {1, 0}, LEAF, new int[] {3});

    assertEquals(5, tree.size());
    assertEquals(Indices.of(1, 0), tree.children(2));
    assertEquals(Indices.of(0, 1, 3), tree.leaves());
    assertEquals(Indices.of(2, 4), tree.roots());
    assertEquals("tree of 5 nodes with 2 roots", tree.toString());
  }

  @Test
  void mayBeEmptyOrASingleNode() {
    assertEquals(0, Tree.of().roots().size());
    assertEquals(Indices.of(0), Tree.of(LEAF).roots());
    assertEquals(Indices.of(0), Tree.of(LEAF).leaves());
    assertEquals("tree of 1 node", Tree.of(LEAF).toString());
  }

  @Test
  void isAValueAndCopiesWhatItIsMadeOf() {
    int[] children = {0};
    Tree tree = Tree.of(LEAF, children);
    children[0] = 7;

    assertEquals(Tree.of(List.of(Indices.of(), Indices.of(0))), tree);
    assertEquals(Tree.of(LEAF, new int[] {0}).hashCode(), tree.hashCode());
    assertNotEquals(Tree.of(LEAF, LEAF), tree);
  }

  @Test
  void rejectsChildrenThatComeTooLateOrTwice() {
    assertMessage(
        IllegalArgumentException.class,
        "tree: node 0 has the child 1 (need children before their parents).",
        () -> Tree.of(new int[] {1}, LEAF));
    assertMessage(
        IllegalArgumentException.class,
        "tree: node 1 has the child 1 (need children before their parents).",
        () -> Tree.of(LEAF, new int[] {1}));
    assertMessage(
        IllegalArgumentException.class,
        "tree: node 0 is a child of node 1 and again of node 2 (a node has one parent at most).",
        () -> Tree.of(LEAF, new int[] {0}, new int[] {1, 0}));
    assertMessage(
        IllegalArgumentException.class,
        "tree: node 0 is a child of node 1 and again of node 1 (a node has one parent at most).",
        () -> Tree.of(LEAF, new int[] {0, 0}));
  }
}
