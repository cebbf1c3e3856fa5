package io.github.backstay.benchmarks.peers.djl;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.github.backstay.benchmarks.steps.AnchoredTable;
import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/** W3, the penalty over the whole table and with it a dense gradient. */
final class DjlTable extends DjlTraining {

  private final PtNDArray anchor;
  private final List<PtNDArray> tokens = new ArrayList<>();
  private final List<PtNDArray> targets = new ArrayList<>();
  private final PtNDArray halfStrength;

  DjlTable(AnchoredTable problem, int threads) {
    super(threads, problem.learningRate());
    DMatrixRMaj table = problem.table();
    weight(table);
    anchor = Djl.tensor(manager(), table);
    weight(problem.hidden());
    weight(new DMatrixRMaj(1, problem.hidden().numRows));
    weight(problem.output());
    weight(new DMatrixRMaj(1, problem.output().numRows));
    for (int b = 0; b < problem.batches().size(); b++) {
      tokens.add(
          Djl.indices(
              manager(), problem.batches().get(b), problem.texts(), problem.length()));
      targets.add(Djl.targets(manager(), problem.classes().get(b), problem.output().numRows));
    }
    halfStrength = Djl.scalar(manager(), 0.5 * problem.strength());
  }

  @Override
  PtNDArray loss(PtNDManager step, List<PtNDArray> leaves, int t) {
    PtNDArray rows = tokens.get(t % tokens.size());
    rows.tempAttach(step);
    PtNDArray table = leaves.get(0);
    PtNDArray means = JniUtils.mean(JniUtils.embedding(rows, table, false), 1, false);
    PtNDArray hidden = JniUtils.sigmoid(JniUtils.linear(means, leaves.get(1), leaves.get(2)));
    PtNDArray scores = JniUtils.linear(hidden, leaves.get(3), leaves.get(4));
    PtNDArray data = Djl.crossEntropy(scores, targets.get(t % targets.size()));
    PtNDArray squares = DjlMlp.squares(JniUtils.sub(table, anchor));
    return JniUtils.add(data, JniUtils.mul(squares, halfStrength));
  }
}
