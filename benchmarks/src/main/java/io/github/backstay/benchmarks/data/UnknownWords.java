package io.github.backstay.benchmarks.data;

import io.github.backstay.nn.Seeds;
import java.util.random.RandomGenerator;

/** What words without a vector start from; see {@link Vocabulary#of}. Immutable. */
public sealed interface UnknownWords {

  /** All share one row, at first zero. */
  UnknownWords SHARED_ZERO = new SharedZero();

  /** Half of the interval that Tai, Socher and Manning (ACL 2015) draw from. */
  double DEFAULT_BOUND = 0.05;

  /**
   * Each has a row of its own, drawn from [−0.05, 0.05).
   *
   * @param seed the seed of the whole run
   * @return the choice
   */
  static UnknownWords own(long seed) {
    return new Own(seed, DEFAULT_BOUND);
  }

  /**
   * Each has a row of its own.
   *
   * @param seed the seed of the whole run
   * @param bound a
   * @return the choice to draw entries from [−a, a)
   * @throws IllegalArgumentException if the bound is not positive and finite
   */
  static UnknownWords own(long seed, double bound) {
    return new Own(seed, bound);
  }

  /** All share one row, at first zero. */
  record SharedZero() implements UnknownWords {}

  /**
   * Each has a row of its own. Its entries are independent and uniform in [−a, a), of mean 0 and
   * variance a²/3, and follow from the seed and the word alone: which other words there are, and in
   * which order, changes nothing.
   *
   * @param seed the seed of the whole run
   * @param bound a, positive and finite
   */
  record Own(long seed, double bound) implements UnknownWords {

    /** Checks the bound. */
    public Own {
      if (!(bound > 0) || Double.isInfinite(bound)) {
        throw new IllegalArgumentException(
            "unknownWords: the bound must be positive and finite, got " + bound + ".");
      }
    }

    /**
     * The vector that a word starts from: of {@code new Seeds(seed).generator(0, "unknown word " +
     * word)} as many numbers u in [0, 1) as it has entries, each made {@code a(2u − 1)}.
     *
     * @param word the word, normalized
     * @param width how many entries, at least 0; a longer vector begins like a shorter one
     * @return a new array
     */
    public double[] vector(String word, int width) {
      RandomGenerator random = new Seeds(seed).generator(0, "unknown word " + word);
      double[] vector = new double[width];
      for (int i = 0; i < width; i++) {
        vector[i] = bound * (2 * random.nextDouble() - 1);
      }
      return vector;
    }
  }
}
