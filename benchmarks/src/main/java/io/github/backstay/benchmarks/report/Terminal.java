package io.github.backstay.benchmarks.report;

import java.io.Console;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Whether somebody sits in front of this program, and what their terminal can show. */
public final class Terminal {

  private Terminal() {}

  /**
   * Whether input and output are a terminal. From JDK 22 on this needs the system property {@code
   * jdk.console} to be {@code java.base}, as {@link io.github.backstay.benchmarks.Main} sets it:
   * the other console of those versions is there without a terminal, too.
   *
   * @return false in pipes, in scheduled jobs, and where output goes to a file
   */
  public static boolean isPresent() {
    return console() != null;
  }

  /**
   * How to encode output: as the terminal reads it, and UTF-8 for files and pipes.
   *
   * @return the character set
   */
  public static Charset charset() {
    Console console = console();
    return console == null ? StandardCharsets.UTF_8 : console.charset();
  }

  @SuppressWarnings("SystemConsoleNull") // See isPresent.
  private static @Nullable Console console() {
    return System.console();
  }
}
