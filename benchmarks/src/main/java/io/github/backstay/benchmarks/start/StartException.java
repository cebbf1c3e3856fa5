package io.github.backstay.benchmarks.start;

/**
 * A JVM could not be started, did not end well or in time, or did not answer what it should. The
 * message is one line.
 */
public final class StartException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * Says what went wrong.
   *
   * @param message one line
   */
  StartException(String message) {
    super(message);
  }

  /**
   * Says what went wrong, because of another exception.
   *
   * @param message one line
   * @param cause the other exception
   */
  StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
