package io.github.backstay.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.backstay.core.Axis;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.core.kernels.Kernels;
import io.github.backstay.nn.Embedding;
import io.github.backstay.nn.Initializer;
import io.github.backstay.nn.LayerNorm;
import io.github.backstay.nn.Linear;
import io.github.backstay.nn.LstmCell;
import io.github.backstay.nn.LstmState;
import io.github.backstay.nn.Module;
import io.github.backstay.nn.Pass;
import io.github.backstay.regularizers.Regularizer;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** A training of what models here are made of ends with the same weights on every JDK and CPU. */
class StrictTrainingTest {

  private static final int STEPS = 25;
  private static final int WORDS = 40;
  private static final int TOKENS = 6;
  private static final int BATCH = 9;
  private static final int CLASSES = 5;

  /** SHA-256 of all weights after the training with strict kernels. */
  private static final String STRICT =
      "d546633ae012264102f5108322f45de74f34d85b36238654d4903914beb0142f";

  private static final class Reader extends Module {
    final Embedding words;
    final LstmCell cell;
    final LayerNorm norm;
    final Linear hidden;
    final Linear gate;
    final Linear output;

    Reader(RandomGenerator random) {
      words = child("words", new Embedding(WORDS, 12, Initializer.uniform(0.5), random));
      cell = child("cell", new LstmCell(12, 18, random));
      norm = child("norm", new LayerNorm(18));
      hidden = child("hidden", new Linear(18, 20, random));
      gate = child("gate", new Linear(18, 20, random));
      output = child("output", new Linear(20, CLASSES, random));
    }

    Variable logits(Tape tape, int[][] tokens) {
      LstmState state = cell.zeroState(tape, BATCH);
      for (int[] step : tokens) {
        state = cell.step(words.lookUp(tape, Indices.of(step)), state);
      }
      Variable read = norm.forward(state.hidden(), Pass.evaluation());
      Variable tanh = hidden.forward(read, Pass.evaluation()).tanh();
      Variable open = gate.forward(read, Pass.evaluation()).sigmoid();
      return output.forward(tanh.elementMult(open), Pass.evaluation());
    }
  }

  private static List<Parameter> trained(Supplier<Kernels> kernels, UpdateRule rule) {
    SplittableRandom random = new SplittableRandom(2026L);
    Reader reader = new Reader(random);
    Regularizer pull =
        Regularizer.l2(0.05).over(reader.words.weight()).towardsInitialValue().inLoss();
    Optimizer optimizer = Optimizer.of(rule, reader);
    try (Tape tape = Tape.builder().kernels(kernels).build()) {
      for (int step = 0; step < STEPS; step++) {
        int[][] tokens = new int[TOKENS][];
        for (int t = 0; t < TOKENS; t++) {
          tokens[t] = random.ints(BATCH, 0, WORDS).toArray();
        }
        int[] targets = random.ints(BATCH, 0, CLASSES).toArray();
        Variable logits = reader.logits(tape, tokens);
        Variable soft = logits.softmax(Axis.ROWS).square().sum().scale(0.1);
        Variable certain = logits.logSoftmax(Axis.ROWS).exp().elementMult(logits).mean();
        Objective objective =
            Objective.of("data", logits.crossEntropy(targets))
                .plus("even", soft.plus(certain.scale(0.01)))
                .plus("anchor", pull.penalty(tape));
        optimizer.step(objective);
        tape.reset();
      }
    }
    return reader.parameters();
  }

  private static String sha256(List<Parameter> parameters) throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (Parameter parameter : parameters) {
      double[] values = parameter.toMatrix().data;
      ByteBuffer bytes = ByteBuffer.allocate(8 * values.length);
      for (double value : values) {
        bytes.putDouble(value);
      }
      digest.update(bytes.array());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  @Test
  void strictKernelsGiveTheSameWeightsOnEveryJdk() throws NoSuchAlgorithmException {
    assertEquals(STRICT, sha256(trained(Kernels::strict, Adam.of(0.01))));
  }

  @Test
  void allKernelsTrainAlikeUpToRounding() {
    List<Parameter> strict = trained(Kernels::strict, Sgd.of(0.1));
    for (Supplier<Kernels> kernels :
        Arrays.<Supplier<Kernels>>asList(Kernels::plain, Kernels::standard)) {
      List<Parameter> other = trained(kernels, Sgd.of(0.1));
      for (int k = 0; k < strict.size(); k++) {
        assertArrayEquals(
            strict.get(k).toMatrix().data,
            other.get(k).toMatrix().data,
            1e-12,
            strict.get(k).name());
      }
    }
  }
}
