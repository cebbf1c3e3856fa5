package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.training.Regularization;
import io.github.backstay.benchmarks.training.TrainingType;
import io.github.backstay.benchmarks.training.Treatment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What pulls the weights of a training, and where to. */
final class PullOptions {

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

  /** Looks at the strengths, and at what does not go together. */
  void requireSensible(OptionCheck check) {
    check.notNegative("--lw", lw);
    check.notNegative("--lc", lc);
    check.notNegative("--lrw", lrw);
    check.notNegative("--lrc", lrc);
    if (isReg() && from == null) {
      throw check.wrong(
          "--type reg needs --from FILE, the model that everything is pulled back to");
    }
    if (type == TrainingType.REP && embeddings != null && embeddings != Treatment.FROZEN) {
      throw check.wrong(
          "--type rep freezes the word vectors, so --embeddings " + embeddings + " cannot be");
    }
    String given = "with --type " + type + " and --embeddings " + embeddings();
    check.used("--lw", pullsWords() && !isReg(), given);
    check.used("--lrw", pullsWords() && isReg(), given);
    check.used("--lrc", isReg(), "with --type " + type);
  }

  private boolean isReg() {
    return type == TrainingType.REG;
  }

  private boolean pullsWords() {
    return embeddings() != Treatment.FROZEN && embeddings() != Treatment.FREE;
  }

  /** What is done with the word vectors. */
  Treatment embeddings() {
    if (type == TrainingType.REP) {
      return Treatment.FROZEN;
    }
    return embeddings == null ? Treatment.ANCHOR : embeddings;
  }

  /** Where the encoder starts from, or null. */
  @Nullable Path from() {
    return from;
  }

  /** What is added to the loss. Strengths that nobody uses are 0, so that no report shows them. */
  Regularization regularization() {
    return new Regularization(
        type,
        embeddings(),
        lc,
        pullsWords() && !isReg() ? lw : 0.0,
        isReg() ? lrc : 0.0,
        pullsWords() && isReg() ? lrw : 0.0,
        sparesOutput);
  }
}
