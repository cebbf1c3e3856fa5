package io.github.backstay.benchmarks.steps;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * W5: a long short-term memory in PyTorch's form, the gates i, f, g, o below one another in the
 * weights and beside one another in the two biases:
 *
 * <pre>
 * Z = X_t·weightIhᵀ + biasIh + H·weightHhᵀ + biasHh
 * C ← σ(Z_f) ⊙ C + σ(Z_i) ⊙ tanh(Z_g)
 * H ← σ(Z_o) ⊙ tanh(C)
 * </pre>
 *
 * <p>H and C start at 0. The loss is the mean over batch and columns of the square of the last H;
 * one step of Adam of both weights and both biases, which start at 0. The value is the loss.
 *
 * @param inputs X of every step, batch×in
 * @param weightIh (4·hidden)×in
 * @param weightHh (4·hidden)×hidden
 * @param learningRate of Adam
 */
public record LstmChain(
    List<DMatrixRMaj> inputs, DMatrixRMaj weightIh, DMatrixRMaj weightHh, double learningRate)
    implements Problem {

  /**
   * Copies the list.
   *
   * @param inputs X of every step, batch×in
   * @param weightIh (4·hidden)×in
   * @param weightHh (4·hidden)×hidden
   * @param learningRate of Adam
   */
  public LstmChain {
    inputs = List.copyOf(inputs);
  }

  /**
   * Draws inputs and first weights.
   *
   * @param random where from
   * @param steps how many
   * @param batch rows of the inputs
   * @param in columns of the inputs
   * @param hidden columns of the states
   * @return the problem
   */
  public static LstmChain random(RandomGenerator random, int steps, int batch, int in, int hidden) {
    List<DMatrixRMaj> inputs = new ArrayList<>();
    for (int t = 0; t < steps; t++) {
      inputs.add(Matrices.gaussian(random, batch, in, 1.0));
    }
    return new LstmChain(
        inputs,
        Matrices.gaussian(random, 4 * hidden, in, Math.sqrt(1.0 / in)),
        Matrices.gaussian(random, 4 * hidden, hidden, Math.sqrt(1.0 / hidden)),
        1e-3);
  }

  /**
   * How many sequences there are.
   *
   * @return rows of the inputs
   */
  public int batch() {
    return inputs.get(0).numRows;
  }

  /**
   * The width of the states.
   *
   * @return columns of weightHh
   */
  public int hidden() {
    return weightHh.numCols;
  }

  @Override
  public String description() {
    return "LSTM, "
        + inputs.size()
        + " steps, batch "
        + batch()
        + ", "
        + weightIh.numCols
        + "/"
        + hidden()
        + ", Adam";
  }

  @Override
  public Optional<Contestant> by(Engine engine, int threads) {
    return engine.lstmChain(this, threads);
  }
}
