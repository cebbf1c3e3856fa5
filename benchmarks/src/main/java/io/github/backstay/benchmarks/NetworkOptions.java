package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.tasks.Network;
import picocli.CommandLine.Option;

/** Which encoder, and how large. */
final class NetworkOptions {

  @Option(
      names = "--model",
      paramLabel = "WHICH",
      converter = SpelledChoice.OfNetwork.class,
      description = {
        "The encoder. Of texts: word (the mean of the vectors), projection, dan (--layers of"
            + " them), rnn, irnn, lstm (with peepholes), lstm-no-output (without output gate),"
            + " gru. Of parsed sentences (task sst): tree (binary Tree-LSTM), childsum."
            + " Default: ${DEFAULT-VALUE}."
      })
  private Network.Kind model = Network.Kind.WORD;

  @Option(
      names = "--width",
      paramLabel = "N",
      description =
          "The width of layers and states; word and irnn are as wide as the vectors"
              + " (default: ${DEFAULT-VALUE}).")
  private int width = 100;

  @Option(
      names = "--layers",
      paramLabel = "N",
      description = "The layers of dan, or of a recurrent network (default: ${DEFAULT-VALUE}).")
  private int layers = 1;

  @Option(
      names = "--word-dropout",
      paramLabel = "P",
      description =
          "The probability of leaving a word of a text out in training; not for trees"
              + " (default: ${DEFAULT-VALUE}).")
  private double wordDropout;

  /** Looks at the numbers. */
  void requireSensible(OptionCheck check) {
    check.atLeast("--width", width, 1);
    check.atLeast("--layers", layers, 1);
    check.share("--word-dropout", wordDropout);
    String why = "with --model " + model;
    check.used("--word-dropout", !model.readsTrees(), why + ", which reads trees");
    check.used("--width", hasWidth(), why + ", which is as wide as the vectors");
    check.used("--layers", hasLayers(), why + ", which has one layer at most");
  }

  /** Refuses the encoders that need parses. */
  void requireTexts(OptionCheck check) {
    if (model.readsTrees()) {
      throw check.wrong(
          "--model " + model + " needs parsed sentences, which only the task sst has");
    }
  }

  private boolean hasWidth() {
    return model != Network.Kind.WORD && model != Network.Kind.IRNN;
  }

  private boolean hasLayers() {
    return !model.readsTrees() && model != Network.Kind.WORD && model != Network.Kind.PROJECTION;
  }

  /** The choice, with 1 for what plays no part. */
  Network network() {
    return new Network(model, hasWidth() ? width : 1, hasLayers() ? layers : 1, wordDropout);
  }

  /** Which encoder. */
  Network.Kind kind() {
    return model;
  }
}
