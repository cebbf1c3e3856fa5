package io.github.backstay.benchmarks;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code backstay bench WHAT}: measures speed. */
@Command(
    name = "bench",
    description = "Measures speed, side by side.",
    subcommands = {
      BenchStepsCommand.class,
      BenchGrowthCommand.class,
      BenchEmbeddingCommand.class,
      BenchKernelsCommand.class,
      BenchMemoryCommand.class,
      BenchStartCommand.class
    })
final class BenchCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  /** Called when no benchmark is given. */
  @Override
  public void run() {
    CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
    String names = String.join(", ", commandLine.getSubcommands().keySet());
    throw new ParameterException(commandLine, "a benchmark is needed: " + names);
  }
}
