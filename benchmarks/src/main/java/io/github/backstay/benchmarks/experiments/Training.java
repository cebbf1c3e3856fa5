package io.github.backstay.benchmarks.experiments;

import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.nn.Pass;
import io.github.backstay.nn.Seeds;
import io.github.backstay.optim.Adam;
import io.github.backstay.optim.Optimizer;
import io.github.backstay.regularizers.DriftRecorder;
import io.github.backstay.regularizers.Regularizer;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * One training of a {@link WordAverage} under a {@link Treatment}:
 *
 * <pre>{@code
 * cost = mean cross-entropy + λ_C/2·‖network‖² + penalty of the table
 * }</pre>
 *
 * with Adam on everything that is not frozen. Not thread-safe; different trainings share nothing.
 */
public final class Training {

  /**
   * The hyper-parameters.
   *
   * @param treatment what is done with the table
   * @param tableStrength λ of the table's penalty
   * @param networkStrength λ_C of the rest
   * @param hidden width of the sigmoid layer, or 0
   * @param learningRate of Adam
   * @param batchSize texts per step; the last batch of an epoch may be smaller
   * @param seed of initial weights and shuffling
   */
  public record Settings(
      Treatment treatment,
      double tableStrength,
      double networkStrength,
      int hidden,
      double learningRate,
      int batchSize,
      long seed) {}

  /**
   * What one epoch reports: means over its steps, weighted equally.
   *
   * @param epoch from 1
   * @param cost the whole printed loss
   * @param data the cross-entropy alone
   * @param penalty the table's penalty alone, whether or not its gradient flows
   * @param drift {@code ‖W − W0‖} of the table after the epoch
   * @param seconds the time that training took
   */
  public record Epoch(
      int epoch, double cost, double data, double penalty, double drift, double seconds) {}

  private final Settings settings;
  private final Texts texts;
  private final WordAverage model;
  private final Optimizer optimizer;
  private final Regularizer decay;
  private final @Nullable Regularizer penalty;
  private final Regularizer anchor;
  private final Tape tape = Tape.builder().recycleVariables().build();
  private final Seeds seeds;
  private final int[] order;
  private @Nullable DriftRecorder recorder;
  private int epochs;

  /**
   * Prepares a training.
   *
   * @param settings the hyper-parameters
   * @param table the initial word vectors, copied
   * @param classes how many classes
   * @param texts what to train on
   */
  public Training(Settings settings, DMatrixRMaj table, int classes, Texts texts) {
    this.settings = settings;
    this.texts = texts;
    this.seeds = new Seeds(settings.seed);
    this.model =
        new WordAverage(table, settings.hidden, classes, seeds.generator(0, "initial weights"));
    Parameter words = model.embedding().weight();
    if (settings.treatment == Treatment.FROZEN) {
      words.freeze();
    }
    this.anchor = Regularizer.l2(settings.tableStrength).over(words).towardsInitialValue().inLoss();
    this.penalty =
        switch (settings.treatment) {
          case FROZEN, FREE -> null;
          case ANCHOR, DATA_BUG -> anchor;
          case DECAY -> Regularizer.l2(settings.tableStrength).over(words).towardsZero().inLoss();
        };
    this.decay = Regularizer.l2(settings.networkStrength).over(model.network()).inLoss();
    this.optimizer = Optimizer.of(Adam.of(settings.learningRate), model);
    this.order = new int[texts.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
  }

  /**
   * Records from now on what happens to each word, by the gradients of the cross-entropy alone,
   * which costs another sweep per step and changes nothing else.
   *
   * @return the recorder, which measures from the initial values
   */
  public DriftRecorder recordDrift() {
    DriftRecorder begun = DriftRecorder.of(anchor, model.embedding().weight());
    recorder = begun;
    return begun;
  }

  /**
   * Trains for one epoch over all texts in a new random order.
   *
   * @return what it reports
   */
  public Epoch epoch() {
    shuffle(order, seeds.generator(++epochs, "shuffle"));
    Pass pass = Pass.training(seeds.generator(epochs, "dropout"));
    double cost = 0.0;
    double data = 0.0;
    double pull = 0.0;
    int steps = 0;
    long start = System.nanoTime();
    for (int from = 0; from < order.length; from += settings.batchSize) {
      int to = Math.min(order.length, from + settings.batchSize);
      Texts.Batch batch = texts.batch(order, from, to);
      Variable loss = model.logits(tape, batch, pass).crossEntropy(batch.labels());
      Objective objective = Objective.of("data", loss).plus("decay", decay.penalty(tape));
      if (penalty != null) {
        Variable term = penalty.penalty(tape);
        pull += term.toDouble();
        objective =
            settings.treatment == Treatment.DATA_BUG
                ? objective.plusDetached("anchor", term.detach())
                : objective.plus("table", term);
      }
      cost += objective.value();
      data += loss.toDouble();
      if (recorder != null) {
        recorder.observe(tape.gradients(loss));
      }
      optimizer.step(objective);
      tape.reset();
      steps++;
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Epoch(epochs, cost / steps, data / steps, pull / steps, drift(), seconds);
  }

  /**
   * How far the table has moved.
   *
   * @return {@code ‖W − W0‖} (Frobenius)
   */
  public double drift() {
    return anchor.drift(model.embedding().weight());
  }

  /**
   * The share of texts that the model classifies rightly; ties go to the first class.
   *
   * @param others labelled texts
   * @return from 0 to 1
   */
  public double accuracy(Texts others) {
    int[] all = new int[others.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = i;
    }
    int right = 0;
    for (int from = 0; from < all.length; from += 100) {
      int to = Math.min(all.length, from + 100);
      Texts.Batch batch = others.batch(all, from, to);
      Variable logits = model.logits(tape, batch, Pass.evaluation());
      for (int i = 0; i < to - from; i++) {
        int best = 0;
        for (int c = 1; c < logits.cols(); c++) {
          best = logits.get(i, c) > logits.get(i, best) ? c : best;
        }
        right += best == batch.labels().get(i) ? 1 : 0;
      }
      tape.reset();
    }
    return (double) right / others.size();
  }

  /**
   * The table of word vectors as it is now.
   *
   * @return a copy
   */
  public DMatrixRMaj table() {
    return model.embedding().weight().toMatrix();
  }

  /**
   * The SHA-256 of the bits of all parameters: equal exactly when all weights are.
   *
   * @return 64 hexadecimal digits
   */
  public String fingerprint() {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    for (Parameter parameter : model.parameters()) {
      DMatrixRMaj values = parameter.toMatrix();
      ByteBuffer bytes = ByteBuffer.allocate(8 * values.getNumElements());
      bytes.asDoubleBuffer().put(values.data, 0, values.getNumElements());
      digest.update(bytes);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Fisher and Yates. */
  static void shuffle(int[] values, RandomGenerator random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }
}
