package io.github.backstay.benchmarks.steps;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * One row through the network of {@link Mlp}, from numbers in Java to scores in Java, without
 * gradients; the biases are there and 0. The value is the sum of the scores, which are read out and
 * added in Java.
 *
 * @param row the input, 1×in
 * @param weights W of each layer, out×in
 */
public record Inference(DMatrixRMaj row, List<DMatrixRMaj> weights) implements Problem {

  /**
   * Copies the list.
   *
   * @param row the input, 1×in
   * @param weights W of each layer, out×in
   */
  public Inference {
    weights = List.copyOf(weights);
  }

  /**
   * Draws a row.
   *
   * @param random where from
   * @param network whose weights are used
   * @return the problem
   */
  public static Inference random(RandomGenerator random, Mlp network) {
    return new Inference(
        Matrices.gaussian(random, 1, network.input().numCols, 1.0), network.weights());
  }

  @Override
  public String description() {
    return "one row through " + Mlp.widths(weights);
  }

  @Override
  public Optional<Contestant> by(Engine engine, int threads) {
    return engine.inference(this, threads);
  }
}
