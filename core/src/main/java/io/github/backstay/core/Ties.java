package io.github.backstay.core;

/** Who has the derivative of an extremum that several entries attain. */
public enum Ties {
  /** The first of them, row by row, as PyTorch's {@code max(dim)} has it. */
  FIRST,
  /** All of them, in equal parts, as PyTorch's {@code amax} and {@code max()} have it. */
  SHARED
}
