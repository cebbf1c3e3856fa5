package io.github.backstay.core;

/** What becomes of the terms of a loss, one per entry or one per row. */
public enum Reduction {
  /** Their mean: divided by the number of terms, or by what the loss says. NaN for no terms. */
  MEAN {
    @Override
    public Variable of(Variable terms) {
      return terms.mean();
    }
  },

  /**
   * Their sum divided by the number of rows, whatever a row holds: for terms per entry, each row's
   * sum on average (PyTorch's {@code batchmean}). NaN for no rows.
   */
  MEAN_OVER_ROWS {
    @Override
    public Variable of(Variable terms) {
      return terms.sum().divide(terms.rows());
    }
  },

  /** Their sum; 0 for no terms. */
  SUM {
    @Override
    public Variable of(Variable terms) {
      return terms.sum();
    }
  },

  /** The terms themselves. */
  NONE {
    @Override
    public Variable of(Variable terms) {
      return terms;
    }
  };

  /**
   * Reduces the terms of a loss.
   *
   * @param terms one per entry, or a column with one per row
   * @return a 1×1 variable, or the terms themselves for {@link #NONE}
   */
  public abstract Variable of(Variable terms);
}
