package io.github.backstay.benchmarks.data;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.ejml.data.DMatrixRMaj;

/**
 * Words and a vector for each, as in the text files of GloVe and word2vec. Immutable; may be shared
 * between threads.
 */
public final class WordVectors {

  private final List<String> words;
  private final Map<String, Integer> index;
  private final DMatrixRMaj matrix;

  private WordVectors(List<String> words, Map<String, Integer> index, DMatrixRMaj matrix) {
    this.words = words;
    this.index = index;
    this.matrix = matrix;
  }

  /**
   * Puts words and vectors together.
   *
   * @param words the words, each once
   * @param matrix one row a word, copied
   * @return the word vectors
   * @throws IllegalArgumentException if the numbers differ or a word occurs twice
   */
  public static WordVectors of(List<String> words, DMatrixRMaj matrix) {
    return adopt(words, matrix.copy());
  }

  /** As {@link #of}, with a matrix that nobody else holds. */
  static WordVectors adopt(List<String> words, DMatrixRMaj matrix) {
    if (words.size() != matrix.numRows) {
      throw new IllegalArgumentException(
          "wordVectors: there are "
              + words.size()
              + " words and "
              + matrix.numRows
              + " rows (need one row a word).");
    }
    Map<String, Integer> index = new HashMap<>((int) (words.size() / 0.75) + 1);
    for (String word : words) {
      if (index.putIfAbsent(word, index.size()) != null) {
        throw new IllegalArgumentException(
            "wordVectors: the word " + DataException.quote(word) + " occurs twice.");
      }
    }
    return new WordVectors(List.copyOf(words), index, matrix);
  }

  /**
   * Reads a file: one word a line, then its numbers, separated by spaces or tabs; plain or in gzip;
   * with or without a first line {@code count width}, as word2vec writes it. (A first line of just
   * two whole numbers is always taken for that.) The first word's line gives the width. In later
   * lines a word may itself contain spaces, as some of GloVe's do, provided that no piece of it but
   * the first looks like a number.
   *
   * @param file the file
   * @return all its words, in order, with exactly the doubles that {@link Double#parseDouble} gives
   * @throws DataException if the file cannot be read, is cut off or is not of this form
   */
  public static WordVectors read(Path file) {
    return WordVectorsReader.read(file, null);
  }

  /**
   * Reads a file and keeps only some of its words, so that a large file takes little memory. The
   * form of every line is checked; doubled words are noticed among those that are kept.
   *
   * @param file the file
   * @param wanted the words to keep, as written in the file
   * @return those that the file has, in the order of the file; at least one
   * @throws DataException if the file cannot be read, is cut off or is not of this form, or if it
   *     has none of the wanted words
   */
  public static WordVectors read(Path file, Set<String> wanted) {
    return WordVectorsReader.read(file, wanted);
  }

  /**
   * The number of words.
   *
   * @return at least 0
   */
  public int size() {
    return words.size();
  }

  /**
   * The number of entries of each vector.
   *
   * @return at least 0
   */
  public int width() {
    return matrix.numCols;
  }

  /**
   * The words.
   *
   * @return in the order of the rows
   */
  public List<String> words() {
    return words;
  }

  /**
   * The row of a word, spelled exactly so; see {@link Vocabulary#normalize} for tokens of a text.
   *
   * @param word any word
   * @return its row, or −1 if it has none
   */
  public int indexOf(String word) {
    return index.getOrDefault(word, -1);
  }

  /**
   * All vectors.
   *
   * @return a new matrix, words × width
   */
  public DMatrixRMaj toMatrix() {
    return matrix.copy();
  }

  /**
   * The vector of a word.
   *
   * @param row the word's row
   * @return a new array
   */
  public double[] vector(int row) {
    double[] vector = new double[width()];
    System.arraycopy(matrix.data, start(row), vector, 0, vector.length);
    return vector;
  }

  /**
   * The same words with other vectors, for instance those that training has moved.
   *
   * @param other one row a word, of any width, copied
   * @return new word vectors
   * @throws IllegalArgumentException if the number of rows differs
   */
  public WordVectors withMatrix(DMatrixRMaj other) {
    if (other.numRows != size()) {
      throw new IllegalArgumentException(
          "withMatrix: there are " + size() + " words and " + other.numRows + " rows.");
    }
    return new WordVectors(words, index, other.copy());
  }

  /**
   * The length of a word's vector.
   *
   * @param row the word's row
   * @return {@code ‖v‖₂}
   */
  public double norm(int row) {
    return Math.sqrt(dot(row, row));
  }

  /**
   * How far two words' vectors point the same way.
   *
   * @param first a word's row
   * @param second a word's row
   * @return {@code ⟨v, w⟩ / (‖v‖·‖w‖)}, and 0 if one of them is zero
   */
  public double cosine(int first, int second) {
    double norms = norm(first) * norm(second);
    return norms == 0 ? 0 : dot(first, second) / norms;
  }

  private double dot(int first, int second) {
    double sum = 0;
    int a = start(first);
    int b = start(second);
    for (int i = 0; i < matrix.numCols; i++) {
      sum += matrix.data[a + i] * matrix.data[b + i];
    }
    return sum;
  }

  private int start(int row) {
    return Objects.checkIndex(row, matrix.numRows) * matrix.numCols;
  }

  @Override
  public String toString() {
    return size() + " words × " + width();
  }
}
