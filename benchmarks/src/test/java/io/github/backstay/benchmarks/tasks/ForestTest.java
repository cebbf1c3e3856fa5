package io.github.backstay.benchmarks.tasks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.benchmarks.data.SentimentTree;
import io.github.backstay.benchmarks.data.SentimentTree.Leaf;
import io.github.backstay.benchmarks.data.SentimentTree.Node;
import io.github.backstay.benchmarks.data.Vocabulary;
import io.github.backstay.benchmarks.data.WordVectors;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;

class ForestTest {

  private static final List<String> WORDS = List.of("a", "b", "c", "d");
  private static final Vocabulary VOCABULARY =
      new Vocabulary(WordVectors.of(WORDS, new DMatrixRMaj(4, 2)));

  private static SentimentTree drawn(int leaves, SplittableRandom random) {
    int label = random.nextInt(5);
    if (leaves == 1) {
      return new Leaf(label, WORDS.get(random.nextInt(4)));
    }
    int left = random.nextInt(1, leaves);
    return new Node(label, drawn(left, random), drawn(leaves - left, random));
  }

  /** Every node of the forest is the part of the tree that it should be. */
  @Property(tries = 200)
  void nodesKeepTheirChildrenWordsAndClasses(
      @ForAll @IntRange(min = 1, max = 6) int count,
      @ForAll boolean everyNode,
      @ForAll boolean five,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<SentimentTree> parts = new ArrayList<>();
    List<LabelledTree> trees = new ArrayList<>();
    List<Integer> roots = new ArrayList<>();
    SentimentData.Setting setting =
        new SentimentData.Setting(Network.words(), five ? 5 : 2, everyNode, 1, 0.0);
    for (int t = 0; t < count; t++) {
      SentimentTree tree = drawn(random.nextInt(1, 9), random);
      parts.addAll(tree.postOrder());
      roots.add(parts.size() - 1);
      trees.add(LabelledTree.of(tree, VOCABULARY, setting::classOf, everyNode));
    }
    Forest forest = Forest.of(trees);
    assertEquals(parts.size(), forest.tree().size());
    int leaf = 0;
    int labelled = 0;
    for (int node = 0; node < parts.size(); node++) {
      SentimentTree part = parts.get(node);
      if (part instanceof Leaf word) {
        assertEquals(0, forest.tree().children(node).size());
        assertEquals(node, forest.tree().leaves().get(leaf));
        assertEquals(VOCABULARY.id(word.token()), forest.words().get(leaf++));
      } else if (part instanceof Node inner) {
        assertEquals(2, forest.tree().children(node).size());
        assertTrue(parts.get(forest.tree().children(node).get(0)) == inner.left());
        assertTrue(parts.get(forest.tree().children(node).get(1)) == inner.right());
      }
      int expected = setting.classOf(part.label());
      if (expected >= 0 && (everyNode || roots.contains(node))) {
        assertEquals(node, forest.nodes().get(labelled));
        assertEquals(expected, forest.classes().get(labelled++));
      }
    }
    assertEquals(leaf, forest.words().size());
    assertEquals(labelled, forest.nodes().size());
    assertEquals(labelled, forest.classes().size());
    for (int t = 0; t < count; t++) {
      assertEquals(roots.get(t), forest.roots().get(t));
      assertEquals(setting.classOf(parts.get(forest.roots().get(t)).label()), trees.get(t).root());
    }
  }

  @Property
  void polarityLeavesTheMiddleOut(@ForAll @IntRange(min = 0, max = 4) int label) {
    SentimentData.Setting two = new SentimentData.Setting(Network.words(), 2, true, 1, 0.0);
    SentimentData.Setting five = new SentimentData.Setting(Network.words(), 5, true, 1, 0.0);
    assertEquals(label, five.classOf(label));
    assertEquals(label == 2 ? -1 : label < 2 ? 0 : 1, two.classOf(label));
  }
}
