package io.github.backstay.regularizers.contract;

import io.github.backstay.core.GradientCheck;

/**
 * How far derivatives may be from differences of values. Looser than usual only with a reason.
 *
 * @param relative relative to the largest of 1, the value and both derivatives
 * @param reason why it is looser than {@link GradientCheck#DEFAULT_TOLERANCE}; shown when a check
 *     fails
 */
public record Tolerance(double relative, String reason) {

  /** The usual one. */
  public static final Tolerance USUAL = new Tolerance(GradientCheck.DEFAULT_TOLERANCE, "");

  /**
   * Checks the values.
   *
   * @param relative relative to the largest of 1, the value and both derivatives
   * @param reason why it is looser than {@link GradientCheck#DEFAULT_TOLERANCE}
   */
  public Tolerance {
    boolean loose = relative > GradientCheck.DEFAULT_TOLERANCE;
    if (!(relative > 0.0) || (loose && reason.isBlank())) {
      throw new IllegalArgumentException(
          "tolerance: "
              + relative
              + " is not positive, or looser than "
              + GradientCheck.DEFAULT_TOLERANCE
              + " without a reason. Say why.");
    }
  }
}
