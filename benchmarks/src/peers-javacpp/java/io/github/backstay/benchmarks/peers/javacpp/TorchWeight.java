package io.github.backstay.benchmarks.peers.javacpp;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.ejml.data.DMatrixRMaj;

/** A weight with its moments; a step of Adam is six operations in place. */
final class TorchWeight {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final Tensor value;
  private final Tensor first;
  private final Tensor second;
  private final Tensor root;

  TorchWeight(Torch torch, DMatrixRMaj initial) {
    value = torch.tensor(initial);
    first = torch.zeros(initial.numRows, initial.numCols);
    second = torch.zeros(initial.numRows, initial.numCols);
    root = torch.zeros(initial.numRows, initial.numCols);
  }

  /** A leaf of a step's graph over the same numbers, which has no gradient yet. */
  Tensor leaf() {
    return value.detach().set_requires_grad(true);
  }

  /** The numbers that all weights share in one step of Adam. */
  record Rates(Scalar fresh1, Scalar beta2, Scalar fresh2, Scalar epsilon, Scalar rate) {

    static Rates of(double learningRate, int t) {
      double correction = Math.sqrt(1.0 - Math.pow(BETA2, t));
      double rate = learningRate / (1.0 - Math.pow(BETA1, t));
      return new Rates(
          new Scalar(1.0 - BETA1),
          new Scalar(BETA2),
          new Scalar(1.0 - BETA2),
          new Scalar(EPSILON * correction),
          new Scalar(-rate * correction));
    }
  }

  void update(Tensor leaf, Rates rates) {
    Tensor gradient = leaf.grad();
    first.lerp_(gradient, rates.fresh1());
    second.mul_(rates.beta2()).addcmul_(gradient, gradient, rates.fresh2());
    torch.sqrt_out(root, second);
    root.add_(rates.epsilon());
    value.addcdiv_(first, root, rates.rate());
  }
}
