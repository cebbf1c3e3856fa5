package io.github.backstay.benchmarks.training;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.backstay.benchmarks.data.WordSimilarity;
import io.github.backstay.benchmarks.data.WordVectors;
import io.github.backstay.core.Indices;
import io.github.backstay.regularizers.DriftRecorder;
import io.github.backstay.regularizers.DriftReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/** Trains a task with several seeds: every epoch is measured, the best on dev is chosen. */
public final class Experiment {

  /** In descriptions: which encoder it is, with its sizes. */
  public static final String NETWORK = "network";

  /**
   * What to run.
   *
   * @param description what belongs to a training beside the rest: task, model, data; a training is
   *     taken up only where it is the same
   * @param regularization what is added to the loss
   * @param optimization how it goes down
   * @param epochs how many
   * @param limit how many training examples; 0 for all
   * @param driftRows how many of the words that moved farthest are listed for the first seed; 0 to
   *     record nothing
   * @param seeds the seeds to run
   */
  public record Plan(
      Map<String, String> description,
      Regularization regularization,
      Optimization optimization,
      int epochs,
      int limit,
      int driftRows,
      List<Long> seeds) {

    /** Copies the seeds. */
    public Plan {
      description = Collections.unmodifiableMap(new LinkedHashMap<>(description));
      seeds = List.copyOf(seeds);
    }
  }

  /**
   * One epoch of one seed.
   *
   * @param training what the training reports
   * @param dev scores on the development part
   * @param test scores on the test part
   */
  public record Measured(Epoch training, Scores dev, Scores test) {}

  /**
   * One seed.
   *
   * @param seed the seed
   * @param epochs every epoch
   * @param best the epoch with the highest dev score, the first of equals, from 1
   * @param trainLast scores on all training examples after the last epoch
   * @param similarity Spearman's correlation per similarity file after the last epoch
   * @param fingerprint SHA-256 of all weights after the last epoch
   * @param drift what happened to each word, after the last epoch, if the plan says so
   */
  public record Run(
      long seed,
      List<Measured> epochs,
      int best,
      Scores trainLast,
      Map<String, Double> similarity,
      String fingerprint,
      @Nullable DriftReport drift) {

    /** Copies the epochs. */
    public Run {
      epochs = List.copyOf(epochs);
      similarity = Collections.unmodifiableMap(new LinkedHashMap<>(similarity));
    }

    /**
     * The chosen epoch.
     *
     * @return the one that was best on dev
     */
    public Measured chosen() {
      return epochs.get(best - 1);
    }

    /**
     * The last epoch.
     *
     * @return the one after which training ended
     */
    public Measured last() {
      return epochs.get(epochs.size() - 1);
    }
  }

  /**
   * Mean and spread over the seeds; scores by measure.
   *
   * @param devBest dev scores at the chosen epoch
   * @param testBest test scores at the chosen epoch
   * @param bestEpoch the chosen epoch
   * @param devLast dev scores at the last epoch
   * @param testLast test scores at the last epoch
   * @param trainLast scores on all training examples at the last epoch
   * @param driftBest {@code ‖W − W₀‖} at the chosen epoch
   * @param driftLast {@code ‖W − W₀‖} at the last epoch
   * @param secondsPerEpoch training time, without evaluation
   * @param similarity Spearman's correlation per similarity file at the last epoch
   */
  public record Summary(
      Map<String, Spread> devBest,
      Map<String, Spread> testBest,
      Spread bestEpoch,
      Map<String, Spread> devLast,
      Map<String, Spread> testLast,
      Map<String, Spread> trainLast,
      Spread driftBest,
      Spread driftLast,
      Spread secondsPerEpoch,
      Map<String, Spread> similarity) {}

  /** Is told what happens. */
  public interface Listener {
    /**
     * A training begins.
     *
     * @param seed of which training
     * @param steps how many steps it still has to take
     * @param rows how many rows of the table come from a pretrained encoder
     */
    void begins(long seed, long steps, int rows);

    /** A step is done. */
    void step();

    /**
     * An epoch is done and measured.
     *
     * @param seed of which training
     * @param epoch what came of it
     */
    void epoch(long seed, Measured epoch);
  }

  private final TaskData data;
  private final Workers workers;
  private final @Nullable Pretrained pretrained;
  private final @Nullable SavedRuns saved;

  /**
   * Prepares an experiment.
   *
   * @param data model and data
   * @param workers who computes
   * @param pretrained where the encoder starts from, or null
   * @param saved where trainings are saved and taken up, or null
   */
  public Experiment(
      TaskData data, Workers workers, @Nullable Pretrained pretrained, @Nullable SavedRuns saved) {
    this.data = data;
    this.workers = workers;
    this.pretrained = pretrained;
    this.saved = saved;
  }

  /**
   * Trains one model per seed.
   *
   * @param plan what to run
   * @param listener is told what happens
   * @return one run per seed
   */
  public List<Run> run(Plan plan, Listener listener) {
    List<Run> runs = new ArrayList<>();
    for (long seed : plan.seeds) {
      runs.add(run(plan, seed, listener));
    }
    return runs;
  }

  private Run run(Plan plan, long seed, Listener listener) {
    Task task = data.task(seed, plan.limit);
    Map<String, String> setup = saved == null ? Map.of() : setup(plan, task);
    int rows = pretrained == null ? 0 : pretrained.into(task, network(plan), data.vocabulary());
    Trainer training = new Trainer(task, plan.regularization, plan.optimization, seed, workers);
    boolean recorded = plan.driftRows > 0 && seed == plan.seeds.get(0);
    DriftRecorder recorder = recorded ? training.recordDrift() : null;
    List<Measured> epochs = new ArrayList<>();
    if (saved != null) {
      Path own = saved.of(plan.seeds, seed);
      epochs.addAll(saved.resume(training, own, setup, seed, plan.epochs));
    }
    long left = (long) (plan.epochs - epochs.size()) * training.stepsPerEpoch();
    listener.begins(seed, left, rows);
    while (training.epochs() < plan.epochs) {
      Epoch epoch = training.epoch(listener::step);
      Measured measured =
          new Measured(epoch, task.score(Part.DEV, workers), task.score(Part.TEST, workers));
      epochs.add(measured);
      if (saved != null) {
        Path own = saved.of(plan.seeds, seed);
        saved.save(training, own, setup, epochs, data.vocabulary());
      }
      listener.epoch(seed, measured);
    }
    Map<String, Double> correlations = new LinkedHashMap<>();
    WordVectors trained = data.vocabulary().wordVectors(training.table());
    for (WordSimilarity similarity : data.similarities()) {
      correlations.put(similarity.name(), similarity.agreement(trained).spearman());
    }
    return new Run(
        seed,
        epochs,
        best(epochs),
        task.score(Part.TRAIN, workers),
        correlations,
        training.fingerprint(),
        recorder == null ? null : recorder.report(plan.driftRows, data.vocabulary()::word));
  }

  private static String network(Plan plan) {
    return plan.description.getOrDefault(NETWORK, "none");
  }

  /** The first of the highest; a score that is NaN is lower than any. */
  static int best(List<Measured> epochs) {
    int best = 0;
    for (int e = 0; e < epochs.size(); e++) {
      double score = epochs.get(e).dev.first();
      double highest = epochs.get(best).dev.first();
      best = score > highest || (Double.isNaN(highest) && !Double.isNaN(score)) ? e : best;
    }
    return best + 1;
  }

  /**
   * All that makes a training what it is, but for the seed and the number of epochs: options, data,
   * first word vectors.
   */
  private Map<String, String> setup(Plan plan, Task task) {
    Map<String, String> setup = new LinkedHashMap<>(plan.description);
    ObjectMapper mapper = new ObjectMapper();
    for (Object part : List.of(plan.regularization, plan.optimization)) {
      Map<String, Object> named =
          mapper.convertValue(part, new TypeReference<Map<String, Object>>() {});
      named.forEach((name, value) -> setup.put(name, String.valueOf(value)));
    }
    setup.put("limit", String.valueOf(plan.limit));
    setup.put("data", digestOfExamples());
    setup.put("vectors", digestOfTable(task.words().weight().toMatrix()));
    return setup;
  }

  private String digestOfExamples() {
    Digest digest = new Digest();
    for (Indices some : data.encoded()) {
      digest.add(some.size());
      for (int i = 0; i < some.size(); i++) {
        digest.add(some.get(i));
      }
    }
    return digest.hex();
  }

  private String digestOfTable(DMatrixRMaj table) {
    Digest digest = new Digest();
    for (int row = 0; row < data.vocabulary().size(); row++) {
      digest.add(data.vocabulary().word(row));
    }
    digest.add(table);
    return digest.hex();
  }

  /**
   * Mean and spread over runs.
   *
   * @param runs at least one
   * @return the figures of the table
   */
  public static Summary summarize(List<Run> runs) {
    List<Double> seconds = new ArrayList<>();
    for (Run run : runs) {
      run.epochs.forEach(epoch -> seconds.add(epoch.training.seconds()));
    }
    return new Summary(
        byName(runs.stream().map(run -> run.chosen().dev.figures()).toList()),
        byName(runs.stream().map(run -> run.chosen().test.figures()).toList()),
        over(runs, run -> run.best),
        byName(runs.stream().map(run -> run.last().dev.figures()).toList()),
        byName(runs.stream().map(run -> run.last().test.figures()).toList()),
        byName(runs.stream().map(run -> run.trainLast.figures()).toList()),
        over(runs, run -> run.chosen().training.drift()),
        over(runs, run -> run.last().training.drift()),
        Spread.of(seconds),
        byName(runs.stream().map(run -> run.similarity).toList()));
  }

  private static Map<String, Spread> byName(List<Map<String, Double>> figures) {
    Map<String, List<Double>> values = new LinkedHashMap<>();
    for (Map<String, Double> one : figures) {
      one.forEach((name, value) -> values.computeIfAbsent(name, n -> new ArrayList<>()).add(value));
    }
    Map<String, Spread> spreads = new LinkedHashMap<>();
    values.forEach((name, numbers) -> spreads.put(name, Spread.of(numbers)));
    return Collections.unmodifiableMap(spreads);
  }

  private static Spread over(List<Run> runs, ToDoubleFunction<Run> figure) {
    return Spread.of(runs.stream().mapToDouble(figure).toArray());
  }
}
