package io.github.backstay.benchmarks.tasks;

import io.github.backstay.benchmarks.data.SentimentTree;
import io.github.backstay.benchmarks.data.Vocabulary;
import io.github.backstay.core.Indices;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A sentence as a tree with classes at some of its nodes, children before parents, the root last.
 *
 * @param words the words of the leaves, from left to right
 * @param children the children of each node
 * @param nodes the numbers of the nodes that have a class
 * @param classes their classes
 * @param root the class of the root, or −1 if it has none
 */
record LabelledTree(
    Indices words, List<Indices> children, Indices nodes, Indices classes, int root) {

  /** Copies the list. */
  LabelledTree {
    children = List.copyOf(children);
  }

  /**
   * Takes a tree of the treebank.
   *
   * @param tree the tree
   * @param vocabulary the rows of its words
   * @param classOf the class of a label, or −1 for nodes that are not to be used
   * @param everyNode whether all nodes count, or the root alone
   */
  static LabelledTree of(
      SentimentTree tree, Vocabulary vocabulary, IntUnaryOperator classOf, boolean everyNode) {
    List<SentimentTree> order = tree.postOrder();
    IdentityHashMap<SentimentTree, Integer> numbers = new IdentityHashMap<>();
    List<Indices> children = new ArrayList<>();
    List<Integer> nodes = new ArrayList<>();
    List<Integer> classes = new ArrayList<>();
    for (SentimentTree part : order) {
      int number = children.size();
      numbers.put(part, number);
      children.add(
          part instanceof SentimentTree.Node node
              ? Indices.of(number(numbers, node.left()), number(numbers, node.right()))
              : Indices.of());
      int label = classOf.applyAsInt(part.label());
      if (label >= 0 && (everyNode || number == order.size() - 1)) {
        nodes.add(number);
        classes.add(label);
      }
    }
    return new LabelledTree(
        Indices.of(vocabulary.ids(tree.tokens())),
        children,
        indices(nodes),
        indices(classes),
        classOf.applyAsInt(tree.label()));
  }

  private static int number(IdentityHashMap<SentimentTree, Integer> numbers, SentimentTree part) {
    return numbers.getOrDefault(part, -1);
  }

  private static Indices indices(List<Integer> values) {
    return Indices.of(values.stream().mapToInt(Integer::intValue).toArray());
  }

  /** How many nodes it has. */
  int size() {
    return children.size();
  }
}
