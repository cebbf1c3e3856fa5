package io.github.backstay.nn;

import io.github.backstay.core.Indices;
import java.util.ArrayList;
import java.util.List;

/**
 * A rooted tree with ordered children, or several of them side by side. Nodes are numbered from 0,
 * every child before its parent, so that whoever goes through them in order has met all children of
 * a node before the node itself: trees of any depth need no recursion.
 *
 * <p>Three leaves, a parent above the last two, and the root above the first and that parent:
 *
 * <pre>{@code
 * int[] leaf = {};
 * Tree tree = Tree.of(leaf, leaf, leaf, new int[] {1, 2}, new int[] {0, 3});
 * }</pre>
 *
 * <p>Immutable; may be shared between threads.
 */
public final class Tree {

  private final List<Indices> children;
  private final Indices leaves;
  private final Indices roots;
  private final TreeLevels levels;

  private Tree(List<Indices> children) {
    this.children = List.copyOf(children);
    int[] parents = new int[children.size()];
    for (int node = 0; node < parents.length; node++) {
      Indices below = children.get(node);
      for (int k = 0; k < below.size(); k++) {
        int child = below.get(k);
        if (child >= node) {
          throw new IllegalArgumentException(
              "tree: node "
                  + node
                  + " has the child "
                  + child
                  + " (need children before their parents).");
        }
        if (parents[child] != 0) {
          throw new IllegalArgumentException(
              "tree: node "
                  + child
                  + " is a child of node "
                  + parents[child]
                  + " and again of node "
                  + node
                  + " (a node has one parent at most).");
        }
        parents[child] = node; // never 0, which has no children
      }
    }
    List<Integer> withoutChildren = new ArrayList<>();
    List<Integer> withoutParent = new ArrayList<>();
    for (int node = 0; node < parents.length; node++) {
      if (children.get(node).size() == 0) {
        withoutChildren.add(node);
      }
      if (parents[node] == 0) {
        withoutParent.add(node);
      }
    }
    leaves = indices(withoutChildren);
    roots = indices(withoutParent);
    levels = new TreeLevels(this.children);
  }

  private static Indices indices(List<Integer> nodes) {
    return Indices.of(nodes.stream().mapToInt(Integer::intValue).toArray());
  }

  /**
   * A tree from the children of its nodes.
   *
   * @param children the children of node 0, of node 1, and so on, each before its parent; copied
   * @return the tree; without nodes if there are none
   * @throws IllegalArgumentException if a child does not come before its parent, or has two
   */
  public static Tree of(int[]... children) {
    List<Indices> all = new ArrayList<>();
    for (int[] below : children) {
      all.add(Indices.of(below));
    }
    return new Tree(all);
  }

  /**
   * A tree from the children of its nodes.
   *
   * @param children the children of node 0, of node 1, and so on, each before its parent; copied
   * @return the tree; without nodes if there are none
   * @throws IllegalArgumentException if a child does not come before its parent, or has two
   */
  public static Tree of(List<Indices> children) {
    return new Tree(children);
  }

  /**
   * The number of nodes.
   *
   * @return at least 0
   */
  public int size() {
    return children.size();
  }

  /**
   * The children of a node.
   *
   * @param node from 0 to {@code size() - 1}
   * @return their numbers, from the first child to the last
   */
  public Indices children(int node) {
    return children.get(node);
  }

  /**
   * The nodes without children, in the order of their numbers.
   *
   * @return their numbers
   */
  public Indices leaves() {
    return leaves;
  }

  /**
   * The nodes without parent, in the order of their numbers.
   *
   * @return their numbers; one for a tree, several for trees side by side
   */
  public Indices roots() {
    return roots;
  }

  /** The nodes by their height. */
  TreeLevels levels() {
    return levels;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tree that && children.equals(that.children);
  }

  @Override
  public int hashCode() {
    return children.hashCode();
  }

  @Override
  public String toString() {
    return "tree of "
        + size()
        + (size() == 1 ? " node" : " nodes")
        + (roots.size() > 1 ? " with " + roots.size() + " roots" : "");
  }
}
