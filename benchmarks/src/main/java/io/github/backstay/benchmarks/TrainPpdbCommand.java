package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.tasks.Network;
import io.github.backstay.benchmarks.tasks.PhraseData;
import io.github.backstay.benchmarks.training.Treatment;
import io.github.backstay.nn.NegativeSampling;
import io.github.backstay.nn.ParaphraseLoss;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code backstay train ppdb}: vectors of phrases that mean the same. */
@Command(
    name = "ppdb",
    description = {
      "Vectors of phrases, from pairs that mean the same (Wieting et al. 2016).",
      "loss = max(0, δ−cos(x₁,x₂)+cos(x₁,t₁)) + max(0, δ−cos(x₁,x₂)+cos(x₂,t₂)), mean over the pairs; the"
          + " negatives t are found in the batch. Two parts of the pairs are held out; the score is how"
          + " often a phrase's nearest one is its partner, among all of a part."
    })
final class TrainPpdbCommand implements Runnable {

  @Mixin private final TrainOptions options = new TrainOptions();
  @Mixin private final NetworkOptions network = new NetworkOptions();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "FILE",
      description =
          "Pairs of phrases, one pair a line, with a tab between them (more columns may follow), or"
              + " as PPDB has them, with |||; plain or in gzip.")
  private Path data = Path.of("");

  @Option(
      names = "--margin",
      paramLabel = "X",
      description = "The margin δ (default: ${DEFAULT-VALUE}).")
  private double margin = 0.4;

  @Option(
      names = "--negatives",
      paramLabel = "HOW",
      converter = SpelledChoice.OfSampling.class,
      description =
          "How negatives are found: max (the most similar phrase of the batch) or mix (that, or any"
              + " other, each with probability ½). Default: max.")
  private NegativeSampling negatives = NegativeSampling.MAX;

  @Option(
      names = "--held-out",
      paramLabel = "N",
      description =
          "How many pairs are held out to choose by, and as many to report on"
              + " (default: ${DEFAULT-VALUE}).")
  private int heldOut = 500;

  @Override
  public void run() {
    options.requireSensible();
    OptionCheck check = options.check();
    network.requireSensible(check);
    network.requireTexts(check);
    check.atLeast("--held-out", heldOut, 1);
    check.used("--spare-output", false, "with this task, which has no output module");
    if (network.kind() == Network.Kind.WORD && options.embeddings() == Treatment.FROZEN) {
      throw check.wrong("--model word with frozen word vectors has nothing to train");
    }
    if (heldOut > 5000) {
      throw check.wrong(
          "--held-out must be at most 5000 (each phrase is compared with all), got " + heldOut);
    }
    if (!(margin >= 0.0 && margin <= 2.0)) {
      throw check.wrong("--margin must be from 0 to 2, got " + margin);
    }
    Map<String, String> description = new LinkedHashMap<>();
    description.put("margin", String.valueOf(margin));
    description.put("negatives", negatives.toString());
    description.put("held out", String.valueOf(heldOut));
    options.run(
        "ppdb",
        network.network(),
        description,
        new PhraseData(
            data,
            options.vectors(),
            options.wordSimilarity(),
            options.unknownWords(),
            network.network(),
            new ParaphraseLoss(margin),
            negatives,
            heldOut),
        10);
  }
}
