package io.github.backstay.benchmarks.conformance;

/**
 * The end of one case.
 *
 * @param name the case
 * @param verdict how it ended
 * @param detail what differs, or why it was skipped or differs by choice; empty if it passed
 * @param worstAbsolute the largest {@code |a − e|} of its numbers, those that differ left out
 * @param worstRelative the largest {@code |a − e|/max(1, |e|)}
 */
public record Outcome(
    String name, Verdict verdict, String detail, double worstAbsolute, double worstRelative) {}
