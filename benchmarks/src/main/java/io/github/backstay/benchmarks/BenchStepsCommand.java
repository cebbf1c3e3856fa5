package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.report.JsonFile;
import io.github.backstay.benchmarks.report.Table;
import io.github.backstay.benchmarks.report.Table.Column;
import io.github.backstay.benchmarks.report.TextTable;
import io.github.backstay.benchmarks.steps.StepBench;
import io.github.backstay.benchmarks.steps.Workload;
import io.github.backstay.core.kernels.Kernels;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code backstay bench steps}: training steps beside gradients written by hand and others. */
@Command(
    name = "steps",
    description = {
      "Does training steps with Backstay, with gradients written by hand over EJML's products and",
      "over Backstay's kernels, and with other libraries where they are on the class path, in turn,",
      "and prints medians. All must compute the same first. Vectors are used where the JVM was",
      "started with --add-modules jdk.incubator.vector."
    })
final class BenchStepsCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "WORKLOAD",
      arity = "0..*",
      description = "W1 to W7, inference or product; all but product if none is given.")
  private List<String> names = List.of();

  @Option(
      names = "--heights",
      paramLabel = "N",
      split = ",",
      converter = BenchEmbeddingCommand.Count.class,
      description = "Heights of the tables of W3 (default: ${DEFAULT-VALUE}).")
  private List<Integer> heights = List.of(1_000, 100_000);

  @Option(
      names = "--touched",
      paramLabel = "N",
      converter = BenchEmbeddingCommand.Count.class,
      description = "How many rows of each its texts use (default: ${DEFAULT-VALUE}).")
  private int touched = 400;

  @Option(
      names = "--dense-up-to",
      paramLabel = "N",
      converter = BenchEmbeddingCommand.Count.class,
      description = "Highest table for those who visit all rows (default: ${DEFAULT-VALUE}).")
  private int denseUpTo = 100_000;

  @Option(
      names = "--sizes",
      paramLabel = "N",
      split = ",",
      converter = BenchEmbeddingCommand.Count.class,
      description = "Rows and columns of the matrices of product (default: ${DEFAULT-VALUE}).")
  private List<Integer> sizes = List.of(16, 32, 64, 128, 256, 512, 1024, 2048);

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many threads each may use (default: ${DEFAULT-VALUE}).")
  private int threads = 1;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each has its turn (default: ${DEFAULT-VALUE}).")
  private int rounds = 15;

  @Option(
      names = "--seconds",
      paramLabel = "X",
      description = "How long a turn lasts, about (default: ${DEFAULT-VALUE}).")
  private double seconds = 0.3;

  @Option(names = "--json", paramLabel = "FILE", description = "Write every number to a file.")
  private @Nullable Path json;

  /**
   * What the file holds.
   *
   * @param java the version of the JVM
   * @param kernels the name of Backstay's kernels
   * @param threads how many each might use
   * @param rounds how often each had its turn
   * @param secondsPerTurn how long
   * @param rows the figures
   */
  private record Report(
      String java,
      String kernels,
      int threads,
      int rounds,
      double secondsPerTurn,
      List<StepBench.Row> rows) {}

  @Override
  public void run() {
    CommandSpec command = Objects.requireNonNull(spec);
    List<Workload> workloads =
        names.isEmpty()
            ? Workload.usual()
            : names.stream().map(name -> workload(command, name)).toList();
    check(command);
    PrintWriter out = command.commandLine().getOut();
    StepBench bench =
        new StepBench(
            StepBench.engines(), new StepBench.Settings(rounds, seconds, threads, denseUpTo));
    List<StepBench.Row> rows = new ArrayList<>();
    for (Workload workload : workloads) {
      rows.addAll(bench.run(workload, workload.problems(heights, touched, sizes)));
    }
    out.print(TextTable.format(table(rows)));
    if (json != null) {
      String java = Runtime.version().toString();
      String kernels = Kernels.standard().name();
      JsonFile.write(json, new Report(java, kernels, threads, rounds, seconds, rows));
    }
  }

  private static Workload workload(CommandSpec command, String name) {
    return Arrays.stream(Workload.values())
        .filter(workload -> workload.toString().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ParameterException(
                    command.commandLine(),
                    "there is no workload '"
                        + name
                        + "', but "
                        + Arrays.toString(Workload.values())));
  }

  private Table table(List<StepBench.Row> rows) {
    Table table =
        new Table(
            "Median of "
                + rounds
                + " interleaved rounds, Java "
                + Runtime.version().feature()
                + ", "
                + Kernels.standard().name()
                + " kernels, "
                + (threads == 1 ? "1 thread" : threads + " threads"),
            Column.text("workload"),
            Column.text("by"),
            Column.number("µs per step"),
            Column.number("own µs"),
            Column.number("Backstay / this"),
            Column.number("/ first"),
            Column.number("bytes per step"));
    for (StepBench.Row row : rows) {
      table.row(
          row.workload() + " " + row.description(),
          row.engine(),
          number("%.4g", row.microsPerStep()),
          number("%.4g", row.cpuMicrosPerStep()),
          number("%.3g", row.backstayRatio()),
          number("%.2f", row.firstRatio()),
          number("%.0f", row.bytesPerStep()));
    }
    return table;
  }

  private static String number(String format, @Nullable Double value) {
    return value == null ? "" : String.format(Locale.ROOT, format, value);
  }

  private void check(CommandSpec command) {
    if (rounds < 1 || !(seconds > 0.0) || seconds > 60.0) {
      throw new ParameterException(
          command.commandLine(),
          "--rounds must be at least 1 and --seconds more than 0 and at most 60, got "
              + rounds
              + " and "
              + seconds);
    }
    if (threads < 1 || threads > 1024) {
      throw new ParameterException(
          command.commandLine(), "--threads must be from 1 to 1024, got " + threads);
    }
    if (Collections.min(heights) < touched) {
      throw new ParameterException(
          command.commandLine(),
          "--heights must be at least --touched, got " + heights + " and " + touched);
    }
    if (Collections.max(heights) > 20_000_000) {
      throw new ParameterException(
          command.commandLine(), "--heights must be at most 20 million, got " + heights);
    }
    if (Collections.max(sizes) > 4096) {
      throw new ParameterException(
          command.commandLine(), "--sizes must be at most 4096, got " + sizes);
    }
    if (json != null && Files.isDirectory(json)) {
      throw DataException.in(json, "is a directory (need the name of a file to write).");
    }
  }
}
