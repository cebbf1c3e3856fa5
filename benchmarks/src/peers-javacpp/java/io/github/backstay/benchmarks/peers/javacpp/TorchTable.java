package io.github.backstay.benchmarks.peers.javacpp;

import io.github.backstay.benchmarks.steps.AnchoredTable;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.ejml.data.DMatrixRMaj;

/** W3, the penalty over the whole table. */
final class TorchTable extends TorchTraining {

  private final Tensor anchor;
  private final List<Tensor> tokens = new ArrayList<>();
  private final List<Tensor> classes = new ArrayList<>();
  private final double strength;

  TorchTable(AnchoredTable problem, int threads) {
    super(threads, problem.learningRate());
    DMatrixRMaj table = problem.table();
    weight(table);
    anchor = torch().tensor(table);
    weight(problem.hidden());
    weight(new DMatrixRMaj(1, problem.hidden().numRows));
    weight(problem.output());
    weight(new DMatrixRMaj(1, problem.output().numRows));
    for (int b = 0; b < problem.batches().size(); b++) {
      tokens.add(torch().indices(problem.batches().get(b), problem.texts(), problem.length()));
      classes.add(torch().indices(problem.classes().get(b), problem.texts()));
    }
    strength = problem.strength();
  }

  @Override
  Tensor loss(List<Tensor> leaves, int t) {
    Tensor table = leaves.get(0);
    Tensor means = torch.embedding(table, tokens.get(t % tokens.size())).mean(1);
    Tensor hidden = torch.addmm(leaves.get(2), means, leaves.get(1).t()).sigmoid();
    Tensor scores = torch.addmm(leaves.get(4), hidden, leaves.get(3).t());
    Tensor data = torch.cross_entropy_loss(scores, classes.get(t % classes.size()));
    return data.add(TorchMlp.squares(table.sub(anchor)), new Scalar(0.5 * strength));
  }
}
