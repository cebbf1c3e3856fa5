package io.github.backstay.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.benchmarks.MainTest.Outcome;
import io.github.backstay.core.kernels.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchKernelsCommandTest {

  @Test
  void printsARowForEverySizeFormAndProvider(@TempDir Path directory) throws IOException {
    Path json = directory.resolve("rows.json");
    String command = "bench kernels --sizes 5,20 --rounds 2 --seconds 0.001 --json " + json;
    Outcome outcome = Outcome.of(command.split(" "));
    assertEquals("", outcome.err());
    assertEquals(Main.OK, outcome.exitCode());
    boolean vectors = Kernels.standard().name().equals("vector");
    assertEquals(3 + 2 * 4 * (vectors ? 2 : 1), outcome.out().lines().count(), outcome.out());
    assertEquals(vectors, outcome.out().contains(" vector "), outcome.out());
    assertTrue(outcome.out().contains(" plain "), outcome.out());
    assertTrue(Files.readString(json).contains("\"size\": 20"), Files.readString(json));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --sizes 0      | --sizes must be from 1 to 8192, got [0].
          --rounds 0     | --rounds must be at least 1 and --seconds more than 0 and at most 60, got 0 and 0.05.
          """)
  void refusesSettingsThatMeasureNothing(String arguments, String message) {
    Outcome outcome = Outcome.of(("bench kernels " + arguments).split(" "));
    assertEquals(Main.BAD_INPUT, outcome.exitCode());
    assertEquals(
        "backstay bench kernels: " + message + " See backstay bench kernels --help.",
        outcome.err().strip());
  }
}
