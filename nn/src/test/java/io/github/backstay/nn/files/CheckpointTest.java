package io.github.backstay.nn.files;

import static io.github.backstay.nn.files.TensorFiles.assertSame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.backstay.core.StateDict;
import io.github.backstay.nn.Linear;
import io.github.backstay.nn.Seeds;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Whole trainings are resumed in the tests of optim, which see optimizers too. */
class CheckpointTest {

  @TempDir private Path directory = Path.of("unset");

  private static Linear linear(int out, long seed) {
    return new Linear(2, out, new Seeds(seed).generator(0, "linear"));
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(
        message,
        Objects.requireNonNull(assertThrows(IllegalArgumentException.class, call).getMessage()));
  }

  private final Linear first = linear(2, 1);
  private final Linear second = linear(3, 2);
  private final StateDict run =
      StateDict.builder()
          .integer("step", 17)
          .integer("seed", Long.MIN_VALUE)
          .put("best", first.weight().toMatrix())
          .build();

  private Path saved() {
    Path file = directory.resolve("c.safetensors");
    Checkpoint.of("first", first).plus("second", second).save(file, run);
    return file;
  }

  @Test
  void everyPartAndTheRunComeBack() {
    Linear newFirst = linear(2, 3);
    Linear newSecond = linear(3, 4);
    StateDict newRun = Checkpoint.of("first", newFirst).plus("second", newSecond).load(saved());
    assertSame(run, newRun);
    assertSame(first.stateDict(), newFirst.stateDict());
    assertSame(second.stateDict(), newSecond.stateDict());
    assertEquals(17, newRun.integer("step"));
  }

  @Test
  void theFileIsReadableByItself() {
    StateDict all = Safetensors.read(saved());
    assertEquals(
        List.of("run.best", "first.weight", "first.bias", "second.weight", "second.bias"),
        List.copyOf(all.names()));
    assertEquals("17", all.text("run.step"));
  }

  @Test
  void changesNoPartUnlessAllFit() {
    Linear newFirst = linear(2, 3);
    StateDict before = newFirst.stateDict();
    assertRefused(
        "stateDict: \"second.weight\" is 3×2 (need 4×2), \"second.bias\" is 1×3 (need 1×4).",
        () -> load(Checkpoint.of("first", newFirst).plus("second", linear(4, 4))));
    assertRefused(
        "stateDict: \"second.weight\", \"second.bias\" are unexpected; needed: what is below first,"
            + " run.",
        () -> load(Checkpoint.of("first", newFirst)));
    assertRefused(
        "stateDict: \"third.weight\", \"third.bias\" are missing; found: nothing.",
        () ->
            load(
                Checkpoint.of("first", newFirst)
                    .plus("second", linear(3, 4))
                    .plus("third", linear(1, 1))));
    assertSame(before, newFirst.stateDict());
  }

  private void load(Checkpoint checkpoint) {
    assertEquals(17, checkpoint.load(saved()).integer("step"));
  }

  @Test
  void rejectsNamesThatCannotBeToldApart() {
    for (String name : List.of("", " ", "a.b", "run")) {
      assertRefused(
          "checkpoint: a part must not be named \""
              + name
              + "\" (need a name without dots, and \"run\" is the checkpoint's own).",
          () -> assertEquals("", Checkpoint.of(name, first).toString()));
    }
    Checkpoint one = Checkpoint.of("first", first);
    assertRefused(
        "checkpoint: there is a part named \"first\" already. Give each its own name.",
        () -> assertEquals("", one.plus("first", second).toString()));
    assertEquals("checkpoint of first, second", one.plus("second", second).toString());
    assertEquals("checkpoint of first", one.toString());
  }
}
