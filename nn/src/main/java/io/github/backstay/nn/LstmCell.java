package io.github.backstay.nn;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.core.ops.Gates;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One step of a long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of
 * Gers et al. 2000), [B×in], state of 2·[B×hidden] → the same:
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
 * PyTorch. {@link Options} change this in two ways, together or apart:
 *
 * <ul>
 *   <li>Peepholes (Gers and Schmidhuber 2000): {@code p_i ⊙ C} is added within σ of I, {@code p_f ⊙
 *       C} within that of F, and {@code p_o ⊙ C'} within that of O. So input and forget gate see
 *       the memory before the step, the output gate the one after it, as in Graves (2013, equations
 *       7 to 11) and in Lasagne's LSTMLayer. The parameter {@code peephole}, 1×(3·hidden), holds
 *       p_i, p_f and p_o beside one another; it starts as the weights do and is drawn last.
 *   <li>No output gate (Wieting et al. 2016): {@code H' = tanh(C')}. There are G = 3 gates i, f, g,
 *       and the peepholes are p_i and p_f, 1×(2·hidden).
 * </ul>
 *
 * <p>Lasagne starts all weights at {@code N(0, 0.1²)} and has one bias per gate, which starts at 0.
 */
public final class LstmCell extends RecurrentCell<LstmState> {

  /**
   * Which parts a cell has.
   *
   * @param bias whether there are biases
   * @param peepholes whether the gates see the memory
   * @param outputGate whether there is an output gate
   */
  public record Options(boolean bias, boolean peepholes, boolean outputGate) {

    /**
     * PyTorch's cell.
     *
     * @return with biases and output gate, without peepholes
     */
    public static Options standard() {
      return new Options(true, false, true);
    }

    /**
     * The same without biases.
     *
     * @return the options
     */
    public Options withoutBias() {
      return new Options(false, peepholes, outputGate);
    }

    /**
     * The same with peepholes.
     *
     * @return the options
     */
    public Options withPeepholes() {
      return new Options(bias, true, outputGate);
    }

    /**
     * The same without output gate.
     *
     * @return the options
     */
    public Options withoutOutputGate() {
      return new Options(bias, peepholes, false);
    }

    private int gates() {
      return outputGate ? 4 : 3;
    }
  }

  private static final Gates.Show SHOW = new Gates.Show(4, 3);

  private final Options options;
  private final Gates.Activate activate;
  private final Gates.Memory remember;
  private final @Nullable Parameter peephole;

  /**
   * A cell with biases and output gate, without peepholes.
   *
   * @param in columns of the input, at least 1
   * @param hidden columns of the hidden state and of the memory, at least 1
   * @param random what the first values are drawn from
   * @throws IllegalArgumentException if a width is less than 1
   */
  public LstmCell(int in, int hidden, RandomGenerator random) {
    this(in, hidden, Options.standard(), random);
  }

  /**
   * A cell.
   *
   * @param in columns of the input, at least 1
   * @param hidden columns of the hidden state and of the memory, at least 1
   * @param options which parts it has
   * @param random what the first values are drawn from
   * @throws IllegalArgumentException if a width is less than 1
   */
  public LstmCell(int in, int hidden, Options options, RandomGenerator random) {
    super(options.gates(), in, hidden, options.bias(), random);
    this.options = options;
    activate = new Gates.Activate(options.gates(), 2);
    remember = new Gates.Memory(options.gates(), 0, 2, 1, 1);
    int seeing = options.gates() - 1; // all but the candidate
    peephole =
        options.peepholes() ? parameter("peephole", 1, seeing * hidden, usual(), random) : null;
  }

  /**
   * A cell without biases and peepholes, with output gate.
   *
   * @param in columns of the input, at least 1
   * @param hidden columns of the hidden state and of the memory, at least 1
   * @param random what the first values are drawn from
   * @return the cell
   * @throws IllegalArgumentException if a width is less than 1
   */
  public static LstmCell withoutBias(int in, int hidden, RandomGenerator random) {
    return new LstmCell(in, hidden, Options.standard().withoutBias(), random);
  }

  @Override
  protected void requireState(LstmState state, Variable x) {
    super.requireState(state, x);
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
  }

  @Override
  protected LstmState next(Variable ofInput, LstmState state) {
    Variable sums = sums(ofInput, state.hidden());
    if (peephole != null) {
      return nextSeeing(sums, state.memory());
    }
    Variable gates = sums.apply(activate);
    Variable memory = gates.apply(remember, state.memory());
    Variable shown = memory.tanh();
    return new LstmState(options.outputGate() ? gates.apply(SHOW, shown) : shown, memory);
  }

  /** A step in which gates see the memory, one gate after the other. */
  private LstmState nextSeeing(Variable gates, Variable c) {
    Variable i = seeing(c, 0, gates(gates, 0, 1)).sigmoid();
    Variable f = seeing(c, 1, gates(gates, 1, 2)).sigmoid();
    Variable g = gates(gates, 2, 3).tanh();
    Variable memory = f.elementMult(c).plus(i.elementMult(g));
    Variable shown = memory.tanh();
    if (!options.outputGate()) {
      return new LstmState(shown, memory);
    }
    Variable o = seeing(memory, 2, gates(gates, 3, 4)).sigmoid();
    return new LstmState(o.elementMult(shown), memory);
  }

  /** A gate's sum, with what it sees of a memory through its peephole. */
  private Variable seeing(Variable memory, int which, Variable gate) {
    return peephole == null
        ? gate
        : gate.plus(memory.elementMult(gates(peephole.on(memory.tape()), which, which + 1)));
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

  @Override
  public LstmState rows(LstmState state, int from, int to) {
    return new LstmState(
        state.hidden().slice(from, to, 0, hidden()), state.memory().slice(from, to, 0, hidden()));
  }

  @Override
  public LstmState concatRows(LstmState top, LstmState bottom) {
    return new LstmState(
        top.hidden().concatRows(bottom.hidden()), top.memory().concatRows(bottom.memory()));
  }

  /**
   * Which parts this cell has.
   *
   * @return as it was made
   */
  public Options options() {
    return options;
  }

  /**
   * What the gates see of the memory.
   *
   * @return p_i, p_f and, with an output gate, p_o beside one another, 1×(3·hidden) or
   *     1×(2·hidden); null for a cell without peepholes
   */
  public @Nullable Parameter peephole() {
    return peephole;
  }
}
