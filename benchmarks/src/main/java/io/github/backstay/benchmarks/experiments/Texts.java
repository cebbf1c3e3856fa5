package io.github.backstay.benchmarks.experiments;

import io.github.backstay.core.Indices;
import java.util.ArrayList;
import java.util.List;

/**
 * Labelled texts as word indices. Immutable.
 *
 * @param words the words of each text
 * @param labels the class of each text
 */
public record Texts(List<Indices> words, Indices labels) {

  /** Checks that there is one label per text. */
  public Texts {
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
  public Texts choose(int[] chosen) {
    List<Indices> some = new ArrayList<>(chosen.length);
    int[] theirs = new int[chosen.length];
    for (int i = 0; i < chosen.length; i++) {
      some.add(words.get(chosen[i]));
      theirs[i] = labels.get(chosen[i]);
    }
    return new Texts(some, Indices.of(theirs));
  }

  /**
   * Several texts laid end to end.
   *
   * @param tokens the words of all texts
   * @param ends for each text the position after its last word
   * @param labels the class of each text
   */
  public record Batch(Indices tokens, Indices ends, Indices labels) {}

  /**
   * The texts at some positions of an order, as one batch.
   *
   * @param order positions of texts
   * @param from the first entry of the order
   * @param to the entry after the last
   * @return the batch
   */
  public Batch batch(int[] order, int from, int to) {
    int total = 0;
    for (int i = from; i < to; i++) {
      total += words.get(order[i]).size();
    }
    int[] tokens = new int[total];
    int[] ends = new int[to - from];
    int[] classes = new int[to - from];
    int end = 0;
    for (int i = from; i < to; i++) {
      Indices text = words.get(order[i]);
      for (int k = 0; k < text.size(); k++) {
        tokens[end++] = text.get(k);
      }
      ends[i - from] = end;
      classes[i - from] = labels.get(order[i]);
    }
    return new Batch(Indices.of(tokens), Indices.of(ends), Indices.of(classes));
  }
}
