package io.github.backstay.core.kernels;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Parts that the calling thread and those of an executor take from one counter. */
final class SharedParts implements Parallel {

  /** Parts end at about the same time: so often is asked for the last before the thread sleeps. */
  private static final int PATIENCE = 1000;

  private final Executor executor;
  private final int threads;

  SharedParts(Executor executor, int threads) {
    this.executor = executor;
    this.threads = threads;
  }

  @Override
  public int threads() {
    return threads;
  }

  @Override
  public void run(int parts, IntConsumer part) {
    if (parts <= 1) {
      SerialParts.INSTANCE.run(parts, part);
      return;
    }
    Job job = new Job(parts, part);
    try {
      for (int helpers = Math.min(threads, parts) - 1; helpers > 0; helpers--) {
        executor.execute(job);
      }
    } catch (RejectedExecutionException e) {
      job.fail(
          new IllegalStateException(
              "parallel: "
                  + executor
                  + " refuses work; keep it open for as long as what was given it is used.",
              e));
    }
    job.run();
    job.await();
  }

  @Override
  public String toString() {
    return threads + " threads of " + executor;
  }

  /** One computation. The value counts the parts that have ended, or will never begin. */
  private static final class Job extends AtomicInteger implements Runnable {

    private static final long serialVersionUID = 1L;

    private final int parts;
    private final transient IntConsumer part;
    private final transient Thread caller = Thread.currentThread();
    private final AtomicInteger next = new AtomicInteger();
    private transient @Nullable Throwable failure;

    Job(int parts, IntConsumer part) {
      this.parts = parts;
      this.part = part;
    }

    @Override
    public void run() {
      for (int k = next.getAndIncrement(); k < parts; k = next.getAndIncrement()) {
        try {
          part.accept(k);
        } catch (Throwable e) { // goes to the caller, whatever it is
          fail(e);
        }
        end(1);
      }
    }

    /** Keeps the first failure, and takes all parts that nobody has begun. */
    void fail(Throwable e) {
      synchronized (this) {
        if (failure == null) {
          failure = e;
        } else if (failure != e) {
          failure.addSuppressed(e);
        }
      }
      int begun = next.getAndSet(parts);
      if (begun < parts) {
        end(parts - begun);
      }
    }

    private void end(int some) {
      if (addAndGet(some) == parts && Thread.currentThread() != caller) {
        LockSupport.unpark(caller);
      }
    }

    void await() {
      boolean interrupted = false;
      for (int k = 0; get() < parts; k++) {
        if (k < PATIENCE) {
          Thread.onSpinWait();
        } else {
          LockSupport.park(this);
          interrupted |= Thread.interrupted(); // parts use what is the caller's: they must end
        }
      }
      if (interrupted) {
        caller.interrupt();
      }
      Throwable thrown;
      synchronized (this) {
        thrown = failure;
      }
      if (thrown instanceof Error error) {
        throw error;
      }
      if (thrown instanceof RuntimeException exception) {
        throw exception;
      }
      if (thrown != null) {
        throw new IllegalStateException("parallel: a part failed: " + thrown + ".", thrown);
      }
    }
  }
}
