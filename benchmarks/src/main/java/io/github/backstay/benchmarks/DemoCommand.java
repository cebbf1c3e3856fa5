package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.experiments.AnchoredWords;
import io.github.backstay.benchmarks.experiments.ForumBug;
import io.github.backstay.benchmarks.report.HtmlReport;
import io.github.backstay.benchmarks.report.JsonFile;
import io.github.backstay.benchmarks.report.LineChart;
import io.github.backstay.benchmarks.report.Progress;
import io.github.backstay.benchmarks.report.Table;
import io.github.backstay.benchmarks.report.Table.Column;
import io.github.backstay.benchmarks.report.TextTable;
import io.github.backstay.benchmarks.training.Epoch;
import io.github.backstay.benchmarks.training.Spread;
import io.github.backstay.benchmarks.training.Treatment;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code backstay demo}: the forum's bug and its cure, and what the cure is good for. */
@Command(
    name = "demo",
    description = {
      "Shows the bug that this library was made for, and what the anchor is good for.",
      "Needs no data and takes less than a minute."
    })
final class DemoCommand implements Runnable {

  private static final int SEARCH_SEEDS = 6;
  private static final int HELD_OUT_SEEDS = 14;
  private static final double STRENGTH = 6e-3;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where report.html and summary.json go (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("backstay-demo");

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Other data and weights: added to all seeds (default: ${DEFAULT-VALUE}).")
  private long seed;

  /** Everything the demo has found, for summary.json. */
  private record Findings(
      long seed,
      double strength,
      List<ForumBug.Run> forumBug,
      boolean bugLeavesWeightsAlone,
      AnchoredWords.Result anchoredWords,
      double seconds) {}

  @Override
  public void run() {
    CommandSpec command = Objects.requireNonNull(spec);
    if (seed < 0 || seed > Integer.MAX_VALUE) {
      throw new ParameterException(
          command.commandLine(), "--seed must be from 0 to " + Integer.MAX_VALUE + ", got " + seed);
    }
    if (Files.exists(out) && !Files.isDirectory(out)) {
      throw DataException.in(out, "is a file (need a directory for report.html and summary.json).");
    }
    PrintWriter console = command.commandLine().getOut();
    long start = System.nanoTime();
    int threads = Runtime.getRuntime().availableProcessors();
    List<ForumBug.Run> bug;
    AnchoredWords.Result words;
    int steps = 4 + AnchoredWords.trainings(SEARCH_SEEDS, HELD_OUT_SEEDS);
    try (Progress progress = Progress.start("trainings", steps)) {
      bug = ForumBug.run(1 + seed, STRENGTH, progress::step);
      words = AnchoredWords.run(seed, SEARCH_SEEDS, HELD_OUT_SEEDS, threads, progress::step);
    }
    boolean same = bug.get(0).fingerprint().equals(bug.get(1).fingerprint());
    double seconds = (System.nanoTime() - start) / 1e9;

    Table bugTable = bugTable(bug);
    Table wordTable = wordTable(words);
    console.println();
    console.print(TextTable.format(bugTable));
    console.println(verdict(same));
    console.println();
    console.print(TextTable.format(wordTable));
    JsonFile.write(
        out.resolve("summary.json"), new Findings(seed, STRENGTH, bug, same, words, seconds));
    report(bug, same, words, bugTable, wordTable).write(out.resolve("report.html"));
    console.printf(
        Locale.ROOT,
        "%n%.0f s. The pictures are in %s, every number in %s.%n",
        seconds,
        out.resolve("report.html"),
        out.resolve("summary.json"));
    if (!same) {
      throw new CheckFailedException("the detached penalty has changed the weights");
    }
  }

  private static String verdict(boolean same) {
    return same
        ? "The mistake printed another loss and left every weight, to the last bit, as without a"
            + " penalty."
        : "The mistake has changed the weights: that must not happen.";
  }

  private static String name(Treatment treatment) {
    return switch (treatment) {
      case FROZEN -> "frozen";
      case FREE -> "no penalty";
      case DATA_BUG -> "the mistake (.data)";
      case DECAY -> "weight decay";
      case ANCHOR -> "anchor";
    };
  }

  private static Table bugTable(List<ForumBug.Run> runs) {
    Table table =
        new Table(
            "One model, one seed, four penalties of strength " + STRENGTH,
            Column.text("penalty"),
            Column.number("printed loss"),
            Column.number("data part"),
            Column.number("penalty"),
            Column.number("‖W−W0‖"),
            Column.number("test"),
            Column.text("SHA-256"));
    for (ForumBug.Run run : runs) {
      Epoch last = run.last();
      table.row(
          name(run.treatment()),
          number("%.4f", last.cost()),
          number("%.4f", last.term("data")),
          number("%.4f", last.term("words")),
          number("%.2f", last.drift()),
          number("%.3f", run.testAccuracy()),
          run.fingerprint().substring(0, 16) + "…");
    }
    return table;
  }

  private static Table wordTable(AnchoredWords.Result words) {
    Table table =
        new Table(
            "Accuracy ± deviation over "
                + words.heldOutSeeds().size()
                + " held-out seeds; λ chosen on "
                + words.searchSeeds().size()
                + " others; better by ± standard error",
            Column.text("word vectors"),
            Column.number("λ"),
            Column.number("all words"),
            Column.number("seen words"),
            Column.number("train"),
            Column.number("drift"),
            Column.number("anchor better by"),
            Column.number("on seeds"));
    for (AnchoredWords.Row row : words.rows()) {
      boolean self = row.treatment() == Treatment.ANCHOR;
      table.row(
          name(row.treatment()),
          row.strength() == 0.0 ? "" : number("%.0e", row.strength()),
          spread(row, AnchoredWords.Score::all).plain(3),
          spread(row, AnchoredWords.Score::seen).plain(3),
          number("%.3f", spread(row, AnchoredWords.Score::train).mean()),
          number("%.2f", spread(row, AnchoredWords.Score::drift).mean()),
          self ? "" : row.anchorMinusThis().plain(3),
          self ? "" : row.anchorWins() + " of " + row.scores().size());
    }
    return table;
  }

  private static Spread spread(
      AnchoredWords.Row row, ToDoubleFunction<AnchoredWords.Score> figure) {
    return Spread.of(row.scores().stream().mapToDouble(figure).toArray());
  }

  private static String number(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }

  private static HtmlReport report(
      List<ForumBug.Run> bug,
      boolean same,
      AnchoredWords.Result words,
      Table bugTable,
      Table wordTable) {
    return new HtmlReport("Backstay: pulled back, or not")
        .paragraph(
            "Somebody wanted word embeddings regularized back to their initial values. The first"
                + " try was the optimizer's weight_decay, which pulls to zero. The second computed"
                + " the penalty from .data, that is, from plain numbers: the loss moved, the"
                + " gradient did not, and nothing said so.")
        .heading("The mistake")
        .paragraph(
            "The same model trained four times. In Backstay the mistake needs two explicit steps,"
                + " detach() and plusDetached(…); a detached term is refused otherwise.")
        .table(bugTable)
        .paragraph(verdict(same))
        .chart(
            curves(bug, "The loss that each training prints", "printed loss", e -> e.cost())
                .logarithmic())
        .chart(curves(bug, "How far the word vectors move", "‖W − W0‖", e -> e.drift()))
        .paragraph(
            "In the second picture the curve of the mistake lies exactly on the one without a"
                + " penalty and hides it; in the first it lies above: a penalty that changes no"
                + " weight.")
        .heading("What the anchor is good for")
        .paragraph(
            "2,000 words in 50 clusters; a text's class is the majority of its words' polarities."
                + " The pre-trained vectors show the cluster of a word, but are wrong about one"
                + " word in ten; 600 labelled texts cover 30 % of the vocabulary. Free fine-tuning"
                + " learns the seen words and spoils the rest; weight decay wipes out what no text"
                + " has touched; the anchor corrects what the labels speak about and keeps what"
                + " they do not.")
        .table(wordTable)
        .chart(search(words))
        .paragraph(
            "It pays here because the table is mostly right and the labels cover part of it: the"
                + " gain lies on words that no label speaks about. On seen words alone free"
                + " fine-tuning is as good or better, and with more wrong words or more labels the"
                + " gain shrinks.");
  }

  private static LineChart curves(
      List<ForumBug.Run> runs, String title, String label, ToDoubleFunction<Epoch> figure) {
    LineChart chart = new LineChart(title, "epoch", label);
    for (ForumBug.Run run : runs) {
      chart.line(
          name(run.treatment()),
          run.epochs().stream().mapToDouble(Epoch::number).toArray(),
          run.epochs().stream().mapToDouble(figure).toArray());
    }
    return chart;
  }

  private static LineChart search(AnchoredWords.Result words) {
    LineChart chart =
        new LineChart(
            "The search for a strength: accuracy on all words, "
                + words.searchSeeds().size()
                + " seeds",
            "log₁₀ λ",
            "accuracy");
    Map<Treatment, List<AnchoredWords.Candidate>> search = new LinkedHashMap<>(words.search());
    search.forEach(
        (treatment, candidates) ->
            chart.line(
                name(treatment),
                candidates.stream().mapToDouble(c -> Math.log10(c.strength())).toArray(),
                candidates.stream().mapToDouble(c -> c.all().mean()).toArray(),
                candidates.stream().mapToDouble(c -> c.all().deviation()).toArray()));
    return chart;
  }
}
