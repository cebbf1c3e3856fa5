package io.github.backstay.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.benchmarks.MainTest.Outcome;
import io.github.backstay.core.kernels.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchStepsCommandTest {

  @Test
  void printsARowForEveryWorkloadAndEngine(@TempDir Path directory) throws IOException {
    Path json = directory.resolve("rows.json");
    String command =
        "bench steps w1 W3 inference --heights 50,2e2 --touched 50 --dense-up-to 100 --rounds 2"
            + " --seconds 0.001 --json "
            + json;
    Outcome outcome = Outcome.of(command.split(" "));
    assertEquals("", outcome.err());
    assertEquals(Main.OK, outcome.exitCode());
    List<String> lines = outcome.out().lines().toList();
    String kernels = Kernels.standard().name() + " kernels, 1 thread";
    assertTrue(lines.get(0).startsWith("Median of 2 interleaved rounds, Java "), lines.get(0));
    assertTrue(lines.get(0).endsWith(kernels), lines.get(0));
    assertEquals(3, count(lines, "W1 ten operations"), outcome.out());
    assertEquals(3, count(lines, "W3 anchored embedding 50×100, "), outcome.out());
    assertEquals(2, count(lines, "W3 anchored embedding 200×100, "), outcome.out());
    assertEquals(3, count(lines, "inference one row"), outcome.out());
    String written = Files.readString(json);
    assertTrue(written.contains("\"threads\": 1"), written);
    assertTrue(written.contains("\"engine\": \"by hand, our kernels\""), written);
  }

  @Test
  void multipliesInThreeFormsAndSizesAskedFor(@TempDir Path directory) throws IOException {
    Path json = directory.resolve("rows.json");
    String command =
        "bench steps product --sizes 5,16 --threads 2 --rounds 2 --seconds 0.001 --json " + json;
    Outcome outcome = Outcome.of(command.split(" "));
    assertEquals("", outcome.err());
    assertEquals(Main.OK, outcome.exitCode());
    List<String> lines = outcome.out().lines().toList();
    assertTrue(lines.get(0).endsWith(" kernels, 2 threads"), lines.get(0));
    for (String form : List.of("A·B", "Aᵀ·B", "A·Bᵀ")) {
      assertEquals(3, count(lines, "product " + form + ", 5×5 "), outcome.out());
      assertEquals(3, count(lines, "product " + form + ", 16×16 "), outcome.out());
    }
    String written = Files.readString(json);
    assertTrue(written.contains("\"description\": \"Aᵀ·B, 16×16\""), written);
  }

  /** Rows of this module's own engines. */
  private static long count(List<String> lines, String start) {
    return lines.stream()
        .filter(line -> line.startsWith(start))
        .filter(line -> line.contains(" Backstay ") || line.contains(" by hand, "))
        .count();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          W9                  | there is no workload 'W9', but [W1, W2, W3, W4, W5, W6, W7, inference, product].
          --rounds 0          | --rounds must be at least 1 and --seconds more than 0 and at most 60, got 0 and 0.3.
          --threads 0         | --threads must be from 1 to 1024, got 0.
          --heights 2000,300  | --heights must be at least --touched, got [2000, 300] and 400.
          --sizes 16,5000     | --sizes must be at most 4096, got [16, 5000].
          --heights 1e8       | --heights must be at most 20 million, got [100000000].
          """)
  void refusesSettingsThatMeasureNothing(String arguments, String message) {
    Outcome outcome = Outcome.of(("bench steps " + arguments).split(" "));
    assertEquals(Main.BAD_INPUT, outcome.exitCode());
    assertEquals(
        "backstay bench steps: " + message + " See backstay bench steps --help.",
        outcome.err().strip());
  }
}
