package io.github.backstay.nn;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;

/**
 * What a recurrent network shows after the last word of a text, [T] → [B×width of the network]: an
 * {@link Rnn}, a {@link Gru} or an {@link Lstm}, with cells such as {@link RnnCell#identity} or an
 * {@link LstmCell} with {@linkplain LstmCell.Options peepholes}. With {@link Direction#BOTH} the
 * last output of either direction, beside one another. A text without words gives 0.
 *
 * <p>The texts may have unequal lengths: they are read with the longest first, and those that are
 * over leave the batch ({@link Recurrent}), so that there is neither padding nor mask. The
 * embedding is the child {@code words}, the network the child {@code network}.
 *
 * <pre>{@code
 * LstmCell.Options peepholes = LstmCell.Options.standard().withPeepholes();
 * Lstm lstm = new Lstm(4, 1, Direction.FORWARD, in -> new LstmCell(in, 3, peepholes, random));
 * Encoder encoder = new RecurrentEncoder(words, lstm);
 * }</pre>
 */
public final class RecurrentEncoder extends Module implements Encoder {

  private final Embedding words;
  private final Recurrent<?> network;
  private final boolean perWord;

  /**
   * An encoder.
   *
   * @param words the words' vectors
   * @param network reads them; its inputs must be as wide as a vector
   * @throws IllegalArgumentException if they are not
   */
  public RecurrentEncoder(Embedding words, Recurrent<?> network) {
    this(words, network, false);
  }

  private RecurrentEncoder(Embedding words, Recurrent<?> network, boolean perWord) {
    int width = words.weight().cols();
    int in = network.cells().get(0).in();
    if (width != in) {
      throw new IllegalArgumentException(
          describe()
              + ": the words have "
              + width
              + " columns, the network reads "
              + in
              + " (need the same).");
    }
    this.words = child("words", words);
    this.network = child("network", network);
    this.perWord = perWord;
  }

  /**
   * An encoder that divides the last output of a text by the number of its words, as Wieting et al.
   * (2016, section 3) do with cells that sum up ({@link RnnCell#identity}).
   *
   * @param words the words' vectors
   * @param network reads them; its inputs must be as wide as a vector
   * @return the encoder
   * @throws IllegalArgumentException if they are not
   */
  public static RecurrentEncoder perWord(Embedding words, Recurrent<?> network) {
    return new RecurrentEncoder(words, network, true);
  }

  @Override
  public Variable encode(Tape tape, Texts texts, Pass pass) {
    int[] order = longestFirst(texts);
    int steps =
        Math.max(1, order.length == 0 ? 0 : texts.length(order[0])); // an empty one at least
    int[] read = new int[texts.tokens().size()]; // the first words of all texts, the second ones, …
    int[] ends = new int[steps];
    int count = 0;
    for (int t = 0; t < steps; t++) {
      for (int k = 0; k < order.length && texts.length(order[k]) > t; k++) {
        read[count++] = texts.word(order[k], t);
      }
      ends[t] = count;
    }
    Variable vectors = words.lookUp(tape, Indices.of(read));
    List<Variable> inputs = new ArrayList<>();
    for (int t = 0; t < steps; t++) {
      inputs.add(vectors.slice(t == 0 ? 0 : ends[t - 1], ends[t], 0, vectors.cols()));
    }
    Indices places = Indices.copyOf(order, ends[0]); // without the empty texts
    Variable last = lastOutput(network, inputs).scatterRows(places, texts.size());
    return perWord ? last.elementMult(tape.borrow(shares(texts))) : last;
  }

  private static int[] longestFirst(Texts texts) {
    return IntStream.range(0, texts.size())
        .boxed()
        .sorted(Comparator.comparingInt(texts::length).reversed())
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static <S> Variable lastOutput(Recurrent<S> network, List<Variable> inputs) {
    return network.lastOutput(network.forward(inputs));
  }

  /** One word's share of its text. */
  private static DMatrixRMaj shares(Texts texts) {
    DMatrixRMaj shares = new DMatrixRMaj(texts.size(), 1);
    Arrays.setAll(shares.data, b -> 1.0 / Math.max(1, texts.length(b)));
    return shares;
  }

  /**
   * The words' vectors.
   *
   * @return the child {@code words}
   */
  public Embedding words() {
    return words;
  }

  /**
   * What reads them.
   *
   * @return the child {@code network}
   */
  public Recurrent<?> network() {
    return network;
  }
}
