package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.tasks.Network;
import io.github.backstay.benchmarks.training.Optimization;
import io.github.backstay.benchmarks.training.Rule;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a training goes down: rules, rates, and how many examples make a step. */
final class StepOptions {

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

  /** Looks at the numbers. */
  void requireSensible(OptionCheck check, boolean wordsAreFrozen) {
    check.atLeast("--batch", batch, 1);
    if (piece != null) {
      check.atLeast("--piece", piece, 1);
    }
    check.notNegative("--rate", rate());
    check.notNegative("--word-rate", wordRate());
    if (!(clip > 0.0)) {
      throw check.wrong("--clip must be greater than 0, got " + clip);
    }
    check.used("--word-rule", !wordsAreFrozen, "on frozen word vectors");
    check.used("--word-rate", !wordsAreFrozen, "on frozen word vectors");
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

  /** The choice, with the usual pieces for an encoder. */
  Optimization optimization(Network.Kind kind) {
    int usual = Math.min(batch, kind.usualPiece());
    return new Optimization(
        rule, rate(), wordRule(), wordRate(), clip, batch, piece == null ? usual : piece);
  }
}
