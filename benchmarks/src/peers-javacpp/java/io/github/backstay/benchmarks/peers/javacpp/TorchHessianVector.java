package io.github.backstay.benchmarks.peers.javacpp;

import io.github.backstay.benchmarks.steps.Contestant;
import io.github.backstay.benchmarks.steps.HessianVector;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;

import org.ejml.data.DMatrixRMaj;

/** W7: the gradient of the gradient, along the vector. */
final class TorchHessianVector implements Contestant {

  private final Torch torch;
  private final int threads;
  private final Tensor input;
  private final Tensor classes;
  private final double strength;
  private final List<Tensor> weights = new ArrayList<>();
  private final Tensor[] vector;

  TorchHessianVector(HessianVector problem, int threads) {
    this.torch = new Torch(threads);
    this.threads = threads;
    input = torch.tensor(problem.network().input());
    classes = torch.indices(problem.network().classes(), problem.network().classes().size());
    strength = problem.network().strength();
    List<Tensor> parts = new ArrayList<>();
    for (int l = 0; l < problem.weights().size(); l++) {
      DMatrixRMaj weight = problem.network().weights().get(l);
      weights.add(torch.tensor(weight));
      weights.add(torch.zeros(1, weight.numRows));
      parts.add(torch.tensor(problem.weights().get(l)));
      parts.add(torch.tensor(problem.biases().get(l)));
    }
    vector = parts.toArray(Tensor[]::new);
  }

  @Override
  public double step() {
    try (PointerScope scope = new PointerScope()) {
      List<Tensor> leaves = new ArrayList<>();
      for (Tensor weight : weights) {
        leaves.add(weight.detach().set_requires_grad(true));
      }
      TensorVector inputs = new TensorVector(leaves.toArray(Tensor[]::new));
      TensorVector loss = new TensorVector(TorchMlp.loss(input, classes, strength, leaves));
      TensorVector gradient =
          grad(loss, inputs, new TensorVector(), true);
      TensorVector product = grad(gradient, inputs, new TensorVector(vector), false);
      double sum = 0.0;
      for (int k = 0; k < vector.length; k++) {
        sum += TorchMlp.squares(product.get(k)).item_double();
      }
      return sum;
    }
  }

  private static TensorVector grad(
      TensorVector of, TensorVector by, TensorVector along, boolean again) {
    return org.bytedeco.pytorch.global.torch.grad(
        of, by, along, new BoolOptional(again), again, false);
  }

  @Override
  public boolean usesOtherThreads() {
    return threads > 1;
  }

  @Override
  public void close() {
    torch.close();
  }
}
