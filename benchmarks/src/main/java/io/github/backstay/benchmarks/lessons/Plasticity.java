package io.github.backstay.benchmarks.lessons;

import io.github.backstay.benchmarks.data.Digits;
import io.github.backstay.benchmarks.training.Spread;
import io.github.backstay.core.Indices;
import io.github.backstay.nn.Seeds;
import io.github.backstay.optim.Adam;
import io.github.backstay.optim.Optimizer;
import io.github.backstay.regularizers.Regularizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;

/**
 * Whether a network can still learn after it has learnt much (Kumar, Marklund and Van Roy 2023,
 * "regenerative regularization"): task after task gives the same few hundred digits new random
 * labels, which a network 64-32-32-10 has to learn by heart. What counts is the accuracy online,
 * the share of digits that were classified rightly just before they were learnt, over a whole task.
 * Strengths are chosen on some seeds, by the mean over all tasks; what is reported comes from
 * others.
 */
public final class Plasticity {

  private static final int DIGITS = 400;
  private static final int BATCH = 16;
  private static final double LEARNING_RATE = 1e-3;
  private static final int SEARCH_SEEDS = 3;

  /** What the weights are pulled to. */
  public enum Treatment {
    /** Nothing. */
    NONE("no penalty"),
    /** {@code λ/2·‖W‖²}. */
    ZERO("L2 to zero"),
    /** {@code λ/2·‖W − W0‖²}, W0 the initial values: L2 Init. */
    INITIAL_VALUE("L2 Init");

    private final String words;

    Treatment(String words) {
      this.words = words;
    }

    /** The strengths of the search. */
    private double[] candidates() {
      return switch (this) {
        case NONE -> new double[0];
        case ZERO, INITIAL_VALUE -> new double[] {3e-4, 1e-3, 3e-3, 1e-2};
      };
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * One training through all tasks.
   *
   * @param seed of digits, weights and labels
   * @param accuracy online, task by task
   */
  public record Run(long seed, List<Double> accuracy) {

    /** Copies the list. */
    public Run {
      accuracy = List.copyOf(accuracy);
    }

    /** The mean over some tasks. */
    double mean(int from, int to) {
      return accuracy.subList(from, to).stream().mapToDouble(a -> a).average().orElse(Double.NaN);
    }

    /**
     * The mean over all tasks.
     *
     * @return from 0 to 1
     */
    public double mean() {
      return mean(0, accuracy.size());
    }

    /**
     * The mean over the first eighth of the tasks.
     *
     * @return from 0 to 1
     */
    public double first() {
      return mean(0, eighth());
    }

    /**
     * The mean over the last eighth of the tasks.
     *
     * @return from 0 to 1
     */
    public double last() {
      return mean(accuracy.size() - eighth(), accuracy.size());
    }

    private int eighth() {
      return Math.max(1, accuracy.size() / 8);
    }
  }

  /**
   * One strength of the search.
   *
   * @param treatment what the weights are pulled to
   * @param strength λ
   * @param mean accuracy online over all tasks, over the seeds of the search
   */
  public record Candidate(Treatment treatment, double strength, Spread mean) {}

  /**
   * What is reported of one treatment.
   *
   * @param treatment what the weights are pulled to
   * @param strength λ, chosen by the search; 0 where there is none
   * @param runs one per held-out seed
   */
  public record Row(Treatment treatment, double strength, List<Run> runs) {

    /** Copies the list. */
    public Row {
      runs = List.copyOf(runs);
    }

    /**
     * The curve of the picture.
     *
     * @return by task, the accuracy online over the seeds
     */
    public List<Spread> byTask() {
      List<Spread> curve = new ArrayList<>();
      for (int task = 0; task < runs.get(0).accuracy.size(); task++) {
        int at = task;
        curve.add(Spread.of(runs.stream().mapToDouble(run -> run.accuracy.get(at)).toArray()));
      }
      return curve;
    }
  }

  /**
   * Everything.
   *
   * @param tasks how many tasks
   * @param epochs how many epochs a task lasts
   * @param searchSeeds the seeds that strengths were chosen on
   * @param heldOutSeeds the seeds that are reported
   * @param search every candidate
   * @param rows one per treatment
   */
  public record Result(
      int tasks,
      int epochs,
      List<Long> searchSeeds,
      List<Long> heldOutSeeds,
      List<Candidate> search,
      List<Row> rows) {}

  private final Digits digits;
  private final int tasks;
  private final int epochs;

  private Plasticity(Digits digits, int tasks, int epochs) {
    this.digits = digits;
    this.tasks = tasks;
    this.epochs = epochs;
  }

  /**
   * How many trainings {@link #run} makes.
   *
   * @param heldOutSeeds how many seeds to report
   * @return how often its progress is called
   */
  public static int trainings(int heldOutSeeds) {
    int candidates = 0;
    for (Treatment treatment : Treatment.values()) {
      candidates += treatment.candidates().length;
    }
    return SEARCH_SEEDS * candidates + Treatment.values().length * heldOutSeeds;
  }

  /**
   * Runs search and comparison.
   *
   * @param digits what to draw the few hundred digits from
   * @param tasks how many tasks
   * @param epochs how many epochs a task lasts
   * @param offset added to all seeds; 0 for the documented figures
   * @param heldOutSeeds how many seeds to report
   * @param threads how many trainings at a time; the figures do not depend on it
   * @param progress is called after each training, from any thread
   * @return all figures
   */
  public static Result run(
      Digits digits,
      int tasks,
      int epochs,
      long offset,
      int heldOutSeeds,
      int threads,
      Runnable progress) {
    Plasticity lesson = new Plasticity(digits, tasks, epochs);
    List<Long> search =
        LongStream.range(0, SEARCH_SEEDS).map(s -> 200 + offset + s).boxed().toList();
    List<Long> heldOut =
        LongStream.range(0, heldOutSeeds).map(s -> 1000 + offset + s).boxed().toList();
    List<Callable<Run>> pieces = new ArrayList<>();
    for (Treatment treatment : Treatment.values()) {
      for (double strength : treatment.candidates()) {
        search.forEach(seed -> pieces.add(() -> lesson.run(treatment, strength, seed)));
      }
    }
    List<Run> searched = Pieces.workThrough(pieces, threads, progress);
    List<Candidate> candidates = new ArrayList<>();
    for (Treatment treatment : Treatment.values()) {
      for (double strength : treatment.candidates()) {
        int from = candidates.size() * SEARCH_SEEDS;
        List<Run> own = searched.subList(from, from + SEARCH_SEEDS);
        Spread mean = Spread.of(own.stream().mapToDouble(Run::mean).toArray());
        candidates.add(new Candidate(treatment, strength, mean));
      }
    }
    pieces.clear();
    for (Treatment treatment : Treatment.values()) {
      double strength = chosen(treatment, candidates);
      heldOut.forEach(seed -> pieces.add(() -> lesson.run(treatment, strength, seed)));
    }
    List<Run> reported = Pieces.workThrough(pieces, threads, progress);
    List<Row> rows = new ArrayList<>();
    for (Treatment treatment : Treatment.values()) {
      int from = rows.size() * heldOutSeeds;
      List<Run> own = reported.subList(from, from + heldOutSeeds);
      rows.add(new Row(treatment, chosen(treatment, candidates), own));
    }
    return new Result(tasks, epochs, search, heldOut, candidates, rows);
  }

  private static double chosen(Treatment treatment, List<Candidate> candidates) {
    double strength = 0.0;
    double best = Double.NEGATIVE_INFINITY;
    for (Candidate candidate : candidates) {
      if (candidate.treatment == treatment && candidate.mean.mean() > best) {
        best = candidate.mean.mean();
        strength = candidate.strength;
      }
    }
    return strength;
  }

  private Run run(Treatment treatment, double strength, long seed) {
    Seeds seeds = new Seeds(seed);
    int[] order = DigitNetwork.shuffled(digits.size(), seeds.generator(0, "which digits"));
    Digits few = digits.choose(order, 0, Math.min(DIGITS, order.length));
    DigitNetwork network = new DigitNetwork(seeds.generator(0, "initial weights"), 32, 32);
    Regularizer[] pulls =
        switch (treatment) {
          case NONE -> new Regularizer[0];
          case ZERO -> new Regularizer[] {Regularizer.l2(strength).over(network).coupled()};
          case INITIAL_VALUE ->
              new Regularizer[] {
                Regularizer.l2(strength).over(network).towardsInitialValue().coupled()
              };
        };
    Optimizer optimizer =
        Optimizer.builder().group("all", network, Adam.of(LEARNING_RATE), pulls).build();
    Double[] accuracy = new Double[tasks];
    for (int task = 0; task < tasks; task++) {
      int[] labels = seeds.generator(task, "labels").ints(few.size(), 0, Digits.CLASSES).toArray();
      Digits relabelled = few.labelled(Indices.of(labels));
      double sum = 0.0;
      for (int epoch = 0; epoch < epochs; epoch++) {
        sum +=
            network.train(
                relabelled,
                BATCH,
                optimizer,
                seeds.generator((long) task * epochs + epoch, "shuffle"));
      }
      accuracy[task] = sum / epochs;
    }
    return new Run(seed, Arrays.asList(accuracy));
  }
}
