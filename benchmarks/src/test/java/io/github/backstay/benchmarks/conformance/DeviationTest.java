package io.github.backstay.benchmarks.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is a choice is narrow: another member, another tag or a larger difference is a failure. */
class DeviationTest {

  private static final String SATURATED =
      """
      {"name": "saturated", "op": "bce_loss", "attrs": {"reduction": "none"}, "tags": ["quirk"],
       "args": ["x", "t"],
       "inputs": [{"name": "x", "rows": 1, "cols": 1, "data": [0.0], "requiresGrad": true},
                  {"name": "t", "rows": 1, "cols": 1, "data": [1.0], "requiresGrad": false}],
       "output": {"rows": 1, "cols": 1, "data": [100.0]},
       "upstream": {"rows": 1, "cols": 1, "data": [1.0]},
       "grads": {"x": {"rows": 1, "cols": 1, "data": [-1000000003995.8]}}}
      """;

  @TempDir private Path directory = Path.of("");

  private Verdict verdict(String part, String instead) {
    String changed = SATURATED.replace(part, instead);
    assertNotEquals(SATURATED, changed);
    return Replays.outcome(directory, changed).verdict();
  }

  @Test
  void choiceIsReportedWithItsReason() {
    Outcome outcome = Replays.outcome(directory, SATURATED);
    assertEquals(Verdict.DIFFERS_BY_CHOICE, outcome.verdict());
    assertEquals(
        "The denominator x(1 − x) is kept from below at 1e-12 in double precision; the reference"
            + " holds that bound in single precision.",
        outcome.detail());
  }

  @Test
  void whatTheChoiceDoesNotCoverFails() {
    assertEquals(Verdict.FAILED, verdict("[\"quirk\"]", "[\"kink\"]"));
    assertEquals(Verdict.FAILED, verdict("[100.0]", "[100.1]"));
    assertEquals(Verdict.FAILED, verdict("-1000000003995.8", "-1000001003995.8"));
    assertEquals(Verdict.FAILED, verdict("-1000000003995.8", "\"NaN\""));
    assertEquals(Verdict.PASSED, verdict("-1000000003995.8", "-1000000000000.0"));
  }
}
