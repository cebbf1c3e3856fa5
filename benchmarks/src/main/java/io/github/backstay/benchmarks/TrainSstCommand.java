package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.tasks.Network;
import io.github.backstay.benchmarks.tasks.SentimentData;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code backstay train sst}: sentiment on the Stanford Sentiment Treebank. */
@Command(
    name = "sst",
    description = {
      "Sentiment of sentences, Stanford Sentiment Treebank.",
      "Of texts: encoder, sigmoid layer, softmax; loss = mean cross-entropy. Of trees: Tree-LSTM, softmax"
          + " at every labelled node; loss = sum over a tree's nodes, mean over trees. Two classes leave"
          + " neutral sentences and phrases out. Scores are those of sentences."
    })
final class TrainSstCommand implements Runnable {

  @Mixin private final TrainOptions options = new TrainOptions();
  @Mixin private final NetworkOptions network = new NetworkOptions();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "The directory of train.txt, dev.txt and test.txt, in PTB trees.")
  private Path data = Path.of("");

  @Option(
      names = "--classes",
      paramLabel = "N",
      description = "2 or 5 (default: ${DEFAULT-VALUE}).")
  private int classes = 2;

  @Option(
      names = "--phrases",
      negatable = true,
      description =
          "Train on all labelled phrases, or (--no-phrases) on sentences only. Default: phrases for"
              + " trees, sentences for the others.")
  private @Nullable Boolean phrases;

  @Option(
      names = "--hidden",
      paramLabel = "N",
      description =
          "The width of the sigmoid layer before the softmax, 0 for none; trees have none"
              + " (default: ${DEFAULT-VALUE}).")
  private int hidden = 50;

  @Option(
      names = "--dropout",
      paramLabel = "P",
      description =
          "What share of a tree node's state is dropped before the softmax in training"
              + " (default: ${DEFAULT-VALUE}).")
  private double dropout = 0.5;

  @Override
  public void run() {
    options.requireSensible();
    OptionCheck check = options.check();
    network.requireSensible(check);
    check.atLeast("--hidden", hidden, 0);
    check.share("--dropout", dropout);
    if (classes != 2 && classes != 5) {
      throw check.wrong("--classes must be 2 or 5, got " + classes);
    }
    Network.Kind kind = network.kind();
    check.used("--hidden", !kind.readsTrees(), "with --model " + kind);
    check.used("--dropout", kind.readsTrees(), "with --model " + kind);
    SentimentData.Setting setting =
        new SentimentData.Setting(
            network.network(),
            classes,
            phrases == null ? kind.readsTrees() : phrases,
            kind.readsTrees() ? 0 : hidden,
            kind.readsTrees() ? dropout : 0.0);
    Map<String, String> description = new LinkedHashMap<>();
    description.put("classes", String.valueOf(classes));
    description.put("phrases", String.valueOf(setting.phrases()));
    description.put("hidden", String.valueOf(setting.hidden()));
    description.put("dropout", String.valueOf(setting.dropout()));
    options.run(
        "sst",
        network.network(),
        description,
        new SentimentData(
            data, options.vectors(), options.wordSimilarity(), options.unknownWords(), setting),
        kind.readsTrees() ? 6 : 20);
  }
}
