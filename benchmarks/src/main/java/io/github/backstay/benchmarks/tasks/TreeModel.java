package io.github.backstay.benchmarks.tasks;

import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.nn.ChildSumTreeLstm;
import io.github.backstay.nn.Embedding;
import io.github.backstay.nn.Module;
import io.github.backstay.nn.NaryTreeLstm;
import io.github.backstay.nn.SentimentOutput;
import io.github.backstay.nn.TreeLstm;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/** The sentiment model of Tai et al. (2015): {@code encoder} of words and tree, {@code output}. */
final class TreeModel extends Module {

  /** Word vectors at the leaves and a Tree-LSTM above them. */
  static final class TreeEncoder extends Module {
    private final Embedding words;
    private final TreeLstm lstm;

    TreeEncoder(Network network, DMatrixRMaj table, RandomGenerator random) {
      words = child("words", new Embedding(table));
      lstm =
          child(
              "lstm",
              network.kind() == Network.Kind.CHILDSUM
                  ? new ChildSumTreeLstm(table.numCols, network.width(), random)
                  : NaryTreeLstm.binary(table.numCols, network.width(), random));
    }

    /** The hidden states of all nodes. */
    Variable encode(Tape tape, Forest forest) {
      Variable leaves = words.lookUp(tape, forest.words());
      return lstm.forward(forest.tree(), leaves, forest.tree().leaves()).hidden();
    }
  }

  private final TreeEncoder encoder;
  private final SentimentOutput output;

  TreeModel(
      Network network, DMatrixRMaj table, int classes, double dropout, RandomGenerator random) {
    encoder = child("encoder", new TreeEncoder(network, table, random));
    output = child("output", new SentimentOutput(network.width(), classes, dropout, random));
  }

  /** Words and tree. */
  TreeEncoder encoder() {
    return encoder;
  }

  /** The word vectors. */
  Embedding words() {
    return encoder.words;
  }

  /** The classifier at the nodes. */
  SentimentOutput output() {
    return output;
  }
}
