package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.data.UnknownWords;
import io.github.backstay.benchmarks.tasks.Network;
import io.github.backstay.benchmarks.training.DivergedException;
import io.github.backstay.benchmarks.training.Experiment;
import io.github.backstay.benchmarks.training.Pretrained;
import io.github.backstay.benchmarks.training.TaskData;
import io.github.backstay.benchmarks.training.Treatment;
import io.github.backstay.benchmarks.training.Workers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all tasks have in common: vectors, pulls, steps, seeds, and where results go. */
final class TrainOptions {

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec spec;

  @Option(
      names = "--vectors",
      required = true,
      paramLabel = "FILE",
      description = "Word vectors as text (GloVe, word2vec), plain or in gzip.")
  private Path vectors = Path.of("");

  @Option(
      names = "--unknown",
      paramLabel = "X",
      description =
          "What words without a vector start from: 0 for one row, of zeros, that all of them share;"
              + " X for a row each, drawn from [−X, X) by --unknown-seed and the word itself"
              + " (Tai et al. take 0.05). Default: ${DEFAULT-VALUE}.")
  private double unknown;

  @Option(
      names = "--unknown-seed",
      paramLabel = "N",
      description = "The seed of the rows of --unknown, for all trainings (default: 1).")
  private long unknownSeed = 1;

  @Option(
      names = "--wordsim",
      paramLabel = "DIR",
      description = "Also measure the trained vectors on word similarity files, *.txt.")
  private @Nullable Path wordSimilarity;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many threads compute pieces at the same time (default: ${DEFAULT-VALUE}).")
  private int threads = 1;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "How many epochs (default: 20 on SST, 6 with trees; 10 on pairs).")
  private @Nullable Integer epochs;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description =
          "How many trainings, with seeds from --first-seed on (default: ${DEFAULT-VALUE}).")
  private int seeds = 3;

  @Option(
      names = "--first-seed",
      paramLabel = "N",
      description = "The first seed (default: ${DEFAULT-VALUE}).")
  private long firstSeed = 1;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description =
          "Train on so many sentences or pairs only, as many of each class if there are classes,"
              + " drawn per seed; 0 for all (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Mixin private final PullOptions pulls = new PullOptions();
  @Mixin private final StepOptions steps = new StepOptions();
  @Mixin private final ResultOptions results = new ResultOptions();

  /** Looks at everything that could fail in the end, before the work begins. */
  void requireSensible() {
    OptionCheck check = check();
    check.atLeast("--seeds", seeds, 1);
    check.atLeast("--threads", threads, 1);
    check.atLeast("--limit", limit, 0);
    if (epochs != null) {
      check.atLeast("--epochs", epochs, 1);
    }
    if (firstSeed > Long.MAX_VALUE - seeds) {
      throw check.wrong("--first-seed must be at most " + (Long.MAX_VALUE - seeds) + " here");
    }
    check.notNegative("--unknown", unknown);
    check.used("--unknown-seed", unknown > 0.0, "without --unknown X");
    pulls.requireSensible(check);
    steps.requireSensible(check, embeddings() == Treatment.FROZEN);
    results.requireSensible(check, seedList(), pulls.from());
  }

  /** For options beside these. */
  OptionCheck check() {
    return OptionCheck.of(Objects.requireNonNull(spec));
  }

  private List<Long> seedList() {
    return LongStream.range(firstSeed, firstSeed + seeds).boxed().toList();
  }

  /** What is done with the word vectors. */
  Treatment embeddings() {
    return pulls.embeddings();
  }

  Path vectors() {
    return vectors;
  }

  UnknownWords unknownWords() {
    return unknown == 0.0 ? UnknownWords.SHARED_ZERO : UnknownWords.own(unknownSeed, unknown);
  }

  @Nullable Path wordSimilarity() {
    return wordSimilarity;
  }

  /**
   * Trains and reports.
   *
   * @param task what the command line calls it
   * @param network the encoder
   * @param description what belongs to this training beside these options
   * @param data model and data
   * @param usualEpochs how many epochs unless said otherwise
   */
  void run(
      String task,
      Network network,
      Map<String, String> description,
      TaskData data,
      int usualEpochs) {
    requirePossible(data.limits());
    TaskData.Sizes sizes = data.sizes();
    Path from = pulls.from();
    Map<String, String> described = new LinkedHashMap<>();
    described.put("task", task);
    described.put("model", network.kind().toString());
    described.put(Experiment.NETWORK, network.toString());
    described.putAll(description);
    described.put("unknown words", unknownWords().toString());
    described.put("table", sizes.rows() + "×" + sizes.width());
    if (from != null) {
      described.put("from", from.toString());
    }
    Experiment.Plan plan =
        new Experiment.Plan(
            described,
            pulls.regularization(),
            steps.optimization(network.kind()),
            epochs == null ? usualEpochs : epochs,
            limit,
            results.driftRows(sizes.rows()),
            seedList());
    TrainReport report = new TrainReport(check().command().getOut(), plan, sizes, data.warnings());
    report.begin();
    List<Experiment.Run> runs;
    try (Workers workers = new Workers(threads)) {
      Pretrained pretrained = from == null ? null : Pretrained.read(from);
      Experiment experiment = new Experiment(data, workers, pretrained, results.savedRuns());
      runs = report.watch(listener -> experiment.run(plan, listener));
    } catch (DivergedException e) {
      throw new CheckFailedException(String.valueOf(e.getMessage()));
    }
    report.end(runs, results);
  }

  private void requirePossible(TaskData.Limits limits) {
    if (limit != 0 && (limit < limits.least() || limit > limits.most())) {
      throw check()
          .wrong(
              "--limit must be 0, or from "
                  + limits.least()
                  + " to "
                  + limits.most()
                  + " here ("
                  + limits.of()
                  + "), got "
                  + limit);
    }
  }
}
