package io.github.backstay.benchmarks.tasks;

import io.github.backstay.core.Indices;
import io.github.backstay.nn.Tree;
import java.util.ArrayList;
import java.util.List;

/**
 * Several trees side by side.
 *
 * @param tree all of them as one, the nodes of each after those of the one before
 * @param words the words of all leaves in the order of the leaves
 * @param nodes the numbers of the nodes that have a class
 * @param classes their classes
 * @param roots the number of each tree's root
 */
record Forest(Tree tree, Indices words, Indices nodes, Indices classes, Indices roots) {

  /**
   * Puts trees side by side.
   *
   * @param trees at least one
   */
  static Forest of(List<LabelledTree> trees) {
    List<Indices> children = new ArrayList<>();
    List<Integer> words = new ArrayList<>();
    List<Integer> nodes = new ArrayList<>();
    List<Integer> classes = new ArrayList<>();
    int[] roots = new int[trees.size()];
    for (int t = 0; t < roots.length; t++) {
      LabelledTree tree = trees.get(t);
      int first = children.size();
      for (Indices below : tree.children()) {
        children.add(shifted(below, first));
      }
      append(words, tree.words(), 0);
      append(nodes, tree.nodes(), first);
      append(classes, tree.classes(), 0);
      roots[t] = children.size() - 1;
    }
    return new Forest(
        Tree.of(children), indices(words), indices(nodes), indices(classes), Indices.of(roots));
  }

  private static Indices shifted(Indices below, int first) {
    if (first == 0 || below.size() == 0) {
      return below;
    }
    int[] moved = new int[below.size()];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = below.get(i) + first;
    }
    return Indices.of(moved);
  }

  private static void append(List<Integer> to, Indices values, int shift) {
    for (int i = 0; i < values.size(); i++) {
      to.add(values.get(i) + shift);
    }
  }

  private static Indices indices(List<Integer> values) {
    return Indices.of(values.stream().mapToInt(Integer::intValue).toArray());
  }
}
