package io.github.backstay.benchmarks.embedding;

import io.github.backstay.optim.Adam;
import io.github.backstay.optim.Sgd;
import io.github.backstay.optim.UpdateRule;
import io.github.backstay.regularizers.Application;

/** A rule and a way to pull the table to where it was. */
public enum Anchoring {
  /** Adam, the anchor a node of the graph: every row that has moved is in every step. */
  ADAM_IN_LOSS("Adam, anchor in the loss", Application.IN_LOSS),
  /** Plain SGD, decoupled: idle rows are made up for in closed form. */
  SGD_DECOUPLED("SGD, anchor decoupled", Application.DECOUPLED),
  /** Adam, decoupled: idle rows are made up for by a series. */
  ADAM_DECOUPLED("Adam, anchor decoupled", Application.DECOUPLED);

  private final String words;
  final Application how;

  Anchoring(String words, Application how) {
    this.words = words;
    this.how = how;
  }

  UpdateRule rule() {
    return switch (this) {
      case ADAM_IN_LOSS, ADAM_DECOUPLED -> Adam.of(1e-3);
      case SGD_DECOUPLED -> Sgd.of(0.1);
    };
  }

  @Override
  public String toString() {
    return words;
  }
}
