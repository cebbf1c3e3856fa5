package io.github.backstay.benchmarks.peers.djl;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.github.backstay.benchmarks.steps.Mlp;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/** W2 and W6. */
final class DjlMlp extends DjlTraining {

  private final PtNDArray input;
  private final PtNDArray targets;
  private final PtNDArray halfStrength;
  private final boolean penalized;

  DjlMlp(Mlp problem, int threads) {
    super(threads, problem.learningRate());
    for (DMatrixRMaj weight : problem.weights()) {
      weight(weight);
      weight(new DMatrixRMaj(1, weight.numRows));
    }
    input = Djl.tensor(manager(), problem.input());
    int columns = problem.weights().get(problem.weights().size() - 1).numRows;
    targets = Djl.targets(manager(), problem.classes(), columns);
    halfStrength = Djl.scalar(manager(), 0.5 * problem.strength());
    penalized = problem.strength() != 0.0;
  }

  @Override
  PtNDArray loss(PtNDManager step, List<PtNDArray> leaves, int t) {
    input.tempAttach(step);
    PtNDArray data = Djl.crossEntropy(scores(input, leaves), targets);
    return penalized ? JniUtils.add(data, penalty(leaves, halfStrength)) : data;
  }

  /** Weights stand at even places, biases at odd ones. */
  static PtNDArray scores(PtNDArray input, List<PtNDArray> leaves) {
    PtNDArray x = input;
    for (int k = 0; k < leaves.size(); k += 2) {
      x = JniUtils.linear(x, leaves.get(k), leaves.get(k + 1));
      x = k + 2 < leaves.size() ? JniUtils.relu(x) : x;
    }
    return x;
  }

  static PtNDArray penalty(List<PtNDArray> leaves, PtNDArray halfStrength) {
    PtNDArray squares = squares(leaves.get(0));
    for (int k = 2; k < leaves.size(); k += 2) {
      squares = JniUtils.add(squares, squares(leaves.get(k)));
    }
    return JniUtils.mul(squares, halfStrength);
  }

  /** By a product of the vector with itself, which makes no matrix of squares. */
  static PtNDArray squares(PtNDArray weight) {
    PtNDArray flat = JniUtils.reshape(weight, new long[] {-1});
    return JniUtils.dot(flat, flat);
  }
}
