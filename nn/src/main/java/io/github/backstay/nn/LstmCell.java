package io.github.backstay.nn;

import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.random.RandomGenerator;

/**
 * One step of a long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of
 * Gers et al. 2000, without peepholes), [B×in], state of 2·[B×hidden] → the same:
 *
 * <pre>
 * I  = σ(X·W_iiᵀ + b_ii + H·W_hiᵀ + b_hi)        input
 * F  = σ(X·W_ifᵀ + b_if + H·W_hfᵀ + b_hf)        forget
 * G  = tanh(X·W_igᵀ + b_ig + H·W_hgᵀ + b_hg)     candidate
 * O  = σ(X·W_ioᵀ + b_io + H·W_hoᵀ + b_ho)        output
 * C' = F ⊙ C + I ⊙ G
 * H' = O ⊙ tanh(C')
 * </pre>
 *
 * <p>The parameters stand in {@link RecurrentCell}, with G = 4 gates in the order i, f, g, o, as in
 * PyTorch.
 */
public final class LstmCell extends RecurrentCell<LstmState> {

  /**
   * A cell with biases.
   *
   * @param in columns of the input, at least 1
   * @param hidden columns of the hidden state and of the memory, at least 1
   * @param random what the first values are drawn from
   * @throws IllegalArgumentException if a width is less than 1
   */
  public LstmCell(int in, int hidden, RandomGenerator random) {
    this(in, hidden, true, random);
  }

  private LstmCell(int in, int hidden, boolean withBias, RandomGenerator random) {
    super(4, in, hidden, withBias, random);
  }

  /**
   * A cell without biases.
   *
   * @param in columns of the input, at least 1
   * @param hidden columns of the hidden state and of the memory, at least 1
   * @param random what the first values are drawn from
   * @return the cell
   * @throws IllegalArgumentException if a width is less than 1
   */
  public static LstmCell withoutBias(int in, int hidden, RandomGenerator random) {
    return new LstmCell(in, hidden, false, random);
  }

  @Override
  public LstmState step(Variable x, LstmState state) {
    Variable c = state.memory();
    if (c.rows() != x.rows() || c.cols() != hidden()) {
      throw new ShapeException(
          describe()
              + ": the memory is "
              + c.shape()
              + ", the input is "
              + x.shape()
              + " (need one row per sequence in both, and "
              + hidden()
              + " columns in the memory).");
    }
    Variable gates = fromInput(x).plus(fromHidden(state.hidden(), x));
    Variable i = gates(gates, 0, 1).sigmoid();
    Variable f = gates(gates, 1, 2).sigmoid();
    Variable g = gates(gates, 2, 3).tanh();
    Variable o = gates(gates, 3, 4).sigmoid();
    Variable memory = f.elementMult(c).plus(i.elementMult(g));
    return new LstmState(o.elementMult(memory.tanh()), memory);
  }

  @Override
  public LstmState zeroState(Tape tape, int batch) {
    Variable zeros = tape.zeros(batch, hidden());
    return new LstmState(zeros, zeros);
  }

  @Override
  public Variable output(LstmState state) {
    return state.hidden();
  }
}
