package io.github.backstay.core.kernels;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntConsumer;

/**
 * Carries out a computation in parts, which may run at the same time. Who divides a computation so
 * that no part depends on another gets the same bits whatever the number of threads.
 */
public interface Parallel {

  /**
   * How many parts can run at the same time, the calling thread's included.
   *
   * @return at least 1
   */
  int threads();

  /**
   * Runs every part once, in any order, and returns when all have ended. What the parts wrote is
   * seen by the caller. The calling thread takes parts like the others and waits only for those
   * that another thread has begun: so a part may call this method, and threads that are busy with
   * something else only cost time.
   *
   * @param parts how many parts there are
   * @param part is given the number of a part, from 0
   * @throws IllegalStateException if the threads refuse work
   * @throws RuntimeException what a part has thrown, itself; parts that had not begun by then do
   *     not run
   */
  void run(int parts, IntConsumer part);

  /**
   * One part after the other, on the calling thread.
   *
   * @return the only instance
   */
  static Parallel serial() {
    return SerialParts.INSTANCE;
  }

  /**
   * The calling thread, helped by a pool.
   *
   * @param pool whose threads help; it stays the caller's to close
   * @return parts for as many threads as the pool is wide
   */
  static Parallel on(ForkJoinPool pool) {
    return on(pool, pool.getParallelism());
  }

  /**
   * The calling thread, helped by {@code threads − 1} others.
   *
   * @param executor whose threads help; it stays the caller's to close
   * @param threads how many parts can run at the same time, the calling thread's included
   * @return parts for so many threads
   * @throws IllegalArgumentException if {@code threads} is not positive
   */
  static Parallel on(Executor executor, int threads) {
    Objects.requireNonNull(executor, "executor");
    if (threads < 1) {
      throw new IllegalArgumentException(
          "parallel: threads must be positive, the calling one included; got " + threads + ".");
    }
    return threads == 1 ? serial() : new SharedParts(executor, threads);
  }
}
