package io.github.backstay.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.backstay.benchmarks.data.Digits;
import io.github.backstay.benchmarks.lessons.DigitSets;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LessonCommandTest {

  @TempDir private Path folder = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** Real files have this form. */
  @BeforeEach
  void writeSmallFiles() throws IOException {
    Digits digits = DigitSets.drawn(1).train();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      StringBuilder line = new StringBuilder();
      for (int j = 0; j < 64; j++) {
        line.append(Math.round(16.0 * digits.pixels().get(i, j))).append(',');
      }
      lines.add(line.append(digits.labels().get(i)).toString());
    }
    Files.write(folder.resolve("optdigits.tra"), lines.subList(0, 200));
    Files.write(folder.resolve("optdigits.tes"), lines.subList(200, 300));
  }

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }

  private JsonNode lesson(String name, String... more) throws IOException {
    Path file = folder.resolve("numbers.json");
    List<String> args = new ArrayList<>(List.of("lesson", name));
    args.addAll(List.of("--out", folder.resolve("new/" + name).toString()));
    args.addAll(List.of("--json", file.toString()));
    args.addAll(List.of(more));
    assertEquals(0, run(args.toArray(String[]::new)), err.toString());
    String picture = Files.readString(folder.resolve("new/" + name + "/" + name + ".svg"));
    assertTrue(picture.startsWith("<svg"), name);
    assertTrue(out.toString().contains("The picture is "), out.toString());
    return new ObjectMapper().readTree(Files.readString(file));
  }

  @Test
  void forgettingComparesFourMethodsOnFiles() throws IOException {
    JsonNode found =
        lesson("forgetting", "--data", folder.toString(), "--epochs", "1", "--seeds", "2");
    assertEquals("PERMUTED", found.at("/tasks").asText());
    assertEquals(25, found.at("/points").size());
    assertEquals(3, found.at("/points/0/search").size());
    assertEquals(2, found.at("/points/0/heldOut").size());
    assertEquals(2, found.at("/before").size());
    for (String row :
        List.of("old task only", "fine-tuning", "anchor-L2", "EWC ", "EWC of batch means")) {
      assertTrue(out.toString().contains("\n" + row), row + " in " + out);
    }
    assertTrue(out.toString().contains("\nthe same, λ of EWC"), out.toString());
  }

  @Test
  void forgettingSplitsTheClassesIfTold() throws IOException {
    JsonNode found =
        lesson(
            "forgetting",
            "--data",
            folder.toString(),
            "--epochs",
            "1",
            "--seeds",
            "1",
            "--tasks",
            "split",
            "--seed",
            "4");
    assertEquals("SPLIT", found.at("/tasks").asText());
    assertEquals(1004, found.at("/heldOutSeeds/0").asInt());
    assertTrue(out.toString().contains("split tasks"), out.toString());
  }

  @Test
  void plasticityFollowsTheTasksOnDigitsThatItDraws() throws IOException {
    JsonNode found = lesson("plasticity", "--tasks", "3", "--epochs", "1", "--seeds", "1");
    assertEquals(3, found.at("/rows").size());
    assertEquals(3, found.at("/rows/2/runs/0/accuracy").size());
    for (String row : List.of("no penalty", "L2 to zero", "L2 Init")) {
      assertTrue(out.toString().contains("\n" + row), row + " in " + out);
    }
  }

  @Test
  void plasticityReadsFilesToo() throws IOException {
    JsonNode found =
        lesson(
            "plasticity",
            "--data",
            folder.toString(),
            "--tasks",
            "2",
            "--epochs",
            "1",
            "--seeds",
            "2");
    assertEquals(2, found.at("/rows/0/runs").size());
  }

  @Test
  void decouplingPrintsItsThreeParts() throws IOException {
    JsonNode found = lesson("decoupling", "--seed", "1");
    assertEquals(4, found.at("/fresh").size());
    assertEquals(4, found.at("/rows").size());
    assertTrue(out.toString().contains("Largest difference between the two λ: coupled "));
    assertTrue(out.toString().contains("coupled × size"));
    assertTrue(out.toString().contains("\nSGD, the same noise: coupled and decoupled differ by "));
    assertFalse(out.toString().contains("NaN"), out.toString());
  }

  private void requireRefused(String expected, String... args) {
    err.getBuffer().setLength(0);
    assertEquals(2, run(args), expected);
    assertTrue(err.toString().contains(expected), err.toString());
    assertEquals(1, err.toString().strip().lines().count(), err.toString());
  }

  @Test
  void badArgumentsEndWithOneLineAndExitCodeTwo() throws IOException {
    requireRefused("a lesson is needed: forgetting, plasticity, decoupling", "lesson");
    requireRefused("'grammar'", "lesson", "grammar");
    for (String lesson : List.of("forgetting", "plasticity", "decoupling")) {
      requireRefused("--seed must be from 0 to 2147483647, got -1", "lesson", lesson, "--seed=-1");
      requireRefused("--seed", "lesson", lesson, "--seed", "x");
      requireRefused(
          "is a directory (need the name of a file to write)",
          "lesson",
          lesson,
          "--json",
          folder.toString());
      requireRefused(
          "is a file (need a directory for the picture)",
          "lesson",
          lesson,
          "--out",
          folder.resolve("optdigits.tra").toString());
    }
    requireRefused("--seeds must be at least 1, got 0", "lesson", "forgetting", "--seeds", "0");
    requireRefused("--epochs must be at least 1, got 0", "lesson", "forgetting", "--epochs", "0");
    requireRefused("--tasks", "lesson", "forgetting", "--tasks", "three");
    requireRefused("--seeds must be at least 1, got 0", "lesson", "plasticity", "--seeds", "0");
    requireRefused("--tasks must be at least 1, got -2", "lesson", "plasticity", "--tasks=-2");
    requireRefused("--epochs must be at least 1, got 0", "lesson", "plasticity", "--epochs", "0");
  }

  @Test
  void filesThatCannotBeUsedEndWithOneLineAndExitCodeTwo() throws IOException {
    Files.writeString(folder.resolve("optdigits.tes"), "1,2,3\n");
    for (String lesson : List.of("forgetting", "plasticity")) {
      requireRefused("no-such: no such directory", "lesson", lesson, "--data", "no-such");
      requireRefused(
          "optdigits.tes, line 1: holds 3 fields", "lesson", lesson, "--data", folder.toString());
    }
  }
}
