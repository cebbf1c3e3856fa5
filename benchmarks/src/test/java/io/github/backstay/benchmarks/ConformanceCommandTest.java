package io.github.backstay.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.backstay.benchmarks.MainTest.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConformanceCommandTest {

  private static final String SCALE =
      """
      {"name": "NAME", "op": "OP", "attrs": {"value": 3.0}, "tags": [TAG], "args": ["x"],\
       "inputs": [{"name": "x", "rows": 1, "cols": 1, "data": [0.1], "requiresGrad": true}],\
       "output": {"rows": 1, "cols": 1, "data": [OUT]},\
       "upstream": {"rows": 1, "cols": 1, "data": [2.0]},\
       "grads": {"x": {"rows": 1, "cols": 1, "data": [6.0]}}}""";

  @TempDir private Path directory = Path.of("");

  private static String scale(String name, String op, String tag, String out) {
    return SCALE.replace("NAME", name).replace("OP", op).replace("TAG", tag).replace("OUT", out);
  }

  private void write(String file, String family, String... cases) throws IOException {
    Files.writeString(
        directory.resolve(file),
        "{\"family\": \""
            + family
            + "\", \"reference\": \"by hand\", \"cases\": [\n"
            + String.join(",\n", cases)
            + "\n]}\n");
  }

  private void writeTwoFamilies() throws IOException {
    write("b.json", "good", scale("right", "mul_scalar", "", "0.3"));
    write(
        "a.json",
        "mixed",
        scale("right", "mul_scalar", "", "0.3"),
        scale("wrong", "mul_scalar", "", "0.4"),
        scale("unknown", "triple", "", "0.3"),
        scale("later", "triple", "\"optional\"", "0.3"));
  }

  @Test
  void failuresEndWithExitCodeOneAndEachIsNamed() throws IOException {
    writeTwoFamilies();
    Outcome outcome = Outcome.of("conformance", directory.toString());
    assertEquals(Main.CHECK_FAILED, outcome.exitCode());
    assertEquals("backstay conformance: 2 of 5 cases failed.", outcome.err().strip());
    assertEquals(
        """
        Worst errors of the cases that passed; absolute: |a − e|, relative: |a − e|/max(1, |e|)
        family  passed  failed  skipped  differs  absolute  in     relative  in
        ------  ------  ------  -------  -------  --------  -----  --------  -----
        mixed        1       2        1        0   5.6e-17  right   5.6e-17  right
        good         1       0        0        0   5.6e-17  right   5.6e-17  right

        2 passed, 2 failed, 1 skipped, 0 differ by choice

        Failed
          mixed, wrong: output(0, 0) is 0.30000000000000004, expected 0.4.
          mixed, unknown: the op "triple" is not known here.

        Skipped
          mixed, later: optional, and the op "triple" is not known here.
        """
            .lines()
            .toList(),
        outcome.out().lines().toList());
  }

  @Test
  void onlyTheFamiliesAskedForAreReplayed() throws IOException {
    writeTwoFamilies();
    Outcome good = Outcome.of("conformance", directory.toString(), "--family", "good");
    assertEquals("", good.err());
    assertEquals(Main.OK, good.exitCode());
    assertEquals(6, good.out().lines().count(), good.out());
    Outcome both =
        Outcome.of("conformance", directory.toString(), "--family", "good", "--family", "mixed");
    assertEquals(Main.CHECK_FAILED, both.exitCode());
    Outcome none = Outcome.of("conformance", directory.toString(), "--family", "god");
    assertEquals(Main.BAD_INPUT, none.exitCode());
    assertEquals(
        "backstay conformance: there is no family \"god\" in "
            + directory
            + ". Found: mixed, good. See backstay conformance --help.",
        none.err().strip());
    assertEquals("", none.out());
  }

  @Test
  void everyOutcomeIsWrittenToTheFile() throws IOException {
    writeTwoFamilies();
    Path json = directory.resolve("out/report.txt");
    Outcome outcome = Outcome.of("conformance", directory.toString(), "--json", json.toString());
    assertEquals(Main.CHECK_FAILED, outcome.exitCode());
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    assertEquals("mixed", report.at("/0/family").asText());
    assertEquals(2, report.at("/0/failed").asInt());
    assertEquals(1, report.at("/0/skipped").asInt());
    assertEquals("right", report.at("/0/worstAbsolute/name").asText());
    assertEquals("wrong", report.at("/0/cases/1/name").asText());
    assertEquals("FAILED", report.at("/0/cases/1/verdict").asText());
    assertEquals("PASSED", report.at("/1/cases/0/verdict").asText());
  }

  @Test
  void manyFailuresAreNotAllPrinted() throws IOException {
    String[] cases = new String[25];
    for (int i = 0; i < cases.length; i++) {
      cases[i] = scale("case " + i, "triple", "", "0.3");
    }
    write("a.json", "bad", cases);
    Outcome outcome = Outcome.of("conformance", directory.toString());
    assertEquals(Main.CHECK_FAILED, outcome.exitCode());
    List<String> lines = outcome.out().lines().toList();
    assertEquals("  bad: 5 more, see --json", lines.get(lines.size() - 1));
    assertTrue(lines.get(lines.size() - 2).contains("case 19"));
  }

  @Test
  void whatCannotBeUsedEndsWithExitCodeTwo() throws IOException {
    Outcome empty = Outcome.of("conformance", directory.toString());
    assertEquals(
        new Outcome(
            Main.BAD_INPUT,
            "",
            "backstay conformance: "
                + directory
                + ": there are no reference files in it (need *.json or *.json.gz)."
                + System.lineSeparator()),
        empty);
    writeTwoFamilies();
    Outcome noFile =
        Outcome.of("conformance", directory.toString(), "--json", directory.toString());
    assertEquals(Main.BAD_INPUT, noFile.exitCode());
    assertEquals("", noFile.out());
    assertEquals(Main.BAD_INPUT, Outcome.of("conformance").exitCode());
  }
}
