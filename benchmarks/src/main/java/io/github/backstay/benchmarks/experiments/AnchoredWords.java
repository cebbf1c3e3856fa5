package io.github.backstay.benchmarks.experiments;

import io.github.backstay.benchmarks.training.Optimization;
import io.github.backstay.benchmarks.training.Regularization;
import io.github.backstay.benchmarks.training.Spread;
import io.github.backstay.benchmarks.training.Treatment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.ejml.dense.row.NormOps_DDRM;

/**
 * Anchored word vectors against frozen, free and decayed ones on {@link ClusteredWords}. The
 * strengths of anchor and decay are chosen on some seeds; what is reported comes from others. Runs
 * are independent, so they are spread over threads; the figures do not depend on how many.
 */
public final class AnchoredWords {

  private static final int EPOCHS = 25;
  private static final int BATCH = 25;
  private static final double LEARNING_RATE = 0.02;
  private static final double NETWORK_STRENGTH = 1e-3;
  private static final double[] STRENGTHS = {1e-4, 3e-4, 1e-3, 3e-3, 6e-3, 1e-2, 3e-2, 1e-1};

  /**
   * One training.
   *
   * @param seed of data and weights
   * @param all accuracy on texts of any words
   * @param seen accuracy on texts of words that occur in training
   * @param train accuracy on the training texts
   * @param drift {@code ‖W − W0‖ / ‖W0‖}
   */
  public record Score(long seed, double all, double seen, double train, double drift) {}

  /**
   * One point of the search for a strength.
   *
   * @param strength λ
   * @param all mean and spread of the accuracy on texts of any words, over the seeds of the search
   */
  public record Candidate(double strength, Spread all) {}

  /**
   * One row of the table.
   *
   * @param treatment what was done with the table
   * @param strength λ, 0 where there is none
   * @param scores one per held-out seed
   * @param anchorMinusThis mean of the paired differences in accuracy on all words, and their
   *     standard error in place of the deviation
   * @param anchorWins on how many seeds the anchor is better
   */
  public record Row(
      Treatment treatment,
      double strength,
      List<Score> scores,
      Spread anchorMinusThis,
      int anchorWins) {

    /** Copies the scores. */
    public Row {
      scores = List.copyOf(scores);
    }
  }

  /**
   * Everything.
   *
   * @param searchSeeds the seeds that strengths were chosen on
   * @param heldOutSeeds the seeds of the table
   * @param search by treatment, every candidate
   * @param rows the table
   */
  public record Result(
      List<Long> searchSeeds,
      List<Long> heldOutSeeds,
      Map<Treatment, List<Candidate>> search,
      List<Row> rows) {}

  private AnchoredWords() {}

  /**
   * How many trainings {@link #run} makes.
   *
   * @param searchSeeds how many seeds to choose strengths on
   * @param heldOutSeeds how many other seeds to report
   * @return how often its progress is called
   */
  public static int trainings(int searchSeeds, int heldOutSeeds) {
    return 2 * STRENGTHS.length * searchSeeds + 4 * heldOutSeeds;
  }

  static WordTraining training(
      Treatment treatment, double strength, long seed, ClusteredWords data) {
    return WordTraining.of(
        data,
        Regularization.normal(treatment, NETWORK_STRENGTH, strength),
        Optimization.adam(LEARNING_RATE, BATCH),
        seed);
  }

  private static Score score(Treatment treatment, double strength, long seed) {
    ClusteredWords data = ClusteredWords.draw(seed);
    WordTraining training = training(treatment, strength, seed, data);
    double drift = 0.0;
    for (int e = 0; e < EPOCHS; e++) {
      drift = training.epoch().drift();
    }
    return new Score(
        seed,
        training.accuracy(data.all()),
        training.accuracy(data.seen()),
        training.accuracy(data.train()),
        drift / NormOps_DDRM.normF(data.table()));
  }

  /**
   * Runs search and comparison.
   *
   * @param offset added to all seeds; 0 for the documented figures
   * @param searchSeeds how many seeds to choose strengths on
   * @param heldOutSeeds how many other seeds to report
   * @param threads how many trainings at a time
   * @param progress is called after each training, from any thread
   * @return all figures
   */
  public static Result run(
      long offset, int searchSeeds, int heldOutSeeds, int threads, Runnable progress) {
    List<Long> search = seeds(200 + offset, searchSeeds);
    List<Long> heldOut = seeds(1000 + offset, heldOutSeeds);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      Map<Treatment, List<Candidate>> candidates = new LinkedHashMap<>();
      Map<Treatment, Double> chosen = new LinkedHashMap<>();
      for (Treatment treatment : List.of(Treatment.DECAY, Treatment.ANCHOR)) {
        List<Candidate> tried = new ArrayList<>();
        for (double strength : STRENGTHS) {
          List<Score> scores = scores(pool, treatment, strength, search, progress);
          tried.add(new Candidate(strength, all(scores)));
        }
        candidates.put(treatment, tried);
        chosen.put(treatment, best(tried));
      }
      Map<Treatment, List<Score>> scores = new LinkedHashMap<>();
      for (Treatment treatment :
          List.of(Treatment.FROZEN, Treatment.FREE, Treatment.DECAY, Treatment.ANCHOR)) {
        double strength = chosen.getOrDefault(treatment, 0.0);
        scores.put(treatment, scores(pool, treatment, strength, heldOut, progress));
      }
      List<Row> rows = new ArrayList<>();
      List<Score> anchored = scores.getOrDefault(Treatment.ANCHOR, List.of());
      scores.forEach(
          (treatment, own) ->
              rows.add(row(treatment, chosen.getOrDefault(treatment, 0.0), own, anchored)));
      return new Result(search, heldOut, candidates, rows);
    } finally {
      pool.shutdownNow();
    }
  }

  private static List<Long> seeds(long first, int count) {
    return LongStream.range(first, first + count).boxed().toList();
  }

  private static List<Score> scores(
      ExecutorService pool,
      Treatment treatment,
      double strength,
      List<Long> seeds,
      Runnable progress) {
    List<Callable<Score>> tasks = new ArrayList<>();
    for (long seed : seeds) {
      tasks.add(
          () -> {
            Score score = score(treatment, strength, seed);
            progress.run();
            return score;
          });
    }
    List<Score> scores = new ArrayList<>();
    try {
      for (Future<Score> future : pool.invokeAll(tasks)) {
        scores.add(future.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the experiment was interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a training failed: " + e.getCause(), e);
    }
    return scores;
  }

  private static Spread all(List<Score> scores) {
    return Spread.of(scores.stream().mapToDouble(Score::all).toArray());
  }

  private static double best(List<Candidate> tried) {
    Candidate best = tried.get(0);
    for (Candidate candidate : tried) {
      best = candidate.all.mean() > best.all.mean() ? candidate : best;
    }
    return best.strength;
  }

  private static Row row(
      Treatment treatment, double strength, List<Score> own, List<Score> anchored) {
    double[] differences = new double[own.size()];
    int wins = 0;
    for (int i = 0; i < differences.length; i++) {
      differences[i] = anchored.get(i).all - own.get(i).all;
      wins += differences[i] > 0 ? 1 : 0;
    }
    Spread spread = Spread.of(differences);
    double error = spread.deviation() / Math.sqrt(spread.count());
    return new Row(
        treatment,
        strength,
        own,
        new Spread(spread.mean(), error, spread.median(), spread.count()),
        wins);
  }
}
