package io.github.backstay.nn;

import io.github.backstay.core.Indices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a tree by their height: 0 for leaves, else one more than that of the highest child.
 * No node of a level is above another, so a level is computed at once, from levels below it. Within
 * a level the nodes keep the order of their numbers. Immutable; made in time and memory that grow
 * with the number of nodes, whatever the depth.
 */
final class TreeLevels {

  /**
   * The nodes of one height.
   *
   * @param nodes their numbers
   * @param parents for each child of the first node, then of the second, and so on: the row of its
   *     parent within this level
   * @param places the place of each of those children among its siblings
   * @param sources the levels that the children come from
   * @param order where each child stands in what the sources give, one below the other; null if
   *     they stand there in the right order
   */
  record Level(
      Indices nodes,
      Indices parents,
      Indices places,
      List<Source> sources,
      @Nullable Indices order) {

    /** The number of nodes. */
    int size() {
      return nodes.size();
    }
  }

  /**
   * The children that come from one level.
   *
   * @param level which level
   * @param rows their rows within that level; null for all of them in their order
   */
  record Source(int level, @Nullable Indices rows) {}

  private final List<Level> levels;
  private final @Nullable Indices order;

  TreeLevels(List<Indices> children) {
    int n = children.size();
    int[] height = new int[n];
    int highest = -1;
    for (int node = 0; node < n; node++) {
      Indices below = children.get(node);
      for (int k = 0; k < below.size(); k++) {
        height[node] = Math.max(height[node], height[below.get(k)] + 1);
      }
      highest = Math.max(highest, height[node]);
    }
    int[] sizes = new int[highest + 1];
    for (int node = 0; node < n; node++) {
      sizes[height[node]]++;
    }
    int[][] nodes = new int[highest + 1][];
    Arrays.setAll(nodes, level -> new int[sizes[level]]);
    int[] row = new int[n];
    int[] filled = new int[highest + 1];
    for (int node = 0; node < n; node++) {
      row[node] = filled[height[node]]++;
      nodes[height[node]][row[node]] = node;
    }
    levels = new ArrayList<>(highest + 1);
    int[] counts = new int[highest + 1]; // of the level's children by their height; 0 between levels
    int[] at = new int[n];
    int first = 0;
    for (int[] level : nodes) {
      levels.add(level(level, children, height, row, sizes, counts));
      for (int node : level) {
        at[node] = first++;
      }
    }
    order = inOrder(at);
  }

  private static Level level(
      int[] nodes, List<Indices> children, int[] height, int[] row, int[] sizes, int[] counts) {
    int total = 0;
    for (int node : nodes) {
      total += children.get(node).size();
    }
    int[] below = new int[total];
    int[] parents = new int[total];
    int[] places = new int[total];
    int[] heights = new int[total]; // of the sources, in the order in which they are first met
    int distinct = 0;
    int child = 0;
    for (int parent = 0; parent < nodes.length; parent++) {
      Indices of = children.get(nodes[parent]);
      for (int k = 0; k < of.size(); k++) {
        below[child] = of.get(k);
        parents[child] = parent;
        places[child++] = k;
        if (counts[height[of.get(k)]]++ == 0) {
          heights[distinct++] = height[of.get(k)];
        }
      }
    }
    int[] order = new int[total];
    List<Source> sources = new ArrayList<>(distinct);
    int[][] rows = new int[distinct][];
    int[] starts = new int[distinct];
    Arrays.sort(heights, 0, distinct);
    int start = 0;
    for (int s = 0; s < distinct; s++) {
      rows[s] = new int[counts[heights[s]]];
      starts[s] = start;
      start += rows[s].length;
      counts[heights[s]] = s; // from here on: which source it is
    }
    int[] taken = new int[distinct];
    for (int i = 0; i < total; i++) {
      int s = counts[height[below[i]]];
      order[i] = starts[s] + taken[s];
      rows[s][taken[s]++] = row[below[i]];
    }
    for (int s = 0; s < distinct; s++) {
      counts[heights[s]] = 0;
      boolean all = rows[s].length == sizes[heights[s]];
      sources.add(new Source(heights[s], all ? inOrder(rows[s]) : Indices.of(rows[s])));
    }
    return new Level(
        Indices.of(nodes), Indices.of(parents), Indices.of(places), sources, inOrder(order));
  }

  /** The indices, or null if they are 0, 1, 2, …, which chooses everything as it stands. */
  static @Nullable Indices inOrder(int[] indices) {
    for (int i = 0; i < indices.length; i++) {
      if (indices[i] != i) {
        return Indices.of(indices);
      }
    }
    return null;
  }

  /**
   * The levels.
   *
   * @return from the leaves up; none for a tree without nodes
   */
  List<Level> levels() {
    return levels;
  }

  /**
   * Where each node stands when the levels are put below one another, from the leaves on.
   *
   * @return one index per node; null if the nodes stand in the order of their numbers
   */
  @Nullable Indices order() {
    return order;
  }
}
