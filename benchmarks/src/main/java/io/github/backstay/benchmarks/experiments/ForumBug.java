package io.github.backstay.benchmarks.experiments;

import io.github.backstay.benchmarks.training.Epoch;
import io.github.backstay.benchmarks.training.Treatment;
import java.util.ArrayList;
import java.util.List;

/**
 * The forum's question as an experiment: the same model, data and seed, trained four times. Whoever
 * computes the penalty from detached values sees another loss and gets the same weights.
 */
public final class ForumBug {

  private static final int EPOCHS = 25;
  private static final List<Treatment> TREATMENTS =
      List.of(Treatment.FREE, Treatment.DATA_BUG, Treatment.DECAY, Treatment.ANCHOR);

  /**
   * One of the four trainings.
   *
   * @param treatment what was done with the table
   * @param epochs what each epoch reported
   * @param trainAccuracy on the training texts
   * @param testAccuracy on texts of any words
   * @param fingerprint SHA-256 of all weights at the end
   */
  public record Run(
      Treatment treatment,
      List<Epoch> epochs,
      double trainAccuracy,
      double testAccuracy,
      String fingerprint) {

    /** Copies the epochs. */
    public Run {
      epochs = List.copyOf(epochs);
    }

    /**
     * The last epoch.
     *
     * @return what it reported
     */
    public Epoch last() {
      return epochs.get(epochs.size() - 1);
    }
  }

  private ForumBug() {}

  /**
   * Trains all four.
   *
   * @param seed of data and weights
   * @param strength λ of the penalties
   * @param progress is called after each training
   * @return without a penalty, with the mistake, with decay to zero, with the anchor
   */
  public static List<Run> run(long seed, double strength, Runnable progress) {
    ClusteredWords data = ClusteredWords.draw(seed);
    List<Run> runs = new ArrayList<>();
    for (Treatment treatment : TREATMENTS) {
      WordTraining training = AnchoredWords.training(treatment, strength, seed, data);
      List<Epoch> epochs = new ArrayList<>();
      for (int e = 0; e < EPOCHS; e++) {
        epochs.add(training.epoch());
      }
      runs.add(
          new Run(
              treatment,
              epochs,
              training.accuracy(data.train()),
              training.accuracy(data.all()),
              training.fingerprint()));
      progress.run();
    }
    return runs;
  }
}
