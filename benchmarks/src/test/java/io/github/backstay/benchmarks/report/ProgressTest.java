package io.github.backstay.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {

  @Test
  void showsTaskStepsAndWords() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream stream = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    try (Progress progress = Progress.on(stream, "train", 3)) {
      for (int i = 0; i < 3; i++) {
        progress.step();
      }
      progress.say("loss 0.5");
    }
    String shown = bytes.toString(StandardCharsets.UTF_8);
    assertTrue(shown.contains("train 100%"), shown);
    assertTrue(shown.contains("3/3"), shown);
    assertTrue(shown.contains("loss 0.5"), shown);
  }

  @Test
  void silentBarWritesNothing() {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try (Progress progress = Progress.silent()) {
      progress.step();
      progress.say("unseen");
    } finally {
      System.setErr(before);
    }
    assertEquals(0, bytes.size());
  }
}
