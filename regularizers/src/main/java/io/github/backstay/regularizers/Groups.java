package io.github.backstay.regularizers;

import io.github.backstay.core.Axis;

/** Which entries of a weight go to the anchor together: see {@link GroupLasso}. */
public enum Groups {
  /** Every row is a group: a word of an embedding, an output of a dense layer. */
  ROWS(Axis.ROWS),
  /** Every column is a group: an input of a dense layer. */
  COLS(Axis.COLS),
  /** The whole weight is one group. */
  ALL(Axis.ALL);

  final Axis axis;

  Groups(Axis axis) {
    this.axis = axis;
  }
}
