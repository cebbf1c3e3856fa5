package io.github.backstay.optim;

/** Which rows of a parameter the optimizer visits in a step. All give the same training. */
public enum Visits {
  /** All of them. */
  ALL,
  /** Those that have ever moved: all others are at rest. */
  MOVED,
  /** Those that the gradient of the step has; the others are made up for when they are read. */
  TOUCHED
}
