package io.github.backstay.benchmarks.steps;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * W7: the product of a fixed vector with the Hessian of a network's loss, penalty included, by all
 * weights and biases, exact and without forming the Hessian; nothing is updated. The value is the
 * sum of the squares of the product.
 *
 * @param network the network at its first values; its learning rate does not matter
 * @param weights the vector's part for each layer's weight
 * @param biases the vector's part for each layer's bias
 */
public record HessianVector(Mlp network, List<DMatrixRMaj> weights, List<DMatrixRMaj> biases)
    implements Problem {

  /**
   * Copies the lists.
   *
   * @param network the network at its first values
   * @param weights the vector's part for each layer's weight
   * @param biases the vector's part for each layer's bias
   */
  public HessianVector {
    weights = List.copyOf(weights);
    biases = List.copyOf(biases);
  }

  /**
   * Draws the vector.
   *
   * @param random where from
   * @param network the network
   * @return the problem
   */
  public static HessianVector random(RandomGenerator random, Mlp network) {
    List<DMatrixRMaj> weights = new ArrayList<>();
    List<DMatrixRMaj> biases = new ArrayList<>();
    for (DMatrixRMaj weight : network.weights()) {
      weights.add(Matrices.gaussian(random, weight.numRows, weight.numCols, 1.0));
      biases.add(Matrices.gaussian(random, 1, weight.numRows, 1.0));
    }
    return new HessianVector(network, weights, biases);
  }

  @Override
  public String description() {
    return "Hessian-vector product of "
        + Mlp.widths(network.weights())
        + ", batch "
        + network.input().numRows
        + (network.strength() == 0.0 ? "" : ", L2");
  }

  @Override
  public Optional<Contestant> by(Engine engine, int threads) {
    return engine.hessianVector(this, threads);
  }
}
