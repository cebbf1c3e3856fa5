package io.github.backstay.benchmarks.conformance;

/**
 * A case cannot be replayed: something in it is missing, of the wrong form, or not known here. The
 * message says where and what, for instance {@code inputs[1].data: has 5 numbers (need 6 for 2×3).}
 */
final class CaseException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final boolean unknown;

  private CaseException(String message, boolean unknown) {
    super(message);
    this.unknown = unknown;
  }

  /**
   * Something is wrong at a place of the case.
   *
   * @param place the path of members that leads there, for instance {@code attrs.lr}
   * @param problem a sentence without the place
   */
  static CaseException at(String place, String problem) {
    return new CaseException(place.isEmpty() ? problem : place + ": " + problem, false);
  }

  /**
   * The case asks for an op, rule, schedule or kind that is not offered.
   *
   * @param what the kind of thing, for instance {@code op}
   * @param name its name in the case
   */
  static CaseException unknown(String what, String name) {
    return new CaseException("the " + what + " \"" + name + "\" is not known here.", true);
  }

  /** Whether the case asks for something that is not offered at all. */
  boolean isUnknown() {
    return unknown;
  }
}
