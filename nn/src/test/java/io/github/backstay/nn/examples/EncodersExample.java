package io.github.backstay.nn.examples;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.nn.Attention;
import io.github.backstay.nn.Direction;
import io.github.backstay.nn.Embedding;
import io.github.backstay.nn.Initializer;
import io.github.backstay.nn.LayerNorm;
import io.github.backstay.nn.Lstm;
import io.github.backstay.nn.LstmState;
import io.github.backstay.nn.MultiHeadAttention;
import io.github.backstay.nn.NaryTreeLstm;
import io.github.backstay.nn.Pass;
import io.github.backstay.nn.Recurrent;
import io.github.backstay.nn.Seeds;
import io.github.backstay.nn.Tree;
import java.util.List;
import java.util.random.RandomGenerator;

/** A text as one vector or one per word: read in order, along a tree, or all words at once. */
final class EncodersExample {

  private final RandomGenerator random = new Seeds(1).generator(0, "encoders");
  private final Embedding words = new Embedding(10, 4, Initializer.normal(0.5), random);

  /** Two texts of three words: the last states of both directions, side by side. */
  Variable inOrder(Tape tape) {
    Lstm lstm = new Lstm(4, 3, 1, Direction.BOTH, random);
    List<Variable> steps =
        List.of(
            words.lookUp(tape, Indices.of(7, 2)), // the first words of both texts
            words.lookUp(tape, Indices.of(0, 2)),
            words.lookUp(tape, Indices.of(5, 9)));
    Recurrent.Result<LstmState> result = lstm.forward(steps);
    return result.states().get(0).hidden().concatCols(result.states().get(1).hidden());
  }

  /** "not (very good)": what is left at the root. */
  Variable alongATree(Tape tape) {
    NaryTreeLstm lstm = NaryTreeLstm.binary(4, 3, random);
    int[] leaf = {};
    Tree tree = Tree.of(leaf, leaf, leaf, new int[] {1, 2}, new int[] {0, 3});
    Variable vectors = words.lookUp(tape, Indices.of(3, 1, 4)); // not, very, good
    LstmState nodes = lstm.forward(tree, vectors, tree.leaves());
    return nodes.hidden().gatherRows(tree.roots());
  }

  /** One vector per word, made from the words up to it. */
  Variable allAtOnce(Tape tape) {
    MultiHeadAttention attention = new MultiHeadAttention(4, 2, random);
    Variable x = words.lookUp(tape, Indices.of(3, 1, 4));
    Variable seen = attention.forward(x, Attention.causalMask(tape, 3, 3)).output();
    LayerNorm norm = new LayerNorm(4);
    return norm.forward(x.plus(seen), Pass.evaluation());
  }
}
