package io.github.backstay.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.benchmarks.MainTest.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchMemoryCommandTest {

  @Test
  void printsARowForEveryLoop(@TempDir Path directory) throws IOException {
    Path json = directory.resolve("rows.json");
    String command = "bench memory --entries 0.01 --rounds 2 --json " + json;
    Outcome outcome = Outcome.of(command.split(" "));
    assertEquals("", outcome.err());
    assertEquals(Main.OK, outcome.exitCode());
    assertEquals(3 + 7, outcome.out().lines().count(), outcome.out());
    assertTrue(outcome.out().contains("anchored distance"), outcome.out());
    assertTrue(
        Files.readString(json).contains("\"pass\": \"Adam, checked\""), Files.readString(json));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --entries 0 | --rounds must be at least 1 and --entries from 0.001 to 256, got 15 and 0.0.
          --rounds 0  | --rounds must be at least 1 and --entries from 0.001 to 256, got 0 and 8.0.
          """)
  void refusesSettingsThatMeasureNothing(String arguments, String message) {
    Outcome outcome = Outcome.of(("bench memory " + arguments).split(" "));
    assertEquals(Main.BAD_INPUT, outcome.exitCode());
    assertEquals(
        "backstay bench memory: " + message + " See backstay bench memory --help.",
        outcome.err().strip());
  }
}
