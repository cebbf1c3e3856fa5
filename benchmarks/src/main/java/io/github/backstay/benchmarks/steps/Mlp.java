package io.github.backstay.benchmarks.steps;

import io.github.backstay.core.Indices;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;

/**
 * W2 and W6: {@code X ← relu(X·Wᵀ + 1·b)}, the last layer without relu; softmax cross-entropy, its
 * mean over the batch, plus {@code strength/2·Σ‖W‖²} over the weights without the biases; one step
 * of Adam. Biases start at 0. The value is the loss with the penalty.
 *
 * @param input X, batch×in
 * @param classes the class of each row
 * @param weights W of each layer, out×in
 * @param strength of the penalty; 0 means that there is none and that it is not computed
 * @param learningRate of Adam
 */
public record Mlp(
    DMatrixRMaj input,
    Indices classes,
    List<DMatrixRMaj> weights,
    double strength,
    double learningRate)
    implements Problem {

  /**
   * Copies the list.
   *
   * @param input X, batch×in
   * @param classes the class of each row
   * @param weights W of each layer, out×in
   * @param strength of the penalty
   * @param learningRate of Adam
   */
  public Mlp {
    weights = List.copyOf(weights);
  }

  /**
   * Draws a batch and first weights.
   *
   * @param random where from
   * @param strength of the penalty
   * @param batch rows
   * @param widths of the input, of every hidden layer and of the output, at least two
   * @return the problem
   */
  public static Mlp random(RandomGenerator random, double strength, int batch, int... widths) {
    List<DMatrixRMaj> weights = new ArrayList<>();
    for (int l = 0; l + 1 < widths.length; l++) {
      double deviation = Math.sqrt(2.0 / widths[l]);
      weights.add(Matrices.gaussian(random, widths[l + 1], widths[l], deviation));
    }
    return new Mlp(
        Matrices.gaussian(random, batch, widths[0], 1.0),
        Matrices.indices(random, batch, widths[widths.length - 1]),
        weights,
        strength,
        1e-3);
  }

  @Override
  public String description() {
    return "MLP "
        + widths(weights)
        + ", batch "
        + input.numRows
        + ", Adam"
        + (strength == 0.0 ? "" : ", L2");
  }

  static String widths(List<DMatrixRMaj> weights) {
    return Stream.concat(
            Stream.of(weights.get(0).numCols), weights.stream().map(weight -> weight.numRows))
        .map(String::valueOf)
        .collect(Collectors.joining("-"));
  }

  @Override
  public Optional<Contestant> by(Engine engine, int threads) {
    return engine.mlp(this, threads);
  }
}
