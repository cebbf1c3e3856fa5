package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.report.JsonFile;
import io.github.backstay.benchmarks.report.LineChart;
import io.github.backstay.benchmarks.report.Progress;
import io.github.backstay.benchmarks.report.ScatterPicture;
import io.github.backstay.benchmarks.report.SvgFile;
import io.github.backstay.benchmarks.report.Table;
import io.github.backstay.benchmarks.report.Table.Column;
import io.github.backstay.benchmarks.report.TextTable;
import io.github.backstay.benchmarks.training.Experiment;
import io.github.backstay.benchmarks.training.Regularization;
import io.github.backstay.benchmarks.training.Scores;
import io.github.backstay.benchmarks.training.Spread;
import io.github.backstay.benchmarks.training.TaskData;
import io.github.backstay.regularizers.DriftReport;
import io.github.backstay.regularizers.RowDrift;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Shows a training while it runs and when it is done. */
final class TrainReport {

  private final PrintWriter out;
  private final Experiment.Plan plan;
  private final TaskData.Sizes sizes;
  private final List<String> warnings;

  TrainReport(PrintWriter out, Experiment.Plan plan, TaskData.Sizes sizes, List<String> warnings) {
    this.out = out;
    this.plan = plan;
    this.sizes = sizes;
    this.warnings = warnings;
  }

  /** For the JSON file. */
  private record Findings(
      Experiment.Plan plan,
      TaskData.Sizes sizes,
      List<String> warnings,
      Experiment.Summary summary,
      List<Experiment.Run> runs) {}

  /** Says what there is to train on. */
  void begin() {
    out.printf(
        Locale.ROOT,
        "%d training examples%s, %d dev, %d test; table %d × %d, %.1f %% of the tokens have a"
            + " vector%n",
        sizes.train(),
        plan.limit() == 0 ? "" : " (" + plan.limit() + " of them used)",
        sizes.dev(),
        sizes.test(),
        sizes.rows(),
        sizes.width(),
        100.0 * sizes.coverage());
    warnings.forEach(out::println);
    out.flush();
  }

  /** Runs something that tells of steps and epochs, with a bar for those who watch. */
  List<Experiment.Run> watch(Function<Experiment.Listener, List<Experiment.Run>> work) {
    try (Progress progress = Progress.start("steps", 0)) {
      return work.apply(new Watcher(progress));
    }
  }

  /** Moves the bar. */
  private final class Watcher implements Experiment.Listener {
    private final Progress progress;
    private long done;
    private int begun;

    Watcher(Progress progress) {
      this.progress = progress;
    }

    @Override
    public void begins(long seed, long steps, int rows) {
      if (begun == 0 && rows > 0) {
        out.println(rows + " of " + sizes.rows() + " rows start from the given encoder");
        out.flush();
      }
      int left = plan.seeds().size() - begun++; // this one and those after it
      progress.expect(done + steps * left);
    }

    @Override
    public void step() {
      done++;
      progress.step();
    }

    @Override
    public void epoch(long seed, Experiment.Measured epoch) {
      progress.say(line(seed, epoch));
    }
  }

  /** One epoch in a few words, the loss with its terms apart. */
  private static String line(long seed, Experiment.Measured epoch) {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "loss %.4f =", epoch.training().cost()));
    epoch
        .training()
        .terms()
        .forEach(
            (name, value) ->
                text.append(text.charAt(text.length() - 1) == '=' ? " " : " + ")
                    .append(String.format(Locale.ROOT, "%s %.4f", name, value)));
    return text.append(
            String.format(
                Locale.ROOT,
                "; seed %d, epoch %d, dev %s",
                seed,
                epoch.training().number(),
                score(epoch.dev())))
        .toString();
  }

  /** Prints the table and writes the files that are wanted. */
  void end(List<Experiment.Run> runs, ResultOptions results) {
    Path json = results.json();
    Path curves = results.curves();
    Path driftPicture = results.driftPicture();
    int drift = results.drift();
    Experiment.Summary summary = Experiment.summarize(runs);
    out.print(TextTable.format(table(runs, summary)));
    if (json != null) {
      JsonFile.write(json, new Findings(plan, sizes, warnings, summary, runs));
    }
    DriftReport moved = runs.get(0).drift();
    if (moved != null) {
      out.printf("%nWith seed %d, after the last epoch:%n%s", runs.get(0).seed(), moved.top(drift));
      if (driftPicture != null) {
        picture(runs.get(0).seed(), moved, drift).write(driftPicture);
      }
    }
    if (curves != null && !SvgFile.write(curves, chart(runs))) {
      out.println("This Java has no fonts to draw with, so there are no curves.");
    }
  }

  private LineChart chart(List<Experiment.Run> runs) {
    String measure = runs.get(0).last().dev().figures().keySet().iterator().next();
    LineChart chart = new LineChart(name() + ", " + runs.size() + " seeds", "epoch", measure);
    curve(chart, "dev", runs, Experiment.Measured::dev);
    curve(chart, "test", runs, Experiment.Measured::test);
    return chart;
  }

  private static void curve(
      LineChart chart,
      String name,
      List<Experiment.Run> runs,
      Function<Experiment.Measured, Scores> scores) {
    int epochs = runs.get(0).epochs().size();
    double[] x = new double[epochs];
    double[] mean = new double[epochs];
    double[] spread = new double[epochs];
    for (int e = 0; e < epochs; e++) {
      int at = e;
      Spread over =
          Spread.of(
              runs.stream()
                  .mapToDouble(run -> scores.apply(run.epochs().get(at)).first())
                  .toArray());
      x[e] = e + 1.0;
      mean[e] = over.mean();
      spread[e] = over.deviation();
    }
    chart.line(name, x, mean, spread);
  }

  private ScatterPicture picture(long seed, DriftReport moved, int named) {
    ScatterPicture picture =
        new ScatterPicture(
            "How far words moved, and how often the data pushed them",
            String.format(
                Locale.ROOT,
                "%s, seed %d, %d epochs: %,d of %,d words moved, ‖W−W0‖ = %.1f",
                name(),
                seed,
                plan.epochs(),
                moved.moved(),
                moved.rows(),
                moved.total()),
            String.format(
                Locale.ROOT, "touches: steps in which the word occurred, of %,d", moved.steps()),
            "‖d‖, distance of the vector from its start");
    for (int i = 0; i < moved.top().size(); i++) {
      RowDrift row = moved.top().get(i);
      picture.point(row.touches(), row.distance(), i < named ? row.token() : "");
    }
    return picture;
  }

  /** What was trained, in a few words. */
  private String name() {
    Regularization pulls = plan.regularization();
    double strength = pulls.lw() + pulls.lrw(); // at most one of them is not 0
    return plan.description().getOrDefault("model", "model")
        + ", "
        + pulls.type()
        + ", word vectors "
        + pulls.words()
        + (strength > 0.0 ? " " + strength : "");
  }

  private Table table(List<Experiment.Run> runs, Experiment.Summary summary) {
    Table table =
        new Table(
            name(),
            Column.text("seed"),
            Column.number("dev, chosen epoch"),
            Column.number("test there"),
            Column.number("epoch"),
            Column.number("test, last epoch"),
            Column.number("train, last"),
            Column.number("‖W−W0‖ there"),
            Column.number("last"),
            Column.number("s/epoch"));
    for (Experiment.Run run : runs) {
      double[] seconds =
          run.epochs().stream().mapToDouble(epoch -> epoch.training().seconds()).toArray();
      table.row(
          String.valueOf(run.seed()),
          score(run.chosen().dev()),
          score(run.chosen().test()),
          String.valueOf(run.best()),
          score(run.last().test()),
          score(run.trainLast()),
          decimal(run.chosen().training().drift()),
          decimal(run.last().training().drift()),
          String.format(Locale.ROOT, "%.3f", Spread.of(seconds).median()));
    }
    boolean first = true;
    for (String measure : summary.devBest().keySet()) {
      List<String> cells = new ArrayList<>();
      cells.add("mean ± deviation" + (summary.devBest().size() > 1 ? ", " + measure : ""));
      cells.add(spread(measure, summary.devBest()));
      cells.add(spread(measure, summary.testBest()));
      cells.add(first ? decimal(summary.bestEpoch().mean()) : "");
      cells.add(spread(measure, summary.testLast()));
      cells.add(spread(measure, summary.trainLast()));
      cells.add(first ? decimal(summary.driftBest().mean()) : "");
      cells.add(first ? decimal(summary.driftLast().mean()) : "");
      cells.add(
          first
              ? String.format(Locale.ROOT, "%.3f median", summary.secondsPerEpoch().median())
              : "");
      table.row(cells.toArray(String[]::new));
      first = false;
    }
    for (Map.Entry<String, Spread> entry : summary.similarity().entrySet()) {
      String[] cells = new String[9];
      Arrays.fill(cells, "");
      cells[0] = entry.getKey() + ", last epoch";
      cells[1] = entry.getValue().plain(3);
      table.row(cells);
    }
    return table;
  }

  private static String decimal(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  /** Accuracies in percent, everything else as it is. */
  private static boolean isShare(String measure) {
    return measure.startsWith("accuracy");
  }

  private static String score(Scores scores) {
    String measure = scores.figures().keySet().iterator().next();
    return isShare(measure)
        ? String.format(Locale.ROOT, "%.2f", 100.0 * scores.first())
        : String.format(Locale.ROOT, "%.3f", scores.first());
  }

  private static String spread(String measure, Map<String, Spread> spreads) {
    Spread spread = spreads.get(measure);
    if (spread == null) {
      return "";
    }
    return isShare(measure) ? spread.percent() : spread.plain(3);
  }
}
