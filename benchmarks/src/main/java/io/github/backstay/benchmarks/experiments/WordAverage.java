package io.github.backstay.benchmarks.experiments;

import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.nn.Activation;
import io.github.backstay.nn.Embedding;
import io.github.backstay.nn.Initializer;
import io.github.backstay.nn.Linear;
import io.github.backstay.nn.Module;
import io.github.backstay.nn.Pass;
import io.github.backstay.nn.Sequential;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * The "word" model of Wieting et al. (ICLR 2016, §3): the mean of a text's word vectors, a sigmoid
 * layer, a softmax. Without the layer it is logistic regression on the mean.
 */
public final class WordAverage extends Module {

  private final Embedding embedding;
  private final Sequential network;

  /**
   * Creates the model: Glorot-uniform weights, zero biases.
   *
   * @param table the word vectors, copied
   * @param hidden the width of the sigmoid layer, or 0 for none
   * @param classes how many classes
   * @param random what the weights are drawn from
   */
  public WordAverage(DMatrixRMaj table, int hidden, int classes, RandomGenerator random) {
    embedding = child("embedding", new Embedding(table));
    Initializer glorot = Initializer.glorotUniform();
    network =
        child(
            "network",
            hidden == 0
                ? new Sequential(new Linear(table.numCols, classes, glorot, random))
                : new Sequential(
                    new Linear(table.numCols, hidden, glorot, random),
                    Activation.SIGMOID,
                    new Linear(hidden, classes, glorot, random)));
  }

  /**
   * The unnormalized log-probabilities of the classes.
   *
   * @param tape the tape of this step
   * @param batch B texts
   * @param pass whether training
   * @return B×classes
   */
  public Variable logits(Tape tape, Texts.Batch batch, Pass pass) {
    return network.forward(embedding.lookUpMean(tape, batch.tokens(), batch.ends()), pass);
  }

  /**
   * The word vectors.
   *
   * @return the table as a module
   */
  public Embedding embedding() {
    return embedding;
  }

  /**
   * Everything but the word vectors.
   *
   * @return the layers
   */
  public Sequential network() {
    return network;
  }
}
