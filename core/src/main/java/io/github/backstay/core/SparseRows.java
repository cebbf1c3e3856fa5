package io.github.backstay.core;

import java.util.Arrays;

/**
 * Some rows of a tall matrix: a list of row numbers in the order of their first use, their values
 * next to each other, and an open-addressing table that finds a row's place. Its cost depends on
 * the rows that are there, not on the height of the matrix.
 */
final class SparseRows {

  private int cols;
  private int count;
  private int[] rows = new int[8];
  private double[] values = new double[0];
  private int[] table = new int[16]; // place + 1; 0 marks a free slot

  /** Forgets all rows. */
  void clear(int newCols) {
    cols = newCols;
    count = 0;
    Arrays.fill(table, 0);
    if (values.length < 8 * cols) {
      values = new double[8 * cols];
    }
  }

  int count() {
    return count;
  }

  int row(int place) {
    return rows[place];
  }

  /** The values of all rows, row after row in the order of {@link #row}. */
  double[] values() {
    return values;
  }

  /** Where a row is kept, or -1. */
  int find(int row) {
    int mask = table.length - 1;
    int slot = hash(row) & mask;
    while (table[slot] != 0) {
      if (rows[table[slot] - 1] == row) {
        return table[slot] - 1;
      }
      slot = slot + 1 & mask;
    }
    return -1;
  }

  /** Where a row is kept, after making room (zeros) for it if it is new. */
  int findOrAdd(int row) {
    int mask = table.length - 1;
    int slot = hash(row) & mask;
    while (table[slot] != 0) {
      if (rows[table[slot] - 1] == row) {
        return table[slot] - 1;
      }
      slot = slot + 1 & mask;
    }
    if (count == rows.length) {
      rows = Arrays.copyOf(rows, 2 * count);
    }
    if ((count + 1) * cols > values.length) {
      values = Arrays.copyOf(values, Math.max(2 * values.length, (count + 1) * cols));
    }
    Arrays.fill(values, count * cols, (count + 1) * cols, 0.0);
    rows[count] = row;
    table[slot] = ++count;
    if (2 * count > table.length) {
      rehash();
    }
    return count - 1;
  }

  private void rehash() {
    table = new int[2 * table.length];
    int mask = table.length - 1;
    for (int place = 0; place < count; place++) {
      int slot = hash(rows[place]) & mask;
      while (table[slot] != 0) {
        slot = slot + 1 & mask;
      }
      table[slot] = place + 1;
    }
  }

  private static int hash(int row) {
    int h = row * 0x9E3779B9;
    return h ^ h >>> 16;
  }
}
