package io.github.backstay.benchmarks.lessons;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PiecesTest {

  @Test
  void resultsComeInTheOrderOfThePiecesAndEachIsCounted() {
    List<Callable<Integer>> pieces = new ArrayList<>();
    List<Integer> expected = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      int own = i;
      expected.add(own);
      pieces.add(() -> own);
    }
    AtomicInteger done = new AtomicInteger();
    assertEquals(expected, Pieces.workThrough(pieces, 4, done::incrementAndGet));
    assertEquals(20, done.get());
  }

  @Test
  void aPieceThatFailsEndsTheWholeWithItsCause() {
    IllegalArgumentException cause = new IllegalArgumentException("too large");
    List<Callable<Integer>> pieces =
        List.of(
            () -> 1,
            () -> {
              throw cause;
            });
    IllegalStateException failed =
        assertThrows(IllegalStateException.class, () -> Pieces.workThrough(pieces, 2, () -> {}));
    assertEquals(
        "a training failed: java.lang.IllegalArgumentException: too large", failed.getMessage());
  }
}
