package io.github.backstay.nn;

import io.github.backstay.core.Indices;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A batch of texts, each a list of words, which are rows of an {@link Embedding}. They stand one
 * after the other and have the lengths that they have; there is no padding.
 *
 * <pre>{@code
 * Texts texts = Texts.of(new int[] {7, 0, 5}, new int[] {2}, new int[] {4, 4});
 * }</pre>
 *
 * <p>Immutable; may be shared between threads.
 */
public final class Texts {

  private final Indices tokens;
  private final Indices ends;

  private Texts(Indices tokens, Indices ends) {
    this.tokens = tokens;
    this.ends = ends;
  }

  /**
   * A batch.
   *
   * @param texts the words of each text, none negative; a text may be empty; copied
   * @return the batch
   * @throws IllegalArgumentException if a word is negative
   */
  public static Texts of(int[]... texts) {
    int[] tokens = new int[Arrays.stream(texts).mapToInt(text -> text.length).sum()];
    int[] ends = new int[texts.length];
    int end = 0;
    for (int b = 0; b < texts.length; b++) {
      System.arraycopy(texts[b], 0, tokens, end, texts[b].length);
      end += texts[b].length;
      ends[b] = end;
    }
    return new Texts(Indices.of(tokens), Indices.of(ends));
  }

  /**
   * A batch.
   *
   * @param texts the words of each text; a text may be empty; copied
   * @return the batch
   */
  public static Texts of(List<Indices> texts) {
    int[][] words = new int[texts.size()][];
    for (int b = 0; b < words.length; b++) {
      words[b] = new int[texts.get(b).size()];
      Arrays.setAll(words[b], texts.get(b)::get);
    }
    return of(words);
  }

  /**
   * The number of texts B.
   *
   * @return at least 0
   */
  public int size() {
    return ends.size();
  }

  /**
   * How many words a text has.
   *
   * @param text from 0 to {@code size() - 1}
   * @return at least 0
   */
  public int length(int text) {
    return ends.get(text) - start(text);
  }

  /**
   * A word of a text.
   *
   * @param text from 0 to {@code size() - 1}
   * @param position from 0 to {@code length(text) - 1}
   * @return its row in the embedding
   */
  public int word(int text, int position) {
    return tokens.get(start(text) + position);
  }

  private int start(int text) {
    return text == 0 ? 0 : ends.get(text - 1);
  }

  /**
   * The words of all texts, one text after the other.
   *
   * @return T indices, as {@link Embedding#lookUpMean} takes them
   */
  public Indices tokens() {
    return tokens;
  }

  /**
   * Where the texts end among all words.
   *
   * @return for each text the position after its last word
   */
  public Indices ends() {
    return ends;
  }

  /**
   * Word dropout (Iyyer et al. 2015, section 3.1): in training, the same texts without some of
   * their words, each of which is left out with probability rate; in evaluation, these texts. What
   * is left is not scaled, and an average over it is one of fewer words. A text that loses all its
   * words is empty, and becomes zeros in every {@link Encoder}. Drawn word by word; with rate 0
   * nothing is drawn. Theirs is 0.3.
   *
   * @param rate the probability of leaving a word out, in [0, 1]
   * @param pass whether this is training, and where random numbers come from
   * @return as many texts
   * @throws IllegalArgumentException if the rate is not in its range
   */
  public Texts dropWords(double rate, Pass pass) {
    if (!(rate >= 0.0 && rate <= 1.0)) {
      throw new IllegalArgumentException("dropWords: rate must be in [0, 1], got " + rate + ".");
    }
    if (!pass.isTraining() || rate == 0.0) {
      return this;
    }
    RandomGenerator random = pass.random();
    int[] left = new int[tokens.size()];
    int[] leftEnds = new int[ends.size()];
    int count = 0;
    for (int b = 0; b < leftEnds.length; b++) {
      for (int t = start(b); t < ends.get(b); t++) {
        if (random.nextDouble() >= rate) {
          left[count++] = tokens.get(t);
        }
      }
      leftEnds[b] = count;
    }
    return new Texts(Indices.copyOf(left, count), Indices.of(leftEnds));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Texts that && tokens.equals(that.tokens) && ends.equals(that.ends);
  }

  @Override
  public int hashCode() {
    return 31 * tokens.hashCode() + ends.hashCode();
  }

  @Override
  public String toString() {
    return size()
        + (size() == 1 ? " text of " : " texts of ")
        + tokens.size()
        + (tokens.size() == 1 ? " word" : " words");
  }
}
