package io.github.backstay.core;

/** One half of a matrix; both halves include the diagonal. */
public enum Triangle {
  /** The entries on and below the diagonal. */
  LOWER,
  /** The entries on and above the diagonal. */
  UPPER
}
