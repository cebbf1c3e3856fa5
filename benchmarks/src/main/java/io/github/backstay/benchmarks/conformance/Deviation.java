package io.github.backstay.benchmarks.conformance;

import java.util.List;
import java.util.Set;

/**
 * Where Backstay answers cases tagged {@code quirk} differently by choice. Only the members named
 * here may differ; everything else of such a case must be as expected.
 *
 * @param op the op, by its name in the reference files
 * @param parts the members that may differ
 * @param reason what Backstay does instead, and why
 */
public record Deviation(String op, Set<String> parts, String reason) {

  /** All of them. The page of conventions has a row for each. */
  public static final List<Deviation> ALL = List.of();

  /** Copies the set. */
  public Deviation {
    parts = Set.copyOf(parts);
  }

  /** Whether this choice accounts for all that differs in a case. */
  boolean explains(Case reference, Comparison check) {
    return reference.tags().contains("quirk")
        && reference.op().equals(op)
        && parts.containsAll(check.differing());
  }
}
