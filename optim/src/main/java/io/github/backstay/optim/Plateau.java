package io.github.backstay.optim;

/**
 * A schedule that goes by a metric instead of the number of the step: it starts from the group's
 * own rate and is reduced when the metric stops getting better ({@link ReduceOnPlateau}).
 *
 * <pre>{@code
 * Plateau plateau = ReduceOnPlateau.DEFAULT.withPatience(2).start();
 * Optimizer optimizer = Optimizer.builder().group("all", model, rule).schedule(plateau).build();
 *
 * // after each epoch:
 * plateau.report(validationLoss);
 * }</pre>
 *
 * <p>What it remembers can be saved and restored ({@link #state()}). One plateau may serve several
 * groups, whose rates it reduces alike, but only one training. Not thread-safe.
 */
public final class Plateau implements Schedule {

  private final ReduceOnPlateau settings;
  private State state;

  Plateau(ReduceOnPlateau settings) {
    this.settings = settings;
    double worst = settings.maximize() ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    this.state = new State(worst, 0, 0, 0);
  }

  /**
   * What a plateau remembers.
   *
   * @param best the best metric; infinite before the first
   * @param bad how many bad metrics in a row there were last
   * @param cooldown how many reports are still not counted as bad
   * @param reductions how often the rate was reduced
   */
  public record State(double best, int bad, int cooldown, int reductions) {

    /**
     * Checks the values.
     *
     * @param best the best metric; infinite before the first
     * @param bad how many bad metrics in a row there were last
     * @param cooldown how many reports are still not counted as bad
     * @param reductions how often the rate was reduced
     */
    public State {
      if (Double.isNaN(best)) {
        throw new IllegalArgumentException("plateau: the best metric must be a number, got NaN.");
      }
      Hyper.requireAtLeast("plateau", "bad", 0, bad);
      Hyper.requireAtLeast("plateau", "cooldown", 0, cooldown);
      Hyper.requireAtLeast("plateau", "reductions", 0, reductions);
    }
  }

  /**
   * Takes note of a metric, after an epoch or a step. The rate that follows from it is in force
   * from the next step on.
   *
   * @param metric for instance the loss on validation data
   * @throws ArithmeticException if it is NaN; nothing has been changed then
   */
  public void report(double metric) {
    if (Double.isNaN(metric)) {
      throw new ArithmeticException(
          "plateau: the metric is NaN and can be neither better nor worse; nothing was changed.");
    }
    boolean better = settings.isBetter(metric, state.best);
    boolean cooling = state.cooldown > 0;
    int bad = better || cooling ? 0 : state.bad + 1;
    boolean reduces = bad > settings.patience();
    state =
        new State(
            better ? metric : state.best,
            reduces ? 0 : bad,
            reduces ? settings.cooldown() : cooling ? state.cooldown - 1 : 0,
            reduces ? state.reductions + 1 : state.reductions);
  }

  @Override
  public double rate(long step, double base) {
    return settings.reduce(base, state.reductions);
  }

  /**
   * What it remembers.
   *
   * @return an immutable value to be saved
   */
  public State state() {
    return state;
  }

  /**
   * Takes up a saved state.
   *
   * @param saved what {@link #state()} gave
   */
  public void restore(State saved) {
    state = saved;
  }

  @Override
  public String toString() {
    return settings + " at " + state;
  }
}
