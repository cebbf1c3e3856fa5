package io.github.backstay.benchmarks.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.ejml.data.DMatrixRMaj;

/**
 * From tokens to rows of an embedding: row i belongs to word i of the word vectors; then come the
 * rows of unknown words that have one of their own, if that is asked for; and the last row belongs
 * to all other tokens. Immutable; may be shared between threads.
 */
public final class Vocabulary {

  private final WordVectors vectors;
  private final UnknownWords choice;

  /** The unknown words that have a row of their own, and which. */
  private final List<String> own;

  private final Map<String, Integer> ownRows = new HashMap<>();

  /**
   * Takes the words of word vectors; all others share one row, at first zero.
   *
   * @param vectors the word vectors
   */
  public Vocabulary(WordVectors vectors) {
    this(vectors, List.of(), UnknownWords.SHARED_ZERO);
  }

  private Vocabulary(WordVectors vectors, List<String> own, UnknownWords choice) {
    this.vectors = vectors;
    this.choice = choice;
    this.own = own;
    for (String word : own) {
      ownRows.put(word, vectors.size() + ownRows.size());
    }
  }

  /**
   * Takes the words of word vectors, and of some texts those that have no vector. Where each of
   * these has a row of its own ({@link UnknownWords#own}), a row at first zero is still there for
   * tokens that are neither.
   *
   * @param vectors the word vectors
   * @param words the words that the texts need, normalized, as {@link #wordsOf} and {@link
   *     #wordsIn} give them
   * @param choice what those without a vector start from; if they share a row, the words do not
   *     matter
   * @return the vocabulary; its unknown words are in the order of the set
   */
  public static Vocabulary of(WordVectors vectors, Set<String> words, UnknownWords choice) {
    List<String> own =
        choice instanceof UnknownWords.Own
            ? words.stream().filter(word -> vectors.indexOf(word) < 0).toList()
            : List.of();
    return new Vocabulary(vectors, own, choice);
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
    return wordsIn(tokensOf(sentences));
  }

  /**
   * The words that some texts need, to be passed to {@link WordVectors#read(java.nio.file.Path,
   * Set)}.
   *
   * @param texts the tokens of each
   * @return the tokens, normalized, in order of appearance
   */
  public static Set<String> wordsIn(Iterable<List<String>> texts) {
    Set<String> words = new LinkedHashSet<>();
    for (List<String> tokens : texts) {
      for (String token : tokens) {
        words.add(normalize(token));
      }
    }
    return words;
  }

  private static List<List<String>> tokensOf(Iterable<Sentence> sentences) {
    List<List<String>> texts = new ArrayList<>();
    sentences.forEach(sentence -> texts.add(sentence.tokens()));
    return texts;
  }

  /**
   * The number of rows: the words, the unknown words with a row of their own, and the row of all
   * others.
   *
   * @return at least 1
   */
  public int size() {
    return unknown() + 1;
  }

  /**
   * The row of all tokens that have neither a vector nor a row of their own.
   *
   * @return {@code size() − 1}
   */
  public int unknown() {
    return vectors.size() + own.size();
  }

  /**
   * The row of a token.
   *
   * @param token a token, not yet normalized
   * @return the row of its word, or {@link #unknown()}
   */
  public int id(String token) {
    String word = normalize(token);
    int row = vectors.indexOf(word);
    return row < 0 ? ownRows.getOrDefault(word, unknown()) : row;
  }

  /**
   * The row of a word that is spelled as here, not to be normalized any more.
   *
   * @param word a word of this vocabulary or another
   * @return its row, or −1 if it has none of its own
   */
  public int rowOf(String word) {
    int row = vectors.indexOf(word);
    return row < 0 ? ownRows.getOrDefault(word, -1) : row;
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
    if (row == unknown()) {
      return "<unknown>";
    }
    return row < vectors.size() ? vectors.words().get(row) : own.get(row - vectors.size());
  }

  /**
   * The vectors to start from: those of the words, those drawn for the unknown words with a row of
   * their own, and zeros in the last row.
   *
   * @return a new matrix, {@code size() × width}
   */
  public DMatrixRMaj embeddings() {
    int width = vectors.width();
    DMatrixRMaj all = new DMatrixRMaj(size(), width);
    vectors.copyInto(all.data);
    if (choice instanceof UnknownWords.Own drawn) {
      for (int i = 0; i < own.size(); i++) {
        double[] vector = drawn.vector(own.get(i), width);
        System.arraycopy(vector, 0, all.data, (vectors.size() + i) * width, width);
      }
    }
    return all;
  }

  /**
   * The words that have had a vector from the beginning, with the vectors that an embedding has
   * now; the rows of the unknown are left out.
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
   * How much of some sentences has a vector; drawn ones do not count.
   *
   * @param sentences the sentences
   * @return the share of their tokens, repeated ones counted each time, in 0..1; NaN without any
   */
  public double coverage(Iterable<Sentence> sentences) {
    return coverageOf(tokensOf(sentences));
  }

  /**
   * How much of some texts has a vector; drawn ones do not count.
   *
   * @param texts the tokens of each
   * @return the share of the tokens, repeated ones counted each time, in 0..1; NaN without any
   */
  public double coverageOf(Iterable<List<String>> texts) {
    long known = 0;
    long all = 0;
    for (List<String> tokens : texts) {
      for (int id : ids(tokens)) {
        known += id < vectors.size() ? 1 : 0;
        all++;
      }
    }
    return (double) known / all;
  }
}
