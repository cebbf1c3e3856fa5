package io.github.backstay.benchmarks.training;

import io.github.backstay.core.Tape;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Threads and tapes for jobs that do not depend on each other. Results come in the order of the
 * jobs, whoever has done which, so that they are the same for any number of threads. To be closed.
 */
public final class Workers implements AutoCloseable {

  /**
   * One of several jobs.
   *
   * @param <T> what comes of it
   */
  @FunctionalInterface
  public interface Job<T> {
    /**
     * Does it.
     *
     * @param tape a tape for this job alone
     * @param number which job, from 0
     * @return what came of it
     */
    T run(Tape tape, int number);
  }

  private final int threads;
  private final @Nullable ExecutorService pool;
  private final List<Tape> held = new ArrayList<>(); // one per piece of a step
  private final ConcurrentLinkedDeque<Tape> free = new ConcurrentLinkedDeque<>();

  /**
   * Makes workers.
   *
   * @param threads how many; with 1, the jobs are done by the thread that asks
   */
  public Workers(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException(
          "workers: there must be at least 1 thread, got " + threads + ".");
    }
    this.threads = threads;
    this.pool = threads == 1 ? null : Executors.newFixedThreadPool(threads);
  }

  /**
   * How many threads there are.
   *
   * @return at least 1
   */
  public int threads() {
    return threads;
  }

  /**
   * Does jobs whose variables and gradients are still needed afterwards, until {@link #reset()}.
   *
   * @param count how many jobs
   * @param job what to do for each
   * @param <T> what comes of one
   * @return one result per job
   */
  public <T> List<T> keeping(int count, Job<T> job) {
    while (held.size() < count) {
      held.add(Tape.builder().recycleVariables().build());
    }
    return all(count, number -> job.run(held.get(number), number));
  }

  /** Resets the tapes of {@link #keeping}. */
  public void reset() {
    held.forEach(Tape::reset);
  }

  /**
   * Does jobs of which nothing is left but their results.
   *
   * @param count how many jobs
   * @param job what to do for each
   * @param <T> what comes of one; nothing that lives on the tape
   * @return one result per job
   */
  public <T> List<T> map(int count, Job<T> job) {
    return all(
        count,
        number -> {
          Tape taken = free.poll();
          Tape tape = taken == null ? Tape.builder().recycleVariables().build() : taken;
          try {
            return job.run(tape, number);
          } finally {
            tape.reset();
            free.push(tape);
          }
        });
  }

  /** A job that has its tape. */
  private interface Numbered<T> {
    T run(int number);
  }

  private <T> List<T> all(int count, Numbered<T> job) {
    List<T> results = new ArrayList<>(count);
    if (pool == null || count == 1) {
      for (int number = 0; number < count; number++) {
        results.add(job.run(number));
      }
      return results;
    }
    List<Callable<T>> calls = new ArrayList<>(count);
    for (int number = 0; number < count; number++) {
      int own = number;
      calls.add(() -> job.run(own));
    }
    try {
      for (Future<T> future : pool.invokeAll(calls)) {
        results.add(future.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("workers: interrupted while waiting for the jobs.", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException("workers: a job failed.", e);
    }
    return results;
  }

  /** Ends the threads. */
  @Override
  public void close() {
    if (pool != null) {
      pool.shutdownNow();
    }
  }
}
