package io.github.backstay.benchmarks.tasks;

import io.github.backstay.benchmarks.training.Task;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.nn.Embedding;
import io.github.backstay.nn.Module;
import io.github.backstay.nn.Pass;
import io.github.backstay.nn.Seeds;
import io.github.backstay.nn.Texts;
import java.util.List;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/** A task whose model is an encoder of texts and an output module. */
abstract class TextTask<M extends Module> implements Task {

  private final Network network;
  private final TextModel<M> model;

  /** Makes the model; {@code output} makes what looks at vectors of a width. */
  TextTask(
      Network network,
      DMatrixRMaj table,
      BiFunction<Integer, RandomGenerator, M> output,
      long seed) {
    this.network = network;
    this.model =
        new TextModel<>(network, table, output, new Seeds(seed).generator(0, "initial weights"));
  }

  @Override
  public final Module model() {
    return model;
  }

  @Override
  public final Module encoder() {
    return model.encoderModule();
  }

  @Override
  public final Embedding words() {
    return model.words();
  }

  @Override
  public final boolean startsAtIdentity() {
    return network.kind() == Network.Kind.IRNN;
  }

  /** One row per text, in training without the words that are dropped. */
  final Variable encode(Tape tape, List<Indices> texts, Pass pass) {
    Texts read = Texts.of(texts).dropWords(network.wordDropout(), pass);
    return model.encoder().encode(tape, read, pass);
  }

  /** What looks at the vectors. */
  final M output() {
    return model.output();
  }
}
