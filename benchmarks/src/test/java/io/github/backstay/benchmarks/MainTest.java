package io.github.backstay.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.benchmarks.data.DataException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

class MainTest {

  /** How a run ended. */
  record Outcome(int exitCode, String out, String err) {

    static Outcome of(String... args) {
      StringWriter out = new StringWriter();
      StringWriter err = new StringWriter();
      int exitCode = Main.run(new PrintWriter(out), new PrintWriter(err), args);
      return new Outcome(exitCode, out.toString(), err.toString());
    }
  }

  /** A command that ends as told. */
  @Command(name = "end")
  private static final class End implements Runnable {

    private final Function<CommandLine, RuntimeException> how;

    @Spec private @Nullable CommandSpec spec;

    End(Function<CommandLine, RuntimeException> how) {
      this.how = how;
    }

    @Override
    public void run() {
      throw how.apply(Objects.requireNonNull(spec).commandLine());
    }
  }

  private static Outcome end(Function<CommandLine, RuntimeException> how, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine(new End(how))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(args);
    return new Outcome(exitCode, out.toString(), err.toString());
  }

  @Test
  void helpListsEveryCommandAndTheExitCodes() {
    Outcome help = Outcome.of("--help");
    assertEquals(Main.OK, help.exitCode());
    assertEquals("", help.err());
    Set<String> commands = Main.commandLine().getSubcommands().keySet();
    assertTrue(commands.contains("vectors"));
    for (String command : commands) {
      assertTrue(help.out().contains("\n  " + command), command);
      Outcome own = Outcome.of(command, "--help");
      assertEquals(Main.OK, own.exitCode(), command);
      assertTrue(own.out().startsWith("Usage: backstay " + command), own.out());
    }
    assertTrue(help.out().contains("2   wrong arguments, or a file that cannot be used"));
  }

  @Test
  void versionIsOneLine() {
    Outcome version = Outcome.of("--version");
    assertEquals(Main.OK, version.exitCode());
    assertTrue(version.out().startsWith("backstay "), version.out());
    assertEquals(1, version.out().lines().count());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      nullValues = "none",
      textBlock =
          """
          frobnicate               | backstay: Unmatched argument at index 0: 'frobnicate'. See backstay --help.
          --frobnicate             | backstay: Unknown option: '--frobnicate'. See backstay --help.
          vectors                  | backstay vectors: Missing required parameter: 'FILE'. See backstay vectors --help.
          vectors a --wordsim      | backstay vectors: Missing required parameter for option '--wordsim' (DIR). See backstay vectors --help.
          vectors a b              | backstay vectors: Unmatched argument at index 2: 'b'. See backstay vectors --help.
          vectors no-such-file     | backstay vectors: no-such-file: no such file.
          vectors @no-such-file    | backstay vectors: @no-such-file: no such file.
          """)
  void wrongArgumentsEndInOneLineAndCode2(String line, String message) {
    assertEquals(
        new Outcome(Main.BAD_INPUT, "", message + System.lineSeparator()),
        Outcome.of(line.split(" ")));
  }

  @Test
  void commandIsNeeded() {
    Outcome outcome = Outcome.of();
    assertEquals(Main.BAD_INPUT, outcome.exitCode());
    assertTrue(outcome.err().startsWith("backstay: a command is needed: "), outcome.err());
    assertEquals(1, outcome.err().lines().count());
  }

  @Test
  void argumentsWithLineEndsStillGiveOneLine() {
    Outcome outcome = Outcome.of("a\nb\u0007c");
    assertEquals(Main.BAD_INPUT, outcome.exitCode());
    assertEquals(1, outcome.err().lines().count());
    assertTrue(outcome.err().contains("'a b c'"), outcome.err());
  }

  @Test
  void eachKindOfFailureHasItsCode() {
    String newline = System.lineSeparator();
    assertEquals(
        new Outcome(Main.BAD_INPUT, "", "backstay end: x.txt, line 3: is bad." + newline),
        end(command -> DataException.at(Path.of("x.txt"), 3, "is bad."), "end"));
    assertEquals(
        new Outcome(Main.CHECK_FAILED, "", "backstay end: 2 of 7 cases differ." + newline),
        end(command -> new CheckFailedException("2 of 7 cases differ"), "end"));
    assertEquals(
        new Outcome(
            Main.BAD_INPUT,
            "",
            "backstay end: --seeds must be at least 1. See backstay end --help." + newline),
        end(command -> new ParameterException(command, "--seeds must be at least 1"), "end"));
    assertEquals(
        new Outcome(
            Main.DEFECT,
            "",
            "backstay end: java.lang.IllegalStateException: oops at once. This is a defect of the"
                + " program; --stacktrace shows where."
                + newline),
        end(command -> new IllegalStateException("oops\nat once"), "end"));
  }

  @Test
  void stackTraceIsShownOnRequestOnly() {
    IllegalStateException failure = new IllegalStateException("oops");
    assertFalse(end(command -> failure, "end").err().contains("\tat "));
    Outcome traced = end(command -> failure, "end", "--stacktrace");
    assertEquals(Main.DEFECT, traced.exitCode());
    assertTrue(traced.err().contains("\tat io.github.backstay"), traced.err());
  }
}
