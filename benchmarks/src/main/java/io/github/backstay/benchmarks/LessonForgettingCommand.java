package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.lessons.DigitSets;
import io.github.backstay.benchmarks.lessons.Forgetting;
import io.github.backstay.benchmarks.lessons.Forgetting.Method;
import io.github.backstay.benchmarks.lessons.Forgetting.Point;
import io.github.backstay.benchmarks.lessons.Forgetting.Score;
import io.github.backstay.benchmarks.report.LineChart;
import io.github.backstay.benchmarks.report.Progress;
import io.github.backstay.benchmarks.report.Table;
import io.github.backstay.benchmarks.report.Table.Column;
import io.github.backstay.benchmarks.report.TextTable;
import io.github.backstay.benchmarks.training.Spread;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code backstay lesson forgetting}: elastic weight consolidation against the plain anchor. */
@Command(
    name = "forgetting",
    description = {
      "Two tasks one after the other: what is left of the old one under fine-tuning, the anchor",
      "λ/2·‖W−W*‖², EWC λ/2·ΣF⊙(W−W*)² with the exact empirical Fisher F, and with that of batch",
      "means. λ is chosen on other seeds and digits than those reported."
    })
final class LessonForgettingCommand implements Runnable {

  @Mixin private final LessonOptions options = new LessonOptions();

  @Option(
      names = "--tasks",
      paramLabel = "WHICH",
      description =
          "permuted: all digits, then with their pixels in another order; split: 0 to 4, then 5 to"
              + " 9 (default: ${DEFAULT-VALUE}).")
  private Forgetting.Tasks tasks = Forgetting.Tasks.PERMUTED;

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
  private int seeds = 5;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Epochs of the new task; the old one has twice as many (default: 10).")
  private int epochs = 10;

  @Override
  public void run() {
    options.requireSensible();
    options.requireAtLeastOne("--seeds", seeds);
    options.requireAtLeastOne("--epochs", epochs);
    DigitSets digits = data == null ? DigitSets.drawn(options.seed()) : DigitSets.read(data);
    long start = System.nanoTime();
    int threads = Runtime.getRuntime().availableProcessors();
    Forgetting.Result result;
    try (Progress progress = Progress.start("seeds", Forgetting.pieces(seeds))) {
      result =
          Forgetting.run(digits, tasks, epochs, options.seed(), seeds, threads, progress::step);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    PrintWriter console = options.console();
    console.print(TextTable.format(table(result)));
    console.printf(
        Locale.ROOT,
        "%nThe exact Fisher is %s times that of means of %d digits.%n",
        result.exactOverBatch().plain(1),
        Forgetting.BATCH);
    options.write("forgetting", chart(result), result, seconds);
  }

  private static Table table(Forgetting.Result result) {
    Table table =
        new Table(
            "Accuracy in percent ± deviation over "
                + result.heldOutSeeds().size()
                + " seeds; λ chosen on "
                + result.searchSeeds().size()
                + " others; better by ± standard error",
            Column.text(result.tasks() + " tasks"),
            Column.number("λ"),
            Column.number("old task"),
            Column.number("new task"),
            Column.number("mean"),
            Column.number("EWC better by"),
            Column.number("on seeds"));
    table.row(
        "old task only",
        "",
        over(result.before(), Score::oldTask).percent(),
        over(result.before(), Score::newTask).percent(),
        over(result.before(), Score::mean).percent(),
        "",
        "");
    Point ewc = result.chosen(Method.EWC);
    for (Method method : Method.values()) {
      addRow(table, result, ewc, result.chosen(method), method.toString());
    }
    for (Point point : result.of(Method.EWC_OF_BATCHES)) {
      if (point.strength() == ewc.strength()) {
        addRow(table, result, ewc, point, "the same, λ of EWC");
      }
    }
    return table;
  }

  private static void addRow(
      Table table, Forgetting.Result result, Point ewc, Point point, String name) {
    boolean self = point.equals(ewc);
    double[] differences = result.differences(ewc, point);
    Spread better = Spread.of(differences);
    int wins = 0;
    for (double difference : differences) {
      wins += difference > 0.0 ? 1 : 0;
    }
    table.row(
        name,
        point.strength() == 0.0 ? "" : strength(point.strength()),
        over(point.heldOut(), Score::oldTask).percent(),
        over(point.heldOut(), Score::newTask).percent(),
        over(point.heldOut(), Score::mean).percent(),
        self ? "" : better.withStandardError().percent(),
        self ? "" : wins + " of " + differences.length);
  }

  private static String strength(double value) {
    return value >= 1.0
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.0e", value);
  }

  private static Spread over(List<Score> scores, ToDoubleFunction<Score> figure) {
    return Spread.of(scores.stream().mapToDouble(figure).toArray());
  }

  private static LineChart chart(Forgetting.Result result) {
    LineChart chart =
        new LineChart(
            "What the new task costs the old one", "accuracy, new task", "accuracy, old task");
    // One point that others would hide comes last and lies on top.
    for (Method method :
        List.of(Method.ANCHOR, Method.EWC, Method.EWC_OF_BATCHES, Method.FINE_TUNING)) {
      List<Point> points = result.of(method);
      chart.line(
          method.toString(),
          means(points, Score::newTask),
          means(points, Score::oldTask),
          points.stream()
              .mapToDouble(point -> over(point.heldOut(), Score::oldTask).deviation())
              .toArray());
    }
    return chart;
  }

  private static double[] means(List<Point> points, ToDoubleFunction<Score> figure) {
    return points.stream().mapToDouble(point -> over(point.heldOut(), figure).mean()).toArray();
  }
}
