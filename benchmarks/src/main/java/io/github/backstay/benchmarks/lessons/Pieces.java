package io.github.backstay.benchmarks.lessons;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Independent pieces of an experiment. What they give does not depend on the threads. */
final class Pieces {

  private Pieces() {}

  /**
   * Works through all pieces.
   *
   * @param pieces what to do; they share nothing that changes
   * @param threads how many at a time
   * @param progress is called after each piece, from any thread
   * @return what they gave, in their order
   */
  static <T> List<T> workThrough(List<Callable<T>> pieces, int threads, Runnable progress) {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (Callable<T> piece : pieces) {
        futures.add(
            pool.submit(
                () -> {
                  T result = piece.call();
                  progress.run();
                  return result;
                }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the experiment was interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a training failed: " + e.getCause(), e);
    } finally {
      pool.shutdownNow();
    }
  }
}
