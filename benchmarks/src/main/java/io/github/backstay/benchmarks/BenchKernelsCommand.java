package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.kernels.KernelBench;
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

/** {@code backstay bench kernels}: products beside what the processor can do. */
@Command(
    name = "kernels",
    description = {
      "Multiplies square matrices, in every transposed form, with plain kernels and, where the JVM",
      "was started with --add-modules jdk.incubator.vector, with vectors; prints 10^9 additions and",
      "multiplications per second, and their share of what registers alone can do. One thread."
    })
final class BenchKernelsCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--sizes",
      paramLabel = "N",
      split = ",",
      description = "Rows and columns (default: ${DEFAULT-VALUE}).")
  private List<Integer> sizes = List.of(16, 32, 64, 128, 256, 512, 1024, 2048);

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often everything has its turn (default: ${DEFAULT-VALUE}).")
  private int rounds = 9;

  @Option(
      names = "--seconds",
      paramLabel = "X",
      description = "How long a turn lasts (default: ${DEFAULT-VALUE}).")
  private double seconds = 0.05;

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
    if (sizes.stream().anyMatch(size -> size < 1 || size > 8192)) {
      throw new ParameterException(
          command.commandLine(), "--sizes must be from 1 to 8192, got " + sizes);
    }
    if (json != null && Files.isDirectory(json)) {
      throw DataException.in(json, "is a directory (need the name of a file to write).");
    }
    PrintWriter out = command.commandLine().getOut();
    List<KernelBench.Row> rows = new KernelBench(rounds, seconds).run(sizes);
    Table table =
        new Table(
            "Median of " + rounds + " interleaved rounds, Java " + Runtime.version().feature(),
            Column.number("size"),
            Column.text("form"),
            Column.text("kernels"),
            Column.number("GFLOP/s"),
            Column.number("best"),
            Column.number("% of peak"));
    for (KernelBench.Row row : rows) {
      table.row(
          Integer.toString(row.size()),
          row.form(),
          row.provider(),
          String.format(Locale.ROOT, "%.1f", row.gigaflops()),
          String.format(Locale.ROOT, "%.1f", row.best()),
          Double.isNaN(row.shareOfPeak())
              ? "?"
              : String.format(Locale.ROOT, "%.0f", 100.0 * row.shareOfPeak()));
    }
    out.print(TextTable.format(table));
    if (json != null) {
      JsonFile.write(json, rows);
    }
  }
}
