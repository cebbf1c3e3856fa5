package io.github.backstay.core;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Arrays;

/**
 * A set of row numbers that remembers the order of their first use: the place of a row is how many
 * came before it. What is kept per row can so be kept in an array, one after the other, and cost
 * and memory depend on the rows that are there, not on the height of the matrix. Not thread-safe.
 */
public final class RowSet {

  private int size;
  private int[] rows = new int[8];
  private int[] table = new int[16]; // place + 1; 0 marks a free slot
  private int next; // a guess, always checked: many ask for rows in the order of their places

  /** Creates an empty set. */
  public RowSet() {}

  /**
   * How many rows there are.
   *
   * @return the first place that is not taken
   */
  public int size() {
    return size;
  }

  /**
   * The row at a place.
   *
   * @param place from 0 to {@code size() - 1}
   * @return its number
   */
  public int row(int place) {
    return rows[place];
  }

  /**
   * The rows in the order of their places.
   *
   * @return a new list
   */
  public Indices toIndices() {
    return Indices.copyOf(rows, size);
  }

  /**
   * Where a row is.
   *
   * @param row its number
   * @return its place, or −1 if it is not there
   */
  public int find(int row) {
    int guess = next;
    if (guess >= size || rows[guess] != row) {
      guess = table[slot(row)] - 1;
    }
    next = guess + 1;
    return guess;
  }

  /**
   * Where a row is, after adding it at the end if it was not there.
   *
   * @param row its number, at least 0
   * @return its place
   */
  @CanIgnoreReturnValue
  public int add(int row) {
    int guess = next;
    if (guess < size && rows[guess] == row) {
      next = guess + 1;
      return guess;
    }
    int slot = slot(row);
    if (table[slot] != 0) {
      next = table[slot];
      return next - 1;
    }
    if (size == rows.length) {
      rows = Arrays.copyOf(rows, 2 * size);
    }
    rows[size] = row;
    table[slot] = ++size;
    if (2 * size > table.length) {
      rehash();
    }
    return size - 1;
  }

  /** Forgets all rows and keeps the memory. */
  public void clear() {
    size = 0;
    Arrays.fill(table, 0);
  }

  /** The slot that holds a row, or the free one where it belongs. */
  private int slot(int row) {
    int mask = table.length - 1;
    int hash = row * 0x9E3779B9;
    int slot = (hash ^ hash >>> 16) & mask;
    while (table[slot] != 0 && rows[table[slot] - 1] != row) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void rehash() {
    table = new int[2 * table.length];
    for (int place = 0; place < size; place++) {
      table[slot(rows[place])] = place + 1;
    }
  }

  @Override
  public String toString() {
    return size + " rows";
  }
}
