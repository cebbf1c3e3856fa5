package io.github.backstay.benchmarks.training;

import io.github.backstay.benchmarks.data.Vocabulary;
import io.github.backstay.benchmarks.data.WordSimilarity;
import io.github.backstay.core.Indices;
import java.util.List;

/** What has been read once and serves all seeds. */
public interface TaskData {

  /**
   * What there is.
   *
   * @param train training examples, phrases if those are what is trained on
   * @param dev examples to choose by
   * @param test examples to report on
   * @param rows rows of the table of word vectors
   * @param width its columns
   * @param coverage share of the training tokens that have a vector
   */
  record Sizes(int train, int dev, int test, int rows, int width, double coverage) {}

  /**
   * A task with a new model.
   *
   * @param seed of the initial weights and of the choice of examples
   * @param limit how many training examples, as many of each class; 0 for all
   * @return the task
   * @throws IllegalArgumentException if there are not so many
   */
  Task task(long seed, int limit);

  /**
   * What there is.
   *
   * @return numbers of examples, words and columns
   */
  Sizes sizes();

  /**
   * The fewest and the most training examples that can be asked for.
   *
   * @return from and to, both possible
   */
  Limits limits();

  /**
   * How many training examples can be asked for.
   *
   * @param least the fewest
   * @param most the most
   * @param of what they are, for messages
   */
  record Limits(int least, int most, String of) {}

  /**
   * All examples as they are trained and measured on, in numbers: whoever goes on with a training
   * must have the same.
   *
   * @return words, classes, structure, in an order of its own
   */
  List<Indices> encoded();

  /**
   * Which word has which row.
   *
   * @return the vocabulary of the table
   */
  Vocabulary vocabulary();

  /**
   * What the trained vectors are measured on.
   *
   * @return any number of word similarity files
   */
  List<WordSimilarity> similarities();

  /**
   * What seems not to be as published.
   *
   * @return one line each
   */
  List<String> warnings();
}
