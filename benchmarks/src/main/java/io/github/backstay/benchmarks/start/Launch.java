package io.github.backstay.benchmarks.start;

import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One process, from before it was started to after its end.
 *
 * @param milliseconds from before the start until the line with the gradient was read
 * @param answer what it said
 */
record Launch(double milliseconds, Answer answer) {

  /** Would change what is measured, unseen. */
  private static final List<String> OPTIONS =
      List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS");

  /**
   * Starts a process and waits for its end. When this returns or throws, the process is no more.
   *
   * @param command program and arguments
   * @param limit how long it may take; then it is destroyed
   * @throws StartException if it cannot be started, takes too long, ends with another code than 0,
   *     or does not print an answer
   */
  static Launch of(List<String> command, Duration limit) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(OPTIONS);
    List<String> lines = new ArrayList<>();
    long start = System.nanoTime();
    long first = start;
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new StartException("start: no process can be started: " + e.getMessage() + ".", e);
    }
    ProcessHandle handle = process.toHandle(); // unlike the process, closes no stream that is read
    CompletableFuture<Void> alarm =
        CompletableFuture.runAsync(
            handle::destroyForcibly,
            CompletableFuture.delayedExecutor(limit.toNanos(), TimeUnit.NANOSECONDS));
    int code;
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        if (first == start && line.startsWith(Answer.GRADIENT)) {
          first = System.nanoTime();
        }
        lines.add(line);
      }
      code = process.waitFor();
    } catch (IOException e) {
      throw new StartException("start: the process cannot be read: " + e.getMessage() + ".", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("start: interrupted while a process was at work.", e);
    } finally {
      alarm.cancel(false);
      process.destroyForcibly();
    }
    if (code != 0) {
      boolean late = System.nanoTime() - start >= limit.toNanos();
      throw new StartException(
          "start: the process "
              + (late ? "took longer than " + limit.toMillis() + " ms" : "ended with code " + code)
              + " (need code 0 within "
              + limit.toMillis()
              + " ms). It printed "
              + Answer.quote(lines)
              + ".");
    }
    return new Launch((first - start) / 1e6, Answer.of(lines));
  }
}
