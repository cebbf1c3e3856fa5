package io.github.backstay.nn;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Parameterized;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;

/**
 * Every public module and layer, at least once; {@link ModuleContractTest} puts each through the
 * same tests. A new module gets a row here (and a test of its own for what only it promises).
 */
final class ModuleCatalogue {

  private ModuleCatalogue() {}

  /** The forward method as the contract test calls it: one example per row of x. */
  interface Forward {
    Variable apply(Variable x, Pass pass);
  }

  /** A module and its forward method. */
  record Subject(Parameterized module, Forward forward) {}

  /**
   * A row.
   *
   * @param type the public class
   * @param label what this row tries
   * @param in columns of the input
   * @param smallestBatch the fewest rows that it takes in training
   * @param parameters the names of all parameters, in order
   * @param make makes the subject
   */
  record Entry(
      Class<?> type,
      String label,
      int in,
      int smallestBatch,
      List<String> parameters,
      Function<RandomGenerator, Subject> make) {

    Entry(
        Class<?> type,
        String label,
        int in,
        List<String> parameters,
        Function<RandomGenerator, Subject> make) {
      this(type, label, in, 0, parameters, make);
    }

    Entry fromTwoRowsOn() {
      return new Entry(type, label, in, 2, parameters, make);
    }

    Subject make(long seed) {
      return make.apply(new Seeds(seed).generator(0, "catalogue"));
    }

    @Override
    public String toString() {
      return type.getSimpleName() + ", " + label;
    }
  }

  static List<Entry> entries() {
    Initializer normal = Initializer.normal(0.7);
    return List.of(
        layer("standard", 4, List.of("weight", "bias"), random -> new Linear(4, 3, random)),
        layer("1×1", 1, List.of("weight", "bias"), random -> new Linear(1, 1, normal, random)),
        layer(
            "without bias",
            3,
            List.of("weight"),
            random -> Linear.withoutBias(3, 5, normal, random)),
        new Entry(
            Embedding.class,
            "look-up",
            0,
            List.of("weight"),
            random -> {
              Embedding embedding = new Embedding(5, 3, normal, random);
              return new Subject(
                  embedding, (x, pass) -> embedding.lookUp(x.tape(), tokens(x.rows())));
            }),
        new Entry(
            Embedding.class,
            "mean over texts",
            0,
            List.of("weight"),
            random -> {
              Embedding embedding = new Embedding(5, 3, normal, random);
              return new Subject(
                  embedding,
                  (x, pass) ->
                      embedding.lookUpMean(x.tape(), tokens(2 * x.rows()), ends(x.rows())));
            }),
        embedding("sum over texts", Embedding::lookUpSum),
        embedding("largest over texts", Embedding::lookUpMax),
        layer(
            "standard",
            4,
            List.of("weight", "bias"),
            random -> drawn(new LayerNorm(4), "weight", "bias", random)),
        layer("without affine", 3, List.of(), random -> LayerNorm.withoutAffine(3, 0.1)),
        layer("one column", 1, List.of("weight", "bias"), random -> new LayerNorm(1, 0.5)),
        layer(
                "standard",
                3,
                List.of("weight", "bias"),
                random -> drawn(new BatchNorm(3), "weight", "bias", random))
            .fromTwoRowsOn(),
        layer(
                "without affine",
                2,
                List.of(),
                random ->
                    new BatchNorm(
                        2, BatchNorm.Options.standard().withoutAffine().withPlainAverage()))
            .fromTwoRowsOn(),
        cell("tanh", names(""), random -> new RnnCell(3, 4, random)),
        cell("relu", names(""), random -> new RnnCell(3, 2, Activation.RELU, random)),
        cell(
            "without bias",
            List.of("weightIh", "weightHh"),
            random -> RnnCell.withoutBias(3, 1, Activation.SIGMOID, random)),
        cell(
            "starting at the identity",
            names(""),
            random -> RnnCell.identity(3, 4, Activation.IDENTITY, Initializer.normal(0.7), random)),
        cell("standard", names(""), random -> new GruCell(3, 2, random)),
        cell(
            "without bias",
            List.of("weightIh", "weightHh"),
            random -> GruCell.withoutBias(3, 2, random)),
        cell("standard", names(""), random -> new LstmCell(3, 2, random)),
        cell(
            "without bias",
            List.of("weightIh", "weightHh"),
            random -> LstmCell.withoutBias(3, 2, random)),
        cell(
            "peepholes",
            List.of("weightIh", "weightHh", "biasIh", "biasHh", "peephole"),
            random -> new LstmCell(3, 2, LstmCell.Options.standard().withPeepholes(), random)),
        cell(
            "without output gate",
            names(""),
            random -> new LstmCell(3, 2, LstmCell.Options.standard().withoutOutputGate(), random)),
        cell(
            "peepholes, without bias and output gate",
            List.of("weightIh", "weightHh", "peephole"),
            random -> new LstmCell(3, 2, new LstmCell.Options(false, true, false), random)),
        recurrent("one layer", names("layer0."), random -> new Rnn(2, 3, random)),
        recurrent(
            "both directions",
            names("layer0.", "layer0Reverse."),
            random -> new Gru(2, 2, 1, Direction.BOTH, random)),
        recurrent(
            "two layers",
            names("layer0.", "layer1."),
            random -> new Lstm(2, 2, 2, Direction.FORWARD, random)),
        recurrent(
            "two layers in both directions",
            names("layer0.", "layer0Reverse.", "layer1.", "layer1Reverse."),
            random -> new Lstm(2, 1, 2, Direction.BOTH, random)),
        attention(
            "to itself",
            random -> new MultiHeadAttention(4, 2, random),
            (attention, x) -> attention.forward(x, null)),
        attention(
            "to what came before",
            random -> new MultiHeadAttention(4, 1, random),
            (attention, x) ->
                attention.forward(x, Attention.causalMask(x.tape(), x.rows(), x.rows()))),
        attention(
            "to others",
            random -> new MultiHeadAttention(4, 4, random),
            (attention, x) -> attention.forward(x, x.sin(), x.cos(), null)),
        tree("standard", random -> new ChildSumTreeLstm(3, 2, random)),
        tree("binary", random -> NaryTreeLstm.binary(3, 2, random)),
        tree("at most three", random -> new NaryTreeLstm(3, 1, 3, random)),
        encoder("average", List.of("words.weight"), AveragingEncoder::new),
        encoder(
            "projection",
            List.of("words.weight", "layers.0.weight", "layers.0.bias"),
            words -> AveragingEncoder.projection(words, 2, Draw.random(1))),
        encoder(
            "two deep layers",
            List.of(
                "words.weight",
                "layers.0.weight",
                "layers.0.bias",
                "layers.2.weight",
                "layers.2.bias"),
            words -> AveragingEncoder.deep(words, 2, 4, Activation.SIGMOID, Draw.random(1))),
        encoder(
            "sums of words",
            encoderNames(""),
            words ->
                RecurrentEncoder.perWord(
                    words,
                    new Rnn(
                        3,
                        1,
                        Direction.FORWARD,
                        in ->
                            RnnCell.identity(
                                in,
                                3,
                                Activation.IDENTITY,
                                Initializer.identity(),
                                Draw.random(1))))),
        encoder(
            "in both directions",
            encoderNames("", "Reverse"),
            words ->
                new RecurrentEncoder(words, new Lstm(3, 2, 1, Direction.BOTH, Draw.random(1)))),
        new Entry(
            SentimentOutput.class,
            "with dropout",
            3,
            List.of("linear.weight", "linear.bias"),
            random -> {
              SentimentOutput output = new SentimentOutput(3, 2, 0.4, random);
              return new Subject(
                  output,
                  (x, pass) -> {
                    int[] backward =
                        IntStream.range(0, x.rows()).map(i -> x.rows() - 1 - i).toArray();
                    return output.logits(x, Indices.of(backward), pass);
                  });
            }),
        new Entry(
            PairHead.class,
            "ratings",
            3,
            List.of("hidden.weight", "hidden.bias", "output.weight", "output.bias"),
            random -> {
              PairHead head = new PairHead(3, 4, 5, random);
              return new Subject(head, (x, pass) -> head.forward(x, x.scale(-0.5)));
            }),
        layer("rate 0.4", 3, List.of(), random -> new Dropout(0.4)),
        layer("rate 0", 3, List.of(), random -> new Dropout(0.0)),
        layer("tanh", 3, List.of(), random -> Activation.TANH),
        layer("sigmoid", 3, List.of(), random -> Activation.SIGMOID),
        layer("relu", 3, List.of(), random -> Activation.RELU),
        layer("silu", 3, List.of(), random -> Activation.SILU),
        layer("gelu", 3, List.of(), random -> Activation.GELU),
        layer("softplus", 3, List.of(), random -> Activation.SOFTPLUS),
        layer("log-sigmoid", 3, List.of(), random -> Activation.LOG_SIGMOID),
        layer("leaky relu", 3, List.of(), random -> Activation.leakyRelu(0.2)),
        layer("elu", 3, List.of(), random -> Activation.elu(1.3)),
        new Entry(Sequential.class, "empty", 3, List.of(), random -> subject(new Sequential())),
        layer(
            "perceptron with dropout",
            4,
            List.of("0.weight", "0.bias", "3.weight", "3.bias"),
            random ->
                new Sequential(
                    new Linear(4, 5, random),
                    Activation.TANH,
                    new Dropout(0.3),
                    new Linear(5, 2, random))),
        layer(
            "one layer twice",
            3,
            List.of("0.weight", "0.bias"),
            random -> {
              Linear linear = new Linear(3, 3, random);
              return new Sequential(linear, Activation.SIGMOID, linear);
            }));
  }

  private static <L extends Layer> Entry layer(
      String label, int in, List<String> parameters, Function<RandomGenerator, L> make) {
    Class<?> type = make.apply(new Seeds(0).generator(0, "type")).getClass();
    return new Entry(type, label, in, parameters, random -> subject(make.apply(random)));
  }

  /** A bag of words as the contract test sees it. */
  private interface Bag {
    Variable of(Embedding embedding, Tape tape, Indices tokens, Indices ends);
  }

  private static Entry embedding(String label, Bag bag) {
    return new Entry(
        Embedding.class,
        label,
        0,
        List.of("weight"),
        random -> {
          Embedding embedding = new Embedding(5, 3, Initializer.normal(0.7), random);
          return new Subject(
              embedding,
              (x, pass) -> bag.of(embedding, x.tape(), tokens(2 * x.rows()), ends(x.rows())));
        });
  }

  private static List<String> names(String... prefixes) {
    return Stream.of(prefixes)
        .flatMap(
            prefix ->
                Stream.of("weightIh", "weightHh", "biasIh", "biasHh").map(name -> prefix + name))
        .toList();
  }

  /** Draws parameters that would start at 0 or 1. */
  private static <M extends Module> M drawn(
      M module, String one, String other, RandomGenerator random) {
    for (String name : List.of(one, other)) {
      Parameter parameter = Objects.requireNonNull(module.namedParameters().get(name));
      parameter.set(Initializer.normal(1.0).of(parameter.rows(), parameter.cols(), random));
    }
    return module;
  }

  /** Two steps from zeros, so that the second one has a state that depends on the input. */
  private static <S> Entry cell(
      String label, List<String> parameters, Function<RandomGenerator, RecurrentCell<S>> make) {
    return new Entry(
        make.apply(new Seeds(0).generator(0, "type")).getClass(),
        label,
        3,
        parameters,
        random -> {
          RecurrentCell<S> cell = make.apply(random);
          return new Subject(
              cell,
              (x, pass) -> {
                S first = cell.step(x.scale(-0.5), cell.zeroState(x.tape(), x.rows()));
                return beside(cell.step(x, first));
              });
        });
  }

  private static <S> Entry recurrent(
      String label, List<String> parameters, Function<RandomGenerator, Recurrent<S>> make) {
    return new Entry(
        make.apply(new Seeds(0).generator(0, "type")).getClass(),
        label,
        2,
        parameters,
        random -> {
          Recurrent<S> recurrent = make.apply(random);
          return new Subject(
              recurrent,
              (x, pass) -> {
                Recurrent.Result<S> result = recurrent.forward(List.of(x, x.scale(-0.5), x.sin()));
                Variable all = result.outputs().get(0);
                for (Variable output : result.outputs()) {
                  all = all.concatCols(output);
                }
                for (S state : result.states()) {
                  all = all.concatCols(beside(state));
                }
                return all;
              });
        });
  }

  private static Variable beside(Object state) {
    return state instanceof LstmState lstm
        ? lstm.hidden().concatCols(lstm.memory())
        : (Variable) state;
  }

  /** Texts of 0, 1, 2, 0, 1, … words. */
  private static <E extends Module & Encoder> Entry encoder(
      String label, List<String> parameters, Function<Embedding, E> make) {
    Initializer normal = Initializer.normal(0.7);
    return new Entry(
        make.apply(new Embedding(1, 3, normal, Draw.random(0))).getClass(),
        label,
        0,
        parameters,
        random -> {
          E encoder = make.apply(new Embedding(5, 3, normal, random));
          return new Subject(
              encoder,
              (x, pass) -> {
                int[][] texts = new int[x.rows()][];
                for (int b = 0; b < texts.length; b++) {
                  int from = b;
                  texts[b] = IntStream.range(0, b % 3).map(t -> (from + 3 * t) % 5).toArray();
                }
                return encoder.encode(x.tape(), Texts.of(texts), pass);
              });
        });
  }

  private static List<String> encoderNames(String... suffixes) {
    List<String> names = new ArrayList<>(List.of("words.weight"));
    for (String suffix : suffixes) {
      names.addAll(names("network.layer0" + suffix + "."));
    }
    return names;
  }

  private static Entry attention(
      String label,
      Function<RandomGenerator, MultiHeadAttention> make,
      BiFunction<MultiHeadAttention, Variable, MultiHeadAttention.Result> call) {
    return new Entry(
        MultiHeadAttention.class,
        label,
        4,
        List.of("weightIn", "biasIn", "weightOut", "biasOut"),
        random -> {
          MultiHeadAttention attention = drawn(make.apply(random), "biasIn", "biasOut", random);
          return new Subject(
              attention,
              (x, pass) -> {
                MultiHeadAttention.Result result = call.apply(attention, x);
                return result.output().concatCols(result.meanWeights());
              });
        });
  }

  /** One example is one node: no tree, a leaf, two leaves and their parent. */
  private static Entry tree(String label, Function<RandomGenerator, TreeLstm> make) {
    return new Entry(
        make.apply(new Seeds(0).generator(0, "type")).getClass(),
        label,
        3,
        List.of("weightIh", "weightHh", "bias"),
        random -> {
          TreeLstm lstm = drawn(make.apply(random), "bias", "bias", random);
          return new Subject(
              lstm,
              (x, pass) -> {
                int[][] children = new int[x.rows()][0];
                if (children.length > 1) {
                  children[children.length - 1] = IntStream.range(0, children.length - 1).toArray();
                }
                return beside(lstm.forward(Tree.of(children), x));
              });
        });
  }

  private static Subject subject(Layer layer) {
    return new Subject(layer, layer::forward);
  }

  /** Some words of five, with repeats. */
  private static Indices tokens(int count) {
    int[] tokens = new int[count];
    for (int i = 0; i < count; i++) {
      tokens[i] = i * i % 5;
    }
    return Indices.of(tokens);
  }

  /** Texts of 1, 2, …, 2, 3 words (one text: 2 words). */
  private static Indices ends(int texts) {
    int[] ends = new int[texts];
    for (int i = 0; i < texts; i++) {
      ends[i] = i == texts - 1 ? 2 * texts : 2 * i + 1;
    }
    return Indices.of(ends);
  }

  /** Normal numbers, none closer than 0.1 to the kinks at 0. */
  static DMatrixRMaj input(int rows, int cols, long seed) {
    RandomGenerator random = new Seeds(seed).generator(0, "input");
    DMatrixRMaj input = new DMatrixRMaj(rows, cols);
    for (int i = 0; i < input.data.length; i++) {
      double x = random.nextGaussian();
      input.data[i] = x + (x < 0.0 ? -0.1 : 0.1);
    }
    return input;
  }
}
