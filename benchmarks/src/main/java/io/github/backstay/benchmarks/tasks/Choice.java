package io.github.backstay.benchmarks.tasks;

import io.github.backstay.benchmarks.training.Trainer;
import io.github.backstay.core.Indices;
import io.github.backstay.nn.Seeds;
import java.util.Arrays;

/** Which examples a training gets if it is to have a few only. */
final class Choice {

  private Choice() {}

  /**
   * As many of each class, drawn without replacement.
   *
   * @param labels the class of each example
   * @param classes how many classes there are
   * @param limit how many examples; 0 for all
   * @param seed the seed of the training
   * @return the numbers of the examples, in the order in which they were drawn, or all in order
   * @throws IllegalArgumentException if a class has too few
   */
  static int[] ofEachClass(Indices labels, int classes, int limit, long seed) {
    int[] order = all(labels.size());
    if (limit == 0) {
      return order;
    }
    Trainer.shuffle(order, new Seeds(seed).generator(0, "few"));
    int[] left = new int[classes];
    for (int c = 0; c < classes; c++) {
      left[c] = limit * (c + 1) / classes - limit * c / classes;
    }
    int[] chosen = new int[limit];
    int count = 0;
    for (int candidate : order) {
      int label = labels.get(candidate);
      if (left[label] > 0) {
        left[label]--;
        chosen[count++] = candidate;
      }
    }
    if (count < limit) {
      throw new IllegalArgumentException(
          "limit: there are not "
              + limit
              + " training examples, as many of each of the "
              + classes
              + " classes (found "
              + count
              + "). Choose a smaller limit, or 0 for all.");
    }
    return chosen;
  }

  /**
   * Any, drawn without replacement.
   *
   * @param size how many examples there are
   * @param limit how many are wanted; 0 for all
   * @param seed the seed of the training
   * @return their numbers
   * @throws IllegalArgumentException if there are too few
   */
  static int[] ofAny(int size, int limit, long seed) {
    return ofEachClass(Indices.of(new int[size]), 1, limit, seed);
  }

  /** The most examples, as many of each class, that can be had of these. */
  static int most(Indices labels, int classes) {
    int[] counts = new int[classes];
    for (int i = 0; i < labels.size(); i++) {
      counts[labels.get(i)]++;
    }
    return classes * Arrays.stream(counts).min().orElse(0);
  }

  /** All numbers from 0 on. */
  static int[] all(int size) {
    int[] all = new int[size];
    for (int i = 0; i < size; i++) {
      all[i] = i;
    }
    return all;
  }
}
