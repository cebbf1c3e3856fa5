package io.github.backstay.benchmarks.report;

import java.io.PrintStream;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * A progress bar on standard error, for people only: nothing appears where there is no terminal, in
 * continuous integration ({@code CI} is set) and on terminals that cannot go back in a line ({@code
 * TERM=dumb}). To be closed, best in a {@code try} with resources.
 */
public final class Progress implements AutoCloseable {

  private final @Nullable ProgressBar bar;

  private Progress(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  /**
   * Starts a bar where there is somebody to see it.
   *
   * @param task what is being done, in a word or two
   * @param steps how many steps it takes
   * @return the bar, at 0
   */
  public static Progress start(String task, long steps) {
    boolean seen =
        Terminal.isPresent()
            && System.getenv("CI") == null
            && !"dumb".equals(System.getenv("TERM"));
    return seen ? on(System.err, task, steps) : silent();
  }

  /**
   * A bar that shows nothing.
   *
   * @return the bar
   */
  public static Progress silent() {
    return new Progress(null);
  }

  /** A bar on a stream, whatever that is. */
  static Progress on(PrintStream stream, String task, long steps) {
    return new Progress(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(steps)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(200)
            .setConsumer(new ConsoleProgressBarConsumer(stream, 100))
            .build());
  }

  /**
   * Says anew how many steps it takes.
   *
   * @param steps all, those done included
   */
  public void expect(long steps) {
    if (bar != null) {
      bar.maxHint(steps);
    }
  }

  /** One step is done. */
  public void step() {
    if (bar != null) {
      bar.step();
    }
  }

  /**
   * Shows a few words behind the bar, for instance the loss.
   *
   * @param text the words, in place of those before
   */
  public void say(String text) {
    if (bar != null) {
      bar.setExtraMessage(" " + text);
    }
  }

  /** Ends the bar and its line. */
  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
