package io.github.backstay.benchmarks.tasks;

import io.github.backstay.nn.Activation;
import io.github.backstay.nn.AveragingEncoder;
import io.github.backstay.nn.Direction;
import io.github.backstay.nn.Embedding;
import io.github.backstay.nn.Encoder;
import io.github.backstay.nn.Gru;
import io.github.backstay.nn.Initializer;
import io.github.backstay.nn.Lstm;
import io.github.backstay.nn.LstmCell;
import io.github.backstay.nn.Module;
import io.github.backstay.nn.Recurrent;
import io.github.backstay.nn.RecurrentEncoder;
import io.github.backstay.nn.Rnn;
import io.github.backstay.nn.RnnCell;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/** An encoder of texts, {@code encoder}, and what looks at its vectors, {@code output}. */
final class TextModel<M extends Module> extends Module {

  private final Embedding words;
  private final Module encoderModule;
  private final Encoder encoder;
  private final M output;

  /**
   * Makes the encoder, then the output.
   *
   * @param network which encoder
   * @param table the word vectors, copied
   * @param output makes what looks at vectors of a width
   * @param random what the first values are drawn from
   */
  TextModel(
      Network network,
      DMatrixRMaj table,
      BiFunction<Integer, RandomGenerator, M> output,
      RandomGenerator random) {
    words = new Embedding(table);
    int in = table.numCols;
    int width = network.width();
    int layers = network.layers();
    switch (network.kind()) {
      case WORD -> {
        AveragingEncoder made = new AveragingEncoder(words);
        encoder = made;
        encoderModule = made;
      }
      case PROJECTION -> {
        AveragingEncoder made = AveragingEncoder.projection(words, width, random);
        encoder = made;
        encoderModule = made;
      }
      case DAN -> {
        AveragingEncoder made =
            AveragingEncoder.deep(words, layers, width, Activation.TANH, random);
        encoder = made;
        encoderModule = made;
      }
      case IRNN -> {
        RecurrentEncoder made = RecurrentEncoder.perWord(words, identity(in, layers, random));
        encoder = made;
        encoderModule = made;
      }
      case RNN, LSTM, LSTM_NO_OUTPUT, GRU -> {
        RecurrentEncoder made = new RecurrentEncoder(words, recurrent(network, in, random));
        encoder = made;
        encoderModule = made;
      }
      default ->
          throw new IllegalArgumentException(
              "model: " + network.kind() + " reads trees, and these are texts without.");
    }
    child("encoder", encoderModule);
    this.output = child("output", output.apply(encodedWidth(network, in), random));
  }

  private static int encodedWidth(Network network, int in) {
    return switch (network.kind()) {
      case WORD, IRNN -> in;
      default -> network.width();
    };
  }

  private static Rnn identity(int width, int layers, RandomGenerator random) {
    return new Rnn(
        width,
        layers,
        Direction.FORWARD,
        in -> RnnCell.identity(in, in, Activation.IDENTITY, Initializer.identity(), random));
  }

  private static Recurrent<?> recurrent(Network network, int in, RandomGenerator random) {
    int width = network.width();
    int layers = network.layers();
    LstmCell.Options peepholes = LstmCell.Options.standard().withPeepholes();
    return switch (network.kind()) {
      case RNN -> new Rnn(in, width, layers, Direction.FORWARD, random);
      case GRU -> new Gru(in, width, layers, Direction.FORWARD, random);
      case LSTM_NO_OUTPUT -> lstm(in, width, layers, peepholes.withoutOutputGate(), random);
      default -> lstm(in, width, layers, peepholes, random);
    };
  }

  private static Lstm lstm(
      int in, int width, int layers, LstmCell.Options options, RandomGenerator random) {
    return new Lstm(
        in, layers, Direction.FORWARD, columns -> new LstmCell(columns, width, options, random));
  }

  /** The word vectors. */
  Embedding words() {
    return words;
  }

  /** What encodes texts. */
  Encoder encoder() {
    return encoder;
  }

  /** The encoder as a module. */
  Module encoderModule() {
    return encoderModule;
  }

  /** What looks at the vectors. */
  M output() {
    return output;
  }
}
