package io.github.backstay.nn;

/** In which direction a recurrent network reads a sequence. */
public enum Direction {
  /** From the first step to the last. */
  FORWARD,
  /**
   * From the first step to the last, and with cells of its own from the last to the first; the two
   * outputs of a step stand beside one another, forward first (Schuster and Paliwal 1997).
   */
  BOTH
}
