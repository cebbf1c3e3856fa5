package io.github.backstay.benchmarks.training;

import io.github.backstay.nn.Embedding;
import io.github.backstay.nn.Module;
import java.util.random.RandomGenerator;

/** A model and the data it learns from: what a training has to know of either. */
public interface Task {

  /**
   * All that is trained.
   *
   * @return a module that has the {@link #encoder()} as its child {@code encoder}; what else it has
   *     is the output module
   */
  Module model();

  /**
   * What makes vectors of texts, and may be taken over from another task.
   *
   * @return a part of the model, which holds {@link #words()}
   */
  Module encoder();

  /**
   * Whether the encoder's first values are those of an identity, to which they should be pulled.
   *
   * @return false unless the encoder is of that kind
   */
  default boolean startsAtIdentity() {
    return false;
  }

  /**
   * The word vectors, a part of the model.
   *
   * @return the embedding
   */
  Embedding words();

  /**
   * How many training examples there are.
   *
   * @return at least 1
   */
  int size();

  /**
   * Puts examples together for one step.
   *
   * @param examples their numbers, from 0 to {@code size() − 1}, in order
   * @param workers for what has to be computed before, on tapes that are reset
   * @param random for what is drawn for all of them together
   * @return the batch
   */
  Batch batch(int[] examples, Workers workers, RandomGenerator random);

  /**
   * Measures the model as it is.
   *
   * @param part on which part of the data; all of it, also where training sees less
   * @param workers who computes
   * @return the scores, the same measures for every part
   */
  Scores score(Part part, Workers workers);
}
