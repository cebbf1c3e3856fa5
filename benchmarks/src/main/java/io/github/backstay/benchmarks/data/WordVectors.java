package io.github.backstay.benchmarks.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.ejml.data.DMatrixRMaj;

/**
 * Words and a vector for each, as in the text files of GloVe and word2vec. The vectors lie in
 * pieces of many rows, as a reader of an unknown number of words fills them, so that none is ever
 * moved. Immutable; may be shared between threads.
 */
public final class WordVectors {

  private final List<String> words;
  private final Map<String, Integer> index;
  private final int width;

  /** How many rows each piece has, the last one perhaps fewer. */
  private final int rowsPerPiece;

  private final double[][] pieces;

  private WordVectors(
      List<String> words,
      Map<String, Integer> index,
      int width,
      int rowsPerPiece,
      double[][] pieces) {
    this.words = words;
    this.index = index;
    this.width = width;
    this.rowsPerPiece = rowsPerPiece;
    this.pieces = pieces;
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
    return whole(List.copyOf(words), index, matrix);
  }

  private static WordVectors whole(
      List<String> words, Map<String, Integer> index, DMatrixRMaj matrix) {
    double[][] pieces = {Arrays.copyOf(matrix.data, matrix.getNumElements())};
    return new WordVectors(words, index, matrix.numCols, Math.max(1, matrix.numRows), pieces);
  }

  /**
   * Word vectors of parts that nobody else holds.
   *
   * @param words the words, each once
   * @param index the position of each word
   * @param width the number of entries of each vector
   * @param rowsPerPiece how many rows each piece but the last has
   * @param pieces the rows in order
   */
  static WordVectors adopt(
      List<String> words,
      Map<String, Integer> index,
      int width,
      int rowsPerPiece,
      double[][] pieces) {
    return new WordVectors(List.copyOf(words), index, width, rowsPerPiece, pieces);
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
    return width;
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
    DMatrixRMaj matrix = new DMatrixRMaj(size(), width);
    copyInto(matrix.data);
    return matrix;
  }

  /** Copies all vectors, one after the other, to the beginning of an array. */
  void copyInto(double[] target) {
    int at = 0;
    for (double[] piece : pieces) {
      System.arraycopy(piece, 0, target, at, piece.length);
      at += piece.length;
    }
  }

  /**
   * The vector of a word.
   *
   * @param row the word's row
   * @return a new array
   */
  public double[] vector(int row) {
    double[] piece = piece(row);
    int start = start(row);
    return Arrays.copyOfRange(piece, start, start + width);
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
    return whole(words, index, other);
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
    double[] v = piece(first);
    double[] w = piece(second);
    int a = start(first);
    int b = start(second);
    double sum = 0;
    for (int i = 0; i < width; i++) {
      sum += v[a + i] * w[b + i];
    }
    return sum;
  }

  private double[] piece(int row) {
    return pieces[Objects.checkIndex(row, size()) / rowsPerPiece];
  }

  private int start(int row) {
    return row % rowsPerPiece * width;
  }

  @Override
  public String toString() {
    return size() + " words × " + width();
  }
}
