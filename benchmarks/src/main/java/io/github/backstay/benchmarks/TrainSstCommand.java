package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.experiments.Spread;
import io.github.backstay.benchmarks.experiments.SstExperiment;
import io.github.backstay.benchmarks.experiments.Treatment;
import io.github.backstay.benchmarks.report.JsonFile;
import io.github.backstay.benchmarks.report.Progress;
import io.github.backstay.benchmarks.report.ScatterPicture;
import io.github.backstay.benchmarks.report.Table;
import io.github.backstay.benchmarks.report.Table.Column;
import io.github.backstay.benchmarks.report.TextTable;
import io.github.backstay.regularizers.DriftReport;
import io.github.backstay.regularizers.RowDrift;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code backstay train sst}: the averaging classifier on the Stanford Sentiment Treebank. */
@Command(
    name = "sst",
    description = {
      "Trains the averaging classifier on the Stanford Sentiment Treebank: two classes,",
      "sentences, neutral ones left out. Mean of the word vectors, sigmoid layer, softmax;",
      "Adam; cost = mean cross-entropy + LC/2·‖network‖² + penalty of the word vectors."
    })
final class TrainSstCommand implements Runnable {

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "The directory of train.txt, dev.txt and test.txt, in PTB trees.")
  private Path data = Path.of("");

  @Option(
      names = "--vectors",
      required = true,
      paramLabel = "FILE",
      description = "Word vectors as text (GloVe, word2vec), plain or in gzip.")
  private Path vectors = Path.of("");

  @Option(
      names = "--embeddings",
      paramLabel = "HOW",
      converter = TreatmentConverter.class,
      description =
          "What is done with the word vectors: frozen, free, anchor (LW/2·‖W−W0‖²), decay"
              + " (LW/2·‖W‖²) or data-bug (the anchor from plain numbers: changes nothing)."
              + " Default: ${DEFAULT-VALUE}.")
  private Treatment embeddings = Treatment.ANCHOR;

  @Option(
      names = "--lw",
      paramLabel = "X",
      description = "The strength of the word vectors' penalty (default: ${DEFAULT-VALUE}).")
  private double lw = 1e-3;

  @Option(
      names = "--lc",
      paramLabel = "X",
      description = "The strength of the rest's pull to zero (default: ${DEFAULT-VALUE}).")
  private double lc = 1e-6;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description =
          "How many trainings, with seeds from --first-seed on (default: ${DEFAULT-VALUE}).")
  private int seeds = 5;

  @Option(
      names = "--first-seed",
      paramLabel = "N",
      description = "The first seed (default: ${DEFAULT-VALUE}).")
  private long firstSeed = 1;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "How many epochs (default: ${DEFAULT-VALUE}).")
  private int epochs = 20;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description =
          "Train on so many sentences only, half of each class, drawn per seed; 0 for all"
              + " (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Option(
      names = "--hidden",
      paramLabel = "N",
      description = "The width of the sigmoid layer (default: ${DEFAULT-VALUE}).")
  private int hidden = 50;

  @Option(
      names = "--rate",
      paramLabel = "X",
      description = "The learning rate of Adam (default: ${DEFAULT-VALUE}).")
  private double rate = 1e-3;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Sentences per step (default: ${DEFAULT-VALUE}).")
  private int batch = 25;

  @Option(
      names = "--wordsim",
      paramLabel = "DIR",
      description = "Also measure the trained vectors on word similarity files, *.txt.")
  private @Nullable Path wordSimilarity;

  @Option(
      names = "--drift",
      paramLabel = "K",
      description = "Also list the K words that moved farthest with the first seed.")
  private int drift;

  @Option(
      names = "--drift-picture",
      paramLabel = "FILE",
      description = "Also draw how far each word moved, with the names of these K, as SVG.")
  private @Nullable Path driftPicture;

  @Option(names = "--json", paramLabel = "FILE", description = "Write every number to a file.")
  private @Nullable Path json;

  /** For the JSON file. */
  private record Findings(
      SstExperiment.Plan plan,
      SstExperiment.Sizes sizes,
      List<String> warnings,
      SstExperiment.Summary summary,
      List<SstExperiment.Run> runs) {}

  @Override
  public void run() {
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    requireSensible();
    if (json != null && Files.isDirectory(json)) {
      throw DataException.in(json, "is a directory (need the name of a file to write).");
    }
    if (driftPicture != null && Files.isDirectory(driftPicture)) {
      throw DataException.in(driftPicture, "is a directory (need the name of a file to write).");
    }
    SstExperiment experiment = new SstExperiment(data, vectors, wordSimilarity);
    SstExperiment.Sizes sizes = experiment.sizes();
    out.printf(
        Locale.ROOT,
        "%d training sentences%s, %d dev, %d test; table %d × %d, %.1f %% of the tokens have a"
            + " vector%n",
        sizes.train(),
        limit == 0 ? "" : " (" + limit + " of them used)",
        sizes.dev(),
        sizes.test(),
        sizes.rows(),
        sizes.width(),
        100.0 * sizes.coverage());
    experiment.warnings().forEach(out::println);
    if (limit > sizes.train()) {
      throw wrong("--limit must be at most " + sizes.train() + " here, got " + limit);
    }
    SstExperiment.Plan plan =
        new SstExperiment.Plan(
            embeddings,
            embeddings == Treatment.FROZEN || embeddings == Treatment.FREE ? 0.0 : lw,
            lc,
            hidden,
            rate,
            batch,
            epochs,
            limit,
            driftPicture == null ? drift : sizes.rows(),
            LongStream.range(firstSeed, firstSeed + seeds).boxed().toList());
    List<SstExperiment.Run> runs = new ArrayList<>();
    try (Progress progress = Progress.start("epochs", (long) seeds * epochs)) {
      runs.addAll(
          experiment.run(
              plan,
              (seed, epoch) -> {
                progress.step();
                progress.say(
                    String.format(
                        Locale.ROOT,
                        "loss %.4f = data %.4f + penalty %.4f; dev %.2f",
                        epoch.training().cost(),
                        epoch.training().data(),
                        epoch.training().penalty(),
                        100.0 * epoch.dev()));
              }));
    }
    SstExperiment.Summary summary = SstExperiment.summarize(runs);
    out.print(TextTable.format(table(plan, runs, summary)));
    DriftReport moved = runs.get(0).drift();
    if (moved != null) {
      out.printf("%nWith seed %d, after the last epoch:%n%s", firstSeed, moved.top(drift));
      if (driftPicture != null) {
        picture(plan, moved).write(driftPicture);
      }
    }
    if (json != null) {
      JsonFile.write(json, new Findings(plan, sizes, experiment.warnings(), summary, runs));
    }
  }

  private void requireSensible() {
    requireAtLeast("--seeds", seeds, 1);
    requireAtLeast("--epochs", epochs, 1);
    requireAtLeast("--limit", limit, 0);
    requireAtLeast("--hidden", hidden, 1);
    requireAtLeast("--batch", batch, 1);
    requireAtLeast("--drift", drift, 0);
    if (driftPicture != null && drift == 0) {
      throw wrong("--drift-picture needs --drift K, the number of words to name in it");
    }
    if (limit == 1) {
      throw wrong("--limit must be 0, or at least 2 (half of each class), got 1");
    }
    requireNotNegative("--lw", lw);
    requireNotNegative("--lc", lc);
    requireNotNegative("--rate", rate);
  }

  private void requireAtLeast(String option, int value, int least) {
    if (value < least) {
      throw wrong(option + " must be at least " + least + ", got " + value);
    }
  }

  private void requireNotNegative(String option, double value) {
    if (!(value >= 0.0) || Double.isInfinite(value)) {
      throw wrong(option + " must be finite and at least 0, got " + value);
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }

  private ScatterPicture picture(SstExperiment.Plan plan, DriftReport moved) {
    ScatterPicture picture =
        new ScatterPicture(
            "How far words moved, and how often the data pushed them",
            String.format(
                Locale.ROOT,
                "%s, seed %d, %d epochs: %,d of %,d words moved, ‖W−W0‖ = %.1f",
                name(plan),
                firstSeed,
                epochs,
                moved.moved(),
                moved.rows(),
                moved.total()),
            String.format(
                Locale.ROOT, "touches: steps in which the word occurred, of %,d", moved.steps()),
            "‖d‖, distance of the vector from its start");
    for (int i = 0; i < moved.top().size(); i++) {
      RowDrift row = moved.top().get(i);
      picture.point(row.touches(), row.distance(), i < drift ? row.token() : "");
    }
    return picture;
  }

  private static String name(SstExperiment.Plan plan) {
    return plan.treatment() + (plan.tableStrength() > 0.0 ? " " + plan.tableStrength() : "");
  }

  private static Table table(
      SstExperiment.Plan plan, List<SstExperiment.Run> runs, SstExperiment.Summary summary) {
    Table table =
        new Table(
            name(plan),
            Column.text("seed"),
            Column.number("dev, chosen epoch"),
            Column.number("test there"),
            Column.number("epoch"),
            Column.number("test, last epoch"),
            Column.number("train, last"),
            Column.number("‖W−W0‖ there"),
            Column.number("last"),
            Column.number("s/epoch"));
    for (SstExperiment.Run run : runs) {
      SstExperiment.Epoch best = run.epochs().get(run.best() - 1);
      SstExperiment.Epoch last = run.epochs().get(run.epochs().size() - 1);
      double seconds =
          Spread.of(run.epochs().stream().mapToDouble(e -> e.training().seconds()).toArray())
              .median();
      table.row(
          String.valueOf(run.seed()),
          percent(best.dev()),
          percent(best.test()),
          String.valueOf(run.best()),
          percent(last.test()),
          percent(run.trainLast()),
          String.format(Locale.ROOT, "%.1f", best.training().drift()),
          String.format(Locale.ROOT, "%.1f", last.training().drift()),
          String.format(Locale.ROOT, "%.3f", seconds));
    }
    table.row(
        "mean ± deviation",
        summary.devBest().percent(),
        summary.testBest().percent(),
        String.format(Locale.ROOT, "%.1f", summary.bestEpoch().mean()),
        summary.testLast().percent(),
        percent(summary.trainLast().mean()),
        String.format(Locale.ROOT, "%.1f", summary.driftBest().mean()),
        String.format(Locale.ROOT, "%.1f", summary.driftLast().mean()),
        String.format(Locale.ROOT, "%.3f median", summary.secondsPerEpoch().median()));
    for (Map.Entry<String, Spread> entry : summary.similarity().entrySet()) {
      table.row(
          entry.getKey() + ", last epoch", entry.getValue().plain(3), "", "", "", "", "", "", "");
    }
    return table;
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.2f", 100.0 * share);
  }
}
