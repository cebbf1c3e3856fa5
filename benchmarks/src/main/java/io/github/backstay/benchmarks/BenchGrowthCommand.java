package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.report.JsonFile;
import io.github.backstay.benchmarks.report.LineChart;
import io.github.backstay.benchmarks.report.SvgFile;
import io.github.backstay.benchmarks.report.Table;
import io.github.backstay.benchmarks.report.Table.Column;
import io.github.backstay.benchmarks.report.TextTable;
import io.github.backstay.benchmarks.steps.GrowthBench;
import io.github.backstay.benchmarks.steps.Sweep;
import io.github.backstay.core.kernels.Kernels;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code backstay bench growth}: how the cost of a step grows with each of its sizes. */
@Command(
    name = "growth",
    description = {
      "Lets one size of a training step grow at a time, and prints what a step takes, per unit, and",
      "the exponent between one size and the next, beside the one that theory says."
    })
final class BenchGrowthCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "SIZE",
      arity = "0..*",
      description = "ops, width, batch, vocabulary, length, threads; all if none is given.")
  private List<String> names = List.of();

  @Option(
      names = "--sizes",
      paramLabel = "N",
      split = ",",
      converter = BenchEmbeddingCommand.Count.class,
      description = "How far, ascending; for one size only (default: the usual ones).")
  private List<Integer> sizes = List.of();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "How often each has its turn (default: ${DEFAULT-VALUE}).")
  private int rounds = 7;

  @Option(
      names = "--seconds",
      paramLabel = "X",
      description = "How long a turn lasts, about (default: ${DEFAULT-VALUE}).")
  private double seconds = 0.2;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Draw a picture of each, growth-SIZE.svg, in this folder.")
  private @Nullable Path out;

  @Option(names = "--json", paramLabel = "FILE", description = "Write every number to a file.")
  private @Nullable Path json;

  /**
   * What the file holds.
   *
   * @param java the version of the JVM
   * @param kernels the name of the kernels
   * @param sweeps the points of each
   */
  private record Report(String java, String kernels, Map<String, List<GrowthBench.Point>> sweeps) {}

  @Override
  public void run() {
    CommandSpec command = Objects.requireNonNull(spec);
    List<Sweep> sweeps =
        names.isEmpty()
            ? List.of(Sweep.values())
            : names.stream().map(name -> sweep(command, name)).toList();
    check(command, sweeps);
    PrintWriter console = command.commandLine().getOut();
    GrowthBench bench = new GrowthBench(rounds, seconds);
    Map<String, List<GrowthBench.Point>> all = new LinkedHashMap<>();
    for (Sweep sweep : sweeps) {
      List<GrowthBench.Point> points = bench.run(sweep, sizes.isEmpty() ? sweep.sizes() : sizes);
      all.put(sweep.toString(), points);
      console.print(TextTable.format(table(sweep, points)));
      console.println();
      console.flush();
      if (out != null
          && !SvgFile.write(out.resolve("growth-" + sweep + ".svg"), chart(sweep, points))) {
        console.println("This Java has no fonts to draw with, so there is no picture.");
      }
    }
    if (json != null) {
      JsonFile.write(
          json, new Report(Runtime.version().toString(), Kernels.standard().name(), all));
    }
  }

  private static Sweep sweep(CommandSpec command, String name) {
    return Arrays.stream(Sweep.values())
        .filter(sweep -> sweep.toString().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                new ParameterException(
                    command.commandLine(),
                    "there is no size '" + name + "', but " + Arrays.toString(Sweep.values())));
  }

  private void check(CommandSpec command, List<Sweep> sweeps) {
    if (rounds < 1 || !(seconds > 0.0) || seconds > 60.0) {
      throw new ParameterException(
          command.commandLine(),
          "--rounds must be at least 1 and --seconds more than 0 and at most 60, got "
              + rounds
              + " and "
              + seconds);
    }
    if (!sizes.isEmpty() && sweeps.size() != 1) {
      throw new ParameterException(
          command.commandLine(), "--sizes is for one size that grows, but there are " + sweeps);
    }
    for (int size : sizes) {
      if (size > sweeps.get(0).most()) {
        throw new ParameterException(
            command.commandLine(),
            "--sizes of "
                + sweeps.get(0)
                + " must be at most "
                + sweeps.get(0).most()
                + ", got "
                + size);
      }
    }
    for (int k = 1; k < sizes.size(); k++) {
      if (sizes.get(k) <= sizes.get(k - 1)) {
        throw new ParameterException(
            command.commandLine(), "--sizes must be ascending, got " + sizes);
      }
    }
  }

  private Table table(Sweep sweep, List<GrowthBench.Point> points) {
    Table table =
        new Table(
            "Median of "
                + rounds
                + " interleaved rounds, Java "
                + Runtime.version().feature()
                + ", "
                + Kernels.standard().name()
                + " kernels",
            Column.number(sweep.unit()),
            Column.number("µs per step"),
            Column.number(sweep.exponent() == 2.0 ? "/ square" : "/ size"),
            Column.number("exponent"),
            Column.number("in theory"));
    for (GrowthBench.Point point : points) {
      table.row(
          String.valueOf(point.size()),
          String.format(Locale.ROOT, "%.4g", point.micros()),
          sweep.exponent() > 0.0
              ? String.format(
                  Locale.ROOT, "%.3g", point.micros() / Math.pow(point.size(), sweep.exponent()))
              : "",
          Double.isNaN(point.slope()) ? "" : String.format(Locale.ROOT, "%.2f", point.slope()),
          String.format(Locale.ROOT, "%.0f", sweep.exponent()));
    }
    return table;
  }

  /** Measured times, and the power of theory through the last of them. */
  private static LineChart chart(Sweep sweep, List<GrowthBench.Point> points) {
    double[] x = points.stream().mapToDouble(GrowthBench.Point::size).toArray();
    double[] y = points.stream().mapToDouble(GrowthBench.Point::micros).toArray();
    int fixed = sweep == Sweep.THREADS ? 0 : x.length - 1;
    double[] theory = new double[x.length];
    for (int k = 0; k < x.length; k++) {
      theory[k] = y[fixed] * Math.pow(x[k] / x[fixed], sweep.exponent());
    }
    String power =
        sweep.exponent() == 0.0
            ? "as much for any number"
            : sweep.exponent() == 1.0
                ? "in proportion"
                : sweep.exponent() == 2.0 ? "in proportion to the square" : "divided among them";
    LineChart chart = new LineChart("Growth with " + sweep, sweep.unit(), "µs per step");
    if (sweep != Sweep.THREADS) {
      chart.logarithmicAcross();
    }
    if (sweep.exponent() > 0.0) {
      chart.logarithmic();
    } else {
      chart.fromZero();
    }
    return chart.line("measured", x, y).line(power, x, theory);
  }
}
