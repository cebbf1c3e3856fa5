package io.github.backstay.nn;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Reduction;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Variable;
import io.github.backstay.core.ops.Losses;
import java.util.random.RandomGenerator;

/**
 * {@code p̂(y | node) = softmax(W·h + b)} at the labelled nodes of a tree (Tai et al. 2015, section
 * 4.1): what a {@link TreeLstm} is trained with where phrases have labels too. One module serves
 * all nodes of all trees. It is the child {@code linear}, {@link Linear} with its usual first
 * values; before it, in training, entries of the chosen h are dropped at a rate.
 *
 * <p>Which nodes are supervised is said by their numbers. For two classes the neutral nodes are
 * left out, as in the paper.
 *
 * <pre>{@code
 * SentimentOutput output = new SentimentOutput(3, 2, 0.5, random);
 * LstmState state = lstm.forward(tree, vectors, tree.leaves());
 * Indices labelled = Indices.of(2, 3, 4);
 * Indices labels = Indices.of(1, 1, 0);
 * Variable loss = output.loss(state.hidden(), labelled, labels, Reduction.SUM, pass);
 * }</pre>
 */
public final class SentimentOutput extends Module {

  private final Linear linear;
  private final Dropout dropout;

  /**
   * An output module.
   *
   * @param in columns of the hidden states, at least 1
   * @param classes how many classes, at least 1
   * @param dropoutRate the probability of dropping an entry of h in training, in [0, 1]
   * @param random what the first values are drawn from
   * @throws IllegalArgumentException if a number is not in its range
   */
  public SentimentOutput(int in, int classes, double dropoutRate, RandomGenerator random) {
    dropout = new Dropout(dropoutRate);
    linear = child("linear", new Linear(in, classes, random));
  }

  /**
   * The classes' scores before the softmax, {@code W·h + b} with dropout.
   *
   * @param hidden the hidden states of all nodes, nodes×in
   * @param nodes the numbers of some of them, m
   * @param pass whether this is training, and where random numbers come from
   * @return m×classes; the largest score of a row is the class that is most probable
   * @throws IndexOutOfBoundsException if there is no such node
   * @throws ShapeException if the states do not have the right width
   */
  public Variable logits(Variable hidden, Indices nodes, Pass pass) {
    return linear.forward(dropout.forward(hidden.gatherRows(nodes), pass), pass);
  }

  /**
   * {@code −ln p̂(label | node)} for each labelled node. The paper's loss is their mean over all
   * labelled nodes of all trees ({@link Reduction#MEAN} where there is one batch); the authors'
   * program adds them up over a tree and divides by the number of trees in the batch.
   *
   * @param hidden the hidden states of all nodes, nodes×in
   * @param nodes the numbers of the labelled ones, m
   * @param labels their classes, m
   * @param reduction what becomes of the m terms
   * @param pass whether this is training, and where random numbers come from
   * @return the loss
   * @throws IndexOutOfBoundsException if there is no such node or class
   * @throws ShapeException if there is not one label per node, or the width is wrong
   */
  public Variable loss(
      Variable hidden, Indices nodes, Indices labels, Reduction reduction, Pass pass) {
    if (labels.size() != nodes.size()) {
      throw new ShapeException(
          describe()
              + ": there are "
              + labels.size()
              + " labels for "
              + nodes.size()
              + " nodes (need one each).");
    }
    return Losses.crossEntropy(logits(hidden, nodes, pass), labels, reduction);
  }
}
