package io.github.backstay.benchmarks.tasks;

import io.github.backstay.core.Indices;

/**
 * Sentence pairs with what people said about them.
 *
 * @param pairs the texts
 * @param ratings how similar, 1 to 5
 * @param judgments what follows from what, as classes from 0
 */
record RatedPairs(TextPairs pairs, double[] ratings, Indices judgments) {

  /** Checks that there is one of each per pair. */
  RatedPairs {
    ratings = ratings.clone();
    if (ratings.length != pairs.size() || judgments.size() != pairs.size()) {
      throw new IllegalArgumentException(
          "pairs: "
              + pairs.size()
              + " pairs, but "
              + ratings.length
              + " ratings and "
              + judgments.size()
              + " judgments.");
    }
  }

  /** How many pairs there are. */
  int size() {
    return pairs.size();
  }

  /** Some of them, in the order wanted. */
  RatedPairs choose(int[] chosen) {
    double[] theirs = new double[chosen.length];
    int[] classes = new int[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      theirs[i] = ratings[chosen[i]];
      classes[i] = judgments.get(chosen[i]);
    }
    return new RatedPairs(pairs.choose(chosen), theirs, Indices.of(classes));
  }

  /** The pairs from one to the one before another. */
  RatedPairs range(int from, int to) {
    int[] chosen = new int[to - from];
    for (int i = from; i < to; i++) {
      chosen[i - from] = i;
    }
    return choose(chosen);
  }
}
