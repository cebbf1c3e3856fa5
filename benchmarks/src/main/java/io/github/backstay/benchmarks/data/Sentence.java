package io.github.backstay.benchmarks.data;

import java.util.List;

/**
 * Words and what they say as a whole.
 *
 * @param tokens the words as written, not empty
 * @param label the class, from 0
 */
public record Sentence(List<String> tokens, int label) {

  /** Copies the words. */
  public Sentence {
    tokens = List.copyOf(tokens);
    if (tokens.isEmpty()) {
      throw new IllegalArgumentException("sentence: there are no tokens.");
    }
    if (label < 0) {
      throw new IllegalArgumentException("sentence: the label must be at least 0, got " + label);
    }
  }
}
