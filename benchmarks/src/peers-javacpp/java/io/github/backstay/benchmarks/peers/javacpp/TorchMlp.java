package io.github.backstay.benchmarks.peers.javacpp;

import io.github.backstay.benchmarks.steps.Mlp;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.ejml.data.DMatrixRMaj;

/** W2 and W6. */
final class TorchMlp extends TorchTraining {

  private final Tensor input;
  private final Tensor classes;
  private final double strength;

  TorchMlp(Mlp problem, int threads) {
    super(threads, problem.learningRate());
    for (DMatrixRMaj weight : problem.weights()) {
      weight(weight);
      weight(new DMatrixRMaj(1, weight.numRows));
    }
    input = torch().tensor(problem.input());
    classes = torch().indices(problem.classes(), problem.classes().size());
    strength = problem.strength();
  }

  @Override
  Tensor loss(List<Tensor> leaves, int t) {
    return loss(input, classes, strength, leaves);
  }

  static Tensor loss(Tensor input, Tensor classes, double strength, List<Tensor> leaves) {
    Tensor data = torch.cross_entropy_loss(scores(input, leaves), classes);
    return strength == 0.0
        ? data
        : data.add(penalty(leaves), new Scalar(0.5 * strength));
  }

  /** Weights stand at even places, biases at odd ones. */
  static Tensor scores(Tensor input, List<Tensor> leaves) {
    Tensor x = input;
    for (int k = 0; k < leaves.size(); k += 2) {
      x = torch.addmm(leaves.get(k + 1), x, leaves.get(k).t());
      x = k + 2 < leaves.size() ? x.relu() : x;
    }
    return x;
  }

  private static Tensor penalty(List<Tensor> leaves) {
    Tensor squares = squares(leaves.get(0));
    for (int k = 2; k < leaves.size(); k += 2) {
      squares = squares.add(squares(leaves.get(k)));
    }
    return squares;
  }

  /** By a product of the vector with itself, which makes no matrix of squares. */
  static Tensor squares(Tensor weight) {
    Tensor flat = weight.view(-1);
    return flat.dot(flat);
  }
}
