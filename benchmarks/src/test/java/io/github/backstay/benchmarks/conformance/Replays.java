package io.github.backstay.benchmarks.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;

/** Reference files for tests, and their replay. */
final class Replays {

  /** A case that passes: x² of (3, −1). */
  static final String SQUARE =
      """
      {"name": "square", "op": "square", "attrs": {}, "args": ["x"],
       "inputs": [{"name": "x", "rows": 1, "cols": 2, "data": [3.0, -1.0], "requiresGrad": true}],
       "output": {"rows": 1, "cols": 2, "data": [9.0, 1.0]},
       "upstream": {"rows": 1, "cols": 2, "data": [1.0, 0.5]},
       "grads": {"x": {"rows": 1, "cols": 2, "data": [6.0, -1.0]}}}
      """
          .replaceAll("\\s+", " ")
          .strip();

  private Replays() {}

  /** The directory of the test resources. */
  static Path resources() {
    try {
      return Path.of(Objects.requireNonNull(Replays.class.getResource("RECIPE.md")).toURI())
          .resolveSibling("");
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The text of a file with these cases. */
  static String file(String... cases) {
    return "{\"family\": \"small\", \"reference\": \"by hand\", \"cases\": [\n"
        + String.join(",\n", cases)
        + "\n]}\n";
  }

  /** Another case of the same op under another name. */
  static String square(String name) {
    return SQUARE.replace("\"name\": \"square\"", "\"name\": \"" + name + "\"");
  }

  static Path write(Path directory, String name, String text) {
    return write(directory, name, text.getBytes(StandardCharsets.UTF_8));
  }

  static Path write(Path directory, String name, byte[] bytes) {
    try {
      return Files.write(directory.resolve(name), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] gzip(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Replays the only file of a directory. */
  static List<Outcome> outcomes(Path directory) {
    Conformance conformance = Conformance.in(directory);
    List<FamilyReport> reports = conformance.replay(conformance.families());
    assertEquals(1, reports.size());
    return reports.get(0).outcomes();
  }

  /** Replays the only case of a file that is written for it. */
  static Outcome outcome(Path directory, String reference) {
    Path file = write(directory, "one.json", file(reference.replaceAll("\\s+", " ")));
    List<Outcome> outcomes = outcomes(Objects.requireNonNull(file.getParent()));
    assertEquals(1, outcomes.size(), outcomes.toString());
    return outcomes.get(0);
  }
}
