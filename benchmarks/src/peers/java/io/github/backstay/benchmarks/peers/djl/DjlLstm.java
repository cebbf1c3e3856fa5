package io.github.backstay.benchmarks.peers.djl;

import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.github.backstay.benchmarks.steps.LstmChain;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/**
 * W5: by LibTorch's own {@code lstm}, or with the cell written out. There the products with the
 * inputs are one for all steps, and a step's part of them is what its product with the state is
 * added to.
 */
final class DjlLstm extends DjlTraining {

  private final boolean fused;
  private final int batch;
  private final int hidden;
  private final PtNDArray inputs;
  private final PtNDArray zero;

  DjlLstm(LstmChain problem, int threads, boolean fused) {
    super(threads, problem.learningRate());
    this.fused = fused;
    batch = problem.batch();
    hidden = problem.hidden();
    weight(problem.weightIh());
    weight(problem.weightHh());
    weight(new DMatrixRMaj(1, 4 * hidden));
    weight(new DMatrixRMaj(1, 4 * hidden));
    PtNDArray[] ofSteps =
        problem.inputs().stream().map(x -> Djl.tensor(manager(), x)).toArray(PtNDArray[]::new);
    inputs = fused ? JniUtils.stack(ofSteps, 0) : JniUtils.cat(ofSteps, 0);
    zero = fused ? Djl.zeros(manager(), 1, batch, hidden) : Djl.zeros(manager(), batch, hidden);
  }

  @Override
  PtNDArray loss(PtNDManager step, List<PtNDArray> leaves, int t) {
    inputs.tempAttach(step);
    PtNDArray last = fused ? fused(leaves) : written(leaves);
    return JniUtils.mean(JniUtils.square(last));
  }

  private PtNDArray fused(List<PtNDArray> leaves) {
    long[] flat = {4L * hidden};
    NDList weights =
        new NDList(
            leaves.get(0),
            leaves.get(1),
            JniUtils.reshape(leaves.get(2), flat),
            JniUtils.reshape(leaves.get(3), flat));
    NDList result =
        JniUtils.lstm(
            inputs, new NDList(zero, zero), weights, true, 1, 0.0, true, false, false);
    return (PtNDArray) result.get(1);
  }

  private PtNDArray written(List<PtNDArray> leaves) {
    PtNDArray bias = JniUtils.add(leaves.get(2), leaves.get(3));
    NDList ofInputs = JniUtils.split(JniUtils.linear(inputs, leaves.get(0), bias), batch, 0);
    PtNDArray h = zero;
    PtNDArray c = zero;
    for (int t = 0; t < ofInputs.size(); t++) {
      PtNDArray z = (PtNDArray) ofInputs.get(t);
      if (t > 0) {
        z = JniUtils.linear(h, leaves.get(1), z);
      }
      NDList gates = JniUtils.split(z, hidden, 1);
      PtNDArray fresh =
          JniUtils.mul(
              JniUtils.sigmoid((PtNDArray) gates.get(0)), JniUtils.tanh((PtNDArray) gates.get(2)));
      c =
          t == 0
              ? fresh
              : JniUtils.add(
                  JniUtils.mul(JniUtils.sigmoid((PtNDArray) gates.get(1)), c), fresh);
      h = JniUtils.mul(JniUtils.sigmoid((PtNDArray) gates.get(3)), JniUtils.tanh(c));
    }
    return h;
  }
}
