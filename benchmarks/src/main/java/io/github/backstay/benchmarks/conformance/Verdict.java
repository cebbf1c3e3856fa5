package io.github.backstay.benchmarks.conformance;

/** How the replay of a case ended. */
public enum Verdict {
  /** Everything is as expected. */
  PASSED,
  /** Something is not as expected, or the case cannot be read. */
  FAILED,
  /** An optional case about something that Backstay does not offer. */
  SKIPPED,
  /** A quirk of the reference that Backstay answers differently, for a reason it gives. */
  DIFFERS_BY_CHOICE
}
