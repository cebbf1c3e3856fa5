package io.github.backstay.benchmarks.peers.javacpp;

import io.github.backstay.benchmarks.steps.Contestant;
import io.github.backstay.benchmarks.steps.Inference;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.ejml.data.DMatrixRMaj;

/** One row, from an array of Java to numbers in Java; no weight asks for a gradient. */
final class TorchInference implements Contestant {

  private final Torch torch;
  private final DMatrixRMaj row;
  private final Tensor input;
  private final List<Tensor> layers = new ArrayList<>();
  private final double[] scores;

  TorchInference(Inference problem, int threads) {
    torch = new Torch(threads);
    row = problem.row();
    input = torch.tensor(row);
    for (DMatrixRMaj weight : problem.weights()) {
      layers.add(torch.tensor(weight));
      layers.add(torch.zeros(1, weight.numRows));
    }
    scores = new double[problem.weights().get(problem.weights().size() - 1).numRows];
  }

  @Override
  public double step() {
    try (PointerScope scope = new PointerScope()) {
      input.data_ptr_double().put(row.data, 0, row.getNumElements());
      Torch.copy(TorchMlp.scores(input, layers), scores);
      double sum = 0.0;
      for (double score : scores) {
        sum += score;
      }
      return sum;
    }
  }

  @Override
  public void close() {
    torch.close();
  }
}
