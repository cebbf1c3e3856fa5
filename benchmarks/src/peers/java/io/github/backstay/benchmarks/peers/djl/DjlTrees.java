package io.github.backstay.benchmarks.peers.djl;

import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.github.backstay.benchmarks.steps.Trees;
import io.github.backstay.core.Indices;
import io.github.backstay.nn.Tree;
import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/**
 * W4, node by node. The products with the inputs are one for all nodes of all trees, and a node's
 * part of them is what its product with the states is added to; nothing is multiplied by the zeros
 * below a leaf.
 */
final class DjlTrees extends DjlTraining {

  private static final int WEIGHT_IH = 0;
  private static final int WEIGHT_HH = 1;
  private static final int BIAS = 2;
  private static final int OUTPUT = 3;
  private static final int OUTPUT_BIAS = 4;

  private final List<Tree> trees;
  private final int hidden;
  private final PtNDArray inputs;
  private final PtNDArray targets;

  DjlTrees(Trees problem, int threads) {
    super(threads, problem.learningRate());
    trees = problem.trees();
    hidden = problem.hidden();
    weight(problem.weightIh());
    weight(problem.weightHh());
    weight(new DMatrixRMaj(1, problem.weightHh().numRows));
    weight(problem.output());
    weight(new DMatrixRMaj(1, problem.output().numRows));
    PtNDArray[] ofTrees =
        problem.inputs().stream().map(x -> Djl.tensor(manager(), x)).toArray(PtNDArray[]::new);
    inputs = JniUtils.cat(ofTrees, 0);
    targets = Djl.targets(manager(), problem.classes(), problem.output().numRows);
  }

  @Override
  PtNDArray loss(PtNDManager step, List<PtNDArray> leaves, int t) {
    inputs.tempAttach(step);
    NDList ofInput = JniUtils.split(leaves.get(WEIGHT_IH), hidden, 0);
    NDList ofState = JniUtils.split(leaves.get(WEIGHT_HH), hidden, 0);
    NDList bias = JniUtils.split(leaves.get(BIAS), hidden, 1);
    NDList gates =
        JniUtils.split(
            JniUtils.linear(inputs, withoutForget(ofInput, 0), withoutForget(bias, 1)), 1, 0);
    NDList forget =
        JniUtils.split(JniUtils.linear(inputs, at(ofInput, 1), at(bias, 1)), 1, 0);
    PtNDArray gatesOfState = withoutForget(ofState, 0);
    PtNDArray[] roots = new PtNDArray[trees.size()];
    int first = 0;
    for (int k = 0; k < roots.length; k++) {
      Tree tree = trees.get(k);
      PtNDArray[] h = new PtNDArray[tree.size()];
      PtNDArray[] c = new PtNDArray[tree.size()];
      for (int node = 0; node < tree.size(); node++) {
        PtNDArray z = at(gates, first + node);
        PtNDArray kept = null;
        Indices children = tree.children(node);
        if (children.size() > 0) {
          PtNDArray hs = below(h, children);
          PtNDArray f =
              JniUtils.sigmoid(JniUtils.linear(hs, at(ofState, 1), at(forget, first + node)));
          kept = total(JniUtils.mul(f, below(c, children)), children);
          z = JniUtils.linear(total(hs, children), gatesOfState, z);
        }
        NDList parts = JniUtils.split(z, hidden, 1);
        PtNDArray fresh =
            JniUtils.mul(JniUtils.sigmoid(at(parts, 0)), JniUtils.tanh(at(parts, 1)));
        c[node] = kept == null ? fresh : JniUtils.add(fresh, kept);
        h[node] = JniUtils.mul(JniUtils.sigmoid(at(parts, 2)), JniUtils.tanh(c[node]));
      }
      first += tree.size();
      roots[k] = h[tree.size() - 1];
    }
    PtNDArray scores =
        JniUtils.linear(JniUtils.cat(roots, 0), leaves.get(OUTPUT), leaves.get(OUTPUT_BIAS));
    return Djl.crossEntropy(scores, targets);
  }

  /** i, u and o of i, f, u, o. */
  private static PtNDArray withoutForget(NDList gates, int axis) {
    return JniUtils.cat(new PtNDArray[] {at(gates, 0), at(gates, 2), at(gates, 3)}, axis);
  }

  private static PtNDArray below(PtNDArray[] states, Indices children) {
    if (children.size() == 1) {
      return states[children.get(0)];
    }
    PtNDArray[] rows = new PtNDArray[children.size()];
    for (int k = 0; k < rows.length; k++) {
      rows[k] = states[children.get(k)];
    }
    return JniUtils.cat(rows, 0);
  }

  private static PtNDArray total(PtNDArray rows, Indices children) {
    return children.size() == 1 ? rows : JniUtils.sum(rows, new long[] {0}, true);
  }

  private static PtNDArray at(NDList list, int place) {
    return (PtNDArray) list.get(place);
  }
}
