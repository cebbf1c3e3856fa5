package io.github.backstay.nn;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.core.ops.Indexing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The nodes of a tree by their height: 0 for leaves, else one more than that of the highest child.
 * No node of a height is above another, so they can be computed at once, when those of less height
 * are known. A block is up to {@value #MOST} nodes of one height, in the order of their numbers:
 * more would gain nothing and leave the cache, and the sizes of matrices recur from tree to tree,
 * so that a tape has them at hand. Immutable; made in time and memory that grow with the number of
 * nodes, whatever the depth.
 */
final class TreeLevels {

  /** The most nodes of a block. */
  static final int MOST = 64;

  /**
   * Rows out of the results of several blocks.
   *
   * @param blocks which blocks, ascending
   * @param op what is collected from them
   */
  record Rows(Indices blocks, Indexing.CollectRows op) {

    /** Collects from what the blocks are known to give so far. */
    Variable of(Variable[] results, Tape tape) {
      Variable[] operands = new Variable[blocks.size()];
      for (int k = 0; k < operands.length; k++) {
        operands[k] = results[blocks.get(k)];
      }
      return tape.apply(op, operands);
    }
  }

  /**
   * Nodes of one height.
   *
   * @param nodes their numbers, m
   * @param parents for each child of the first node, then of the second, and so on, K in all: the
   *     row of its parent within this block
   * @param places the place of each of those children among its siblings
   * @param children where the children are: one row each, K
   * @param sums the sum of the children of each node, m
   */
  record Block(Indices nodes, Indices parents, Indices places, Rows children, Rows sums) {

    /** The number of nodes. */
    int size() {
      return nodes.size();
    }
  }

  private final List<Block> blocks = new ArrayList<>();
  private final Rows nodes;

  TreeLevels(List<Indices> children) {
    int n = children.size();
    int[][] byHeight = byHeight(children);
    int[] block = new int[n]; // of each node
    int[] row = new int[n]; // within its block
    for (int[] level : byHeight) {
      for (int from = 0; from < level.length; from += MOST) {
        int[] some = Arrays.copyOfRange(level, from, Math.min(level.length, from + MOST));
        for (int i = 0; i < some.length; i++) {
          block[some[i]] = blocks.size();
          row[some[i]] = i;
        }
        blocks.add(block(some, children, block, row));
      }
    }
    int[] all = new int[n];
    Arrays.setAll(all, node -> node);
    nodes = rows(all, all, n, block, row);
  }

  private static int[][] byHeight(List<Indices> children) {
    int[] height = new int[children.size()];
    int[] sizes = new int[children.size()];
    int levels = 0;
    for (int node = 0; node < height.length; node++) {
      Indices below = children.get(node);
      for (int k = 0; k < below.size(); k++) {
        height[node] = Math.max(height[node], height[below.get(k)] + 1);
      }
      sizes[height[node]]++;
      levels = Math.max(levels, height[node] + 1);
    }
    int[][] nodes = new int[levels][];
    Arrays.setAll(nodes, level -> new int[sizes[level]]);
    for (int node = height.length - 1; node >= 0; node--) {
      nodes[height[node]][--sizes[height[node]]] = node;
    }
    return nodes;
  }

  private static Block block(int[] nodes, List<Indices> children, int[] block, int[] row) {
    int total = 0;
    for (int node : nodes) {
      total += children.get(node).size();
    }
    int[] below = new int[total];
    int[] parents = new int[total];
    int[] places = new int[total];
    int[] order = new int[total];
    int child = 0;
    for (int parent = 0; parent < nodes.length; parent++) {
      Indices of = children.get(nodes[parent]);
      for (int k = 0; k < of.size(); k++) {
        below[child] = of.get(k);
        parents[child] = parent;
        places[child] = k;
        order[child] = child++;
      }
    }
    return new Block(
        Indices.of(nodes),
        Indices.of(parents),
        Indices.of(places),
        rows(below, order, total, block, row),
        rows(below, parents, nodes.length, block, row));
  }

  /** Nodes that are added to given rows of a matrix; in time n·log n, whatever their blocks. */
  private static Rows rows(int[] nodes, int[] to, int height, int[] block, int[] row) {
    long[] sorted = new long[nodes.length]; // by block, then as they come
    Arrays.setAll(sorted, i -> (long) block[nodes[i]] << 32 | i);
    Arrays.sort(sorted);
    List<Indexing.Route> routes = new ArrayList<>();
    int[] blocks = new int[sorted.length];
    int first = 0;
    while (first < sorted.length) {
      int source = (int) (sorted[first] >> 32);
      int end = first;
      while (end < sorted.length && (int) (sorted[end] >> 32) == source) {
        end++;
      }
      int[] from = new int[end - first];
      int[] target = new int[end - first];
      for (int i = first; i < end; i++) {
        from[i - first] = row[nodes[(int) sorted[i]]];
        target[i - first] = to[(int) sorted[i]];
      }
      blocks[routes.size()] = source;
      routes.add(new Indexing.Route(Indices.of(from), Indices.of(target)));
      first = end;
    }
    return new Rows(
        Indices.copyOf(blocks, routes.size()), new Indexing.CollectRows(routes, height));
  }

  /** The blocks, each after those of its children. */
  List<Block> blocks() {
    return blocks;
  }

  /** All nodes in the order of their numbers. */
  Rows nodes() {
    return nodes;
  }
}
