package io.github.backstay.benchmarks.tasks;

import io.github.backstay.benchmarks.training.Scores;
import io.github.backstay.benchmarks.training.Workers;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;

/** Accuracy of classifiers, measured in pieces. */
final class Classes {

  private Classes() {}

  /** The scores of some examples. */
  @FunctionalInterface
  interface Logits {
    /**
     * Computes them.
     *
     * @param tape where
     * @param from the first example
     * @param to the one after the last
     * @return one row per example, one column per class
     */
    Variable of(Tape tape, int from, int to);
  }

  /** The share of examples whose class has the largest score; ties go to the first class. */
  static Scores accuracy(Indices labels, int atOnce, Workers workers, Logits logits) {
    int pieces = (labels.size() + atOnce - 1) / atOnce;
    int right =
        workers
            .map(
                pieces,
                (tape, k) -> {
                  int from = k * atOnce;
                  int to = Math.min(labels.size(), from + atOnce);
                  return right(logits.of(tape, from, to), labels, from);
                })
            .stream()
            .mapToInt(Integer::intValue)
            .sum();
    return Scores.of("accuracy", (double) right / labels.size());
  }

  private static int right(Variable logits, Indices labels, int from) {
    int right = 0;
    for (int i = 0; i < logits.rows(); i++) {
      int best = 0;
      for (int c = 1; c < logits.cols(); c++) {
        best = logits.get(i, c) > logits.get(i, best) ? c : best;
      }
      right += best == labels.get(from + i) ? 1 : 0;
    }
    return right;
  }
}
