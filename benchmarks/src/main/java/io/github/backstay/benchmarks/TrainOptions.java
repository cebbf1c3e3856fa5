package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.data.UnknownWords;
import io.github.backstay.benchmarks.tasks.Network;
import io.github.backstay.benchmarks.training.DivergedException;
import io.github.backstay.benchmarks.training.Experiment;
import io.github.backstay.benchmarks.training.Optimization;
import io.github.backstay.benchmarks.training.Pretrained;
import io.github.backstay.benchmarks.training.Regularization;
import io.github.backstay.benchmarks.training.Rule;
import io.github.backstay.benchmarks.training.SavedRuns;
import io.github.backstay.benchmarks.training.TaskData;
import io.github.backstay.benchmarks.training.TrainingType;
import io.github.backstay.benchmarks.training.Treatment;
import io.github.backstay.benchmarks.training.Workers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
      names = "--type",
      paramLabel = "TYPE",
      converter = SpelledChoice.OfType.class,
      description = {
        "The training type: normal (LC/2·‖θ‖² + the penalty of the word vectors), reg (the encoder"
            + " starts from --from and is pulled back there, LRC/2·‖θ−θ₀‖² and LRW for the word"
            + " vectors), rep (the word vectors are frozen). Default: ${DEFAULT-VALUE}."
      })
  private TrainingType type = TrainingType.NORMAL;

  @Option(
      names = "--embeddings",
      paramLabel = "HOW",
      converter = SpelledChoice.OfTreatment.class,
      description =
          "What is done with the word vectors: frozen, free, anchor (LW/2·‖W−W0‖²), decay"
              + " (LW/2·‖W‖²) or data-bug (the anchor from plain numbers: changes nothing)."
              + " Default: anchor, or frozen with --type rep.")
  private @Nullable Treatment embeddings;

  @Option(
      names = "--lw",
      paramLabel = "X",
      description = "The strength of the word vectors' penalty (default: 1e-3).")
  private double lw = 1e-3;

  @Option(
      names = "--lc",
      paramLabel = "X",
      description =
          "The strength of the pull to zero on all but the word vectors, with --type reg on the"
              + " output alone; irnn is pulled to its first values, the identity or those of --from"
              + " (default: 1e-6).")
  private double lc = 1e-6;

  @Option(
      names = "--lrw",
      paramLabel = "X",
      description = "The strength of the word vectors' penalty with --type reg (default: 1e-3).")
  private double lrw = 1e-3;

  @Option(
      names = "--lrc",
      paramLabel = "X",
      description =
          "The strength of the encoder's pull back to --from with --type reg (default: 1e-3).")
  private double lrc = 1e-3;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      description =
          "Start from the encoder of a training, of this task or another, that --save has written:"
              + " the same --model and sizes; words that it does not have keep their vectors.")
  private @Nullable Path from;

  @Option(names = "--spare-output", description = "Leave the output module out of the penalties.")
  private boolean sparesOutput;

  @Option(
      names = "--rule",
      paramLabel = "RULE",
      converter = SpelledChoice.OfRule.class,
      description =
          "The update rule of all but the word vectors: adam, adagrad, sgd"
              + " (default: ${DEFAULT-VALUE}).")
  private Rule rule = Rule.ADAM;

  @Option(
      names = "--rate",
      paramLabel = "X",
      description = "The learning rate of --rule (default: adam 1e-3, adagrad 0.05, sgd 0.1).")
  private @Nullable Double rate;

  @Option(
      names = "--word-rule",
      paramLabel = "RULE",
      converter = SpelledChoice.OfRule.class,
      description = "The update rule of the word vectors (default: that of the rest).")
  private @Nullable Rule wordRule;

  @Option(
      names = "--word-rate",
      paramLabel = "X",
      description =
          "The learning rate of --word-rule (default: that of the rest, or the rule's usual one).")
  private @Nullable Double wordRate;

  @Option(
      names = "--clip",
      paramLabel = "X",
      description = "Clip the norm of all gradients together at X (default: no limit).")
  private double clip = Double.POSITIVE_INFINITY;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Examples per step (default: ${DEFAULT-VALUE}).")
  private int batch = 25;

  @Option(
      names = "--piece",
      paramLabel = "N",
      description =
          "How many examples of a batch are computed at once; the gradients of the pieces are added"
              + " up. Results depend on it (in the last digits, or wholly where dropout draws anew"
              + " for each piece), and not on --threads. Default: the whole batch for word,"
              + " projection and dan, else 13.")
  private @Nullable Integer piece;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many threads compute pieces at the same time (default: ${DEFAULT-VALUE}).")
  private int threads = 1;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description =
          "How many epochs (default: 20 on SST, 6 with trees; 10 on pairs).")
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
      description =
          "Also draw how far each word moved, with the names of the K of --drift, as SVG.")
  private @Nullable Path driftPicture;

  @Option(
      names = "--curves",
      paramLabel = "FILE",
      description = "Draw the scores of every epoch, mean and spread over the seeds, as SVG.")
  private @Nullable Path curves;

  @Option(names = "--json", paramLabel = "FILE", description = "Write every number to a file.")
  private @Nullable Path json;

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description =
          "Save each training after every epoch (safetensors); with several seeds, -SEED is put"
              + " before the extension.")
  private @Nullable Path save;

  @Option(
      names = "--resume",
      description =
          "Go on from the files of --save where they are there already, with the same bits as if"
              + " there had been no interruption.")
  private boolean resume;

  /** Looks at everything that could fail in the end, before the work begins. */
  void requireSensible() {
    requireAtLeast("--seeds", seeds, 1);
    requireAtLeast("--batch", batch, 1);
    requireAtLeast("--threads", threads, 1);
    requireAtLeast("--limit", limit, 0);
    requireAtLeast("--drift", drift, 0);
    if (epochs != null) {
      requireAtLeast("--epochs", epochs, 1);
    }
    if (piece != null) {
      requireAtLeast("--piece", piece, 1);
    }
    if (firstSeed > Long.MAX_VALUE - seeds) {
      throw wrong("--first-seed must be at most " + (Long.MAX_VALUE - seeds) + " here");
    }
    requireWritable();
    if (driftPicture != null && drift == 0) {
      throw wrong("--drift-picture needs --drift K, the number of words to name in it");
    }
    requireNotNegative("--unknown", unknown);
    requireNotNegative("--lw", lw);
    requireNotNegative("--lc", lc);
    requireNotNegative("--lrw", lrw);
    requireNotNegative("--lrc", lrc);
    requireNotNegative("--rate", rate());
    requireNotNegative("--word-rate", wordRate());
    if (!(clip > 0.0)) {
      throw wrong("--clip must be greater than 0, got " + clip);
    }
    if (type == TrainingType.REG && from == null) {
      throw wrong("--type reg needs --from FILE, the model that everything is pulled back to");
    }
    if (type == TrainingType.REP && embeddings != null && embeddings != Treatment.FROZEN) {
      throw wrong(
          "--type rep freezes the word vectors, so --embeddings " + embeddings + " cannot be");
    }
    boolean reg = type == TrainingType.REG;
    Treatment how = embeddings();
    boolean pulled = how != Treatment.FROZEN && how != Treatment.FREE;
    requireUsed("--lw", pulled && !reg, "with --type " + type + " and --embeddings " + how);
    requireUsed("--lrw", pulled && reg, "with --type " + type + " and --embeddings " + how);
    requireUsed("--lrc", reg, "with --type " + type);
    requireUsed("--word-rule", how != Treatment.FROZEN, "on frozen word vectors");
    requireUsed("--word-rate", how != Treatment.FROZEN, "on frozen word vectors");
    requireUsed("--unknown-seed", unknown > 0.0, "without --unknown X");
    if (resume && save == null) {
      throw wrong("--resume needs --save FILE, where the training was saved");
    }
    if (resume && drift > 0) {
      throw wrong("--drift looks at a training from its first step on: not with --resume");
    }
  }

  /** Refuses an option that was given and would change nothing. */
  void requireUsed(String option, boolean used, String why) {
    CommandLine.ParseResult given = Objects.requireNonNull(spec).commandLine().getParseResult();
    if (!used && given.hasMatchedOption(option)) {
      throw wrong(option + " has no effect " + why);
    }
  }

  /** A file that is to be written must be one, and no other one. */
  private void requireWritable() {
    Map<Path, String> taken = new LinkedHashMap<>();
    if (from != null) {
      taken.put(from.toAbsolutePath().normalize(), "--from");
    }
    requireOwn(taken, "--json", json);
    requireOwn(taken, "--curves", curves);
    requireOwn(taken, "--drift-picture", driftPicture);
    if (save != null) {
      SavedRuns runs = new SavedRuns(save, resume);
      for (long seed : seedList()) {
        requireOwn(taken, "--save", runs.of(seedList(), seed));
      }
      runs.requireNew(seedList());
    }
  }

  private void requireOwn(Map<Path, String> taken, String option, @Nullable Path file) {
    if (file == null) {
      return;
    }
    if (Files.isDirectory(file)) {
      throw DataException.in(file, "is a directory (need the name of a file to write).");
    }
    Path whole = file.toAbsolutePath().normalize();
    String other = taken.put(whole, option);
    if (other != null) {
      throw wrong(option + " and " + other + " are the same file, " + file);
    }
    Path above = whole.getParent();
    while (above != null && !Files.exists(above)) {
      above = above.getParent();
    }
    if (above == null || !Files.isDirectory(above) || !Files.isWritable(above)) {
      throw DataException.in(file, "cannot be written: " + above + " is no writable directory.");
    }
  }

  private List<Long> seedList() {
    return LongStream.range(firstSeed, firstSeed + seeds).boxed().toList();
  }

  void requireAtLeast(String option, int value, int least) {
    if (value < least) {
      throw wrong(option + " must be at least " + least + ", got " + value);
    }
  }

  void requireShare(String option, double value) {
    if (!(value >= 0.0 && value < 1.0)) {
      throw wrong(option + " must be at least 0 and less than 1, got " + value);
    }
  }

  private void requireNotNegative(String option, double value) {
    if (!(value >= 0.0) || Double.isInfinite(value)) {
      throw wrong(option + " must be finite and at least 0, got " + value);
    }
  }

  ParameterException wrong(String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }

  private double rate() {
    return rate == null ? rule.usualRate() : rate;
  }

  private Rule wordRule() {
    return wordRule == null ? rule : wordRule;
  }

  private double wordRate() {
    if (wordRate != null) {
      return wordRate;
    }
    return wordRule() == rule ? rate() : wordRule().usualRate();
  }

  Treatment embeddings() {
    if (type == TrainingType.REP) {
      return Treatment.FROZEN;
    }
    return embeddings == null ? Treatment.ANCHOR : embeddings;
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

  /** What is added to the loss. Strengths that nobody uses are 0, so that no report shows them. */
  private Regularization regularization() {
    Treatment how = embeddings();
    boolean pulled = how != Treatment.FROZEN && how != Treatment.FREE;
    boolean reg = type == TrainingType.REG;
    return new Regularization(
        type,
        how,
        lc,
        pulled && !reg ? lw : 0.0,
        reg ? lrc : 0.0,
        pulled && reg ? lrw : 0.0,
        sparesOutput);
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
    TaskData.Sizes sizes = data.sizes();
    TaskData.Limits limits = data.limits();
    if (limit != 0 && (limit < limits.least() || limit > limits.most())) {
      throw wrong(
          "--limit must be 0, or from "
              + limits.least()
              + " to "
              + limits.most()
              + " here ("
              + limits.of()
              + "), got "
              + limit);
    }
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
            regularization(),
            new Optimization(
                rule,
                rate(),
                wordRule(),
                wordRate(),
                clip,
                batch,
                piece == null ? Math.min(batch, network.kind().usualPiece()) : piece),
            epochs == null ? usualEpochs : epochs,
            limit,
            driftPicture == null ? drift : sizes.rows(),
            seedList());
    TrainReport report =
        new TrainReport(
            Objects.requireNonNull(spec).commandLine().getOut(), plan, sizes, data.warnings());
    report.begin();
    List<Experiment.Run> runs;
    try (Workers workers = new Workers(threads)) {
      Experiment experiment =
          new Experiment(
              data,
              workers,
              from == null ? null : Pretrained.read(from),
              save == null ? null : new SavedRuns(save, resume));
      runs = report.watch(listener -> experiment.run(plan, listener));
    } catch (DivergedException e) {
      throw new CheckFailedException(String.valueOf(e.getMessage()));
    }
    report.end(runs, drift, driftPicture, curves, json);
  }
}
