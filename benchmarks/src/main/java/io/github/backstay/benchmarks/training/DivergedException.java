package io.github.backstay.benchmarks.training;

/** A training that has left the finite numbers. */
public final class DivergedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Says what is not finite any more.
   *
   * @param message one line
   */
  DivergedException(String message) {
    super(message);
  }
}
