package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.kernels.MemoryBench;
import io.github.backstay.benchmarks.report.JsonFile;
import io.github.backstay.benchmarks.report.Table;
import io.github.backstay.benchmarks.report.Table.Column;
import io.github.backstay.benchmarks.report.TextTable;
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

/** {@code backstay bench memory}: loops over large arrays beside what the memory can do. */
@Command(
    name = "memory",
    description = {
      "Lets loops run over arrays that fit into no cache: sums, the anchored distance, a step of",
      "Adam; prints 10^9 bytes per second, and their share of what McCalpin's triad reaches in the",
      "same round. One thread."
    })
final class BenchMemoryCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--entries",
      paramLabel = "N",
      description =
          "Millions of entries of an array, of which there are seven (default: ${DEFAULT-VALUE}).")
  private double millions = 8.0;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often everything has its turn (default: ${DEFAULT-VALUE}).")
  private int rounds = 15;

  @Option(names = "--json", paramLabel = "FILE", description = "Write every number to a file.")
  private @Nullable Path json;

  @Override
  public void run() {
    CommandSpec command = Objects.requireNonNull(spec);
    if (rounds < 1 || !(millions >= 0.001) || millions > 256.0) {
      throw new ParameterException(
          command.commandLine(),
          "--rounds must be at least 1 and --entries from 0.001 to 256, got "
              + rounds
              + " and "
              + millions);
    }
    if (json != null && Files.isDirectory(json)) {
      throw DataException.in(json, "is a directory (need the name of a file to write).");
    }
    List<MemoryBench.Row> rows = new MemoryBench((int) (1e6 * millions), rounds).run();
    Table table =
        new Table(
            "Median of " + rounds + " interleaved rounds, Java " + Runtime.version().feature(),
            Column.text("loop"),
            Column.number("bytes/entry"),
            Column.number("GB/s"),
            Column.number("best"),
            Column.number("% of triad"));
    for (MemoryBench.Row row : rows) {
      table.row(
          row.pass(),
          Integer.toString(row.bytesPerEntry()),
          String.format(Locale.ROOT, "%.1f", row.gigabytes()),
          String.format(Locale.ROOT, "%.1f", row.best()),
          String.format(Locale.ROOT, "%.0f", 100.0 * row.shareOfTriad()));
    }
    command.commandLine().getOut().print(TextTable.format(table));
    if (json != null) {
      JsonFile.write(json, rows);
    }
  }
}
