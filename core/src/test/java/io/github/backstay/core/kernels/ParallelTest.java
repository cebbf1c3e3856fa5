package io.github.backstay.core.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class ParallelTest {

  @Property(tries = 200)
  void everyPartRunsOnce(
      @ForAll @IntRange(min = 1, max = 5) int threads,
      @ForAll @IntRange(max = 40) int parts,
      @ForAll boolean fromInside) {
    ForkJoinPool pool = new ForkJoinPool(2);
    try {
      Parallel parallel = Parallel.on(pool, threads);
      int[] runs = new int[parts];
      Runnable run = () -> parallel.run(parts, k -> runs[k]++);
      if (fromInside) {
        pool.submit(run).join();
      } else {
        run.run();
      }
      for (int k = 0; k < parts; k++) {
        assertEquals(1, runs[k]);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aPartMayHavePartsEvenWhenAllThreadsAreBusy() {
    ForkJoinPool pool = new ForkJoinPool(2);
    try {
      Parallel parallel = Parallel.on(pool);
      assertEquals(2, parallel.threads());
      AtomicIntegerArray runs = new AtomicIntegerArray(64);
      Assertions.assertTimeoutPreemptively(
          Duration.ofMinutes(1),
          () -> parallel.run(8, i -> parallel.run(8, j -> runs.incrementAndGet(8 * i + j))));
      for (int k = 0; k < 64; k++) {
        assertEquals(1, runs.get(k));
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void threadsThatAreBusyElsewhereAreNotWaitedFor() {
    ForkJoinPool pool = new ForkJoinPool(1);
    CountDownLatch release = new CountDownLatch(1);
    try {
      pool.execute(() -> Assertions.assertDoesNotThrow(() -> release.await()));
      AtomicInteger sum = new AtomicInteger();
      Assertions.assertTimeoutPreemptively(
          Duration.ofMinutes(1), () -> Parallel.on(pool, 2).run(10, sum::addAndGet));
      assertEquals(45, sum.get());
    } finally {
      release.countDown();
      pool.shutdown();
    }
  }

  @Test
  void anExceptionPassesThroughAndLaterPartsDoNotRun() {
    ForkJoinPool pool = new ForkJoinPool(2);
    try {
      IllegalArgumentException failure = new IllegalArgumentException("part 3");
      AtomicInteger after = new AtomicInteger();
      IllegalArgumentException thrown =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  Parallel.on(pool)
                      .run(
                          100_000,
                          k -> {
                            if (k == 3) {
                              throw failure;
                            }
                            after.incrementAndGet();
                          }));
      assertSame(failure, thrown);
      assertTrue(after.get() < 100_000);
      int stopped = after.get();
      Parallel.on(pool).run(2, k -> {});
      assertEquals(stopped, after.get());
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aClosedPoolIsNamed() {
    ForkJoinPool pool = new ForkJoinPool(2);
    pool.shutdown();
    AtomicInteger runs = new AtomicInteger();
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () -> Parallel.on(pool).run(3, k -> runs.incrementAndGet()));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith("parallel: java.util.concurrent.ForkJoinPool"), message);
    assertTrue(message.contains("refuses work"), message);
    assertEquals(0, runs.get());
  }

  @Test
  void anInterruptIsKeptForLater() {
    ForkJoinPool pool = new ForkJoinPool(2);
    try {
      Thread.currentThread().interrupt();
      AtomicInteger runs = new AtomicInteger();
      Parallel.on(pool).run(1000, k -> runs.incrementAndGet());
      assertEquals(1000, runs.get());
      assertTrue(Thread.interrupted());
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void serialRunsInOrderOnTheCallingThread() {
    StringBuilder order = new StringBuilder();
    Parallel.serial().run(4, order::append);
    assertEquals("0123", order.toString());
    assertEquals(1, Parallel.serial().threads());
    assertSame(Parallel.serial(), Parallel.on(Runnable::run, 1));
  }

  @Test
  void threadsArePositive() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Parallel.on(Runnable::run, 0));
    assertEquals(
        "parallel: threads must be positive, the calling one included; got 0.", e.getMessage());
  }
}
