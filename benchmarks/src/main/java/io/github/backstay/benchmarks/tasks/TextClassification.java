package io.github.backstay.benchmarks.tasks;

import io.github.backstay.benchmarks.training.Batch;
import io.github.backstay.benchmarks.training.Part;
import io.github.backstay.benchmarks.training.Scores;
import io.github.backstay.benchmarks.training.Workers;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Reduction;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.core.ops.Losses;
import io.github.backstay.nn.Activation;
import io.github.backstay.nn.Initializer;
import io.github.backstay.nn.Linear;
import io.github.backstay.nn.Pass;
import io.github.backstay.nn.Sequential;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * Classes of texts: an encoder, a sigmoid layer, a softmax (Wieting et al. 2016, section 4). The
 * loss is the mean cross-entropy.
 */
public final class TextClassification extends TextTask<Sequential> {

  private final LabelledTexts train;
  private final Map<Part, LabelledTexts> parts;

  /**
   * A task with a new model.
   *
   * @param network the encoder
   * @param table the initial word vectors, copied
   * @param hidden width of the sigmoid layer, or 0 for none
   * @param classes how many classes
   * @param train what to train on
   * @param parts what to measure on
   * @param seed of the initial weights
   */
  public TextClassification(
      Network network,
      DMatrixRMaj table,
      int hidden,
      int classes,
      LabelledTexts train,
      Map<Part, LabelledTexts> parts,
      long seed) {
    super(network, table, (in, random) -> classifier(in, hidden, classes, random), seed);
    this.train = train;
    this.parts = Map.copyOf(parts);
  }

  private static Sequential classifier(int in, int hidden, int classes, RandomGenerator random) {
    Initializer glorot = Initializer.glorotUniform();
    return hidden == 0
        ? new Sequential(new Linear(in, classes, glorot, random))
        : new Sequential(
            new Linear(in, hidden, glorot, random),
            Activation.SIGMOID,
            new Linear(hidden, classes, glorot, random));
  }

  @Override
  public int size() {
    return train.size();
  }

  private Variable logits(Tape tape, List<Indices> texts, Pass pass) {
    return output().forward(encode(tape, texts, pass), pass);
  }

  @Override
  public Batch batch(int[] examples, Workers workers, RandomGenerator random) {
    LabelledTexts chosen = train.choose(examples);
    return new Batch() {
      @Override
      public int size() {
        return chosen.size();
      }

      @Override
      public Variable loss(Tape tape, int from, int to, Pass pass) {
        Variable logits = logits(tape, chosen.words().subList(from, to), pass);
        int[] labels = new int[to - from];
        for (int i = from; i < to; i++) {
          labels[i - from] = chosen.labels().get(i);
        }
        return Losses.crossEntropy(logits, Indices.of(labels), Reduction.MEAN);
      }
    };
  }

  @Override
  public Scores score(Part part, Workers workers) {
    return score(parts.getOrDefault(part, train), workers);
  }

  /**
   * Measures the model on other texts.
   *
   * @param texts labelled texts
   * @param workers who computes
   * @return the accuracy
   */
  public Scores score(LabelledTexts texts, Workers workers) {
    return Classes.accuracy(
        texts.labels(),
        100,
        workers,
        (tape, from, to) ->
            logits(tape, new ArrayList<>(texts.words().subList(from, to)), Pass.evaluation()));
  }
}
