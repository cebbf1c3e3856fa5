package io.github.backstay.benchmarks.conformance;

import io.github.backstay.core.Shape;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.ejml.data.DMatrixRMaj;

/** What one case computed, held against what it expects. For one thread. */
final class Comparison {

  private final Tolerance tolerance;
  private final List<String> differences = new ArrayList<>();
  private final Set<String> differing = new LinkedHashSet<>();
  private double worstAbsolute;
  private double worstRelative;
  private double largestDifference;
  private boolean compared;

  Comparison(Tolerance tolerance) {
    this.tolerance = tolerance;
  }

  /**
   * Compares shape and all entries.
   *
   * @param part the member of the case that says what to expect
   * @param name which matrix of it; empty if there is only one
   * @param expected what to expect
   * @param actual what was computed
   */
  void matrix(String part, String name, DMatrixRMaj expected, DMatrixRMaj actual) {
    compared = true;
    String what = name.isEmpty() ? part : part + "." + name;
    if (expected.numRows != actual.numRows || expected.numCols != actual.numCols) {
      differ(part, what + " is " + Shape.of(actual) + ", expected " + Shape.of(expected));
      return;
    }
    int count = expected.getNumElements();
    entries(part, what, expected.data, actual.data, count, expected.numCols, true);
  }

  /** As {@link #matrix}, for a list of numbers. */
  void numbers(String part, String name, double[] expected, double[] actual) {
    compared = true;
    String what = name.isEmpty() ? part : part + "." + name;
    if (expected.length != actual.length) {
      differ(part, what + " has " + actual.length + " numbers, expected " + expected.length);
      return;
    }
    entries(part, what, expected, actual, expected.length, 0, true);
  }

  /** As {@link #matrix}, for one number. */
  void number(String part, double expected, double actual) {
    numbers(part, "", new double[] {expected}, new double[] {actual});
  }

  /** No path leads to it: nothing may arrive there, not even a NaN. */
  void unreached(String part, String name, DMatrixRMaj actual) {
    matrix(part, name, new DMatrixRMaj(actual.numRows, actual.numCols), actual);
  }

  /**
   * Compares two of Backstay's own answers to the same question. They are no reference for the last
   * digits of extreme numbers, and their distance is no error.
   *
   * @param part what kind of answer the second one is
   * @param name of what
   * @param first one answer
   * @param second the other
   */
  void consistent(String part, String name, DMatrixRMaj first, DMatrixRMaj second) {
    entries(
        part,
        part + "." + name,
        first.data,
        second.data,
        first.getNumElements(),
        first.numCols,
        false);
  }

  /** Notes that something holds or not which is no number. */
  void require(String part, boolean holds, String otherwise) {
    compared = true;
    if (!holds) {
      differ(part, otherwise);
    }
  }

  private void entries(
      String part,
      String what,
      double[] expected,
      double[] actual,
      int count,
      int cols,
      boolean reference) {
    Tolerance own = !reference && tolerance == Tolerance.EXTREME ? Tolerance.ORDINARY : tolerance;
    double largest = 0.0;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, Double.isFinite(expected[i]) ? Math.abs(expected[i]) : 0.0);
    }
    int wrong = 0;
    String first = "";
    for (int i = 0; i < count; i++) {
      double error = Math.abs(actual[i] - expected[i]);
      boolean same;
      if (Double.isFinite(expected[i])) {
        same = error <= own.allowed(expected[i], largest); // false for NaN
        if (same && reference) {
          worstAbsolute = Math.max(worstAbsolute, error);
          worstRelative = Math.max(worstRelative, error / Math.max(1.0, Math.abs(expected[i])));
        }
      } else {
        same = Double.compare(expected[i], actual[i]) == 0;
      }
      if (!same) {
        double relative = error / Math.max(1.0, Math.abs(expected[i]));
        largestDifference =
            Math.max(largestDifference, relative >= 0.0 ? relative : Double.POSITIVE_INFINITY);
        if (wrong == 0) {
          String place = cols > 0 ? "(" + i / cols + ", " + i % cols + ")" : "[" + i + "]";
          first = place + " is " + actual[i] + ", expected " + expected[i];
        }
        wrong++;
      }
    }
    if (wrong > 0) {
      note(part, what + first + (wrong > 1 ? " (one of " + wrong + " entries)" : ""));
    }
  }

  private void differ(String part, String text) {
    largestDifference = Double.POSITIVE_INFINITY;
    note(part, text);
  }

  private void note(String part, String text) {
    differing.add(part);
    differences.add(text);
  }

  /** What differs, in the order of the comparisons. */
  List<String> differences() {
    return differences;
  }

  /** The members of the case with differences. */
  Set<String> differing() {
    return differing;
  }

  /**
   * The largest {@code |a − e|/max(1, |e|)} of what differs; infinite where NaN, infinities or
   * shapes differ.
   */
  double largestDifference() {
    return largestDifference;
  }

  /** Whether anything was compared at all. */
  boolean isEmpty() {
    return !compared;
  }

  /** The largest {@code |a − e|} that was within the tolerance. */
  double worstAbsolute() {
    return worstAbsolute;
  }

  /** The largest {@code |a − e|/max(1, |e|)} that was within the tolerance. */
  double worstRelative() {
    return worstRelative;
  }
}
