package io.github.backstay.benchmarks.embedding;

import io.github.backstay.optim.Adam;
import io.github.backstay.optim.Sgd;
import io.github.backstay.optim.UpdateRule;
import io.github.backstay.regularizers.Application;

/** A rule and a way to pull the table to where it was. */
public enum Anchoring {
  /** Adam, the anchor a node of the graph: every row that has moved is in every step. */
  ADAM_IN_LOSS("Adam, anchor in the loss", Adam.of(1e-3), Application.IN_LOSS),
  /** Plain SGD, decoupled: idle rows are made up for in closed form. */
  SGD_DECOUPLED("SGD, anchor decoupled", Sgd.of(0.1), Application.DECOUPLED),
  /** Adam, decoupled: idle rows are made up for by a series. */
  ADAM_DECOUPLED("Adam, anchor decoupled", Adam.of(1e-3), Application.DECOUPLED);

  final String words;
  final UpdateRule rule;
  final Application how;

  Anchoring(String words, UpdateRule rule, Application how) {
    this.words = words;
    this.rule = rule;
    this.how = how;
  }

  @Override
  public String toString() {
    return words;
  }
}
