package io.github.backstay.benchmarks.training;

import io.github.backstay.core.GradientSum;
import io.github.backstay.core.Gradients;
import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.StateDict;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.nn.Pass;
import io.github.backstay.nn.Seeds;
import io.github.backstay.nn.files.Checkpoint;
import io.github.backstay.optim.Optimizer;
import io.github.backstay.regularizers.DriftRecorder;
import io.github.backstay.regularizers.Regularizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * One training of a {@link Task}. A step takes a batch, cuts it into pieces, and steps along
 *
 * <pre>{@code
 * Σ over pieces (examples of the piece / examples of the batch)·∇(mean loss of the piece)  +  ∇ penalties
 * }</pre>
 *
 * where the pieces' gradients are added in their order, whichever thread has computed them, and the
 * penalties are computed with the first piece, once. Everything random derives from (seed, step,
 * purpose), so that a training that is taken up from a file goes on with the same bits. Not
 * thread-safe; different trainings share nothing but workers.
 */
public final class Trainer {

  private final Task task;
  private final Optimization optimization;
  private final Workers workers;
  private final Seeds seeds;
  private final Optimizer optimizer;
  private final Regularizer start;
  private final List<Pull> pulls;
  private final int[] order;
  private final int piece;
  private final GradientSum sum = new GradientSum();
  private final GradientSum dataSum = new GradientSum();
  private @Nullable DriftRecorder recorder;
  private int epochs;

  /** So many pieces are kept at the same time; a constant, so that it changes no bit. */
  private static final int WAVE = 16;

  /** What is left of a piece. */
  private record Piece(
      Map<String, Double> terms, Gradients gradients, @Nullable Gradients ofData) {}

  /**
   * Prepares a training. Anchors are taken now: the model has its first values.
   *
   * @param task model and data
   * @param regularization what is added to the loss
   * @param optimization how it goes down
   * @param seed of shuffling and dropout
   * @param workers who computes
   */
  public Trainer(
      Task task,
      Regularization regularization,
      Optimization optimization,
      long seed,
      Workers workers) {
    this.task = task;
    this.optimization = optimization;
    this.workers = workers;
    this.seeds = new Seeds(seed);
    if (regularization.words() == Treatment.FROZEN) {
      task.words().freeze();
    }
    this.start = regularization.start(task);
    this.pulls = regularization.pulls(task, start);
    this.optimizer = optimization.optimizer(task);
    this.order = new int[task.size()];
    this.piece = Math.min(optimization.piece(), order.length);
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
  }

  /**
   * Records from now on what happens to each word, by the gradients of the data alone, which costs
   * another sweep per step and changes nothing else.
   *
   * @return the recorder, which measures from the initial values
   */
  public DriftRecorder recordDrift() {
    DriftRecorder begun = DriftRecorder.of(start, task.words().weight());
    recorder = begun;
    return begun;
  }

  /**
   * How many steps an epoch has.
   *
   * @return at least 1
   */
  public int stepsPerEpoch() {
    return (order.length - 1) / optimization.batch() + 1;
  }

  /**
   * How many epochs have been trained.
   *
   * @return 0 at first
   */
  public int epochs() {
    return epochs;
  }

  /**
   * Trains for one epoch over all examples in a new random order.
   *
   * @param afterStep called after each step
   * @return what it reports
   */
  public Epoch epoch(Runnable afterStep) {
    shuffle(order, seeds.generator(++epochs, "shuffle"));
    double cost = 0.0;
    Map<String, Double> terms = new LinkedHashMap<>();
    long begun = System.nanoTime();
    int batch = Math.min(optimization.batch(), order.length);
    for (int from = 0; from < order.length; from += batch) {
      int[] examples = Arrays.copyOfRange(order, from, Math.min(order.length, from + batch));
      for (Map.Entry<String, Double> term : step(examples).entrySet()) {
        terms.merge(term.getKey(), term.getValue(), Double::sum);
        cost += term.getValue();
      }
      afterStep.run();
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    requireFiniteWeights();
    int steps = stepsPerEpoch();
    terms.replaceAll((name, total) -> total / steps);
    return new Epoch(epochs, cost / steps, terms, drift(), seconds);
  }

  /** One step; the values of the loss's terms. */
  private Map<String, Double> step(int[] examples) {
    long number = optimizer.steps() + 1;
    Batch batch = task.batch(examples, workers, seeds.generator(number, "batch"));
    int pieces = (examples.length - 1) / piece + 1;
    Map<String, Double> terms = new LinkedHashMap<>();
    try {
      for (int first = 0; first < pieces; first += WAVE) {
        int before = first;
        workers.reset();
        List<Piece> wave =
            workers.keeping(
                Math.min(WAVE, pieces - first),
                (tape, k) -> piece(tape, batch, number, before + k));
        wave.forEach(done -> done.terms.forEach((name, v) -> terms.merge(name, v, Double::sum)));
        requireFinite(terms);
        if (pieces == 1) {
          observe(wave.get(0).ofData);
          optimizer.step(wave.get(0).gradients);
          return terms;
        }
        for (Piece done : wave) {
          sum.add(done.gradients, 1.0);
          if (done.ofData != null) {
            dataSum.add(done.ofData, 1.0);
          }
        }
      }
      observe(dataSum.gradients());
      optimizer.step(sum.gradients());
      return terms;
    } finally {
      sum.clear();
      dataSum.clear();
      workers.reset();
    }
  }

  private Piece piece(Tape tape, Batch batch, long number, int k) {
    int from = k * piece;
    int to = Math.min(batch.size(), from + piece);
    Pass pass = Pass.training(seeds.generator(number, "piece " + k));
    Variable loss = batch.loss(tape, from, to, pass);
    boolean whole = to - from == batch.size();
    Variable share = whole ? loss : loss.scale((double) (to - from) / batch.size());
    Objective objective = Objective.of("data", share);
    if (k == 0) {
      for (Pull pull : pulls) {
        objective = pull.addTo(objective, tape);
      }
    }
    Map<String, Double> terms = new LinkedHashMap<>();
    for (Objective.Term term : objective.terms()) {
      terms.put(term.name(), term.value().toDouble());
    }
    Gradients ofData = recorder == null ? null : tape.gradients(share);
    return new Piece(terms, objective.gradients(), ofData);
  }

  private void observe(@Nullable Gradients ofData) {
    if (recorder != null && ofData != null) {
      recorder.observe(ofData);
    }
  }

  private static void requireFinite(Map<String, Double> terms) {
    if (!terms.values().stream().allMatch(Double::isFinite)) {
      throw new DivergedException(
          "training: the loss is not finite ("
              + terms
              + "), so its gradient would spoil the weights. Lower the learning rates, or clip.");
    }
  }

  private void requireFiniteWeights() {
    for (Parameter parameter : task.model().parameters()) {
      if (!parameter.isFinite()) {
        throw new DivergedException(
            "training: parameter \""
                + parameter.name()
                + "\" is not finite after epoch "
                + epochs
                + ". Lower the learning rates, or clip.");
      }
    }
  }

  /**
   * How far the word vectors have moved.
   *
   * @return {@code ‖W − W₀‖} (Frobenius)
   */
  public double drift() {
    return start.drift(task.words().weight());
  }

  /**
   * The word vectors as they are now.
   *
   * @return a copy
   */
  public DMatrixRMaj table() {
    return task.words().weight().toMatrix();
  }

  /**
   * The SHA-256 of the bits of all parameters: equal exactly when all weights are.
   *
   * @return 64 hexadecimal digits
   */
  public String fingerprint() {
    Digest digest = new Digest();
    for (Parameter parameter : task.model().parameters()) {
      digest.add(parameter.toMatrix());
    }
    return digest.hex();
  }

  /** Model, optimizer, and the anchors of what is in the loss. */
  private Checkpoint checkpoint() {
    Checkpoint checkpoint =
        Checkpoint.of("model", task.model()).plus("optimizer", optimizer).plus("start", start);
    for (Pull pull : pulls) {
      if (pull.regularizer() != start) {
        checkpoint = checkpoint.plus("pull-" + pull.name(), pull.regularizer());
      }
    }
    return checkpoint;
  }

  /**
   * Saves everything that the training needs to go on, as a whole or not at all.
   *
   * @param file the file; replaced if there is one
   * @param more what the caller wants to remember
   * @throws io.github.backstay.nn.files.StateFileException if it cannot be written
   */
  public void save(Path file, StateDict more) {
    StateDict.Builder run = StateDict.builder().putAll("more", more);
    run.integer("seed", seeds.seed()).integer("epoch", epochs);
    checkpoint().save(file, run.build());
  }

  /**
   * Goes on where a training of the same task and seed was saved.
   *
   * @param file what {@link #save} has written, with this seed
   * @throws io.github.backstay.nn.files.StateFileException if it cannot be read
   * @throws IllegalArgumentException if it is not of such a training; nothing has been changed then
   */
  public void resume(Path file) {
    StateDict run = checkpoint().load(file);
    int done = Math.toIntExact(run.integer("epoch"));
    while (epochs < done) {
      shuffle(order, seeds.generator(++epochs, "shuffle"));
    }
  }

  /** Fisher and Yates. */
  public static void shuffle(int[] values, RandomGenerator random) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }

  /** The names of the penalties in the loss. */
  List<String> pullNames() {
    List<String> names = new ArrayList<>();
    pulls.forEach(pull -> names.add(pull.name()));
    return names;
  }
}
