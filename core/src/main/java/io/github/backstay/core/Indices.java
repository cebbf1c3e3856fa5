package io.github.backstay.core;

import java.util.Arrays;

/**
 * An immutable list of indices from 0 (rows to gather, classes of a batch). Made once, it can be
 * used in every step without being copied again. May be shared between threads.
 */
public final class Indices {

  private final int[] values;
  private final int largest;

  private Indices(int[] values) {
    this.values = values;
    int max = -1;
    for (int i = 0; i < values.length; i++) {
      if (values[i] < 0) {
        throw new IllegalArgumentException(
            "indices: must be at least 0, got " + values[i] + " at position " + i + ".");
      }
      max = Math.max(max, values[i]);
    }
    this.largest = max;
  }

  /**
   * Copies the given indices.
   *
   * @param values indices, each at least 0
   * @return the list
   * @throws IllegalArgumentException if one is negative
   */
  public static Indices of(int... values) {
    return new Indices(values.clone());
  }

  /**
   * The first entries of an array, copied.
   *
   * @param values indices, each at least 0
   * @param count how many of them
   * @return the list
   * @throws IllegalArgumentException if one is negative, or there are fewer than {@code count}
   */
  public static Indices copyOf(int[] values, int count) {
    if (count < 0 || count > values.length) {
      throw new IllegalArgumentException(
          "indices: cannot take the first " + count + " of " + values.length + " values.");
    }
    return new Indices(Arrays.copyOf(values, count));
  }

  /**
   * How many indices there are.
   *
   * @return the length of the list
   */
  public int size() {
    return values.length;
  }

  /**
   * The index at a position.
   *
   * @param position from 0 to {@code size() - 1}
   * @return the index
   */
  public int get(int position) {
    return values[position];
  }

  /**
   * Refuses an index that is not below a bound.
   *
   * @param operation the name that the message starts with
   * @param bound the first index that is too large
   * @param of what is being indexed, for the message ("rows", "classes")
   * @throws IndexOutOfBoundsException if an index is not below the bound
   */
  public void requireBelow(String operation, int bound, String of) {
    requireBelow(operation, bound, of, -1);
  }

  /**
   * Refuses an index that is not below a bound, unless it is the one that is passed over.
   *
   * @param operation the name that the message starts with
   * @param bound the first index that is too large
   * @param of what is being indexed, for the message ("rows", "classes")
   * @param ignored an index that may be anything
   * @throws IndexOutOfBoundsException if another index is not below the bound
   */
  public void requireBelow(String operation, int bound, String of, int ignored) {
    if (largest < bound) {
      return;
    }
    for (int position = 0; position < values.length; position++) {
      if (values[position] >= bound && values[position] != ignored) {
        throw new IndexOutOfBoundsException(
            operation
                + ": index "
                + values[position]
                + " at position "
                + position
                + " is out of range (there are "
                + bound
                + " "
                + of
                + ", counted from 0).");
      }
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Indices that && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return values.length <= 8
        ? Arrays.toString(values)
        : values.length + " indices, the largest " + largest;
  }
}
