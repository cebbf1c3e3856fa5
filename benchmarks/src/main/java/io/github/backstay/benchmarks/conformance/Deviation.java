package io.github.backstay.benchmarks.conformance;

import java.util.List;
import java.util.Set;

/**
 * Where Backstay answers differently by choice. Only cases with the tag, only the members named
 * here, and no more than so far; everything else of such a case must be as expected.
 *
 * @param name a short name, the same on the page of conventions
 * @param op the op, by its name in the reference files; empty for any
 * @param tag the tag that the case must have
 * @param parts the members that may differ
 * @param within the largest {@code |a − e|/max(1, |e|)}
 * @param reason what Backstay does instead, and why
 */
public record Deviation(
    String name, String op, String tag, Set<String> parts, double within, String reason) {

  /** A few roundings of numbers near 1. */
  private static final double ROUNDINGS_OF_ONE = 0x1p-50;

  /** All of them. The page of conventions has a row for each. */
  public static final List<Deviation> ALL =
      List.of(
          new Deviation(
              "digits at both ends",
              "",
              "extreme",
              Set.of("output", "grads"),
              ROUNDINGS_OF_ONE,
              "Backstay keeps digits that the reference loses by forming 1 + x with a tiny x; the"
                  + " difference is a rounding of 1."),
          new Deviation(
              "gradient of a huge logsumexp",
              "logsumexp",
              "extreme",
              Set.of("grads"),
              Double.POSITIVE_INFINITY,
              "The gradient is the softmax, whose entries sum to 1. The reference takes exp(x −"
                  + " logsumexp(x)), whose entries sum to more where the numbers are so large that"
                  + " the logarithm is lost in rounding."),
          new Deviation(
              "bound of the binary cross-entropy's gradient",
              "bce_loss",
              "quirk",
              Set.of("grads"),
              1e-7,
              "The denominator x(1 − x) is kept from below at 1e-12 in double precision; the"
                  + " reference holds that bound in single precision."),
          new Deviation(
              "cosine similarity of a tiny vector",
              "cosine_similarity",
              "quirk",
              Set.of("grads"),
              Double.POSITIVE_INFINITY,
              "Where a norm is below epsilon the formula divides by the constant epsilon, and the"
                  + " gradient is that of this formula; the reference still differentiates the"
                  + " norm."));

  /** Copies the set. */
  public Deviation {
    parts = Set.copyOf(parts);
  }

  /** Whether this choice accounts for all that differs in a case. */
  boolean explains(Case reference, Comparison check) {
    return reference.tags().contains(tag)
        && (op.isEmpty() || reference.op().equals(op))
        && parts.containsAll(check.differing())
        && check.largestDifference() <= within;
  }
}
