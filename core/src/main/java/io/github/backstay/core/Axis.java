package io.github.backstay.core;

/**
 * What a reduction or a softmax works along. The name says what one result belongs to, as in EJML's
 * {@code sumRows} and {@code sumCols}.
 */
public enum Axis {
  /** All entries together; a reduction gives 1×1. */
  ALL,
  /** Every row by itself; a reduction of m×n gives the column m×1. */
  ROWS,
  /** Every column by itself; a reduction of m×n gives the row 1×n. */
  COLS
}
