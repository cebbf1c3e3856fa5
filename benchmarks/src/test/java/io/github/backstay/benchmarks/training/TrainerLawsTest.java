package io.github.backstay.benchmarks.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Reduction;
import io.github.backstay.core.StateDict;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.core.ops.Losses;
import io.github.backstay.nn.Dropout;
import io.github.backstay.nn.Embedding;
import io.github.backstay.nn.Linear;
import io.github.backstay.nn.Module;
import io.github.backstay.nn.Pass;
import io.github.backstay.nn.Seeds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;

/** What must hold of a training, whatever the task. */
class TrainerLawsTest {

  private static final int EXAMPLES = 23;

  /** A word, a linear layer with dropout, a class. */
  private static final class Words implements Task {
    private final Model model;
    private final double dropout;

    private static final class Model extends Module {
      private final Encoder encoder;
      private final Linear output;

      Model(RandomGenerator random) {
        encoder = child("encoder", new Encoder(random));
        output = child("output", new Linear(3, 2, random));
      }
    }

    private static final class Encoder extends Module {
      private final Embedding words;
      private final Linear layer;

      Encoder(RandomGenerator random) {
        DMatrixRMaj table = new DMatrixRMaj(9, 4);
        for (int i = 0; i < table.data.length; i++) {
          table.data[i] = random.nextGaussian();
        }
        words = child("words", new Embedding(table));
        layer = child("layer", new Linear(4, 3, random));
      }
    }

    Words(long seed, double dropout) {
      this.model = new Model(new Seeds(seed).generator(0, "weights"));
      this.dropout = dropout;
    }

    @Override
    public Module model() {
      return model;
    }

    @Override
    public Module encoder() {
      return model.encoder;
    }

    @Override
    public Embedding words() {
      return model.encoder.words;
    }

    @Override
    public int size() {
      return EXAMPLES;
    }

    @Override
    public Batch batch(int[] examples, Workers workers, RandomGenerator random) {
      return new Batch() {
        @Override
        public int size() {
          return examples.length;
        }

        @Override
        public Variable loss(Tape tape, int from, int to, Pass pass) {
          int[] words = new int[to - from];
          int[] classes = new int[to - from];
          for (int i = from; i < to; i++) {
            words[i - from] = examples[i] % 7; // two words are never seen
            classes[i - from] = examples[i] % 2;
          }
          Variable vectors = model.encoder.words.lookUp(tape, Indices.of(words));
          Variable states = model.encoder.layer.forward(vectors, pass).tanh();
          Variable kept = new Dropout(dropout).forward(states, pass);
          return Losses.crossEntropy(
              model.output.forward(kept, pass), Indices.of(classes), Reduction.MEAN);
        }
      };
    }

    @Override
    public Scores score(Part part, Workers workers) {
      return Scores.of("accuracy", 0.5);
    }
  }

  private static Optimization steps(Rule rule, int batch, int piece) {
    return new Optimization(rule, 0.05, Rule.SGD, 0.1, 1.0, batch, piece);
  }

  private static Regularization pulls(Treatment words) {
    return Regularization.normal(words, 1e-2, 0.1);
  }

  private static String trained(
      Treatment words, Optimization steps, double dropout, int threads, long seed) {
    try (Workers workers = new Workers(threads)) {
      Task task = new Words(seed, dropout);
      Trainer trainer = new Trainer(task, pulls(words), steps, seed, workers);
      for (int e = 0; e < 3; e++) {
        trainer.epoch(() -> {});
      }
      return trainer.fingerprint();
    }
  }

  @Property(tries = 40)
  void theNumberOfThreadsChangesNoBit(
      @ForAll Treatment words,
      @ForAll Rule rule,
      @ForAll @IntRange(min = 1, max = 9) int batch,
      @ForAll @IntRange(min = 1, max = 4) int piece,
      @ForAll @IntRange(min = 2, max = 5) int threads,
      @ForAll long seed) {
    Optimization steps = steps(rule, batch, piece);
    assertEquals(trained(words, steps, 0.3, 1, seed), trained(words, steps, 0.3, threads, seed));
  }

  @Property(tries = 40)
  void piecesAddUpToTheBatch(
      @ForAll Treatment words,
      @ForAll @IntRange(min = 2, max = 23) int batch,
      @ForAll @IntRange(min = 1, max = 5) int piece,
      @ForAll long seed) {
    DMatrixRMaj[] tables = new DMatrixRMaj[2];
    double[] costs = new double[2];
    for (int way = 0; way < 2; way++) {
      try (Workers workers = new Workers(1)) {
        Task task = new Words(seed, 0.0);
        Optimization steps = steps(Rule.ADAGRAD, batch, way == 0 ? batch : piece);
        Trainer trainer = new Trainer(task, pulls(words), steps, seed, workers);
        trainer.epoch(() -> {});
        Epoch second = trainer.epoch(() -> {});
        costs[way] = second.cost();
        assertEquals(
            second.cost(), second.terms().values().stream().mapToDouble(v -> v).sum(), 1e-13);
        tables[way] = trainer.table();
      }
    }
    assertEquals(costs[0], costs[1], 1e-10);
    assertArrayEquals(tables[0].data, tables[1].data, 1e-10);
  }

  @Property(tries = 25)
  void aTrainingThatIsTakenUpGoesOnWithTheSameBits(
      @ForAll Treatment words,
      @ForAll Rule rule,
      @ForAll @IntRange(min = 1, max = 3) int before,
      @ForAll long seed)
      throws Exception {
    Path file = Files.createTempFile("training", ".safetensors");
    try (Workers workers = new Workers(1)) {
      Optimization steps = steps(rule, 5, 2);
      Trainer whole = new Trainer(new Words(seed, 0.4), pulls(words), steps, seed, workers);
      for (int e = 0; e < before; e++) {
        whole.epoch(() -> {});
      }
      whole.save(file, StateDict.builder().text("note", "kept").build());
      Trainer again = new Trainer(new Words(~seed, 0.4), pulls(words), steps, seed, workers);
      again.resume(file);
      assertEquals(before, again.epochs());
      assertEquals(whole.drift(), again.drift());
      for (int e = 0; e < 2; e++) {
        Epoch first = whole.epoch(() -> {});
        Epoch second = again.epoch(() -> {});
        assertEquals(first.terms(), second.terms());
        assertEquals(first.drift(), second.drift());
      }
      assertEquals(whole.fingerprint(), again.fingerprint());
    } finally {
      Files.delete(file);
    }
  }

  @Property(tries = 25)
  void theForumsMistakeIsNoPenaltyAndTheAnchorIsOne(
      @ForAll Rule rule, @ForAll @IntRange(min = 1, max = 5) int piece, @ForAll long seed) {
    Optimization steps = steps(rule, 6, piece);
    String free = trained(Treatment.FREE, steps, 0.2, 1, seed);
    assertEquals(free, trained(Treatment.DATA_BUG, steps, 0.2, 1, seed));
    assertNotEquals(free, trained(Treatment.ANCHOR, steps, 0.2, 1, seed));
    assertNotEquals(free, trained(Treatment.DECAY, steps, 0.2, 1, seed));
  }

  @Property(tries = 20)
  void typeRegPullsTheEncoderToWhereItBeganAndTheOutputToZero(
      @ForAll boolean sparesOutput, @ForAll long seed) {
    try (Workers workers = new Workers(1)) {
      Words task = new Words(seed, 0.0);
      DMatrixRMaj layer = task.model.encoder.layer.weight().toMatrix();
      DMatrixRMaj output = task.model.output.weight().toMatrix();
      DMatrixRMaj table = task.words().weight().toMatrix();
      Regularization pulls =
          new Regularization(TrainingType.REG, Treatment.ANCHOR, 4.0, 0.0, 4.0, 4.0, sparesOutput);
      Optimization steps =
          new Optimization(Rule.SGD, 0.2, Rule.SGD, 0.2, Double.POSITIVE_INFINITY, 23, 23);
      Trainer trainer = new Trainer(task, pulls, steps, seed, workers);
      assertEquals(
          sparesOutput ? "[encoder, words]" : "[encoder, output, words]",
          trainer.pullNames().toString());
      for (int e = 0; e < 60; e++) {
        trainer.epoch(() -> {});
      }
      // At rest, λ·(θ − anchor) = −∇data, and the data gradient of one mean is small.
      assertTrue(distance(layer, task.model.encoder.layer.weight()) < 0.3);
      assertTrue(distance(table, task.words().weight()) < 0.3);
      DMatrixRMaj zero = new DMatrixRMaj(2, 3);
      assertEquals(!sparesOutput, distance(zero, task.model.output.weight()) < 0.3);
      assertTrue(sparesOutput || distance(output, task.model.output.weight()) > 0.0);
    }
  }

  @Property(tries = 10)
  void aTrainingThatLeavesTheFiniteNumbersSaysSo(@ForAll long seed) {
    try (Workers workers = new Workers(2)) {
      Words task = new Words(seed, 0.0);
      Optimization wild =
          new Optimization(Rule.SGD, 1e200, Rule.SGD, 1e200, Double.POSITIVE_INFINITY, 5, 2);
      Trainer trainer = new Trainer(task, pulls(Treatment.DECAY), wild, seed, workers);
      DivergedException refused =
          assertThrows(
              DivergedException.class,
              () -> {
                for (int e = 0; e < 5; e++) {
                  trainer.epoch(() -> {});
                }
              });
      assertTrue(String.valueOf(refused.getMessage()).contains("finite"), refused.getMessage());
    }
  }

  @Property(tries = 20)
  void wavesOfPiecesAddUpToTheBatchToo(@ForAll long seed) {
    Optimization whole = steps(Rule.SGD, Integer.MAX_VALUE, Integer.MAX_VALUE);
    Optimization single = steps(Rule.SGD, Integer.MAX_VALUE, 1); // 23 pieces, in two waves
    DMatrixRMaj[] tables = new DMatrixRMaj[2];
    for (int way = 0; way < 2; way++) {
      try (Workers workers = new Workers(1 + way)) {
        Trainer trainer =
            new Trainer(
                new Words(seed, 0.0),
                pulls(Treatment.ANCHOR),
                way == 0 ? whole : single,
                seed,
                workers);
        assertEquals(1, trainer.stepsPerEpoch());
        trainer.epoch(() -> {});
        trainer.epoch(() -> {});
        tables[way] = trainer.table();
      }
    }
    assertArrayEquals(tables[0].data, tables[1].data, 1e-12);
  }

  @Example
  void theFirstOfTheHighestScoresIsChosenAndNaNIsNone() {
    assertEquals(1, best(0.5));
    assertEquals(2, best(0.5, 0.7, 0.7, 0.6));
    assertEquals(3, best(Double.NaN, Double.NaN, -0.2, -0.3));
    assertEquals(1, best(0.1, Double.NaN));
    assertEquals(1, best(Double.NaN, Double.NaN));
  }

  private static int best(double... scores) {
    List<Experiment.Measured> epochs = new ArrayList<>();
    for (double score : scores) {
      Epoch epoch = new Epoch(epochs.size() + 1, 0.0, Map.of(), 0.0, 0.0);
      epochs.add(new Experiment.Measured(epoch, Scores.of("r", score), Scores.of("r", score)));
    }
    return Experiment.best(epochs);
  }

  private static double distance(DMatrixRMaj from, Parameter to) {
    DMatrixRMaj values = to.toMatrix();
    double sum = 0.0;
    for (int i = 0; i < values.data.length; i++) {
      sum += (values.data[i] - from.data[i]) * (values.data[i] - from.data[i]);
    }
    return Math.sqrt(sum);
  }

  @Property(tries = 20)
  void shufflesArePermutations(@ForAll long seed, @ForAll @IntRange(min = 0, max = 50) int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    Trainer.shuffle(order, new Random(seed));
    boolean[] seen = new boolean[size];
    for (int value : order) {
      assertTrue(!seen[value]);
      seen[value] = true;
    }
  }
}
