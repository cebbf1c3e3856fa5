package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.report.JsonFile;
import io.github.backstay.benchmarks.report.Table;
import io.github.backstay.benchmarks.report.Table.Column;
import io.github.backstay.benchmarks.report.TextTable;
import io.github.backstay.benchmarks.start.Code;
import io.github.backstay.benchmarks.start.StartBench;
import io.github.backstay.benchmarks.start.StartException;
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

/** {@code backstay bench start}: what the first gradient takes, from nothing. */
@Command(
    name = "start",
    description =
        "Starts a JVM that takes the gradient of a small network and ends, again and again, without"
            + " and, where this Java has the module, with --add-modules jdk.incubator.vector; prints"
            + " the time from before the start until the gradient has arrived, the most memory that"
            + " the process has had, and the size of the code that it needs.")
final class BenchStartCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description =
          "How often each has its turn, after one that does not count (default: ${DEFAULT-VALUE}).")
  private int rounds = 11;

  @Option(names = "--json", paramLabel = "FILE", description = "Write every number to a file.")
  private @Nullable Path json;

  /**
   * What the file holds.
   *
   * @param java the version of the JVM
   * @param starts the figures of each way to start
   * @param code the parts of the code
   */
  private record Report(String java, List<StartBench.Row> starts, List<Code> code) {}

  @Override
  public void run() {
    CommandSpec command = Objects.requireNonNull(spec);
    if (rounds < 1) {
      throw new ParameterException(
          command.commandLine(), "--rounds must be at least 1, got " + rounds);
    }
    if (json != null && Files.isDirectory(json)) {
      throw DataException.in(json, "is a directory (need the name of a file to write).");
    }
    Report report;
    try {
      report = new Report(Runtime.version().toString(), new StartBench(rounds).run(), Code.parts());
    } catch (StartException e) {
      throw new CheckFailedException(String.valueOf(e.getMessage()));
    }
    PrintWriter out = command.commandLine().getOut();
    out.print(TextTable.format(starts(report.starts)));
    out.println();
    out.print(TextTable.format(code(report.code)));
    if (json != null) {
      JsonFile.write(json, report);
    }
  }

  private Table starts(List<StartBench.Row> rows) {
    Table table =
        new Table(
            "Median of " + rounds + " interleaved rounds, Java " + Runtime.version().feature(),
            Column.text("started with"),
            Column.text("kernels"),
            Column.number("ms to the first gradient"),
            Column.number("least"),
            Column.number("MB resident"));
    for (StartBench.Row row : rows) {
      table.row(
          row.options().isEmpty() ? "no options" : row.options(),
          row.kernels(),
          String.format(Locale.ROOT, "%.1f", row.median()),
          String.format(Locale.ROOT, "%.1f", row.least()),
          row.residentBytes() == null
              ? "?"
              : String.format(Locale.ROOT, "%.1f", row.residentBytes() / 1e6));
    }
    return table;
  }

  private static Table code(List<Code> parts) {
    Table table = new Table("", Column.text("code"), Column.text("from"), Column.number("kB"));
    double sum = 0.0;
    for (Code part : parts) {
      double bytes = part.bytes() == null ? Double.NaN : part.bytes();
      table.row(part.part(), part.file(), kilobytes(bytes));
      sum += bytes;
    }
    return table.row("together", "", kilobytes(sum));
  }

  /** A question mark for a folder, which is not what anybody would deploy. */
  private static String kilobytes(double bytes) {
    return Double.isNaN(bytes) ? "?" : String.format(Locale.ROOT, "%.1f", bytes / 1e3);
  }
}
