package io.github.backstay.benchmarks.data;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.ejml.data.DMatrixRMaj;

/**
 * From tokens to rows of an embedding: row i belongs to word i of the word vectors, and one more
 * row, the last, to all tokens without a vector. Immutable; may be shared between threads.
 */
public final class Vocabulary {

  private final WordVectors vectors;

  /**
   * Takes the words of word vectors.
   *
   * @param vectors the word vectors
   */
  public Vocabulary(WordVectors vectors) {
    this.vectors = vectors;
  }

  /**
   * A token as word vectors spell it: lower-case (English rules), then {@code -lrb-} and {@code
   * -rrb-} become brackets, {@code \/} becomes {@code /} and {@code \*} becomes {@code *}.
   *
   * @param token a token of a treebank
   * @return the word to look up
   */
  public static String normalize(String token) {
    return token
        .toLowerCase(Locale.ROOT)
        .replace("-lrb-", "(")
        .replace("-rrb-", ")")
        .replace("\\/", "/")
        .replace("\\*", "*");
  }

  /**
   * The words that some sentences need, to be passed to {@link WordVectors#read(java.nio.file.Path,
   * Set)}.
   *
   * @param sentences the sentences
   * @return their tokens, normalized, in order of appearance
   */
  public static Set<String> wordsOf(Iterable<Sentence> sentences) {
    Set<String> words = new LinkedHashSet<>();
    for (Sentence sentence : sentences) {
      for (String token : sentence.tokens()) {
        words.add(normalize(token));
      }
    }
    return words;
  }

  /**
   * The number of rows: the words and the row of the unknown.
   *
   * @return at least 1
   */
  public int size() {
    return vectors.size() + 1;
  }

  /**
   * The row of all tokens without a vector.
   *
   * @return {@code size() − 1}
   */
  public int unknown() {
    return vectors.size();
  }

  /**
   * The row of a token.
   *
   * @param token a token, not yet normalized
   * @return the row of its word, or {@link #unknown()}
   */
  public int id(String token) {
    int row = vectors.indexOf(normalize(token));
    return row < 0 ? unknown() : row;
  }

  /**
   * The rows of tokens.
   *
   * @param tokens tokens, not yet normalized
   * @return as many rows
   */
  public int[] ids(List<String> tokens) {
    int[] ids = new int[tokens.size()];
    Arrays.setAll(ids, i -> id(tokens.get(i)));
    return ids;
  }

  /**
   * What a row stands for.
   *
   * @param row from 0 to {@code size() − 1}
   * @return its word, or {@code <unknown>} for {@link #unknown()}
   */
  public String word(int row) {
    return row == unknown() ? "<unknown>" : vectors.words().get(row);
  }

  /**
   * The vectors to start from: those of the words, and zeros for the unknown.
   *
   * @return a new matrix, {@code size() × width}
   */
  public DMatrixRMaj embeddings() {
    DMatrixRMaj words = vectors.toMatrix();
    DMatrixRMaj all = new DMatrixRMaj(size(), vectors.width());
    System.arraycopy(words.data, 0, all.data, 0, words.getNumElements());
    return all;
  }

  /**
   * The words with the vectors that an embedding has now; its last row, that of the unknown, is
   * left out.
   *
   * @param embeddings as many rows as {@link #size()}
   * @return new word vectors
   * @throws IllegalArgumentException if the number of rows differs
   */
  public WordVectors wordVectors(DMatrixRMaj embeddings) {
    if (embeddings.numRows != size()) {
      throw new IllegalArgumentException(
          "wordVectors: the embedding has "
              + embeddings.numRows
              + " rows, the vocabulary "
              + size()
              + " (must be the same).");
    }
    DMatrixRMaj words = new DMatrixRMaj(vectors.size(), embeddings.numCols);
    System.arraycopy(embeddings.data, 0, words.data, 0, words.getNumElements());
    return vectors.withMatrix(words);
  }

  /**
   * How much of some sentences has a vector.
   *
   * @param sentences the sentences
   * @return the share of their tokens, repeated ones counted each time, in 0..1; NaN without any
   */
  public double coverage(Iterable<Sentence> sentences) {
    long known = 0;
    long all = 0;
    for (Sentence sentence : sentences) {
      for (int id : ids(sentence.tokens())) {
        known += id == unknown() ? 0 : 1;
        all++;
      }
    }
    return (double) known / all;
  }
}
