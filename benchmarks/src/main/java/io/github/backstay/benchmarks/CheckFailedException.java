package io.github.backstay.benchmarks;

/**
 * A command did its work and found that something does not hold. Ends the program with exit code 1
 * and the message as one line.
 */
public final class CheckFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Says what does not hold.
   *
   * @param message one line
   */
  public CheckFailedException(String message) {
    super(message);
  }
}
