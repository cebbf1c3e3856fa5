package io.github.backstay.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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

class TrainSstCommandTest {

  @TempDir private Path folder = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeSmallFiles() throws IOException {
    List<String> trees = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      trees.add(i % 2 == 0 ? "(4 (3 good) (2 film))" : "(0 (1 bad) (2 film))");
      trees.add("(2 (2 plain) (2 film))");
    }
    for (String part : List.of("train.txt", "dev.txt", "test.txt")) {
      Files.write(folder.resolve(part), trees);
    }
    Files.write(
        folder.resolve("vectors.txt"),
        List.of("good 0.1 0.2 0.3", "bad -0.1 0.2 0.1", "film 0.0 0.1 -0.2"));
  }

  private int run(String... more) {
    List<String> args = new ArrayList<>(List.of("train", "sst", "--data", folder.toString()));
    args.addAll(List.of("--vectors", folder.resolve("vectors.txt").toString()));
    args.addAll(List.of("--seeds", "2", "--epochs", "40", "--rate", "0.05"));
    args.addAll(List.of(more));
    return Main.run(
        new PrintWriter(out, true), new PrintWriter(err, true), args.toArray(String[]::new));
  }

  private JsonNode json(String... more) throws IOException {
    Path file = folder.resolve("result.json");
    List<String> args = new ArrayList<>(List.of(more));
    args.addAll(List.of("--json", file.toString()));
    assertEquals(0, run(args.toArray(String[]::new)), err.toString());
    return new ObjectMapper().readTree(Files.readString(file));
  }

  @Test
  void trainsOnTreesAndVectorsAndWritesEveryNumber() throws IOException {
    JsonNode found = json("--embeddings", "anchor", "--lw", "0.01");
    assertEquals(30, found.at("/sizes/train").asInt());
    assertEquals(4, found.at("/sizes/rows").asInt());
    assertEquals(2, found.at("/runs").size());
    assertEquals(40, found.at("/runs/0/epochs").size());
    assertEquals(1.0, found.at("/summary/testLast/accuracy/mean").asDouble());
    assertTrue(out.toString().contains("word vectors anchor 0.01"), out.toString());
    assertTrue(out.toString().contains("cut off"), out.toString());
  }

  @Test
  void theMistakeEqualsNoPenaltyToTheBit() throws IOException {
    JsonNode free = json("--embeddings", "free");
    JsonNode bug = json("--embeddings", "data-bug", "--lw", "0.01");
    for (int seed = 0; seed < 2; seed++) {
      String weights = "/runs/" + seed + "/fingerprint";
      assertEquals(free.at(weights).asText(), bug.at(weights).asText());
      String cost = "/runs/" + seed + "/epochs/39/training/cost";
      assertTrue(bug.at(cost).asDouble() > free.at(cost).asDouble());
    }
  }

  @Test
  void driftIsListedAndDrawnAndChangesNoWeight() throws IOException {
    JsonNode plain = json("--embeddings", "anchor");
    assertTrue(plain.at("/runs/0/drift").isNull());
    Path picture = folder.resolve("drift.svg");
    JsonNode found =
        json("--embeddings", "anchor", "--drift", "2", "--drift-picture", picture.toString());
    assertEquals(
        plain.at("/runs/0/fingerprint").asText(), found.at("/runs/0/fingerprint").asText());
    assertTrue(found.at("/runs/1/drift").isNull());
    JsonNode drift = found.at("/runs/0/drift");
    assertEquals(3, drift.at("/moved").asInt()); // good, bad, film; "plain" is neutral
    assertEquals(3, drift.at("/top").size());
    // 30 sentences in batches of 25, 40 epochs: "film" is in both batches of each.
    assertEquals(80, drift.at("/steps").asInt());
    for (JsonNode row : drift.at("/top")) {
      assertTrue(row.at("/touches").asInt() >= 40, row.toString());
      assertTrue(
          !row.at("/token").asText().equals("film") || row.at("/touches").asInt() == 80,
          row.toString());
    }
    assertEquals(
        found.at("/runs/0/epochs/39/training/drift").asDouble(),
        drift.at("/total").asDouble(),
        1e-12);
    String printed = out.toString().substring(out.toString().indexOf("With seed 1"));
    assertEquals(1 + 3 + 1 + 2, printed.lines().count(), printed);
    String svg = Files.readString(picture);
    assertTrue(svg.contains(drift.at("/top/0/token").asText() + "</text>"), svg);
    assertTrue(!svg.contains(drift.at("/top/2/token").asText() + "</text>"), svg);
  }

  @Test
  void aLimitTakesHalfOfEachClassAndRefusesTooMany() throws IOException {
    assertEquals(4, json("--limit", "4").at("/plan/limit").asInt());
    assertEquals(2, run("--limit", "31"));
    assertTrue(
        err.toString()
            .contains(
                "--limit must be 0, or from 2 to 30 here (sentences, as many of each class), got 31"),
        err.toString());
  }

  @Test
  void badArgumentsEndWithOneLineAndExitCodeTwo() {
    requireRefused("unknown treatment", "there is no \"melted\"", "--embeddings", "melted");
    requireRefused("negative", "--lw must be finite and at least 0, got -1.0", "--lw", "-1");
    requireRefused("not a number", "--lc", "--lc", "much");
    requireRefused("NaN", "--lw must be finite and at least 0, got NaN", "--lw", "NaN");
    requireRefused("no epochs", "--epochs must be at least 1, got 0", "--epochs", "0");
    requireRefused("no K", "--drift must be at least 0, got -1", "--drift", "-1");
    requireRefused("no names", "--drift-picture needs --drift K", "--drift-picture", "x.svg");
    requireRefused(
        "directory", "is a directory", "--drift", "1", "--drift-picture", folder.toString());
    requireRefused("unknown option", "--fast", "--fast");
  }

  @Test
  void filesThatCannotBeUsedEndWithOneLineAndExitCodeTwo() throws IOException {
    requireRefused("missing vectors", "missing.txt", "--vectors", "missing.txt");
    Files.writeString(folder.resolve("dev.txt"), "(4 (3 good) (2 fi");
    requireRefused("cut off", "dev.txt, line 1");
    Files.delete(folder.resolve("dev.txt"));
    requireRefused("missing part", "dev.txt");
  }

  private void requireRefused(String what, String expected, String... args) {
    err.getBuffer().setLength(0);
    // an option may be given once only, so those under test replace the defaults
    List<String> all = new ArrayList<>(List.of("train", "sst", "--data", folder.toString()));
    if (!List.of(args).contains("--vectors")) {
      all.addAll(List.of("--vectors", folder.resolve("vectors.txt").toString()));
    }
    all.addAll(List.of(args));
    int code =
        Main.run(
            new PrintWriter(out, true), new PrintWriter(err, true), all.toArray(String[]::new));
    assertEquals(2, code, what);
    assertTrue(err.toString().contains(expected), what + ": " + err);
    assertEquals(1, err.toString().strip().lines().count(), what + ": " + err);
  }
}
