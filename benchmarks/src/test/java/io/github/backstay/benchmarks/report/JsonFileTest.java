package io.github.backstay.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.backstay.benchmarks.data.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonFileTest {

  @TempDir private Path directory = Path.of("");

  record Result(String name, double loss, List<Integer> epochs) {}

  @Test
  void recordsAreObjectsInTheOrderOfTheirComponents() throws IOException {
    Path file = directory.resolve("a/b/summary.json");
    JsonFile.write(file, new Result("anchor \"x\"", 0.1, List.of(1, 2)));
    assertEquals(
        """
        {
          "name": "anchor \\"x\\"",
          "loss": 0.1,
          "epochs": [ 1, 2 ]
        }
        """,
        Files.readString(file));
  }

  @Property(tries = 500)
  void doublesAreReadBackTheSame(@ForAll double value) throws IOException {
    String text = JsonFile.format(Map.of("x", value));
    assertEquals(value, new ObjectMapper().readTree(text).get("x").doubleValue());
  }

  @Test
  void numbersThatJsonLacksBecomeText() throws IOException {
    String text = JsonFile.format(new double[] {Double.NaN, Double.NEGATIVE_INFINITY});
    assertEquals("[ \"NaN\", \"-Infinity\" ]\n", text);
  }

  @Test
  void whatHasNoFormInJsonIsRefused() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> JsonFile.format(new Object()));
    assertTrue(String.valueOf(refused.getMessage()).startsWith("json: No serializer found"));
  }

  @Test
  void fileIsReplacedAsAWholeAndNothingElseIsLeft() throws IOException {
    Path file = directory.resolve("summary.json");
    JsonFile.write(file, List.of("a long first version", "of the file"));
    JsonFile.write(file, 1);
    assertEquals("1\n", Files.readString(file));
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void failureLeavesTheOldFileAndSaysWhy() throws IOException {
    Path file = directory.resolve("summary.json");
    Files.writeString(file, "old");
    assertThrows(
        IllegalArgumentException.class, () -> JsonFile.write(file, Map.of("x", new Object())));
    assertEquals("old", Files.readString(file));
    assertEquals(
        directory + ": is a directory (need the name of a file to write).",
        assertThrows(DataException.class, () -> JsonFile.write(directory, 1)).getMessage());
    Path below = file.resolve("x.json");
    assertEquals(
        below + ": cannot be written: " + file + " is no directory.",
        assertThrows(DataException.class, () -> JsonFile.write(below, 1)).getMessage());
  }
}
