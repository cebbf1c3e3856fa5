package io.github.backstay.benchmarks.lessons;

import io.github.backstay.benchmarks.data.Digits;
import io.github.backstay.benchmarks.training.Spread;
import io.github.backstay.core.Parameter;
import io.github.backstay.nn.Seeds;
import io.github.backstay.optim.Adam;
import io.github.backstay.optim.Optimizer;
import io.github.backstay.regularizers.Fisher;
import io.github.backstay.regularizers.Regularizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.ejml.data.DMatrixRMaj;

/**
 * Two tasks one after the other: how much of the old one is left when the new one is learnt, and
 * what that costs. A network 64-64-10 learns the old task, then goes on with the new one under one
 * of four methods and a range of strengths. Strengths are chosen on some seeds, by the mean of both
 * accuracies on a fifth of the training digits that was put aside; what is reported comes from
 * other seeds and the test digits.
 */
public final class Forgetting {

  private static final int HIDDEN = 64;

  /** Digits in a step, and in a batch of the approximated Fisher information. */
  public static final int BATCH = 32;

  private static final double LEARNING_RATE = 1e-3;
  private static final int SEARCH_SEEDS = 3;

  /** Which tasks. */
  public enum Tasks {
    /** All digits; then the same digits with their pixels in another order. */
    PERMUTED,
    /** 0 to 4; then 5 to 9, with the same ten outputs. */
    SPLIT;

    /** As on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What holds the weights while the new task is learnt. */
  public enum Method {
    /** Nothing. */
    FINE_TUNING("fine-tuning"),
    /** {@code λ/2·‖W − W*‖²}, W* the values after the old task. */
    ANCHOR("anchor-L2"),
    /** {@code λ/2·ΣF ⊙ (W − W*)²}, F exact. */
    EWC("EWC"),
    /** The same with the squares of the mean gradients of batches in place of F. */
    EWC_OF_BATCHES("EWC of batch means");

    private final String words;

    Method(String words) {
      this.words = words;
    }

    private double[] strengths() {
      return switch (this) {
        case FINE_TUNING -> new double[] {0.0};
        case ANCHOR -> new double[] {1e-3, 3e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0};
        case EWC -> new double[] {1.0, 3.0, 10.0, 30.0, 1e2, 3e2, 1e3};
        case EWC_OF_BATCHES -> new double[] {1.0, 3.0, 10.0, 30.0, 1e2, 3e2, 1e3, 3e3, 1e4, 3e4};
      };
    }

    @Override
    public String toString() {
      return words;
    }
  }

  /**
   * How one training ended.
   *
   * @param seed of weights, order and tasks
   * @param oldTask accuracy on the old task
   * @param newTask accuracy on the new task
   */
  public record Score(long seed, double oldTask, double newTask) {

    /**
     * The mean of both.
     *
     * @return from 0 to 1
     */
    public double mean() {
      return 0.5 * (oldTask + newTask);
    }
  }

  /**
   * One method with one strength.
   *
   * @param method what holds the weights
   * @param strength λ
   * @param search one score per seed of the search
   * @param heldOut one score per reported seed
   */
  public record Point(Method method, double strength, List<Score> search, List<Score> heldOut) {

    /** Copies the lists. */
    public Point {
      search = List.copyOf(search);
      heldOut = List.copyOf(heldOut);
    }

    private double searchMean() {
      return search.stream().mapToDouble(Score::mean).average().orElse(Double.NaN);
    }
  }

  /**
   * Everything.
   *
   * @param tasks which tasks
   * @param epochs how long the new task was trained; the old one twice as long
   * @param searchSeeds the seeds that strengths were chosen on
   * @param heldOutSeeds the seeds that are reported
   * @param before on the held-out seeds, when only the old task was learnt
   * @param exactOverBatch on the held-out seeds, the sum of the exact F over that of batch means
   * @param points all trainings
   */
  public record Result(
      Tasks tasks,
      int epochs,
      List<Long> searchSeeds,
      List<Long> heldOutSeeds,
      List<Score> before,
      Spread exactOverBatch,
      List<Point> points) {

    /**
     * The points of one method.
     *
     * @param method the method
     * @return in the order of their strengths
     */
    public List<Point> of(Method method) {
      return points.stream().filter(point -> point.method == method).toList();
    }

    /**
     * What the search has chosen.
     *
     * @param method the method
     * @return its point with the best mean of both accuracies on the seeds of the search
     */
    public Point chosen(Method method) {
      List<Point> candidates = of(method);
      Point best = candidates.get(0);
      for (Point point : candidates) {
        best = point.searchMean() > best.searchMean() ? point : best;
      }
      return best;
    }

    /**
     * How much better one point is than another on the held-out seeds.
     *
     * @param one a point
     * @param other another
     * @return the differences of the means of both accuracies, seed by seed
     */
    public double[] differences(Point one, Point other) {
      double[] differences = new double[heldOutSeeds.size()];
      for (int i = 0; i < differences.length; i++) {
        differences[i] = one.heldOut.get(i).mean() - other.heldOut.get(i).mean();
      }
      return differences;
    }
  }

  /** Everything that comes from one seed: the points have one score in {@code scores}. */
  private record Run(Score before, double exactOverBatch, List<Score> scores) {}

  private final DigitSets digits;
  private final Tasks tasks;
  private final int epochs;

  private Forgetting(DigitSets digits, Tasks tasks, int epochs) {
    this.digits = digits;
    this.tasks = tasks;
    this.epochs = epochs;
  }

  /**
   * How many pieces {@link #run} has.
   *
   * @param heldOutSeeds how many seeds to report
   * @return how often its progress is called
   */
  public static int pieces(int heldOutSeeds) {
    return SEARCH_SEEDS + heldOutSeeds;
  }

  /**
   * Runs search and comparison.
   *
   * @param digits what to learn
   * @param tasks which tasks to make of it
   * @param epochs of the new task; the old one gets twice as many
   * @param offset added to all seeds; 0 for the documented figures
   * @param heldOutSeeds how many seeds to report
   * @param threads how many seeds at a time; the figures do not depend on it
   * @param progress is called after each seed, from any thread
   * @return all figures
   */
  public static Result run(
      DigitSets digits,
      Tasks tasks,
      int epochs,
      long offset,
      int heldOutSeeds,
      int threads,
      Runnable progress) {
    Forgetting lesson = new Forgetting(digits, tasks, epochs);
    List<Long> search =
        LongStream.range(200, 200 + SEARCH_SEEDS).map(s -> s + offset).boxed().toList();
    List<Long> heldOut =
        LongStream.range(1000, 1000 + heldOutSeeds).map(s -> s + offset).boxed().toList();
    List<Callable<Run>> pieces = new ArrayList<>();
    search.forEach(seed -> pieces.add(() -> lesson.searched(seed)));
    heldOut.forEach(seed -> pieces.add(() -> lesson.reported(seed)));
    List<Run> runs = Pieces.workThrough(pieces, threads, progress);
    List<Run> first = runs.subList(0, SEARCH_SEEDS);
    List<Run> rest = runs.subList(SEARCH_SEEDS, runs.size());
    List<Point> points = new ArrayList<>();
    for (Method method : Method.values()) {
      for (double strength : method.strengths()) {
        int place = points.size();
        points.add(new Point(method, strength, scores(first, place), scores(rest, place)));
      }
    }
    return new Result(
        tasks,
        epochs,
        search,
        heldOut,
        rest.stream().map(Run::before).toList(),
        Spread.of(rest.stream().mapToDouble(Run::exactOverBatch).toArray()),
        points);
  }

  private static List<Score> scores(List<Run> runs, int place) {
    return runs.stream().map(run -> run.scores.get(place)).toList();
  }

  /** Learns from four fifths of the training digits and is tested on the others. */
  private Run searched(long seed) {
    Digits all = digits.train();
    int[] order = DigitNetwork.shuffled(all.size(), new Seeds(seed).generator(0, "put aside"));
    int cut = all.size() - all.size() / 5;
    return run(seed, all.choose(order, 0, cut), all.choose(order, cut, order.length));
  }

  private Run reported(long seed) {
    return run(seed, digits.train(), digits.test());
  }

  private Run run(long seed, Digits train, Digits test) {
    Seeds seeds = new Seeds(seed);
    int[] retina = DigitNetwork.shuffled(Digits.PIXELS, seeds.generator(0, "retina"));
    Digits oldTrain = oldTask(train);
    Digits newTrain = newTask(train, retina);
    Digits oldTest = oldTask(test);
    Digits newTest = newTask(test, retina);

    DigitNetwork network = new DigitNetwork(seeds.generator(0, "initial weights"), HIDDEN);
    Optimizer optimizer = Optimizer.of(Adam.of(LEARNING_RATE), network);
    for (int epoch = 1; epoch <= 2 * epochs; epoch++) {
      network.train(oldTrain, BATCH, optimizer, seeds.generator(epoch, "old task"));
    }
    List<DMatrixRMaj> learnt = network.parameters().stream().map(Parameter::toMatrix).toList();
    int[] order = DigitNetwork.shuffled(oldTrain.size(), seeds.generator(0, "batches"));
    Fisher exact = Fisher.empirical(network, pieces(oldTrain, order, 1), network::loss);
    Fisher ofBatches = Fisher.ofBatchMeans(network, pieces(oldTrain, order, BATCH), network::loss);
    Score before = new Score(seed, network.accuracy(oldTest), network.accuracy(newTest));

    List<List<Regularizer>> pulls = new ArrayList<>(); // made now: their anchors are W*
    for (Method method : Method.values()) {
      for (double strength : method.strengths()) {
        pulls.add(
            switch (method) {
              case FINE_TUNING -> List.of();
              case ANCHOR ->
                  List.of(Regularizer.l2(strength).over(network).towardsInitialValue().coupled());
              case EWC -> exact.ewc(strength, Regularizer.Builder::coupled);
              case EWC_OF_BATCHES -> ofBatches.ewc(strength, Regularizer.Builder::coupled);
            });
      }
    }
    List<Score> scores = new ArrayList<>();
    for (List<Regularizer> held : pulls) {
      for (int i = 0; i < learnt.size(); i++) {
        network.parameters().get(i).set(learnt.get(i));
      }
      optimizer =
          Optimizer.builder()
              .group("all", network, Adam.of(LEARNING_RATE), held.toArray(Regularizer[]::new))
              .build();
      for (int epoch = 1; epoch <= epochs; epoch++) {
        network.train(newTrain, BATCH, optimizer, seeds.generator(epoch, "new task"));
      }
      scores.add(new Score(seed, network.accuracy(oldTest), network.accuracy(newTest)));
    }
    return new Run(before, sum(exact) / sum(ofBatches), scores);
  }

  private static double sum(Fisher fisher) {
    double sum = 0.0;
    for (Parameter parameter : fisher.parameters()) {
      for (double f : fisher.of(parameter).data) {
        sum += f;
      }
    }
    return sum;
  }

  /** Full batches in the order given. */
  private static List<Digits> pieces(Digits digits, int[] order, int size) {
    List<Digits> pieces = new ArrayList<>();
    for (int to = size; to <= order.length; to += size) {
      pieces.add(digits.choose(order, to - size, to));
    }
    return pieces;
  }

  private Digits oldTask(Digits all) {
    return switch (tasks) {
      case PERMUTED -> all;
      case SPLIT -> classes(all, 0, 5);
    };
  }

  private Digits newTask(Digits all, int[] retina) {
    return switch (tasks) {
      case PERMUTED -> all.permuted(retina);
      case SPLIT -> classes(all, 5, 10);
    };
  }

  private static Digits classes(Digits all, int from, int to) {
    int[] chosen = new int[all.size()];
    int count = 0;
    for (int i = 0; i < chosen.length; i++) {
      int label = all.labels().get(i);
      if (label >= from && label < to) {
        chosen[count++] = i;
      }
    }
    return all.choose(chosen, 0, count);
  }
}
