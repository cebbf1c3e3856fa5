package io.github.backstay.benchmarks.lessons;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.nn.Seeds;
import io.github.backstay.optim.Adam;
import io.github.backstay.optim.Optimizer;
import io.github.backstay.optim.Sgd;
import io.github.backstay.optim.UpdateRule;
import io.github.backstay.regularizers.Regularizer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * A pull to an anchor, coupled and decoupled, under Adam and SGD, with gradients of "data" that are
 * given and do not depend on the weights, so that nothing but the pull differs. The anchor is zero:
 * a weight is its own distance.
 */
public final class Decoupling {

  private static final double RATE = 1e-3;
  private static final int FRESH_STEPS = 200;
  private static final int ENTRIES = 10;
  private static final int HISTORY_STEPS = 2000;
  private static final int COLUMNS = 50;
  private static final double STRENGTH = 1e-3;
  private static final double[] SIZES = {0.01, 0.1, 1.0, 10.0};

  /** How the pull reaches the weights. */
  public enum Form {
    /** Through the gradient, and so through the rule. */
    COUPLED,
    /** Past the rule. */
    DECOUPLED;

    private Function<Regularizer.Builder, Regularizer> choice() {
      return this == COUPLED ? Regularizer.Builder::coupled : Regularizer.Builder::decoupled;
    }
  }

  /**
   * Adam without data: nothing but the pull.
   *
   * @param form how it is applied
   * @param strength λ
   * @param distances the mean of |d| before the first step and after each
   * @param fromClosedForm the largest relative difference to {@code (1 − ηλ)ᵗ·d₀}, over all steps
   *     and entries
   */
  public record Fresh(Form form, double strength, List<Double> distances, double fromClosedForm) {

    /** Copies the list. */
    public Fresh {
      distances = List.copyOf(distances);
    }
  }

  /**
   * Adam with noise for data: rows differ in nothing but the size of their gradients.
   *
   * @param size the standard deviation of the row's gradients
   * @param coupled the strength with which the row is really pulled, {@code −ln(with/without)/ηT}
   *     of the mean distances with and without the pull after T steps of the same noise
   * @param decoupled the same for the decoupled pull
   */
  public record Row(double size, double coupled, double decoupled) {}

  /**
   * Everything.
   *
   * @param rate η
   * @param freshSteps steps of the first part
   * @param fresh its trainings: coupled with both strengths, decoupled with both
   * @param coupledDifference the largest difference between the two coupled trajectories
   * @param decoupledDifference the largest difference between the two decoupled ones
   * @param historySteps T of the second part
   * @param strength λ of the second and third part
   * @param rows the second part
   * @param sgdDifference the largest difference between coupled and decoupled under plain SGD
   * @param momentumDifference the same under SGD with momentum 0.9
   */
  public record Result(
      double rate,
      int freshSteps,
      List<Fresh> fresh,
      double coupledDifference,
      double decoupledDifference,
      int historySteps,
      double strength,
      List<Row> rows,
      double sgdDifference,
      double momentumDifference) {}

  private Decoupling() {}

  /**
   * Runs all three parts.
   *
   * @param seed of distances and noise
   * @return all figures
   */
  public static Result run(long seed) {
    Seeds seeds = new Seeds(seed);
    RandomGenerator random = seeds.generator(0, "distances");
    DMatrixRMaj start = new DMatrixRMaj(1, ENTRIES);
    for (int i = 0; i < ENTRIES; i++) {
      start.data[i] = (random.nextBoolean() ? 1.0 : -1.0) * (0.2 + 0.2 * random.nextDouble());
    }
    List<Fresh> fresh = new ArrayList<>();
    List<Double> differences = new ArrayList<>();
    for (Form form : Form.values()) {
      List<DMatrixRMaj> weak = withoutData(start, form, 0.01);
      List<DMatrixRMaj> strong = withoutData(start, form, 1.0);
      fresh.add(fresh(form, 0.01, weak));
      fresh.add(fresh(form, 1.0, strong));
      double largest = 0.0;
      for (int t = 0; t < weak.size(); t++) {
        largest = Math.max(largest, largestDifference(weak.get(t), strong.get(t)));
      }
      differences.add(largest);
    }
    Adam adam = Adam.of(RATE);
    double[] without = distances(withNoise(seeds, adam, 0.0, Form.COUPLED));
    double[] coupled = distances(withNoise(seeds, adam, STRENGTH, Form.COUPLED));
    double[] decoupled = distances(withNoise(seeds, adam, STRENGTH, Form.DECOUPLED));
    List<Row> rows = new ArrayList<>();
    for (int r = 0; r < SIZES.length; r++) {
      rows.add(new Row(SIZES[r], pull(coupled[r], without[r]), pull(decoupled[r], without[r])));
    }
    return new Result(
        RATE,
        FRESH_STEPS,
        fresh,
        differences.get(0),
        differences.get(1),
        HISTORY_STEPS,
        STRENGTH,
        rows,
        between(seeds, Sgd.of(RATE)),
        between(seeds, Sgd.of(RATE).withMomentum(0.9)));
  }

  /** The weights before the first step and after each. */
  private static List<DMatrixRMaj> withoutData(DMatrixRMaj start, Form form, double strength) {
    Parameter weight = new Parameter("weight", start);
    Optimizer optimizer = optimizer(weight, Adam.of(RATE), strength, form);
    List<DMatrixRMaj> trajectory = new ArrayList<>();
    trajectory.add(weight.toMatrix());
    DMatrixRMaj nothing = new DMatrixRMaj(1, start.numCols);
    try (Tape tape = Tape.create()) {
      for (int t = 0; t < FRESH_STEPS; t++) {
        step(optimizer, tape, weight, nothing);
        trajectory.add(weight.toMatrix());
      }
    }
    return trajectory;
  }

  private static Fresh fresh(Form form, double strength, List<DMatrixRMaj> trajectory) {
    DMatrixRMaj start = trajectory.get(0);
    List<Double> distances = new ArrayList<>();
    double largest = 0.0;
    for (int t = 0; t < trajectory.size(); t++) {
      DMatrixRMaj now = trajectory.get(t);
      double shrunk = Math.pow(1.0 - RATE * strength, t);
      double sum = 0.0;
      for (int i = 0; i < ENTRIES; i++) {
        sum += Math.abs(now.data[i]);
        largest = Math.max(largest, Math.abs(now.data[i] / (shrunk * start.data[i]) - 1.0));
      }
      distances.add(sum / ENTRIES);
    }
    return new Fresh(form, strength, distances, largest);
  }

  /** The weights in the end; one row per size of gradients, all at distance 1 in the beginning. */
  private static DMatrixRMaj withNoise(Seeds seeds, UpdateRule rule, double strength, Form form) {
    DMatrixRMaj start = new DMatrixRMaj(SIZES.length, COLUMNS);
    start.fill(1.0);
    Parameter weight = new Parameter("weight", start);
    Optimizer optimizer = optimizer(weight, rule, strength, form);
    RandomGenerator random = seeds.generator(0, "noise");
    DMatrixRMaj noise = new DMatrixRMaj(SIZES.length, COLUMNS);
    try (Tape tape = Tape.create()) {
      for (int t = 0; t < HISTORY_STEPS; t++) {
        for (int i = 0; i < noise.data.length; i++) {
          noise.data[i] = SIZES[i / COLUMNS] * random.nextGaussian();
        }
        step(optimizer, tape, weight, noise);
      }
    }
    return weight.toMatrix();
  }

  private static Optimizer optimizer(
      Parameter weight, UpdateRule rule, double strength, Form form) {
    Regularizer pull = form.choice().apply(Regularizer.l2(strength).over(weight).towardsZero());
    return Optimizer.builder().group("all", weight, rule, pull).build();
  }

  /** A step along a given gradient: that of {@code Σ gradient ⊙ W}. */
  private static void step(Optimizer optimizer, Tape tape, Parameter weight, DMatrixRMaj gradient) {
    optimizer.step(tape.gradients(weight.on(tape).elementMult(tape.constant(gradient)).sum()));
    tape.reset();
  }

  /** Row by row, the mean distance. */
  private static double[] distances(DMatrixRMaj weights) {
    double[] distances = new double[weights.numRows];
    for (int i = 0; i < weights.data.length; i++) {
      distances[i / COLUMNS] += weights.data[i] / COLUMNS;
    }
    return distances;
  }

  private static double pull(double with, double without) {
    return -Math.log(with / without) / (RATE * HISTORY_STEPS);
  }

  private static double between(Seeds seeds, UpdateRule rule) {
    return largestDifference(
        withNoise(seeds, rule, STRENGTH, Form.COUPLED),
        withNoise(seeds, rule, STRENGTH, Form.DECOUPLED));
  }

  private static double largestDifference(DMatrixRMaj a, DMatrixRMaj b) {
    double largest = 0.0;
    for (int i = 0; i < a.data.length; i++) {
      largest = Math.max(largest, Math.abs(a.data[i] - b.data[i]));
    }
    return largest;
  }
}
