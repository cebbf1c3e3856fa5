package io.github.backstay.benchmarks.tasks;

import io.github.backstay.core.Indices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Sentence pairs with what people said about them. Immutable.
 *
 * @param pairs the texts
 * @param ratings how similar, 1 to 5
 * @param judgments what follows from what, as classes from 0
 */
record RatedPairs(TextPairs pairs, List<Double> ratings, Indices judgments) {

  /** Checks that there is one of each per pair. */
  RatedPairs {
    ratings = List.copyOf(ratings);
    if (ratings.size() != pairs.size() || judgments.size() != pairs.size()) {
      throw new IllegalArgumentException(
          "pairs: "
              + pairs.size()
              + " pairs, but "
              + ratings.size()
              + " ratings and "
              + judgments.size()
              + " judgments.");
    }
  }

  /** How many pairs there are. */
  int size() {
    return pairs.size();
  }

  /** The ratings as numbers. */
  double[] ratingValues() {
    return ratings.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Some of them, in the order wanted. */
  RatedPairs choose(int[] chosen) {
    List<Double> theirs = new ArrayList<>(chosen.length);
    int[] classes = new int[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      theirs.add(ratings.get(chosen[i]));
      classes[i] = judgments.get(chosen[i]);
    }
    return new RatedPairs(pairs.choose(chosen), theirs, Indices.of(classes));
  }

  /** The pairs from one to the one before another. */
  RatedPairs range(int from, int to) {
    int[] chosen = new int[to - from];
    Arrays.setAll(chosen, i -> from + i);
    return choose(chosen);
  }
}
