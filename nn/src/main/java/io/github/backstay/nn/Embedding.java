package io.github.backstay.nn;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * A table of vectors, one row per word, parameter {@code weight}, count×width. Its gradient is
 * row-sparse: a step costs what the rows it looks up cost, however many words there are.
 */
public final class Embedding extends Module {

  private final Parameter weight;

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
    if (count < 1 || width < 1) {
      throw new IllegalArgumentException(
          "embedding: count and width must be at least 1, got count "
              + count
              + " and width "
              + width
              + ".");
    }
    weight = parameter("weight", count, width, initializer, random);
  }

  /**
   * A table with given first values, such as vectors trained elsewhere.
   *
   * @param table one row per word, copied
   */
  public Embedding(DMatrixRMaj table) {
    weight = parameter("weight", table);
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
    return weight.on(tape).gatherRows(tokens);
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
   * @throws io.github.backstay.core.ShapeException if the last end is not the number of tokens
   * @throws IllegalArgumentException if the ends descend
   */
  public Variable lookUpMean(Tape tape, Indices tokens, Indices ends) {
    return lookUp(tape, tokens).segmentMean(ends);
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
