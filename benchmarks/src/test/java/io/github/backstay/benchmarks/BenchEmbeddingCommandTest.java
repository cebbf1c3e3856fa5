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

class BenchEmbeddingCommandTest {

  @Test
  void printsARowForEveryRuleAndHeight(@TempDir Path directory) throws IOException {
    Path json = directory.resolve("rows.json");
    Outcome outcome =
        Outcome.of(
            ("bench embedding --vocab 300,1.2e3 --dim 4 --touched 100 --dense-up-to 300 --rounds 2"
                    + " --seconds 0.002 --json "
                    + json)
                .split(" "));
    assertEquals("", outcome.err());
    assertEquals(Main.OK, outcome.exitCode());
    assertEquals(3 + 6, outcome.out().lines().count(), outcome.out());
    for (int row = 0; row < 6; row++) {
      String line = outcome.out().lines().toList().get(3 + row);
      assertTrue(line.contains("touched"), line);
      assertTrue(line.contains(row % 2 == 0 ? " 300 " : " 1200 "), line);
    }
    assertTrue(Files.readString(json).contains("\"vocabulary\": 1200"), Files.readString(json));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --vocab 1e3,1e2           | --vocab must be ascending and at least --touched, got [1000, 100] and 400.
          --vocab 100               | --vocab must be ascending and at least --touched, got [100] and 400.
          --vocab 1e9               | --vocab times --dim must be below 2^31, got 1000000000 and 100.
          --rounds 0                | --rounds must be at least 1 and --seconds more than 0 and at most 60, got 0 and 0.3.
          --vocab 1.5               | Invalid value for option '--vocab' (N): '1.5' is no whole number from 1 to 1e9.
          --dim x                   | Invalid value for option '--dim': 'x' is no number.
          """)
  void refusesSettingsThatMeasureNothing(String arguments, String message) {
    Outcome outcome = Outcome.of(("bench embedding " + arguments).split(" "));
    assertEquals(Main.BAD_INPUT, outcome.exitCode());
    assertEquals(
        "backstay bench embedding: " + message + " See backstay bench embedding --help.",
        outcome.err().strip());
  }
}
