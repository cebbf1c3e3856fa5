package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.lessons.DigitSets;
import io.github.backstay.benchmarks.lessons.Plasticity;
import io.github.backstay.benchmarks.lessons.Plasticity.Run;
import io.github.backstay.benchmarks.report.LineChart;
import io.github.backstay.benchmarks.report.Progress;
import io.github.backstay.benchmarks.report.Table;
import io.github.backstay.benchmarks.report.Table.Column;
import io.github.backstay.benchmarks.report.TextTable;
import io.github.backstay.benchmarks.training.Spread;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code backstay lesson plasticity}: an anchor at the initial values keeps a network young. */
@Command(
    name = "plasticity",
    description = {
      "One network learns new random labels of the same digits, task after task: without a",
      "penalty, pulled to zero, and pulled to its initial values (L2 Init, Kumar et al. 2023).",
      "λ is chosen on other seeds than those reported."
    })
final class LessonPlasticityCommand implements Runnable {

  @Mixin private final LessonOptions options = new LessonOptions();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "The directory of optdigits.tra and optdigits.tes; without it the program draws digits.")
  private @Nullable Path data;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "How many seeds to report (default: ${DEFAULT-VALUE}).")
  private int seeds = 6;

  @Option(
      names = "--tasks",
      paramLabel = "N",
      description = "How many tasks (default: ${DEFAULT-VALUE}).")
  private int tasks = 40;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "How many epochs a task lasts (default: ${DEFAULT-VALUE}).")
  private int epochs = 30;

  @Override
  public void run() {
    options.requireSensible();
    options.requireAtLeastOne("--seeds", seeds);
    options.requireAtLeastOne("--tasks", tasks);
    options.requireAtLeastOne("--epochs", epochs);
    DigitSets digits = data == null ? DigitSets.drawn(options.seed()) : DigitSets.read(data);
    long start = System.nanoTime();
    int threads = Runtime.getRuntime().availableProcessors();
    Plasticity.Result result;
    try (Progress progress = Progress.start("trainings", Plasticity.trainings(seeds))) {
      result =
          Plasticity.run(
              digits.train(), tasks, epochs, options.seed(), seeds, threads, progress::step);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    options.console().print(TextTable.format(table(result)));
    options.write("plasticity", chart(result), result, seconds);
  }

  private static Table table(Plasticity.Result result) {
    Table table =
        new Table(
            "Accuracy online in percent ± deviation over "
                + result.heldOutSeeds().size()
                + " seeds; λ chosen on "
                + result.searchSeeds().size()
                + " others; better by ± standard error",
            Column.text("weights"),
            Column.number("λ"),
            Column.number("first eighth of " + result.tasks() + " tasks"),
            Column.number("last eighth"),
            Column.number("last − first"),
            Column.number("all tasks"),
            Column.number("L2 Init better by"),
            Column.number("on seeds"));
    Plasticity.Row anchored = result.rows().get(result.rows().size() - 1);
    for (Plasticity.Row row : result.rows()) {
      boolean self = row.equals(anchored);
      double[] differences = new double[row.runs().size()];
      int wins = 0;
      for (int i = 0; i < differences.length; i++) {
        differences[i] = anchored.runs().get(i).mean() - row.runs().get(i).mean();
        wins += differences[i] > 0.0 ? 1 : 0;
      }
      table.row(
          row.treatment().toString(),
          row.strength() == 0.0 ? "" : String.format(Locale.ROOT, "%.0e", row.strength()),
          over(row, Run::first).percent(),
          over(row, Run::last).percent(),
          over(row, run -> run.last() - run.first()).percent(),
          over(row, Run::mean).percent(),
          self ? "" : Spread.of(differences).withStandardError().percent(),
          self ? "" : wins + " of " + differences.length);
    }
    return table;
  }

  private static Spread over(Plasticity.Row row, ToDoubleFunction<Run> figure) {
    return Spread.of(row.runs().stream().mapToDouble(figure).toArray());
  }

  private static LineChart chart(Plasticity.Result result) {
    LineChart chart =
        new LineChart(
            "How well each task is learnt, after all those before", "task", "accuracy online");
    for (Plasticity.Row row : result.rows()) {
      chart.line(
          row.treatment().toString(),
          IntStream.rangeClosed(1, result.tasks()).asDoubleStream().toArray(),
          row.byTask().stream().mapToDouble(Spread::mean).toArray());
    }
    return chart;
  }
}
