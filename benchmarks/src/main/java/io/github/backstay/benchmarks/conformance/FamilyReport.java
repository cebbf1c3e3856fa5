package io.github.backstay.benchmarks.conformance;

import java.util.ArrayList;
import java.util.List;

/**
 * What became of the cases of one family.
 *
 * @param family its name
 * @param outcomes all cases in order
 */
public record FamilyReport(String family, List<Outcome> outcomes) {

  /** Copies the list. */
  public FamilyReport {
    outcomes = List.copyOf(outcomes);
  }

  /**
   * The largest error and where it is.
   *
   * @param error the error
   * @param name the case; empty if there is none
   */
  public record Worst(double error, String name) {}

  /**
   * How many cases ended in a way.
   *
   * @param verdict the way
   * @return their number
   */
  public int count(Verdict verdict) {
    return of(verdict).size();
  }

  /**
   * The cases that ended in a way.
   *
   * @param verdict the way
   * @return a new list
   */
  public List<Outcome> of(Verdict verdict) {
    List<Outcome> found = new ArrayList<>();
    for (Outcome outcome : outcomes) {
      if (outcome.verdict() == verdict) {
        found.add(outcome);
      }
    }
    return found;
  }

  /**
   * The largest {@code |a − e|} among the cases that passed.
   *
   * @return error and case
   */
  public Worst worstAbsolute() {
    Worst worst = new Worst(0.0, "");
    for (Outcome outcome : of(Verdict.PASSED)) {
      if (outcome.worstAbsolute() > worst.error) {
        worst = new Worst(outcome.worstAbsolute(), outcome.name());
      }
    }
    return worst;
  }

  /**
   * The largest {@code |a − e|/max(1, |e|)} among the cases that passed.
   *
   * @return error and case
   */
  public Worst worstRelative() {
    Worst worst = new Worst(0.0, "");
    for (Outcome outcome : of(Verdict.PASSED)) {
      if (outcome.worstRelative() > worst.error) {
        worst = new Worst(outcome.worstRelative(), outcome.name());
      }
    }
    return worst;
  }
}
