package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.embedding.EmbeddingBench;
import io.github.backstay.benchmarks.report.JsonFile;
import io.github.backstay.benchmarks.report.Table;
import io.github.backstay.benchmarks.report.Table.Column;
import io.github.backstay.benchmarks.report.TextTable;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code backstay bench embedding}: anchored tables of any vocabulary. */
@Command(
    name = "embedding",
    description = {
      "Trains anchored word tables of several heights whose texts use equally many rows, in turn,",
      "each beside the same training with everything done for the whole table. One thread."
    })
final class BenchEmbeddingCommand implements Runnable {

  /** Whole numbers that may be written as 1e6. */
  static final class Count implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      double value;
      try {
        value = Double.parseDouble(text.strip());
      } catch (NumberFormatException e) {
        throw new TypeConversionException("'" + text + "' is no number");
      }
      if (!(value >= 1.0 && value <= 1e9 && value == Math.rint(value))) {
        throw new TypeConversionException("'" + text + "' is no whole number from 1 to 1e9");
      }
      return (int) value;
    }
  }

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--vocab",
      paramLabel = "N",
      split = ",",
      converter = Count.class,
      description = "Heights of the tables, ascending (default: ${DEFAULT-VALUE}).")
  private List<Integer> vocabularies = List.of(1_000, 10_000, 100_000);

  @Option(
      names = "--dim",
      paramLabel = "N",
      converter = Count.class,
      description = "Their width (default: ${DEFAULT-VALUE}).")
  private int width = 100;

  @Option(
      names = "--touched",
      paramLabel = "N",
      converter = Count.class,
      description = "How many rows the texts use (default: ${DEFAULT-VALUE}).")
  private int touched = 400;

  @Option(
      names = "--dense-up-to",
      paramLabel = "N",
      converter = Count.class,
      description = "Highest table with the dense training beside it (default: ${DEFAULT-VALUE}).")
  private int denseUpTo = 100_000;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often every table has its turn (default: ${DEFAULT-VALUE}).")
  private int rounds = 9;

  @Option(
      names = "--seconds",
      paramLabel = "X",
      description = "How long a turn lasts, about (default: ${DEFAULT-VALUE}).")
  private double seconds = 0.3;

  @Option(names = "--json", paramLabel = "FILE", description = "Write every number to a file.")
  private @Nullable Path json;

  @Override
  public void run() {
    CommandSpec command = Objects.requireNonNull(spec);
    int[] heights = vocabularies.stream().mapToInt(Integer::intValue).toArray();
    check(command, heights);
    PrintWriter out = command.commandLine().getOut();
    List<EmbeddingBench.Row> rows = new ArrayList<>();
    new EmbeddingBench(heights, width, touched, rounds, seconds, denseUpTo).run(rows::add);
    Table table =
        new Table(
            "Tables of width "
                + width
                + ", "
                + touched
                + " rows in use; median of "
                + rounds
                + " interleaved rounds, Java "
                + Runtime.version().feature(),
            Column.text("rule"),
            Column.number("vocabulary"),
            Column.text("visits"),
            Column.number("µs per step"),
            Column.number("/ first"),
            Column.number("dense / this"),
            Column.number("extra kB"),
            Column.number("dense extra kB"),
            Column.number("bytes per step"));
    for (EmbeddingBench.Row row : rows) {
      table.row(
          row.anchoring().toString(),
          String.valueOf(row.vocabulary()),
          row.visits().name().toLowerCase(Locale.ROOT),
          String.format(Locale.ROOT, "%.4g", row.microsPerStep()),
          String.format(Locale.ROOT, "%.2f", row.timeRatio()),
          row.denseRatio() == null ? "" : String.format(Locale.ROOT, "%.3g", row.denseRatio()),
          kilobytes(row.extraBytes()),
          row.denseExtraBytes() == null ? "" : kilobytes(row.denseExtraBytes()),
          String.format(Locale.ROOT, "%.0f", row.allocatedPerStep()));
    }
    out.print(TextTable.format(table));
    if (json != null) {
      JsonFile.write(json, rows);
    }
  }

  private static String kilobytes(long bytes) {
    return String.format(Locale.ROOT, "%.0f", bytes / 1e3);
  }

  private void check(CommandSpec command, int[] heights) {
    int[] sorted = heights.clone();
    Arrays.sort(sorted);
    if (!Arrays.equals(sorted, heights) || heights.length == 0 || heights[0] < touched) {
      throw new ParameterException(
          command.commandLine(),
          "--vocab must be ascending and at least --touched, got "
              + vocabularies
              + " and "
              + touched);
    }
    if ((long) heights[heights.length - 1] * width > Integer.MAX_VALUE - 8) {
      throw new ParameterException(
          command.commandLine(),
          "--vocab times --dim must be below 2^31, got "
              + heights[heights.length - 1]
              + " and "
              + width);
    }
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
  }
}
