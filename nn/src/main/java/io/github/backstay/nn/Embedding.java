package io.github.backstay.nn;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * A table of vectors, one row per word, parameter {@code weight}, count×width. Its gradient is
 * row-sparse: a step costs what the rows it looks up cost, however many words there are.
 *
 * <p>One row may stand for padding, which fills texts up to the same length. It is looked up like
 * any other and never gets a gradient; an optimizer that moves weights without one (decay) would
 * move it all the same.
 */
public final class Embedding extends Module {

  private static final int NONE = -1;

  private final Parameter weight;
  private final int padding;

  /**
   * A table with random first values. PyTorch's are {@code Initializer.normal(1.0)}.
   *
   * @param count how many words, at least 1
   * @param width the length of each vector, at least 1
   * @param initializer makes the table
   * @param random what it is drawn from
   * @throws IllegalArgumentException if count or width is less than 1
   */
  public Embedding(int count, int width, Initializer initializer, RandomGenerator random) {
    requireSizes(count, width);
    weight = parameter("weight", count, width, initializer, random);
    padding = NONE;
  }

  /**
   * A table with given first values, such as vectors trained elsewhere.
   *
   * @param table one row per word, copied
   */
  public Embedding(DMatrixRMaj table) {
    this(table, NONE);
  }

  private Embedding(DMatrixRMaj table, int padding) {
    weight = parameter("weight", table);
    this.padding = padding;
  }

  /**
   * A table with random first values and a row for padding, which starts at 0 as in PyTorch.
   *
   * @param count how many words with the padding, at least 1
   * @param width the length of each vector, at least 1
   * @param padding the row that stands for padding, from 0 to count − 1
   * @param initializer makes the table
   * @param random what it is drawn from
   * @return the module
   * @throws IllegalArgumentException if a number is not in its range
   */
  public static Embedding padded(
      int count, int width, int padding, Initializer initializer, RandomGenerator random) {
    requireSizes(count, width);
    requirePadding(count, padding);
    DMatrixRMaj table = initializer.of(count, width, random);
    for (int j = 0; j < width; j++) {
      table.set(padding, j, 0.0);
    }
    return new Embedding(table, padding);
  }

  /**
   * A table with given first values and a row for padding.
   *
   * @param table one row per word, copied as it stands, the padding too
   * @param padding the row that stands for padding
   * @return the module
   * @throws IllegalArgumentException if the table does not have that row
   */
  public static Embedding padded(DMatrixRMaj table, int padding) {
    requirePadding(table.numRows, padding);
    return new Embedding(table, padding);
  }

  private static void requirePadding(int count, int padding) {
    if (padding < 0 || padding >= count) {
      throw new IllegalArgumentException(
          "embedding: the padding must be one of the " + count + " rows, got " + padding + ".");
    }
  }

  private static void requireSizes(int count, int width) {
    if (count < 1 || width < 1) {
      throw new IllegalArgumentException(
          "embedding: count and width must be at least 1, got count "
              + count
              + " and width "
              + width
              + ".");
    }
  }

  /**
   * {@code Y[i] = W[tᵢ]}: the vectors of some words, [n] → [n×width].
   *
   * @param tape the tape of this step
   * @param tokens the words' rows, in any order, repeats allowed; there may be none
   * @return one row per token
   * @throws IndexOutOfBoundsException if a token is not below the number of words
   */
  public Variable lookUp(Tape tape, Indices tokens) {
    return weight.on(tape).gatherRows(tokens, padding);
  }

  /**
   * {@code Y[b]} = the mean of the vectors of text b: a bag of words for each of B texts, whose
   * tokens stand one text after the other, [T] → [B×width]. A text without tokens gives zeros.
   *
   * @param tape the tape of this step
   * @param tokens the tokens of all texts
   * @param ends for each text the position after its last token, ascending; the last is T
   * @return one row per text
   * @throws IndexOutOfBoundsException if a token is not below the number of words
   * @throws ShapeException if the last end is not the number of tokens
   * @throws IllegalArgumentException if the ends descend
   */
  public Variable lookUpMean(Tape tape, Indices tokens, Indices ends) {
    return weight.on(tape).gatherMeans(tokens, ends, padding);
  }

  /**
   * {@code Y[b]} = the sum of the vectors of text b, [T] → [B×width]. A text without tokens gives
   * zeros.
   *
   * @param tape the tape of this step
   * @param tokens the tokens of all texts, one text after the other
   * @param ends for each text the position after its last token, ascending; the last is T
   * @return one row per text
   * @throws IndexOutOfBoundsException if a token is not below the number of words
   * @throws ShapeException if the last end is not the number of tokens
   * @throws IllegalArgumentException if the ends descend
   */
  public Variable lookUpSum(Tape tape, Indices tokens, Indices ends) {
    return lookUp(tape, tokens).scatterRows(texts(tokens, ends), ends.size());
  }

  /**
   * {@code Y[b, j]} = the largest entry j among the vectors of text b, [T] → [B×width]. The
   * gradient goes to the first token that has it. A text without tokens gives zeros.
   *
   * @param tape the tape of this step
   * @param tokens the tokens of all texts, one text after the other
   * @param ends for each text the position after its last token, ascending; the last is T
   * @return one row per text
   * @throws IndexOutOfBoundsException if a token is not below the number of words
   * @throws ShapeException if the last end is not the number of tokens
   * @throws IllegalArgumentException if the ends descend
   */
  public Variable lookUpMax(Tape tape, Indices tokens, Indices ends) {
    Indices texts = texts(tokens, ends);
    Variable rows = lookUp(tape, tokens);
    DMatrixRMaj values = rows.toMatrix();
    DMatrixRMaj largest = new DMatrixRMaj(tokens.size(), weight.cols()); // 1 where it is
    int from = 0;
    for (int b = 0; b < ends.size(); b++) {
      for (int j = 0; from < ends.get(b) && j < values.numCols; j++) {
        int best = from;
        for (int t = from + 1; t < ends.get(b); t++) {
          best = values.get(t, j) > values.get(best, j) ? t : best;
        }
        largest.set(best, j, 1.0);
      }
      from = ends.get(b);
    }
    return rows.elementMult(tape.borrow(largest)).scatterRows(texts, ends.size());
  }

  /** The text that each token belongs to. */
  private Indices texts(Indices tokens, Indices ends) {
    int[] texts = new int[tokens.size()];
    int from = 0;
    for (int b = 0; b < ends.size(); b++) {
      int to = ends.get(b);
      if (to < from) {
        throw new IllegalArgumentException(
            describe()
                + ": the ends of the texts must not descend, but "
                + to
                + " follows "
                + from
                + ".");
      }
      for (; from < to && from < texts.length; from++) {
        texts[from] = b;
      }
      from = to;
    }
    if (from != texts.length) {
      throw new ShapeException(
          describe()
              + ": the last text ends at "
              + from
              + ", but there are "
              + texts.length
              + " tokens (the texts must cover all tokens).");
    }
    return Indices.of(texts);
  }

  /**
   * The row that stands for padding.
   *
   * @return its number, or empty if there is none
   */
  public OptionalInt padding() {
    return padding == NONE ? OptionalInt.empty() : OptionalInt.of(padding);
  }

  /**
   * The table.
   *
   * @return count×width
   */
  public Parameter weight() {
    return weight;
  }
}
