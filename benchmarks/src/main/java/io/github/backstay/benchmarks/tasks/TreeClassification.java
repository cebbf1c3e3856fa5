package io.github.backstay.benchmarks.tasks;

import io.github.backstay.benchmarks.training.Batch;
import io.github.backstay.benchmarks.training.Part;
import io.github.backstay.benchmarks.training.Scores;
import io.github.backstay.benchmarks.training.Task;
import io.github.backstay.benchmarks.training.Workers;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Reduction;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.nn.Embedding;
import io.github.backstay.nn.Module;
import io.github.backstay.nn.Pass;
import io.github.backstay.nn.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * Classes of sentences by a Tree-LSTM that is trained at all labelled nodes (Tai et al. 2015,
 * section 4.1). The loss is the cross-entropy added up over a tree's nodes, and its mean over the
 * trees, as in the authors' program.
 */
final class TreeClassification implements Task {

  private static final int AT_ONCE = 50;

  private final TreeModel model;
  private final List<LabelledTree> train;
  private final Map<Part, List<LabelledTree>> parts;

  /** A task with a new model; all trees that are measured on have a class at the root. */
  TreeClassification(
      Network network,
      DMatrixRMaj table,
      int classes,
      double dropout,
      List<LabelledTree> train,
      Map<Part, List<LabelledTree>> parts,
      long seed) {
    this.train = train;
    this.parts = parts;
    this.model =
        new TreeModel(
            network, table, classes, dropout, new Seeds(seed).generator(0, "initial weights"));
  }

  @Override
  public Module model() {
    return model;
  }

  @Override
  public Module encoder() {
    return model.encoder();
  }

  @Override
  public Embedding words() {
    return model.words();
  }

  @Override
  public int size() {
    return train.size();
  }

  @Override
  public Batch batch(int[] examples, Workers workers, RandomGenerator random) {
    List<LabelledTree> trees = Arrays.stream(examples).mapToObj(train::get).toList();
    return new Batch() {
      @Override
      public int size() {
        return trees.size();
      }

      @Override
      public Variable loss(Tape tape, int from, int to, Pass pass) {
        Forest forest = Forest.of(trees.subList(from, to));
        Variable hidden = model.encoder().encode(tape, forest);
        return model
            .output()
            .loss(hidden, forest.nodes(), forest.classes(), Reduction.SUM, pass)
            .scale(1.0 / (to - from));
      }
    };
  }

  @Override
  public Scores score(Part part, Workers workers) {
    List<LabelledTree> trees = parts.getOrDefault(part, train);
    int[] roots = trees.stream().mapToInt(LabelledTree::root).toArray();
    return Classes.accuracy(
        Indices.of(roots),
        AT_ONCE,
        workers,
        (tape, from, to) -> {
          Forest forest = Forest.of(trees.subList(from, to));
          Variable hidden = model.encoder().encode(tape, forest);
          return model.output().logits(hidden, forest.roots(), Pass.evaluation());
        });
  }
}
