package io.github.backstay.benchmarks.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Replays all reference files; what they are stands in RECIPE.md beside them. */
class ReferenceReplayTest {

  private static final int CASES = 1945;

  @TestFactory
  Stream<DynamicTest> everyCaseComesOutAsInTheReference() {
    Conformance conformance = Conformance.in(Replays.resources());
    List<FamilyReport> reports = conformance.replay(conformance.families());
    List<DynamicTest> tests = new ArrayList<>();
    for (FamilyReport report : reports) {
      tests.add(
          DynamicTest.dynamicTest(
              report.family() + ", " + report.outcomes().size() + " cases",
              () -> {
                assertEquals(List.of(), report.of(Verdict.FAILED));
                for (Outcome skipped : report.of(Verdict.SKIPPED)) {
                  assertTrue(skipped.detail().startsWith("optional, and "), skipped.toString());
                }
              }));
    }
    tests.add(
        DynamicTest.dynamicTest(
            "none is missing, and few are not simply the same",
            () -> {
              assertEquals(10, reports.size());
              assertEquals(
                  CASES, reports.stream().mapToInt(report -> report.outcomes().size()).sum());
              assertEquals(5, count(reports, Verdict.SKIPPED));
              assertEquals(7, count(reports, Verdict.DIFFERS_BY_CHOICE));
            }));
    return tests.stream();
  }

  private static int count(List<FamilyReport> reports, Verdict verdict) {
    return reports.stream().mapToInt(report -> report.count(verdict)).sum();
  }

  @Test
  void everyDeviationIsNeeded() {
    Conformance conformance = Conformance.in(Replays.resources());
    List<String> reasons = new ArrayList<>();
    for (FamilyReport report : conformance.replay(Set.of("elementwise", "losses", "reductions"))) {
      report.of(Verdict.DIFFERS_BY_CHOICE).forEach(outcome -> reasons.add(outcome.detail()));
    }
    for (Deviation deviation : Deviation.ALL) {
      assertTrue(reasons.contains(deviation.reason()), deviation.name());
    }
  }

  @Test
  void everyDeviationStandsOnThePageOfConventions() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve("CONTRIBUTING.md"))) {
      root = Objects.requireNonNull(root.getParent());
    }
    Path page = root.resolve("docs/conventions.md");
    String text = Files.readString(page);
    for (Deviation deviation : Deviation.ALL) {
      assertTrue(text.contains(deviation.name()), deviation.name());
    }
  }
}
