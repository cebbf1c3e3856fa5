package io.github.backstay.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.backstay.benchmarks.MainTest.Outcome;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchStartCommandTest {

  @Test
  void printsARowForEachWayToStartAndEachPartOfTheCode(@TempDir Path directory) throws IOException {
    Path json = directory.resolve("start.json");
    Outcome outcome = Outcome.of("bench", "start", "--rounds", "1", "--json", json.toString());
    assertEquals("", outcome.err());
    assertEquals(Main.OK, outcome.exitCode());
    boolean vectors = ModuleFinder.ofSystem().find("jdk.incubator.vector").isPresent();
    List<String> lines = outcome.out().lines().toList();
    int starts = vectors ? 2 : 1;
    assertEquals(3 + starts + 1 + 2 + 4, lines.size(), outcome.out());
    assertTrue(lines.get(0).startsWith("Median of 1 interleaved rounds, Java "), lines.get(0));
    assertTrue(lines.get(3).matches("no options +plain +[0-9.]+ +[0-9.]+ +[0-9.?]+"), lines.get(3));
    if (vectors) {
      assertTrue(lines.get(4).startsWith("--add-modules jdk.incubator.vector  "), lines.get(4));
    }
    String code = String.join("\n", lines.subList(6 + starts, lines.size()));
    assertTrue(
        code.matches("core .*\nejml-core +ejml-core-.*[0-9.]+\nejml-ddense .*\ntogether .*"), code);

    JsonNode report = new ObjectMapper().readTree(json.toFile());
    assertEquals(Runtime.version().toString(), report.path("java").asText());
    assertEquals(starts, report.path("starts").size());
    for (JsonNode start : report.path("starts")) {
      for (String field :
          List.of("options", "kernels", "median", "least", "residentBytes", "milliseconds")) {
        assertTrue(start.has(field), field);
      }
      assertEquals(1, start.path("milliseconds").size());
    }
    assertEquals("", report.path("starts").path(0).path("options").asText());
    assertEquals(3, report.path("code").size());
    assertEquals("ejml-ddense", report.path("code").path(2).path("part").asText());
    assertTrue(report.path("code").path(2).path("bytes").asLong() > 0L);
  }

  @Test
  void refusesNoRounds() {
    Outcome outcome = Outcome.of("bench", "start", "--rounds", "0");
    assertEquals(Main.BAD_INPUT, outcome.exitCode());
    assertEquals(
        "backstay bench start: --rounds must be at least 1, got 0."
            + " See backstay bench start --help.",
        outcome.err().strip());
  }

  @Test
  void isListed() {
    assertTrue(Outcome.of("bench", "--help").out().contains("\n  start "));
  }
}
