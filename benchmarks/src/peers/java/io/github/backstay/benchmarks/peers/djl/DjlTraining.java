package io.github.backstay.benchmarks.peers.djl;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.github.backstay.benchmarks.steps.Contestant;
import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/**
 * A step of Adam along the gradient of a loss: what a step makes stands in a manager of its own,
 * which is closed after it.
 */
abstract class DjlTraining implements Contestant {

  private final PtNDManager manager;
  private final int threads;
  private final double learningRate;
  private final PtNDArray one;
  private final List<DjlWeight> weights = new ArrayList<>();
  private int t;

  DjlTraining(int threads, double learningRate) {
    this.manager = Djl.manager(threads);
    this.threads = threads;
    this.learningRate = learningRate;
    this.one = Djl.scalar(manager, 1.0);
  }

  final PtNDManager manager() {
    return manager;
  }

  /** Adds a weight; its leaf has the same place in {@link #loss}. */
  final void weight(DMatrixRMaj initial) {
    weights.add(new DjlWeight(manager, initial));
  }

  /** The loss of step t, counted from 0. Results must be made in the step's manager. */
  abstract PtNDArray loss(PtNDManager step, List<PtNDArray> leaves, int t);

  @Override
  public final double step() {
    try (PtNDManager step = manager.newSubManager(Device.cpu())) {
      JniUtils.setGradMode(true);
      List<PtNDArray> leaves = new ArrayList<>(weights.size());
      for (DjlWeight weight : weights) {
        leaves.add(weight.leaf(step));
      }
      PtNDArray loss = loss(step, leaves, t++);
      JniUtils.backward(loss, one, false, false);
      JniUtils.setGradMode(false);
      DjlWeight.Rates rates = DjlWeight.Rates.of(step, learningRate, t);
      for (int k = 0; k < leaves.size(); k++) {
        weights.get(k).update(leaves.get(k), rates);
      }
      return Djl.number(loss);
    }
  }

  @Override
  public final boolean usesOtherThreads() {
    return threads > 1;
  }

  @Override
  public final void close() {
    manager.close();
  }
}
