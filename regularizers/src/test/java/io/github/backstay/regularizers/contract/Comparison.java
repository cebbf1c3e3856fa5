package io.github.backstay.regularizers.contract;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.function.IntToDoubleFunction;
import org.ejml.data.DMatrixRMaj;

/**
 * Two matrices that should agree. Where they do not, the failure says in which entry, by how much,
 * and which mistake makes just this difference.
 *
 * @param subject what is tested, where
 * @param wanted what the first matrix is
 * @param expected the first matrix
 * @param got what the second matrix is
 * @param actual the second matrix
 */
record Comparison(
    String subject, String wanted, DMatrixRMaj expected, String got, DMatrixRMaj actual) {

  /** What comes out if a certain mistake was made, and its name. */
  record Suspect(DMatrixRMaj values, String likely) {}

  void requireClose(IntToDoubleFunction tolerance, Suspect... suspects) {
    for (int i = 0; i < expected.getNumElements(); i++) {
      double difference = Math.abs(expected.data[i] - actual.data[i]);
      if (!(difference <= tolerance.applyAsDouble(i))) {
        fail(words(i, tolerance.applyAsDouble(i), suspects));
      }
    }
  }

  void requireSameBits(Suspect... suspects) {
    int i = Samples.firstDifference(expected, actual);
    if (i >= 0) {
      fail(words(i, 0.0, suspects));
    }
  }

  private String words(int i, double tolerance, Suspect... suspects) {
    String likely = likely(suspects);
    return subject
        + ": entry ("
        + i / expected.numCols
        + ", "
        + i % expected.numCols
        + ") of "
        + got
        + " is "
        + actual.data[i]
        + ", of "
        + wanted
        + " "
        + expected.data[i]
        + (tolerance == 0.0 ? " (must be the same to the bit)." : " (may differ by " + tolerance)
        + (tolerance == 0.0 ? "" : ").")
        + (likely.isEmpty() ? "" : " " + likely);
  }

  private String likely(Suspect... suspects) {
    for (double value : actual.data) {
      if (Double.isNaN(value)) {
        return "It is NaN: is a root or a quotient taken where it is 0?";
      }
    }
    for (Suspect suspect : suspects) {
      if (isClose(suspect.values, 1.0)) {
        return suspect.likely;
      }
    }
    if (isClose(expected, 1.0)) {
      return "It is right but for rounding.";
    }
    double ratio = Samples.dot(actual, expected) / Samples.dot(expected, expected);
    if (Double.isFinite(ratio) && isClose(expected, ratio)) {
      return ofRatio(ratio);
    }
    return rowsLeftOut();
  }

  /** Whether the actual matrix is a multiple of another one. */
  private boolean isClose(DMatrixRMaj other, double ratio) {
    double scale = Samples.norm(actual) + Math.abs(ratio) * Samples.norm(other);
    for (int i = 0; i < actual.getNumElements(); i++) {
      if (!(Math.abs(actual.data[i] - ratio * other.data[i]) <= 1e-9 * scale)) {
        return false;
      }
    }
    return true;
  }

  private String ofRatio(double ratio) {
    String number = String.valueOf((float) ratio);
    if (Math.abs(ratio) < 1e-9) {
      return "It is 0 everywhere: is it computed from detached values, or not at all?";
    }
    if (Math.abs(ratio + 1.0) < 1e-9) {
      return "It has the opposite sign everywhere: does it push away instead of pulling back?";
    }
    if (Math.abs(ratio - 2.0) < 1e-9 || Math.abs(ratio - 0.5) < 1e-9) {
      return "It is "
          + number
          + " times as large everywhere: is there a factor ½ too many or too few, or is it counted"
          + " twice?";
    }
    return "It is "
        + number
        + " times as large everywhere: is a strength, a rate or a number of examples left out or"
        + " counted twice?";
  }

  private String rowsLeftOut() {
    int left = 0;
    for (int row = 0; row < expected.numRows; row++) {
      boolean right = true;
      boolean zero = true;
      for (int i = row * expected.numCols; i < (row + 1) * expected.numCols; i++) {
        right &= Math.abs(actual.data[i] - expected.data[i]) <= 1e-9 * Math.abs(expected.data[i]);
        zero &= actual.data[i] == 0.0;
      }
      if (!right && !zero) {
        return "";
      }
      left += right ? 0 : 1;
    }
    return "It is right in "
        + (expected.numRows - left)
        + " rows and 0 in "
        + left
        + ": are only the rows of the batch pulled?";
  }
}
