package io.github.backstay.benchmarks.tasks;

import io.github.backstay.core.Indices;
import java.util.ArrayList;
import java.util.List;

/**
 * Pairs of texts as word indices. Immutable.
 *
 * @param first the words of each first text
 * @param second the words of each second text, as many
 */
record TextPairs(List<Indices> first, List<Indices> second) {

  /** Checks that they are pairs. */
  TextPairs {
    first = List.copyOf(first);
    second = List.copyOf(second);
    if (first.size() != second.size()) {
      throw new IllegalArgumentException(
          "pairs: " + first.size() + " first texts, but " + second.size() + " second ones.");
    }
  }

  /** How many pairs there are. */
  int size() {
    return first.size();
  }

  /** Some of the pairs, in the order wanted. */
  TextPairs choose(int[] chosen) {
    List<Indices> left = new ArrayList<>(chosen.length);
    List<Indices> right = new ArrayList<>(chosen.length);
    for (int pair : chosen) {
      left.add(first.get(pair));
      right.add(second.get(pair));
    }
    return new TextPairs(left, right);
  }

  /** The pairs from one to the one before another. */
  TextPairs range(int from, int to) {
    return new TextPairs(first.subList(from, to), second.subList(from, to));
  }

  /** All first texts, then all second ones. */
  List<Indices> all() {
    List<Indices> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }
}
