package io.github.backstay.nn;

import static io.github.backstay.nn.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/** What {@link AveragingEncoder} and {@link RecurrentEncoder} promise. */
class EncoderTest {

  private static final int WORDS = 7;

  /** Encoders of all kinds, over vectors of width 3. */
  private enum Kind {
    AVERAGE,
    PROJECTION,
    DEEP,
    RNN,
    IRNN,
    GRU,
    LSTM,
    PEEPHOLES,
    NO_OUTPUT_GATE;

    Encoder make(long seed) {
      Embedding words = words(seed);
      LstmCell.Options standard = LstmCell.Options.standard();
      LstmCell.Options peepholes = standard.withPeepholes();
      return switch (this) {
        case AVERAGE -> new AveragingEncoder(words);
        case PROJECTION -> AveragingEncoder.projection(words, 2, Draw.random(1));
        case DEEP -> AveragingEncoder.deep(words, 3, 4, Activation.TANH, Draw.random(1));
        case RNN -> new RecurrentEncoder(words, new Rnn(3, 4, Draw.random(1)));
        case IRNN -> RecurrentEncoder.perWord(words, summing(3));
        case GRU -> new RecurrentEncoder(words, new Gru(3, 2, 2, Direction.BOTH, Draw.random(1)));
        case LSTM -> new RecurrentEncoder(words, lstm(standard, Direction.BOTH));
        case PEEPHOLES -> new RecurrentEncoder(words, lstm(peepholes, Direction.FORWARD));
        case NO_OUTPUT_GATE ->
            new RecurrentEncoder(words, lstm(peepholes.withoutOutputGate(), Direction.FORWARD));
      };
    }
  }

  private static Embedding words(long seed) {
    return new Embedding(Draw.normal(WORDS, 3, seed));
  }

  private static Lstm lstm(LstmCell.Options options, Direction direction) {
    return new Lstm(3, 2, direction, in -> new LstmCell(in, 2, options, Draw.random(in)));
  }

  private static Rnn summing(int width) {
    Initializer identity = Initializer.identity();
    return new Rnn(
        width,
        1,
        Direction.FORWARD,
        in -> RnnCell.identity(in, width, Activation.IDENTITY, identity, Draw.random(1)));
  }

  private static Texts texts(List<List<Integer>> words) {
    return Texts.of(
        words.stream()
            .map(text -> Indices.of(text.stream().mapToInt(Integer::intValue).toArray()))
            .toList());
  }

  private static Variable encode(Encoder encoder, Tape tape, Texts texts) {
    return encoder.encode(tape, texts, Pass.evaluation());
  }

  /** Values and, for a cotangent per text, the gradients of all parameters. */
  @Property(tries = 150)
  void aBatchGivesWhatEachTextGivesByItself(
      @ForAll Kind kind,
      @ForAll @Size(min = 1, max = 5)
          List<@Size(max = 5) List<@IntRange(max = WORDS - 1) Integer>> words,
      @ForAll long seed) {
    Encoder encoder = kind.make(seed);
    Texts texts = texts(words);
    List<DMatrixRMaj> sums = new ArrayList<>();
    try (Tape tape = Tape.create()) {
      Variable all = encode(encoder, tape, texts);
      DMatrixRMaj cotangent = Draw.normal(all.rows(), all.cols(), seed);
      var gradients = tape.gradients(all, cotangent);
      for (Parameter parameter : encoder.parameters()) {
        sums.add(gradients.of(parameter).toMatrix());
      }
      assertEquals(texts.size(), all.rows());
      for (int b = 0; b < texts.size(); b++) {
        Variable alone = encode(encoder, tape, texts(words.subList(b, b + 1)));
        DMatrixRMaj share = new DMatrixRMaj(1, all.cols());
        for (int j = 0; j < all.cols(); j++) {
          share.set(0, j, cotangent.get(b, j));
        }
        var shares = tape.gradients(alone, share);
        for (int p = 0; p < sums.size(); p++) {
          DMatrixRMaj part = shares.of(encoder.parameters().get(p)).toMatrix();
          for (int i = 0; i < part.data.length; i++) {
            sums.get(p).data[i] -= part.data[i];
          }
        }

        assertArrayEquals(alone.toMatrix().data, all.row(b).toMatrix().data, 1e-13);
      }
    }
    for (DMatrixRMaj left : sums) {
      assertArrayEquals(new double[left.data.length], left.data, 1e-12);
    }
  }

  @Property(tries = 100)
  void theOrderOfTheTextsIsTheOrderOfTheRows(
      @ForAll Kind kind,
      @ForAll @Size(min = 1, max = 5)
          List<@Size(max = 5) List<@IntRange(max = WORDS - 1) Integer>> words,
      @ForAll long seed) {
    Encoder encoder = kind.make(seed);
    List<Integer> order = new ArrayList<>();
    for (int b = 0; b < words.size(); b++) {
      order.add(b);
    }
    Collections.shuffle(order, new Random(seed));
    try (Tape tape = Tape.create()) {
      Variable straight = encode(encoder, tape, texts(words));
      Variable shuffled = encode(encoder, tape, texts(order.stream().map(words::get).toList()));
      for (int k = 0; k < order.size(); k++) {
        assertArrayEquals(
            straight.row(order.get(k)).toMatrix().data, shuffled.row(k).toMatrix().data, 1e-13);
      }
    }
  }

  @Property
  void noTextsGiveNoRows(@ForAll Kind kind) {
    Encoder encoder = kind.make(1);
    try (Tape tape = Tape.create()) {
      Variable none = encode(encoder, tape, Texts.of());
      Variable one = encode(encoder, tape, Texts.of(new int[] {3}));

      assertEquals(0, none.rows());
      assertEquals(one.cols(), none.cols());
    }
  }

  @Test
  void theAverageOfATextIsTheMeanOfItsVectors() {
    Embedding words = new Embedding(new DMatrixRMaj(new double[][] {{1, 2}, {3, 6}, {5, 1}}));
    AveragingEncoder encoder = new AveragingEncoder(words);
    try (Tape tape = Tape.create()) {
      Texts texts = Texts.of(new int[] {0, 1, 1, 2}, new int[0], new int[] {2});

      assertArrayEquals(
          new double[] {3, 3.75, 0, 0, 5, 1}, encode(encoder, tape, texts).toMatrix().data);
    }
  }

  @Test
  void aDeepAverageAppliesLayerAndFunctionInTurn() {
    Embedding words = words(2);
    AveragingEncoder encoder =
        Draw.all(AveragingEncoder.deep(words, 2, 4, Activation.TANH, Draw.random(1)), 3);
    try (Tape tape = Tape.create()) {
      List<Variable> p = encoder.parameters().stream().map(x -> x.on(tape)).toList();
      Variable mean = words.lookUp(tape, Indices.of(1, 5)).sumCols().scale(0.5);
      Variable z = mean.affine(p.get(1), p.get(2)).tanh();
      Variable expected = z.affine(p.get(3), p.get(4)).tanh();

      assertArrayEquals(
          expected.toMatrix().data,
          encode(encoder, tape, Texts.of(new int[] {1, 5})).toMatrix().data,
          1e-15);
    }
  }

  /** The reason why Wieting et al. start their network at the identity. */
  @Property(tries = 100)
  void aNetworkOfIdentitiesStartsAsTheAverage(
      @ForAll @Size(max = 5) List<@Size(max = 6) List<@IntRange(max = WORDS - 1) Integer>> words,
      @ForAll long seed) {
    Texts texts = texts(words);
    Embedding vectors = words(seed);
    try (Tape tape = Tape.create()) {
      assertArrayEquals(
          encode(new AveragingEncoder(vectors), tape, texts).toMatrix().data,
          encode(RecurrentEncoder.perWord(vectors, summing(3)), tape, texts).toMatrix().data,
          1e-14);
    }
  }

  @Test
  void theLastStateIsThatAfterTheLastWord() {
    Embedding words = words(4);
    Lstm lstm = new Lstm(3, 2, Draw.random(5));
    try (Tape tape = Tape.create()) {
      LstmState state = lstm.cells().get(0).zeroState(tape, 1);
      for (int word : new int[] {6, 0, 2}) {
        state = lstm.cells().get(0).step(words.lookUp(tape, Indices.of(word)), state);
      }
      Variable encoded =
          encode(
              new RecurrentEncoder(words, lstm),
              tape,
              Texts.of(new int[] {1}, new int[] {6, 0, 2}));

      assertArrayEquals(state.hidden().toMatrix().data, encoded.row(1).toMatrix().data, 1e-14);
    }
  }

  @Test
  void dropoutAmongTheLayersIsThatOfThePass() {
    AveragingEncoder encoder = new AveragingEncoder(words(1), new Dropout(1.0));
    Texts texts = Texts.of(new int[] {1, 2});
    try (Tape tape = Tape.create()) {
      assertArrayEquals(
          new double[3],
          encoder.encode(tape, texts, Pass.training(Draw.random(1))).toMatrix().data);
    }
  }

  @Test
  void oneEmbeddingMayServeSeveralEncoders() {
    Embedding words = words(1);
    AveragingEncoder average = new AveragingEncoder(words);
    RecurrentEncoder network = new RecurrentEncoder(words, new Gru(3, 2, Draw.random(1)));

    assertEquals(average.words().weight(), network.words().weight());
    assertEquals(network.namedParameters().get("words.weight"), words.weight());
    assertEquals(2, network.network().width());
  }

  @Test
  void rejectsWhatDoesNotFit() {
    assertMessage(
        IllegalArgumentException.class,
        "averaging encoder: there must be at least 1 layer, got 0.",
        () -> AveragingEncoder.deep(words(1), 0, 2, Activation.TANH, Draw.random(1)).words());
    assertMessage(
        IllegalArgumentException.class,
        "module RecurrentEncoder: the words have 3 columns, the network reads 4 (need the same).",
        () -> new RecurrentEncoder(words(1), new Rnn(4, 2, Draw.random(1))));
    try (Tape tape = Tape.create()) {
      assertMessage(
          IndexOutOfBoundsException.class,
          "gatherRows: index 7 at position 0 is out of range (there are 7 rows, counted from 0).",
          () -> encode(Kind.RNN.make(1), tape, Texts.of(new int[] {7})).rows());
    }
  }
}
