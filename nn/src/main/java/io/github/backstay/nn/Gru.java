package io.github.backstay.nn;

import io.github.backstay.core.Variable;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;

/**
 * A network of gated recurrent units: {@link GruCell}s that read sequences ({@link Recurrent} says
 * how, and what the parameters are called).
 */
public final class Gru extends Recurrent<Variable> {

  /**
   * One layer that reads forward.
   *
   * @param in columns of the inputs, at least 1
   * @param hidden columns of the hidden state, at least 1
   * @param random what the first values are drawn from
   * @throws IllegalArgumentException if a width is less than 1
   */
  public Gru(int in, int hidden, RandomGenerator random) {
    this(in, hidden, 1, Direction.FORWARD, random);
  }

  /**
   * Several layers.
   *
   * @param in columns of the inputs, at least 1
   * @param hidden columns of each hidden state, at least 1
   * @param layers how many, at least 1
   * @param direction whether each layer also reads backward
   * @param random what the first values are drawn from
   * @throws IllegalArgumentException if a number is less than 1
   */
  public Gru(int in, int hidden, int layers, Direction direction, RandomGenerator random) {
    this(in, layers, direction, width -> new GruCell(width, hidden, random));
  }

  /**
   * Several layers of given cells, such as cells without bias.
   *
   * @param in columns of the inputs, at least 1
   * @param layers how many, at least 1
   * @param direction whether each layer also reads backward
   * @param cell makes a cell for inputs of a given width; all must have the same hidden width
   * @throws IllegalArgumentException if there is no layer, or a cell does not have the width that
   *     it needs
   */
  public Gru(int in, int layers, Direction direction, IntFunction<GruCell> cell) {
    super(in, layers, direction, cell);
  }
}
