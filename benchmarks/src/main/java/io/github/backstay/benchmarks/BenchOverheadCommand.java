package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.overhead.OverheadBench;
import io.github.backstay.benchmarks.report.JsonFile;
import io.github.backstay.benchmarks.report.Table;
import io.github.backstay.benchmarks.report.Table.Column;
import io.github.backstay.benchmarks.report.TextTable;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code backstay bench overhead}: the engine beside gradients written by hand. */
@Command(
    name = "overhead",
    description = {
      "Runs training steps with Backstay and with gradients written by hand, over EJML's products",
      "and over Backstay's kernels, in turn, and prints medians. One thread."
    })
final class BenchOverheadCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often every contestant has its turn (default: ${DEFAULT-VALUE}).")
  private int rounds = 15;

  @Option(
      names = "--seconds",
      paramLabel = "X",
      description = "How long a turn lasts (default: ${DEFAULT-VALUE}).")
  private double seconds = 0.3;

  @Option(names = "--json", paramLabel = "FILE", description = "Write every number to a file.")
  private @Nullable Path json;

  @Override
  public void run() {
    CommandSpec command = Objects.requireNonNull(spec);
    if (rounds < 1 || !(seconds > 0.0) || seconds > 60.0) {
      throw new ParameterException(
          command.commandLine(),
          "--rounds must be at least 1 and --seconds more than 0 and at most 60, got "
              + rounds
              + " and "
              + seconds);
    }
    if (json != null && Files.isDirectory(json)) {
      throw DataException.in(json, "is a directory (need the name of a file to write).");
    }
    PrintWriter out = command.commandLine().getOut();
    List<OverheadBench.Row> rows = new OverheadBench(rounds, seconds).run();
    Table table =
        new Table(
            "Median of " + rounds + " interleaved rounds, Java " + Runtime.version().feature(),
            Column.text("workload"),
            Column.text("by"),
            Column.number("µs per step"),
            Column.number("Backstay / this"),
            Column.number("bytes per step"));
    for (OverheadBench.Row row : rows) {
      table.row(
          row.workload() + " " + row.description(),
          row.contestant(),
          String.format(Locale.ROOT, "%.3g", row.microsPerStep()),
          String.format(Locale.ROOT, "%.2f", row.backstayRatio()),
          String.format(Locale.ROOT, "%.0f", row.bytesPerStep()));
    }
    out.print(TextTable.format(table));
    if (json != null) {
      JsonFile.write(json, rows);
    }
  }
}
