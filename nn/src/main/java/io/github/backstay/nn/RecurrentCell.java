package io.github.backstay.nn;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One step of a recurrent network for a batch of B sequences: from an input, B×in, and a state to
 * the next state. What cells have in common is where their gates come from, G of them, each as wide
 * as the hidden state: {@code X·weightIhᵀ + biasIh} and {@code H·weightHhᵀ + biasHh},
 * [B×(G·hidden)] each, the gates beside one another. Parameters, stored as in PyTorch:
 *
 * <ul>
 *   <li>{@code weightIh}, (G·hidden)×in
 *   <li>{@code weightHh}, (G·hidden)×hidden
 *   <li>{@code biasIh} and {@code biasHh}, 1×(G·hidden); a cell without bias lacks both
 * </ul>
 *
 * <p>All start at {@code U[−1/√hidden, 1/√hidden)}, as in PyTorch, drawn in this order. Two biases
 * are one more than the formulas need wherever both are only added; they are there so that weights
 * trained elsewhere fit.
 *
 * @param <S> the state between two steps
 */
public abstract class RecurrentCell<S> extends Module {

  private final int in;
  private final int hidden;
  private final Parameter weightIh;
  private final Parameter weightHh;
  private final @Nullable Parameter biasIh;
  private final @Nullable Parameter biasHh;

  /**
   * Makes the parameters.
   *
   * @param gates G, at least 1
   * @param in columns of the input, at least 1
   * @param hidden columns of the hidden state, at least 1
   * @param withBias whether there are biases
   * @param random what the first values are drawn from
   * @throws IllegalArgumentException if a number is less than 1
   */
  protected RecurrentCell(int gates, int in, int hidden, boolean withBias, RandomGenerator random) {
    this(gates, in, hidden, withBias, null, null, null, random);
  }

  /** Makes the parameters; an initializer that is null is the usual one. */
  @SuppressWarnings("this-escape") // what a subclass overrides describes it, and has no state
  RecurrentCell(
      int gates,
      int in,
      int hidden,
      boolean withBias,
      @Nullable Initializer ofInput,
      @Nullable Initializer ofHidden,
      @Nullable Initializer ofBias,
      RandomGenerator random) {
    if (gates < 1) {
      throw new IllegalArgumentException(
          describe() + ": there must be at least 1 gate, got " + gates + ".");
    }
    if (in < 1 || hidden < 1) {
      throw new IllegalArgumentException(
          describe()
              + ": both widths must be at least 1, got in "
              + in
              + " and hidden "
              + hidden
              + ".");
    }
    this.in = in;
    this.hidden = hidden;
    weightIh = parameter("weightIh", gates * hidden, in, orUsual(ofInput), random);
    weightHh = parameter("weightHh", gates * hidden, hidden, orUsual(ofHidden), random);
    biasIh = withBias ? parameter("biasIh", 1, gates * hidden, orUsual(ofBias), random) : null;
    biasHh = withBias ? parameter("biasHh", 1, gates * hidden, orUsual(ofBias), random) : null;
  }

  private Initializer orUsual(@Nullable Initializer given) {
    return given == null ? usual() : given;
  }

  /** How all parameters of a cell start unless it is said otherwise. */
  final Initializer usual() {
    return Initializer.uniform(1.0 / Math.sqrt(hidden));
  }

  /**
   * Takes a step.
   *
   * @param x the inputs of this step, B×in
   * @param state the state after the step before
   * @return the state after this step
   * @throws ShapeException if input or state does not have the right shape
   */
  public final S step(Variable x, S state) {
    requireInput(x);
    requireState(state, x);
    return next(fromInput(x), state);
  }

  /**
   * Takes a step of which the input's part has been computed, for one step or for many at once.
   *
   * @param gates what {@link #fromInput} has given, B×(G·hidden)
   * @param state the state after the step before; its shape has been checked
   * @return the state after this step
   */
  protected abstract S next(Variable gates, S state);

  /**
   * The state before the first step: zeros.
   *
   * @param tape the tape of this step
   * @param batch the number of sequences B
   * @return a state of constants
   */
  public abstract S zeroState(Tape tape, int batch);

  /**
   * What the next layer sees of a state.
   *
   * @param state a state of this cell
   * @return B×hidden
   */
  public abstract Variable output(S state);

  /**
   * The state of some sequences that stand below one another.
   *
   * @param state a state of this cell, of B sequences
   * @param from the first sequence
   * @param to the sequence after the last
   * @return the state of to − from sequences
   */
  public abstract S rows(S state, int from, int to);

  /**
   * The state of more sequences.
   *
   * @param top the state of the first ones
   * @param bottom the state of those that come after them
   * @return both below one another
   */
  public abstract S concatRows(S top, S bottom);

  /**
   * Whether the hidden state's part is only added to the input's. Both biases are added to the
   * input's part then.
   *
   * @return true unless overridden
   */
  protected boolean addsUp() {
    return true;
  }

  /**
   * The input's part of all gates.
   *
   * @param x B×in, of one step or of several below one another
   * @return {@code X·weightIhᵀ + biasIh}, and {@code + biasHh} where parts {@linkplain #addsUp add
   *     up}; B×(G·hidden)
   */
  final Variable fromInput(Variable x) {
    Tape tape = x.tape();
    Variable weight = weightIh.on(tape);
    if (biasIh == null || biasHh == null) {
      return x.multTransB(weight);
    }
    Variable bias = biasIh.on(tape);
    return x.affine(weight, addsUp() ? bias.plus(biasHh.on(tape)) : bias);
  }

  /**
   * All gates of a cell whose parts add up.
   *
   * @param gates the input's part, B×(G·hidden)
   * @param h the hidden state, B×hidden
   * @return {@code gates + H·weightHhᵀ}, B×(G·hidden)
   */
  protected final Variable sums(Variable gates, Variable h) {
    return h.affine(weightHh.on(h.tape()), gates);
  }

  /**
   * The hidden state's part of all gates, for a cell whose parts do not just add up.
   *
   * @param h the hidden state, B×hidden
   * @return {@code H·weightHhᵀ + biasHh}, B×(G·hidden)
   */
  protected final Variable fromHidden(Variable h) {
    Variable weight = weightHh.on(h.tape());
    return biasHh == null ? h.multTransB(weight) : h.affine(weight, biasHh.on(h.tape()));
  }

  /** Refuses inputs that are not as wide as those that this cell was made for. */
  final void requireInput(Variable x) {
    requireCols("the input", x, in);
  }

  /**
   * Refuses a state that does not fit the inputs of a step.
   *
   * @param state the state
   * @param x the inputs
   * @throws ShapeException if hidden state or memory does not have a row per sequence, or not the
   *     right width
   */
  protected void requireState(S state, Variable x) {
    Variable h = output(state);
    requireCols("the hidden state", h, hidden);
    if (h.rows() != x.rows()) {
      throw new ShapeException(
          describe()
              + ": the hidden state is "
              + h.shape()
              + ", the input is "
              + x.shape()
              + " (need one row per sequence in both).");
    }
  }

  private void requireCols(String what, Variable x, int cols) {
    if (x.cols() != cols) {
      throw new ShapeException(
          describe() + ": " + what + " is " + x.shape() + " (need " + cols + " columns).");
    }
  }

  /**
   * Some gates out of those that stand beside one another.
   *
   * @param gates B×(G·hidden)
   * @param from the first gate
   * @param to the gate after the last
   * @return B×((to − from)·hidden)
   */
  protected final Variable gates(Variable gates, int from, int to) {
    return gates.slice(0, gates.rows(), from * hidden, to * hidden);
  }

  /**
   * The width of the input.
   *
   * @return at least 1
   */
  public final int in() {
    return in;
  }

  /**
   * The width of the hidden state.
   *
   * @return at least 1
   */
  public final int hidden() {
    return hidden;
  }

  /**
   * The input's weight.
   *
   * @return (G·hidden)×in
   */
  public final Parameter weightIh() {
    return weightIh;
  }

  /**
   * The hidden state's weight.
   *
   * @return (G·hidden)×hidden
   */
  public final Parameter weightHh() {
    return weightHh;
  }

  /**
   * The bias beside the input's weight.
   *
   * @return 1×(G·hidden), or null for a cell without bias
   */
  public final @Nullable Parameter biasIh() {
    return biasIh;
  }

  /**
   * The bias beside the hidden state's weight.
   *
   * @return 1×(G·hidden), or null for a cell without bias
   */
  public final @Nullable Parameter biasHh() {
    return biasHh;
  }
}
