package io.github.backstay.benchmarks.peers.javacpp;

import io.github.backstay.benchmarks.steps.Contestant;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.ejml.data.DMatrixRMaj;

/** A step of Adam along the gradient of a loss. */
abstract class TorchTraining implements Contestant {

  private final Torch torch;
  private final int threads;
  private final double learningRate;
  private final List<TorchWeight> weights = new ArrayList<>();
  private int t;

  TorchTraining(int threads, double learningRate) {
    this.torch = new Torch(threads);
    this.threads = threads;
    this.learningRate = learningRate;
  }

  final Torch torch() {
    return torch;
  }

  /** Adds a weight; its leaf has the same place in {@link #loss}. */
  final void weight(DMatrixRMaj initial) {
    weights.add(new TorchWeight(torch, initial));
  }

  /** The loss of step t, counted from 0. */
  abstract Tensor loss(List<Tensor> leaves, int t);

  @Override
  public final double step() {
    try (PointerScope scope = new PointerScope()) {
      List<Tensor> leaves = new ArrayList<>(weights.size());
      for (TorchWeight weight : weights) {
        leaves.add(weight.leaf());
      }
      Tensor loss = loss(leaves, t++);
      loss.backward();
      TorchWeight.Rates rates = TorchWeight.Rates.of(learningRate, t);
      for (int k = 0; k < leaves.size(); k++) {
        weights.get(k).update(leaves.get(k), rates);
      }
      return loss.item_double();
    }
  }

  @Override
  public final boolean usesOtherThreads() {
    return threads > 1;
  }

  @Override
  public final void close() {
    torch.close();
  }
}
