package io.github.backstay.benchmarks.tasks;

import io.github.backstay.core.Indices;
import java.util.ArrayList;
import java.util.List;

/**
 * Labelled texts as word indices. Immutable.
 *
 * @param words the words of each text
 * @param labels the class of each text
 */
public record LabelledTexts(List<Indices> words, Indices labels) {

  /** Checks that there is one label per text. */
  public LabelledTexts {
    words = List.copyOf(words);
    if (words.size() != labels.size()) {
      throw new IllegalArgumentException(
          "texts: " + words.size() + " texts, but " + labels.size() + " labels.");
    }
  }

  /**
   * How many texts there are.
   *
   * @return their number
   */
  public int size() {
    return labels.size();
  }

  /**
   * Some of the texts.
   *
   * @param chosen which ones, in the order wanted
   * @return those texts
   */
  public LabelledTexts choose(int[] chosen) {
    List<Indices> some = new ArrayList<>(chosen.length);
    int[] theirs = new int[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      some.add(words.get(chosen[i]));
      theirs[i] = labels.get(chosen[i]);
    }
    return new LabelledTexts(some, Indices.of(theirs));
  }
}
