package io.github.backstay.benchmarks.peers.javacpp;

import io.github.backstay.benchmarks.steps.Trees;
import io.github.backstay.core.Indices;
import io.github.backstay.nn.Tree;
import java.util.List;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.ejml.data.DMatrixRMaj;

/**
 * W4, node by node. The products with the inputs are one for all nodes of all trees, and a node's
 * part of them is what its product with the states is added to; nothing is multiplied by the zeros
 * below a leaf.
 */
final class TorchTrees extends TorchTraining {

  private static final int WEIGHT_IH = 0;
  private static final int WEIGHT_HH = 1;
  private static final int BIAS = 2;
  private static final int OUTPUT = 3;
  private static final int OUTPUT_BIAS = 4;

  private final List<Tree> trees;
  private final int hidden;
  private final Tensor inputs;
  private final Tensor classes;

  TorchTrees(Trees problem, int threads) {
    super(threads, problem.learningRate());
    trees = problem.trees();
    hidden = problem.hidden();
    weight(problem.weightIh());
    weight(problem.weightHh());
    weight(new DMatrixRMaj(1, problem.weightHh().numRows));
    weight(problem.output());
    weight(new DMatrixRMaj(1, problem.output().numRows));
    inputs = torch().stacked(problem.inputs());
    classes = torch().indices(problem.classes(), problem.classes().size());
  }

  @Override
  Tensor loss(List<Tensor> leaves, int t) {
    TensorVector ofInput = torch.split(leaves.get(WEIGHT_IH), hidden, 0);
    TensorVector ofState = torch.split(leaves.get(WEIGHT_HH), hidden, 0);
    TensorVector bias = torch.split(leaves.get(BIAS), hidden, 1);
    TensorVector gates =
        torch.split(
            torch.addmm(withoutForget(bias, 1), inputs, withoutForget(ofInput, 0).t()), 1, 0);
    TensorVector forget =
        torch.split(torch.addmm(bias.get(1), inputs, ofInput.get(1).t()), 1, 0);
    Tensor gatesOfState = withoutForget(ofState, 0).t();
    Tensor forgetOfState = ofState.get(1).t();
    Tensor[] roots = new Tensor[trees.size()];
    int first = 0;
    for (int k = 0; k < roots.length; k++) {
      Tree tree = trees.get(k);
      Tensor[] h = new Tensor[tree.size()];
      Tensor[] c = new Tensor[tree.size()];
      for (int node = 0; node < tree.size(); node++) {
        Tensor z = gates.get(first + node);
        Tensor kept = null;
        Indices children = tree.children(node);
        if (children.size() > 0) {
          Tensor hs = below(h, children);
          Tensor f = torch.addmm(forget.get(first + node), hs, forgetOfState).sigmoid();
          kept = total(f.mul(below(c, children)), children);
          z = torch.addmm(z, total(hs, children), gatesOfState);
        }
        TensorVector parts = torch.split(z, hidden, 1);
        Tensor fresh = parts.get(0).sigmoid().mul(parts.get(1).tanh());
        c[node] = kept == null ? fresh : fresh.add(kept);
        h[node] = parts.get(2).sigmoid().mul(c[node].tanh());
      }
      first += tree.size();
      roots[k] = h[tree.size() - 1];
    }
    Tensor scores =
        torch.addmm(
            leaves.get(OUTPUT_BIAS), torch.cat(new TensorVector(roots), 0), leaves.get(OUTPUT).t());
    return torch.cross_entropy_loss(scores, classes);
  }

  /** i, u and o of i, f, u, o. */
  private static Tensor withoutForget(TensorVector gates, int axis) {
    return torch.cat(new TensorVector(gates.get(0), gates.get(2), gates.get(3)), axis);
  }

  private static Tensor below(Tensor[] states, Indices children) {
    if (children.size() == 1) {
      return states[children.get(0)];
    }
    Tensor[] rows = new Tensor[children.size()];
    for (int k = 0; k < rows.length; k++) {
      rows[k] = states[children.get(k)];
    }
    return torch.cat(new TensorVector(rows), 0);
  }

  private static Tensor total(Tensor rows, Indices children) {
    return children.size() == 1 ? rows : rows.sum(new long[] {0}, true, new ScalarTypeOptional());
  }
}
