package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.lessons.Decoupling;
import io.github.backstay.benchmarks.lessons.Decoupling.Form;
import io.github.backstay.benchmarks.lessons.Decoupling.Fresh;
import io.github.backstay.benchmarks.report.LineChart;
import io.github.backstay.benchmarks.report.Table;
import io.github.backstay.benchmarks.report.Table.Column;
import io.github.backstay.benchmarks.report.TextTable;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code backstay lesson decoupling}: where a pull goes under Adam. */
@Command(
    name = "decoupling",
    description = {
      "A pull λ(W−W0) coupled (through Adam) and decoupled (past it): where the gradient is",
      "nothing but the pull, λ has no effect; where there is other gradient, it divides the pull;",
      "under SGD both are the same."
    })
final class LessonDecouplingCommand implements Runnable {

  /** Coupled trajectories of different λ differ by what ε = 1e-8 does, a decimal or two below. */
  private static final double SAME = 1e-5;

  /** A few thousand roundings. */
  private static final double ROUNDED = 1e-12;

  /** Every so many steps have a point in the picture. */
  private static final int STRIDE = 5;

  @Mixin private final LessonOptions options = new LessonOptions();

  @Override
  public void run() {
    options.requireSensible();
    long start = System.nanoTime();
    Decoupling.Result result = Decoupling.run(options.seed());
    double seconds = (System.nanoTime() - start) / 1e9;
    PrintWriter console = options.console();
    console.print(TextTable.format(freshTable(result)));
    console.printf(
        Locale.ROOT,
        "Largest difference between the two λ: coupled %.0e, decoupled %.3f.%n%n",
        result.coupledDifference(),
        result.decoupledDifference());
    console.print(TextTable.format(historyTable(result)));
    console.printf(
        Locale.ROOT,
        "%nSGD, the same noise: coupled and decoupled differ by %.0e; with momentum 0.9 by %.0e.%n",
        result.sgdDifference(),
        result.momentumDifference());
    options.write("decoupling", chart(result), result, seconds);
    requireAsSaid(result);
  }

  private static void requireAsSaid(Decoupling.Result result) {
    if (result.coupledDifference() > SAME) {
      throw new CheckFailedException("the coupled trajectory depends on λ");
    }
    for (Fresh fresh : result.fresh()) {
      if (fresh.form() == Form.DECOUPLED && fresh.fromClosedForm() > ROUNDED) {
        throw new CheckFailedException("the decoupled trajectory is not (1−ηλ)ᵗ·d₀");
      }
    }
    for (Decoupling.Row row : result.rows()) {
      double off = Math.abs(row.coupled() * row.size() / result.strength() - 1.0);
      if (!(off < 0.05)) { // the noise of one row
        throw new CheckFailedException("the coupled strength is not λ over the gradients' size");
      }
    }
    if (result.sgdDifference() > ROUNDED) {
      throw new CheckFailedException("coupled and decoupled differ under plain SGD");
    }
  }

  private static String name(Fresh fresh) {
    return (fresh.form() == Form.COUPLED ? "coupled" : "decoupled")
        + String.format(Locale.ROOT, ", λ = %s", number("%.2f", fresh.strength()));
  }

  private static Table freshTable(Decoupling.Result result) {
    Table table =
        new Table(
            "Adam, η = " + result.rate() + ", nothing but the pull: mean distance to the anchor",
            Column.text("pull"),
            Column.number("start"),
            Column.number("after " + result.freshSteps() / 2 + " steps"),
            Column.number("after " + result.freshSteps()),
            Column.number("off (1−ηλ)ᵗ by"));
    for (Fresh fresh : result.fresh()) {
      table.row(
          name(fresh),
          number("%.4f", fresh.distances().get(0)),
          number("%.4f", fresh.distances().get(result.freshSteps() / 2)),
          number("%.4f", fresh.distances().get(result.freshSteps())),
          number("%.0e", fresh.fromClosedForm()));
    }
    return table;
  }

  private static Table historyTable(Decoupling.Result result) {
    Table table =
        new Table(
            "Adam, λ = "
                + result.strength()
                + ", rows whose data gradients are noise of different size, "
                + result.historySteps()
                + " steps: λ that really acts",
            Column.number("size of gradients"),
            Column.number("coupled"),
            Column.number("coupled × size"),
            Column.number("decoupled"));
    for (Decoupling.Row row : result.rows()) {
      table.row(
          number("%.2f", row.size()),
          number("%.6f", row.coupled()),
          number("%.6f", row.coupled() * row.size()),
          number("%.6f", row.decoupled()));
    }
    return table;
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static LineChart chart(Decoupling.Result result) {
    LineChart chart =
        new LineChart("Adam, nothing but the pull", "step", "mean distance to the anchor");
    int[] shown =
        IntStream.rangeClosed(0, result.freshSteps() / STRIDE).map(i -> i * STRIDE).toArray();
    for (Fresh fresh : result.fresh()) {
      chart.line(
          name(fresh),
          Arrays.stream(shown).asDoubleStream().toArray(),
          Arrays.stream(shown).mapToDouble(step -> fresh.distances().get(step)).toArray());
    }
    return chart;
  }
}
