package io.github.backstay.core;

/**
 * Thrown when the shape of an operand does not fit the operation; the message names both shapes.
 */
public final class ShapeException extends IllegalArgumentException {

  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param message operation, shapes, rule and remedy
   */
  public ShapeException(String message) {
    super(message);
  }
}
