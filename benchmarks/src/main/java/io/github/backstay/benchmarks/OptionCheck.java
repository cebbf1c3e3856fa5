package io.github.backstay.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * What options must be, with the messages if they are not.
 *
 * @param command the command whose options they are
 */
record OptionCheck(CommandLine command) {

  /** Of the command with this specification. */
  static OptionCheck of(CommandSpec spec) {
    return new OptionCheck(spec.commandLine());
  }

  /** A whole number from some least one on. */
  void atLeast(String option, int value, int least) {
    if (value < least) {
      throw wrong(option + " must be at least " + least + ", got " + value);
    }
  }

  /** A probability that is not 1. */
  void share(String option, double value) {
    if (!(value >= 0.0 && value < 1.0)) {
      throw wrong(option + " must be at least 0 and less than 1, got " + value);
    }
  }

  /** A rate or a strength. */
  void notNegative(String option, double value) {
    if (!(value >= 0.0) || Double.isInfinite(value)) {
      throw wrong(option + " must be finite and at least 0, got " + value);
    }
  }

  /** An option that was given must have an effect. */
  void used(String option, boolean used, String why) {
    if (!used && command.getParseResult().hasMatchedOption(option)) {
      throw wrong(option + " has no effect " + why);
    }
  }

  /** What to throw where something does not do. */
  ParameterException wrong(String message) {
    return new ParameterException(command, message);
  }
}
