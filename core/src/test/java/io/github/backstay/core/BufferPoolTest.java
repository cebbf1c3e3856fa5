package io.github.backstay.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/** Steps that are alike share their buffers; sizes of long ago do not pile up. */
class BufferPoolTest {

  private final BufferPool pool = new BufferPool();

  private DMatrixRMaj step(int rows, int cols) {
    DMatrixRMaj matrix = pool.take(rows, cols);
    pool.give(matrix);
    pool.endStep();
    return matrix;
  }

  @Test
  void stepsThatAreAlikeUseTheSameMatrix() {
    DMatrixRMaj first = step(3, 4);
    for (int i = 0; i < 1000; i++) {
      assertSame(first, step(4, 3));
    }
    assertEquals(12, pool.idle());
  }

  @Test
  void aSizeThatComesNowAndThenIsKept() {
    DMatrixRMaj rare = step(5, 5);
    for (int i = 0; i < 60; i++) {
      assertEquals(2, step(2, 2).numRows);
    }
    assertSame(rare, step(5, 5));
  }

  @Test
  void aSizeOfLongAgoIsForgotten() {
    DMatrixRMaj old = step(5, 5);
    for (int i = 0; i < 130; i++) {
      assertEquals(2, step(2, 2).numRows);
    }
    assertEquals(4, pool.idle());
    assertNotSame(old, step(5, 5));
  }

  @Test
  void largeSizesThatGrowFromStepToStepDoNotPileUp() {
    for (int rows = 10_000; rows < 10_040; rows++) {
      assertEquals(rows, step(rows, 100).numRows);
      assertTrue(pool.idle() <= 4L * rows * 100 + (1 << 23), () -> "idle: " + pool.idle());
    }
  }

  @Test
  void manySizesInOneStepAreAllKept() {
    DMatrixRMaj[] first = new DMatrixRMaj[200];
    for (int turn = 0; turn < 3; turn++) {
      DMatrixRMaj[] taken = new DMatrixRMaj[first.length];
      for (int i = 0; i < taken.length; i++) {
        taken[i] = pool.take(1, i);
        assertTrue(turn == 0 || taken[i] == first[i]);
      }
      for (DMatrixRMaj matrix : taken) {
        pool.give(matrix);
      }
      pool.endStep();
      first = taken;
    }
    assertEquals(199 * 100, pool.idle());
  }
}
