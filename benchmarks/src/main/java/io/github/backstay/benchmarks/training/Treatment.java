package io.github.backstay.benchmarks.training;

import java.util.Locale;

/** What is done with the table of word vectors while the rest of the model trains. */
public enum Treatment {
  /** The table is not trained. */
  FROZEN,
  /** The table is trained without a penalty. */
  FREE,
  /** {@code λ/2·‖W − W0‖²} in the loss: the pull back to the initial values. */
  ANCHOR,
  /** {@code λ/2·‖W‖²} in the loss: what PyTorch's {@code weight_decay} does. */
  DECAY,
  /** The penalty of {@link #ANCHOR}, computed from detached values: the forum's mistake. */
  DATA_BUG;

  /** As on the command line: {@code data-bug}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
