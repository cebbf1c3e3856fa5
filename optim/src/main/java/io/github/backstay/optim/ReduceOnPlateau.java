package io.github.backstay.optim;

/**
 * When and by how much the rate is reduced once a metric stops getting better, as PyTorch's {@code
 * ReduceLROnPlateau}. {@link #start()} makes a {@link Plateau}, which watches one training.
 *
 * <p>A metric m is better if it is less than {@code best·(1 − threshold)} (relative) or {@code best
 * − threshold}; when maximizing, if it is greater than {@code best·(1 + threshold)} or {@code best
 * + threshold}; a relative threshold is thus for metrics above 0. One that is not better is bad.
 * After more than {@code patience} bad ones in a row the rate η becomes {@code max(factor·η,
 * minimum)}, unless that changes it by no more than epsilon, and for {@code cooldown} reports
 * nothing counts as bad.
 *
 * @param maximize whether larger metrics are better
 * @param factor by what the rate is multiplied, in [0, 1)
 * @param patience how many bad metrics in a row are borne, at least 0
 * @param threshold how much better counts, at least 0; relative and minimizing less than 1
 * @param relative whether the threshold is a fraction of the best metric
 * @param cooldown how many reports a reduction is given to show, at least 0
 * @param minimum the rate that is not gone below, at least 0
 * @param epsilon a change that is not worth making, at least 0
 */
public record ReduceOnPlateau(
    boolean maximize,
    double factor,
    int patience,
    double threshold,
    boolean relative,
    int cooldown,
    double minimum,
    double epsilon) {

  /**
   * PyTorch's defaults: minimizing, factor 0.1, patience 10, relative threshold 1e-4, no cooldown,
   * minimum 0, epsilon 1e-8.
   */
  public static final ReduceOnPlateau DEFAULT =
      new ReduceOnPlateau(false, 0.1, 10, 1e-4, true, 0, 0.0, 1e-8);

  /**
   * Checks the values.
   *
   * @param maximize whether larger metrics are better
   * @param factor by what the rate is multiplied, in [0, 1)
   * @param patience how many bad metrics in a row are borne, at least 0
   * @param threshold how much better counts, at least 0; relative and minimizing less than 1
   * @param relative whether the threshold is a fraction of the best metric
   * @param cooldown how many reports a reduction is given to show, at least 0
   * @param minimum the rate that is not gone below, at least 0
   * @param epsilon a change that is not worth making, at least 0
   */
  public ReduceOnPlateau {
    Hyper.requireFraction("plateau", "factor", factor);
    Hyper.requireAtLeast("plateau", "patience", 0, patience);
    Hyper.requireNotNegative("plateau", "threshold", threshold);
    if (relative && !maximize) {
      Hyper.requireFraction("plateau", "a relative threshold", threshold);
    }
    Hyper.requireAtLeast("plateau", "cooldown", 0, cooldown);
    Hyper.requireNotNegative("plateau", "minimum", minimum);
    Hyper.requireNotNegative("plateau", "epsilon", epsilon);
  }

  /**
   * The same for metrics of which larger ones are better.
   *
   * @return the settings
   */
  public ReduceOnPlateau withMaximize() {
    return new ReduceOnPlateau(
        true, factor, patience, threshold, relative, cooldown, minimum, epsilon);
  }

  /**
   * The same with another factor.
   *
   * @param newFactor by what the rate is multiplied
   * @return the settings
   */
  public ReduceOnPlateau withFactor(double newFactor) {
    return new ReduceOnPlateau(
        maximize, newFactor, patience, threshold, relative, cooldown, minimum, epsilon);
  }

  /**
   * The same with another patience.
   *
   * @param newPatience how many bad metrics in a row are borne
   * @return the settings
   */
  public ReduceOnPlateau withPatience(int newPatience) {
    return new ReduceOnPlateau(
        maximize, factor, newPatience, threshold, relative, cooldown, minimum, epsilon);
  }

  /**
   * The same with a threshold that is a fraction of the best metric.
   *
   * @param newThreshold how much better counts
   * @return the settings
   */
  public ReduceOnPlateau withRelativeThreshold(double newThreshold) {
    return new ReduceOnPlateau(
        maximize, factor, patience, newThreshold, true, cooldown, minimum, epsilon);
  }

  /**
   * The same with a threshold that is a difference to the best metric.
   *
   * @param newThreshold how much better counts
   * @return the settings
   */
  public ReduceOnPlateau withAbsoluteThreshold(double newThreshold) {
    return new ReduceOnPlateau(
        maximize, factor, patience, newThreshold, false, cooldown, minimum, epsilon);
  }

  /**
   * The same with another cooldown.
   *
   * @param newCooldown how many reports a reduction is given to show
   * @return the settings
   */
  public ReduceOnPlateau withCooldown(int newCooldown) {
    return new ReduceOnPlateau(
        maximize, factor, patience, threshold, relative, newCooldown, minimum, epsilon);
  }

  /**
   * The same with another lowest rate.
   *
   * @param newMinimum the rate that is not gone below
   * @return the settings
   */
  public ReduceOnPlateau withMinimum(double newMinimum) {
    return new ReduceOnPlateau(
        maximize, factor, patience, threshold, relative, cooldown, newMinimum, epsilon);
  }

  /**
   * The same with another smallest change.
   *
   * @param newEpsilon a change that is not worth making
   * @return the settings
   */
  public ReduceOnPlateau withEpsilon(double newEpsilon) {
    return new ReduceOnPlateau(
        maximize, factor, patience, threshold, relative, cooldown, minimum, newEpsilon);
  }

  /**
   * Starts to watch a training.
   *
   * @return a plateau to which nothing has been reported
   */
  public Plateau start() {
    return new Plateau(this);
  }

  boolean isBetter(double metric, double best) {
    if (maximize) {
      return metric > (relative ? best * (1.0 + threshold) : best + threshold);
    }
    return metric < (relative ? best * (1.0 - threshold) : best - threshold);
  }

  /** The rate after so many reductions. */
  double reduce(double base, int reductions) {
    double rate = base;
    for (int k = 0; k < reductions; k++) {
      double reduced = Math.max(factor * rate, minimum);
      if (!(rate - reduced > epsilon)) {
        break; // and so it would be for ever
      }
      rate = reduced;
    }
    return rate;
  }
}
