package io.github.backstay.benchmarks.peers.djl;

import ai.djl.Device;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.github.backstay.benchmarks.steps.Contestant;
import io.github.backstay.benchmarks.steps.SmallOps;

/** W1. */
final class DjlSmallOps implements Contestant {

  private final PtNDManager manager;
  private final DjlWeight u;
  private final DjlWeight v;
  private final PtNDArray one;
  private final int place;

  DjlSmallOps(SmallOps problem, int threads) {
    manager = Djl.manager(threads);
    u = new DjlWeight(manager, problem.u());
    v = new DjlWeight(manager, problem.v());
    one = Djl.scalar(manager, 1.0);
    place = Double.BYTES * (problem.u().numCols + 2);
  }

  @Override
  public double step() {
    try (PtNDManager step = manager.newSubManager(Device.cpu())) {
      JniUtils.setGradMode(true);
      PtNDArray a = u.leaf(step);
      PtNDArray b = v.leaf(step);
      PtNDArray inner = JniUtils.add(JniUtils.tanh(JniUtils.matmul(a, b)), a);
      PtNDArray s = JniUtils.sigmoid(JniUtils.mul(inner, b));
      PtNDArray y = JniUtils.sub(JniUtils.matmul(s, a), b);
      PtNDArray z = JniUtils.sum(JniUtils.relu(JniUtils.square(y)));
      JniUtils.backward(z, one, false, false);
      JniUtils.setGradMode(false);
      PtNDArray gradient = JniUtils.getGradient(a);
      return Djl.number(z) + 1e-3 * JniUtils.getByteBuffer(gradient, false).getDouble(place);
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
