package io.github.backstay.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.benchmarks.report.JsonFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurvesCommandTest {

  @TempDir private Path folder = Path.of("");

  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    List<String> all = new ArrayList<>(List.of("curves"));
    all.addAll(List.of(args));
    err.getBuffer().setLength(0);
    return Main.run(
        new PrintWriter(new StringWriter(), true),
        new PrintWriter(err, true),
        all.toArray(String[]::new));
  }

  private String results(String name, String measure, double... scores) {
    List<Object> epochs = new ArrayList<>();
    for (double score : scores) {
      Map<String, Object> figures = Map.of("figures", Map.of(measure, score));
      epochs.add(Map.of("dev", figures, "test", figures));
    }
    Path file = folder.resolve(name + ".json");
    JsonFile.write(file, Map.of("runs", List.of(Map.of("epochs", epochs))));
    return file.toString();
  }

  @Test
  void trainingsOfOneMeasureStandInOnePicture() throws IOException {
    Path picture = folder.resolve("curves.svg");
    String free = results("free", "accuracy", 0.8, 0.83, 0.81);
    String anchor = results("anchor", "accuracy", 0.8, 0.83, 0.84, 0.84);
    assertEquals(0, run(free, anchor, "--out", picture.toString()), err.toString());
    assertTrue(Files.readString(picture).contains("<svg"));
  }

  @Test
  void whatCannotBeDrawnIsRefusedInOneLine() throws IOException {
    String picture = folder.resolve("curves.svg").toString();
    String free = results("free", "accuracy", 0.8);
    String other = results("other", "Pearson", 0.8);
    requireRefused("measures Pearson", free, other, "--out", picture);
    requireRefused("--part must be dev or test", free, "--part", "train", "--out", picture);
    requireRefused("taken already", free, free, "--out", picture);
    requireRefused("cannot be read", folder.resolve("none.json").toString(), "--out", picture);
    Path text = Files.writeString(folder.resolve("text.json"), "{ what");
    requireRefused("is no JSON", text.toString(), "--out", picture);
    Path empty = Files.writeString(folder.resolve("empty.json"), "{}");
    requireRefused("has no epochs", empty.toString(), "--out", picture);
    assertTrue(!Files.exists(Path.of(picture)));
  }

  private void requireRefused(String expected, String... args) {
    assertEquals(2, run(args), expected);
    assertTrue(err.toString().contains(expected), err.toString());
    assertEquals(1, err.toString().strip().lines().count(), err.toString());
  }
}
