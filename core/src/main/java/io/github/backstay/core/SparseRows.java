package io.github.backstay.core;

import java.util.Arrays;

/** Some rows of a tall matrix: which they are, and their values next to each other. */
final class SparseRows {

  private final RowSet rows = new RowSet();
  private int cols;
  private double[] values = new double[0];

  /** Forgets all rows. */
  void clear(int newCols) {
    cols = newCols;
    rows.clear();
    if (values.length < 8 * cols) {
      values = new double[8 * cols];
    }
  }

  int count() {
    return rows.size();
  }

  int row(int place) {
    return rows.row(place);
  }

  /** The values of all rows, row after row in the order of {@link #row}. */
  double[] values() {
    return values;
  }

  /** Where a row is kept, or -1. */
  int find(int row) {
    return rows.find(row);
  }

  /** Where a row is kept, after making room (of undefined contents) for it if it is new. */
  int findOrAdd(int row) {
    int count = rows.size();
    int place = rows.add(row);
    if (place == count) {
      int from = count * cols;
      if (from + cols > values.length) {
        values = Arrays.copyOf(values, Math.max(2 * values.length, from + cols));
      }
    }
    return place;
  }
}
