package io.github.backstay.benchmarks.experiments;

import io.github.backstay.benchmarks.tasks.LabelledTexts;
import io.github.backstay.benchmarks.tasks.Network;
import io.github.backstay.benchmarks.tasks.TextClassification;
import io.github.backstay.benchmarks.training.Epoch;
import io.github.backstay.benchmarks.training.Optimization;
import io.github.backstay.benchmarks.training.Regularization;
import io.github.backstay.benchmarks.training.Trainer;
import io.github.backstay.benchmarks.training.Workers;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;

/** Logistic regression on the mean of word vectors, on one thread. */
final class WordTraining {

  private final TextClassification task;
  private final Trainer trainer;
  private final Workers workers = new Workers(1);

  private WordTraining(
      TextClassification task,
      Regularization regularization,
      Optimization optimization,
      long seed) {
    this.task = task;
    this.trainer = new Trainer(task, regularization, optimization, seed, workers);
  }

  static WordTraining of(
      ClusteredWords data, Regularization regularization, Optimization optimization, long seed) {
    TextClassification task =
        new TextClassification(Network.words(), data.table(), 0, 2, data.train(), Map.of(), seed);
    return new WordTraining(task, regularization, optimization, seed);
  }

  /** Trains for one epoch. */
  Epoch epoch() {
    return trainer.epoch(() -> {});
  }

  /** The share of texts that the model classifies rightly. */
  double accuracy(LabelledTexts texts) {
    return task.score(texts, workers).first();
  }

  /** How far the word vectors have moved. */
  double drift() {
    return trainer.drift();
  }

  /** The word vectors as they are now. */
  DMatrixRMaj table() {
    return trainer.table();
  }

  /** The SHA-256 of all weights. */
  String fingerprint() {
    return trainer.fingerprint();
  }
}
