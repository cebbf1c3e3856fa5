package io.github.backstay.nn;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Parameterized;
import io.github.backstay.core.Variable;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
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
   * @param parameters the names of all parameters, in order
   * @param make makes the subject
   */
  record Entry(
      Class<?> type,
      String label,
      int in,
      List<String> parameters,
      Function<RandomGenerator, Subject> make) {

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
        layer("rate 0.4", 3, List.of(), random -> new Dropout(0.4)),
        layer("rate 0", 3, List.of(), random -> new Dropout(0.0)),
        layer("tanh", 3, List.of(), random -> Activation.TANH),
        layer("sigmoid", 3, List.of(), random -> Activation.SIGMOID),
        layer("relu", 3, List.of(), random -> Activation.RELU),
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
