package io.github.backstay.benchmarks;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code backstay train TASK}: trains on real data. */
@Command(
    name = "train",
    description = "Trains a model on real data, given by path.",
    subcommands = {
      TrainSstCommand.class,
      TrainSickSimilarityCommand.class,
      TrainSickEntailmentCommand.class,
      TrainPpdbCommand.class
    })
final class TrainCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  /** Called when no task is given. */
  @Override
  public void run() {
    CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
    String tasks = String.join(", ", commandLine.getSubcommands().keySet());
    throw new ParameterException(commandLine, "a task is needed: " + tasks);
  }
}
