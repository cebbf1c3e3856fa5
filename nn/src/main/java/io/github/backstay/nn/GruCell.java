package io.github.backstay.nn;

import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.core.ops.Gates;
import java.util.random.RandomGenerator;

/**
 * One step of a gated recurrent unit (Cho et al. 2014, section 2.3), in PyTorch's form, [B×in],
 * [B×hidden] → [B×hidden]:
 *
 * <pre>
 * R  = σ(X·W_irᵀ + b_ir + H·W_hrᵀ + b_hr)        reset
 * Z  = σ(X·W_izᵀ + b_iz + H·W_hzᵀ + b_hz)        update
 * N  = tanh(X·W_inᵀ + b_in + R ⊙ (H·W_hnᵀ + b_hn))
 * H' = (1 − Z) ⊙ N + Z ⊙ H
 * </pre>
 *
 * <p>R multiplies the recurrent term with its bias; the paper multiplies H before the product, and
 * its z is our 1 − z. The parameters stand in {@link RecurrentCell}, with G = 3 gates in the order
 * r, z, n. (1 − Z) ⊙ N + Z ⊙ H is computed as N + Z ⊙ (H − N).
 */
public final class GruCell extends RecurrentCell<Variable> {

  /**
   * A cell with biases.
   *
   * @param in columns of the input, at least 1
   * @param hidden columns of the state, at least 1
   * @param random what the first values are drawn from
   * @throws IllegalArgumentException if a width is less than 1
   */
  public GruCell(int in, int hidden, RandomGenerator random) {
    this(in, hidden, true, random);
  }

  private GruCell(int in, int hidden, boolean withBias, RandomGenerator random) {
    super(3, in, hidden, withBias, random);
  }

  /**
   * A cell without biases.
   *
   * @param in columns of the input, at least 1
   * @param hidden columns of the state, at least 1
   * @param random what the first values are drawn from
   * @return the cell
   * @throws IllegalArgumentException if a width is less than 1
   */
  public static GruCell withoutBias(int in, int hidden, RandomGenerator random) {
    return new GruCell(in, hidden, false, random);
  }

  @Override
  protected boolean addsUp() {
    return false; // the reset gate weighs what the hidden state gives
  }

  @Override
  protected Variable next(Variable ofInput, Variable h) {
    return ofInput.apply(Gates.GruGates.OP, fromHidden(h)).apply(Gates.GruState.OP, h);
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
