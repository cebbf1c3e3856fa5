package io.github.backstay.nn;

import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.random.RandomGenerator;

/**
 * {@code H' = f(X·weightIhᵀ + biasIh + H·weightHhᵀ + biasHh)}: one step of a simple recurrent
 * network (Elman 1990), with f = tanh unless said otherwise. [B×in], [B×hidden] → [B×hidden]; the
 * parameters stand in {@link RecurrentCell}, with G = 1. Where they start is said otherwise in
 * {@link #identity} only.
 */
public final class RnnCell extends RecurrentCell<Variable> {

  private final Activation activation;

  /**
   * A cell with tanh and biases.
   *
   * @param in columns of the input, at least 1
   * @param hidden columns of the state, at least 1
   * @param random what the first values are drawn from
   * @throws IllegalArgumentException if a width is less than 1
   */
  public RnnCell(int in, int hidden, RandomGenerator random) {
    this(in, hidden, Activation.TANH, random);
  }

  /**
   * A cell with biases.
   *
   * @param in columns of the input, at least 1
   * @param hidden columns of the state, at least 1
   * @param activation the function f
   * @param random what the first values are drawn from
   * @throws IllegalArgumentException if a width is less than 1
   */
  public RnnCell(int in, int hidden, Activation activation, RandomGenerator random) {
    this(in, hidden, activation, true, random);
  }

  private RnnCell(
      int in, int hidden, Activation activation, boolean withBias, RandomGenerator random) {
    super(1, in, hidden, withBias, random);
    this.activation = activation;
  }

  /**
   * A cell without biases.
   *
   * @param in columns of the input, at least 1
   * @param hidden columns of the state, at least 1
   * @param activation the function f
   * @param random what the first values are drawn from
   * @return the cell
   * @throws IllegalArgumentException if a width is less than 1
   */
  public static RnnCell withoutBias(
      int in, int hidden, Activation activation, RandomGenerator random) {
    return new RnnCell(in, hidden, activation, false, random);
  }

  /**
   * A cell that starts by remembering everything: weightHh is the identity, the biases are 0, so
   * that in the beginning {@code H' = f(X·weightIhᵀ + H)}. Two models are of this kind:
   *
   * <ul>
   *   <li>The IRNN (Le, Jaitly and Hinton 2015), a network of rectifiers that learns long
   *       sequences: {@code identity(in, hidden, Activation.RELU, Initializer.normal(0.001),
   *       random)}, with the deviation of their experiments.
   *   <li>The iRNN of Wieting et al. (2016, section 3), without f and with weightIh starting at the
   *       identity too: {@code identity(width, width, Activation.IDENTITY, Initializer.identity(),
   *       random)}. Before it is trained it sums up its inputs, so that {@link
   *       RecurrentEncoder#perWord} with it starts as the average of the words. They hold both
   *       weights near the identity: anchor them at their initial values.
   * </ul>
   *
   * @param in columns of the input, at least 1
   * @param hidden columns of the state, at least 1
   * @param activation the function f
   * @param ofInput makes weightIh
   * @param random what weightIh is drawn from
   * @return the cell
   * @throws IllegalArgumentException if a width is less than 1
   */
  public static RnnCell identity(
      int in, int hidden, Activation activation, Initializer ofInput, RandomGenerator random) {
    return new RnnCell(in, hidden, activation, ofInput, random);
  }

  private RnnCell(
      int in, int hidden, Activation activation, Initializer ofInput, RandomGenerator random) {
    super(1, in, hidden, true, ofInput, Initializer.identity(), Initializer.zeros(), random);
    this.activation = activation;
  }

  @Override
  protected Variable next(Variable ofInput, Variable h) {
    return sums(ofInput, h).apply(activation.op());
  }

  @Override
  public Variable zeroState(Tape tape, int batch) {
    return tape.zeros(batch, hidden());
  }

  @Override
  public Variable output(Variable h) {
    return h;
  }

  @Override
  public Variable rows(Variable h, int from, int to) {
    return h.slice(from, to, 0, h.cols());
  }

  @Override
  public Variable concatRows(Variable top, Variable bottom) {
    return top.concatRows(bottom);
  }
}
