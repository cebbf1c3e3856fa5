package io.github.backstay.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.benchmarks.MainTest.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchGrowthCommandTest {

  @ParameterizedTest
  @CsvSource({
    "ops, '1,3,9', 1", "width, '2,4,8', 2", "batch, '1,2,3', 1",
    "vocabulary, '400,500,900', 0", "length, '1,2,4', 1", "threads, '1,2,3', -1"
  })
  void printsARowForEverySizeAndDrawsAPicture(
      String sweep, String sizes, String exponent, @TempDir Path directory) throws IOException {
    Path json = directory.resolve("growth.json");
    Outcome outcome =
        Outcome.of(
            "bench",
            "growth",
            sweep,
            "--sizes",
            sizes,
            "--rounds",
            "2",
            "--seconds",
            "0.0001",
            "--out",
            directory.toString(),
            "--json",
            json.toString());
    assertEquals("", outcome.err());
    assertEquals(Main.OK, outcome.exitCode());
    List<String> lines = outcome.out().lines().toList();
    assertTrue(lines.get(0).startsWith("Median of 2 interleaved rounds, Java "), lines.get(0));
    for (String size : sizes.split(",", -1)) {
      assertTrue(
          lines.stream().anyMatch(line -> line.strip().matches(size + " .* " + exponent)),
          outcome.out());
    }
    assertTrue(Files.readString(directory.resolve("growth-" + sweep + ".svg")).contains("<svg"));
    assertTrue(Files.readString(json).contains("\"" + sweep + "\""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          depth            | there is no size 'depth', but [ops, width, batch, vocabulary, length, threads]
          --sizes 1,2      | --sizes is for one size that grows, but there are [ops, width, batch, vocabulary, length, threads]
          ops --sizes 4,4  | --sizes must be ascending, got [4, 4]
          threads --sizes 2000 | --sizes of threads must be at most 1024, got 2000
          ops --rounds 0   | --rounds must be at least 1 and --seconds more than 0 and at most 60, got 0 and 0.2
          """)
  void refuses(String arguments, String message) {
    Outcome outcome = Outcome.of(("bench growth " + arguments).split(" "));
    assertEquals(Main.BAD_INPUT, outcome.exitCode());
    assertTrue(outcome.err().contains(message), outcome.err());
  }

  @Test
  void isListed() {
    assertTrue(Outcome.of("bench", "--help").out().contains("growth"));
  }
}
