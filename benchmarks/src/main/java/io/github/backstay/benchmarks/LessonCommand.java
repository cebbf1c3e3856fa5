package io.github.backstay.benchmarks;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code backstay lesson NAME}: one fact about regularization at a time. */
@Command(
    name = "lesson",
    description = "Shows one fact about regularization, with a table and a picture.",
    subcommands = {
      LessonForgettingCommand.class,
      LessonPlasticityCommand.class,
      LessonDecouplingCommand.class
    })
final class LessonCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  /** Called when no lesson is given. */
  @Override
  public void run() {
    CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
    String lessons = String.join(", ", commandLine.getSubcommands().keySet());
    throw new ParameterException(commandLine, "a lesson is needed: " + lessons);
  }
}
