package io.github.backstay.regularizers.contract;

import static org.junit.jupiter.api.Assertions.fail;

import io.github.backstay.core.GradientCheck;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Shape;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.Penalty;
import io.github.backstay.regularizers.Regularizer;
import io.github.backstay.regularizers.contract.Comparison.Suspect;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/**
 * The contract of a penalty. Each law answers a mistake that has been made in public: a constant
 * instead of a node, a missing square, a factor of two, a sign, a gradient that is NaN where every
 * training starts.
 *
 * <p>A test class that implements this has all of them; what it must say is how to make the penalty
 * and what its value is.
 */
public interface PenaltyContract extends RestraintContract {

  @Override
  Penalty restraint(Shape weight);

  /**
   * Whether the gradient does not vanish on the way to the anchor, as with norms that are not
   * squared. Explicit steps may then jump across the anchor by η times the pull next to it.
   *
   * @return false unless it is overridden
   */
  default boolean isKinked() {
    return false;
  }

  /**
   * The sizes of {@code W − A} at which an entry has no second derivative. Differences must not
   * reach across, so random points keep 0.02 away.
   *
   * @return 0 unless it is overridden
   */
  default double[] kinks() {
    return new double[] {0.0};
  }

  /**
   * How far derivatives may be from differences of values.
   *
   * @return the usual tolerance unless it is overridden
   */
  default Tolerance tolerance() {
    return Tolerance.USUAL;
  }

  /** The value of the node is that of the formula. */
  @Test
  default void valueIsThatOfTheFormula() {
    for (PenaltyPoint point : points()) {
      double expected = point.formula(point.weight());
      double value = point.node(point.weight());
      if (!(Math.abs(expected - value) <= 1e-12 * expected)) {
        double growth = point.node(point.along(2.0)) / value;
        double grows = point.formula(point.along(2.0)) / expected;
        fail(
            point
                + ": the node's value is "
                + value
                + ", that of the formula "
                + expected
                + " (must agree to 12 digits). "
                + (Math.abs(growth - grows) < 1e-6
                    ? "It is "
                        + (float) (value / expected)
                        + " times as large: is a factor ½ or the strength left out or counted twice?"
                    : "At twice the distance it is "
                        + (float) growth
                        + " times as large, the formula "
                        + (float) grows
                        + " times: is a square missing, or a term overwritten, or an old value"
                        + " returned?"));
      }
    }
  }

  /** First and second derivatives of the node are those of its values. */
  @Test
  default void gradientOfTheNodeMatchesDifferences() {
    for (PenaltyPoint point : points()) {
      requireReached(point);
      // The error of the differences grows with the value, hence the tolerance relative to it.
      double relative = tolerance().relative() * Math.max(1.0, point.formula(point.weight()));
      GradientCheck check =
          GradientCheck.of(x -> point.on(x[0].tape(), x[0])).withTolerance(relative);
      for (GradientCheck order : List.of(check, check.secondOrder())) {
        GradientCheck.Report report = order.at(point.weight());
        if (!report.passed()) {
          fail(
              point
                  + ": the node's gradient is not that of its value"
                  + (tolerance().reason().isEmpty() ? "" : " (" + tolerance().reason() + ")")
                  + ". "
                  + report);
        }
      }
    }
  }

  private static void requireReached(PenaltyPoint point) {
    DMatrixRMaj gradient = point.nodeGradient(point.weight());
    DMatrixRMaj away = Samples.minus(point.weight(), point.anchorOrZeros());
    if (Samples.dot(gradient, gradient) == 0.0 && point.formula(point.weight()) != 0.0) {
      fail(
          point
              + ": the node's gradient is 0 at a weight that is "
              + (float) Samples.norm(away)
              + " away from its anchor (need that of the value, which is "
              + (float) point.node(point.weight())
              + "). Is the penalty computed from detached values, a copy or a plain number?");
    }
  }

  /** Both forms of the gradient agree, so that it does not matter how the penalty is applied. */
  @Test
  default void gradientForOptimizersIsThatOfTheNode() {
    for (PenaltyPoint point : points()) {
      DMatrixRMaj node = point.nodeGradient(point.weight());
      new Comparison(
              point.toString(),
              "the node's gradient",
              node,
              "addGradient",
              point.closedFormGradient(point.weight()))
          .requireClose(
              i -> 1e-14 * Math.abs(node.data[i]) + point.rounding(node), unanchored(point));
    }
  }

  /** The gradient that comes out if the anchor is forgotten. */
  private static Suspect[] unanchored(PenaltyPoint point) {
    return point.anchor() == null
        ? new Suspect[0]
        : new Suspect[] {
          new Suspect(
              point.with(point.weight(), null).nodeGradient(point.weight()),
              "It is that of an anchor of zero: is the anchor forgotten?")
        };
  }

  /** {@code into += factor · ∇R(W)}: not set, and not without the factor. */
  @Test
  default void gradientForOptimizersIsAddedOnceTimesTheFactor() {
    for (PenaltyPoint point : points()) {
      double factor = -2.5;
      DMatrixRMaj gradient = point.closedFormGradient(point.weight());
      DMatrixRMaj into = Samples.gaussian(Samples.random(5), Shape.of(gradient));
      DMatrixRMaj sum = into.copy();
      DMatrixRMaj set = gradient.copy();
      DMatrixRMaj without = into.copy();
      for (int i = 0; i < sum.data.length; i++) {
        sum.data[i] += factor * gradient.data[i];
        set.data[i] *= factor;
        without.data[i] += gradient.data[i];
      }
      new Comparison(
              point.toString(),
              "what was there plus " + factor + " times the gradient",
              sum,
              "into after addGradient",
              point.added(point.weight(), factor, into))
          .requireClose(
              i ->
                  1e-14 * (Math.abs(into.data[i]) + 2.5 * Math.abs(gradient.data[i]))
                      + 2.5 * point.rounding(gradient),
              new Suspect(set, "What was there is lost: write into.data[i] += …."),
              new Suspect(without, "The factor is ignored: multiply by it."));
    }
  }

  /** {@code isRowwise()} is a licence to visit some rows only, so it must not be a wish. */
  @Test
  default void rowsOfARowwisePenaltyMayBeEvaluatedByThemselvesToTheBit() {
    for (PenaltyPoint point : points()) {
      if (!point.penalty().isRowwise()) {
        continue;
      }
      int rows = point.weight().numRows;
      DMatrixRMaj parts = point.weight().copy();
      double value = 0.0;
      for (int first = 0; first < Math.min(2, rows); first++) {
        int[] some = IntStream.iterate(first, row -> row < rows, row -> row + 2).toArray();
        PenaltyPoint part = rowsOf(point, some);
        DMatrixRMaj gradient = part.closedFormGradient(part.weight());
        for (int k = 0; k < some.length; k++) {
          Samples.copyRow(gradient, k, parts, some[k]);
        }
        value += part.node(part.weight());
      }
      new Comparison(
              point + ", every other row by itself",
              "addGradient for all rows",
              point.closedFormGradient(point.weight()),
              "addGradient for some of them",
              parts)
          .requireSameBits();
      double all = point.node(point.weight());
      if (!(Math.abs(all - value) <= 1e-12 * all)) {
        fail(
            point
                + ": the value is "
                + all
                + ", the sum of the values of its rows "
                + value
                + " (must agree, as isRowwise() is true). Answer false if rows depend on one"
                + " another.");
      }
    }
  }

  private static PenaltyPoint rowsOf(PenaltyPoint point, int... rows) {
    DMatrixRMaj anchor = point.anchor();
    return point.with(
        Samples.rowsOf(point.weight(), rows), anchor == null ? null : Samples.rowsOf(anchor, rows));
  }

  /** Where every training starts. */
  @Test
  default void isExactlyZeroAtTheAnchorAndSoIsEveryGradient() {
    for (PenaltyPoint point : pulls()) {
      DMatrixRMaj there = point.along(0.0);
      DMatrixRMaj zeros = new DMatrixRMaj(there.numRows, there.numCols);
      double value = point.node(there);
      if (Double.doubleToRawLongBits(value) != 0L) {
        fail(
            point
                + ": the value at the anchor is "
                + value
                + " (need 0 to the bit). Is it taken of the distance W − A?");
      }
      requireZeros(point, "the node's gradient at the anchor", point.nodeGradient(there));
      requireZeros(point, "addGradient at the anchor", point.closedFormGradient(there));
      requireZeros(point, "addGradient at the anchor", point.added(there, -1.0, zeros));
    }
  }

  private static void requireZeros(PenaltyPoint point, String what, DMatrixRMaj actual) {
    DMatrixRMaj zeros = new DMatrixRMaj(actual.numRows, actual.numCols);
    new Comparison(point.toString(), "zero", zeros, what, actual).requireSameBits();
  }

  /** A penalty that is always 0, or the same at any distance, holds nothing. */
  @Test
  default void valueRisesWithEveryStepAwayFromTheAnchor() {
    for (PenaltyPoint point : pulls()) {
      double last = 0.0;
      for (double multiple : new double[] {1e-3, 0.1, 0.5, 1.0, 2.0, 100.0}) {
        double value = point.node(point.along(multiple));
        if (!(value > last)) {
          fail(
              point
                  + ": at "
                  + multiple
                  + " times the distance the value is "
                  + value
                  + ", closer to the anchor "
                  + last
                  + " (must rise). Is the anchor the live weight, or the value an old one?");
        }
        last = value;
      }
    }
  }

  /** A sign that is turned makes a step lead away. */
  @Test
  default void explicitStepShrinksTheDistanceAndDoesNotOvershoot() {
    for (PenaltyPoint point : pulls()) {
      double largest = rate(point);
      if (!(largest > 0.0)) {
        fail(point + ": largestRate is " + largest + " (must be greater than 0).");
      }
      DMatrixRMaj gradient = point.closedFormGradient(point.weight());
      DMatrixRMaj kink = new DMatrixRMaj(gradient.numRows, gradient.numCols);
      if (isKinked()) {
        // Any step is too long for some weight; one below 2R/‖∇R‖² is not for this one, as R is
        // convex. What may be overshot is the pull that is left next to the anchor.
        largest = Math.min(largest, point.node(point.weight()) / Samples.dot(gradient, gradient));
        kink = point.closedFormGradient(point.along(1e-6));
      }
      for (double part : new double[] {0.01, 0.5, 0.99, 1.0}) {
        requireShrunk(point, gradient, kink, part * largest);
      }
    }
  }

  /** The largest rate; 1 if there is no limit. */
  private static double rate(PenaltyPoint point) {
    double largest = point.penalty().largestRate();
    return largest == Double.POSITIVE_INFINITY ? 1.0 : largest;
  }

  private static void requireShrunk(
      PenaltyPoint point, DMatrixRMaj gradient, DMatrixRMaj kink, double rate) {
    DMatrixRMaj anchor = point.anchorOrZeros();
    DMatrixRMaj from = Samples.minus(point.weight(), anchor);
    DMatrixRMaj to = Samples.minus(point.added(point.weight(), -rate, point.weight()), anchor);
    String step = point + ", explicit step with rate " + rate + ": ";
    for (int i = 0; i < from.data.length; i++) {
      double jump = rate * Math.abs(kink.data[i]) + 1e-14 * (1.0 + Math.abs(from.data[i]));
      if (!point.contract().mixesEntries() && !(to.data[i] * Math.signum(from.data[i]) >= -jump)) {
        fail(
            step
                + "entry "
                + i
                + " goes from "
                + from.data[i]
                + " past its anchor to "
                + to.data[i]
                + ". Is largestRate() too large, or the penalty one with a kink (isKinked())?");
      }
    }
    double before = Samples.norm(from);
    double after = Samples.norm(to);
    if (!(after < before)) {
      fail(
          step
              + "the distance to the anchor goes from "
              + before
              + " to "
              + after
              + " (must shrink). Is the sign of the gradient turned?");
    }
    if (!(Samples.dot(gradient, to) >= -1e-14 * before * before)) {
      fail(step + "what was followed now leads away. Is largestRate() too large?");
    }
  }

  /** However far away the weight is: no rate up to the largest makes it diverge. */
  @Test
  default void explicitStepsAtTheLargestRateStayBounded() {
    for (PenaltyPoint point : pulls()) {
      double rate = rate(point);
      double kink = isKinked() ? Samples.norm(point.closedFormGradient(point.along(1e-6))) : 0.0;
      DMatrixRMaj weight = point.along(100.0);
      double last = Double.POSITIVE_INFINITY;
      for (int step = 0; step < 20; step++) {
        double distance = Samples.norm(Samples.minus(weight, point.anchorOrZeros()));
        if (!(distance <= Math.max(last, rate * kink) * (1.0 + 1e-9))) {
          fail(
              point
                  + ": after "
                  + step
                  + " explicit steps with rate "
                  + rate
                  + " the distance to the anchor is "
                  + distance
                  + ", before it was "
                  + last
                  + " (must not grow). Is largestRate() too large?");
        }
        last = distance;
        weight = point.added(weight, -rate, weight);
      }
    }
  }

  /** An accumulation refuses marked losses, so that no penalty counts once per example. */
  @Test
  default void nodeIsMarkedAsAPenalty() {
    for (PenaltyPoint point : points()) {
      try (Tape tape = Tape.create()) {
        if (!point.on(tape, tape.variable(point.weight())).isPenalty()) {
          fail(
              point
                  + ": the node is not marked as a penalty, so that an accumulation could not refuse"
                  + " it in the loss of every example. End of(…) with asPenalty().");
        }
      }
    }
  }

  /** Nothing but {@code into} is written. */
  @Test
  default void changesNeitherWeightsNorAnchors() {
    for (PenaltyPoint point : points()) {
      Parameter parameter = new Parameter("w", point.weight());
      DMatrixRMaj anchor = point.anchor() == null ? null : point.anchor().copy();
      try (Tape tape = Tape.create()) {
        Variable node =
            point.penalty().of(parameter.on(tape), anchor == null ? null : tape.borrow(anchor));
        if (!node.reachesParameter() || !tape.gradients(node).reaches(parameter)) {
          fail(point + ": the node does not reach the parameter that it is computed from.");
        }
      }
      DMatrixRMaj weight = point.weight().copy();
      DMatrixRMaj into = new DMatrixRMaj(weight.numRows, weight.numCols);
      point.penalty().addGradient(weight, anchor, 1.0, into);
      requireUnchanged(point, "the parameter", point.weight(), parameter.toMatrix());
      requireUnchanged(point, "the weight after addGradient", point.weight(), weight);
      if (anchor != null) {
        requireUnchanged(point, "the anchor", point.anchorOrZeros(), anchor);
      }
    }
  }

  private static void requireUnchanged(
      PenaltyPoint point, String what, DMatrixRMaj before, DMatrixRMaj after) {
    new Comparison(point.toString(), "what it was before", before, what, after).requireSameBits();
  }

  /** A value that is computed once and kept is that of another step. */
  @Test
  default void answersDependOnNothingButWeightAndAnchor() {
    for (PenaltyPoint point : points()) {
      List<Double> values = new ArrayList<>();
      for (double multiple : new double[] {1.0, 3.0, 1.0}) {
        DMatrixRMaj at = point.along(multiple);
        double asked = point.node(at);
        double fresh = point.anew().node(at);
        if (Double.compare(asked, fresh) != 0) {
          fail(
              point
                  + ": asked at "
                  + values.size()
                  + " other weights before, the value is "
                  + asked
                  + ", asked at once it is "
                  + fresh
                  + " (must be the same to the bit). Is it kept from an earlier step?");
        }
        new Comparison(
                point.toString(),
                "a penalty that was never asked",
                point.anew().closedFormGradient(at),
                "addGradient after other weights",
                point.closedFormGradient(at))
            .requireSameBits();
        values.add(asked);
      }
    }
  }

  /** Through a {@link Regularizer}: some rows moved away from their initial value, or all. */
  @Test
  default void regularizerPullsAlikeInTheLossAndInTheOptimizer() {
    for (PenaltyPoint point : points()) {
      boolean anchored = point.penalty().pullsToAnchor();
      if (anchored == (point.anchor() == null)) {
        continue;
      }
      Parameter parameter = new Parameter("w", anchored ? point.anchorOrZeros() : point.weight());
      Regularizer.Builder builder = Regularizer.of(point.penalty()).over(parameter);
      Regularizer inLoss = (anchored ? builder.towardsInitialValue() : builder).inLoss();
      Regularizer coupled = builder.coupled();
      int every = point.penalty().isRowwise() ? 2 : 1;
      for (int i = 0; i < parameter.rows(); i += every) {
        for (int j = 0; j < parameter.cols(); j++) {
          parameter.set(i, j, point.weight().get(i, j));
        }
      }
      DMatrixRMaj now = parameter.toMatrix();
      DMatrixRMaj added = new DMatrixRMaj(now.numRows, now.numCols);
      coupled.addGradient(parameter, now, 1.0, added);
      try (Tape tape = Tape.create()) {
        Variable node = inLoss.penalty(tape);
        double expected = point.formula(now);
        if (!(Math.abs(node.toDouble() - expected) <= 1e-12 * expected)) {
          fail(
              point
                  + ", in a regularizer: the value is "
                  + node.toDouble()
                  + ", that of the formula "
                  + expected
                  + ". Is the anchor left out, or isRowwise() a wish?");
        }
        DMatrixRMaj gradient = tape.gradients(node).of(parameter).toMatrix();
        new Comparison(
                point + ", in a regularizer",
                "the gradient in the loss",
                gradient,
                "the coupled gradient",
                added)
            .requireClose(i -> 1e-14 * Math.abs(gradient.data[i]) + point.rounding(gradient));
      }
    }
  }

  /** A relaxation of explicit steps, if there is one, is the steps one by one. */
  @Test
  default void relaxationOfExplicitStepsIsTheStepsOneByOne() {
    explicitStretches(Stretches::requireStepsOneByOne);
  }

  /** It leaves rows that are at their anchor there. */
  @Test
  default void relaxationOfExplicitStepsLeavesTheAnchorToTheBit() {
    explicitStretches(Stretches::requireRestAtTheAnchor);
  }

  /** Two stretches that adjoin are one. */
  @Test
  default void relaxationOfExplicitStepsAddsUpOverAdjoiningStretches() {
    explicitStretches(Stretches::requireAdditive);
  }

  private void explicitStretches(Consumer<Stretches> law) {
    for (Shape shape : shapes()) {
      Penalty penalty = restraint(shape);
      if (penalty.isRowwise() && penalty.explicitRelaxation() != null) {
        Stretches.Step step =
            (row, anchor, rate) -> {
              DMatrixRMaj pull = new DMatrixRMaj(1, row.numCols);
              penalty.addGradient(row, anchor, -rate, pull);
              for (int i = 0; i < pull.data.length; i++) {
                row.data[i] += pull.data[i];
              }
            };
        double largest = 0.9 * Math.min(4.0, penalty.largestRate());
        law.accept(
            new Stretches(
                "explicitRelaxation of " + penalty.formula(true),
                penalty::explicitRelaxation,
                step,
                shape.cols(),
                largest,
                seed()));
      }
    }
  }

  // ---- where the laws are tried -------------------------------------------------------------

  private List<PenaltyPoint> points() {
    List<PenaltyPoint> points = new ArrayList<>();
    for (Shape shape : shapes()) {
      RandomGenerator random = Samples.random(seed() + 31L * shape.rows() + shape.cols());
      DMatrixRMaj anchor = Samples.gaussian(random, shape);
      DMatrixRMaj weight = awayFromKinks(random, anchor);
      Penalty penalty = restraint(shape);
      if (penalty.pullsToAnchor()) {
        points.add(new PenaltyPoint(this, penalty, weight, anchor));
      }
      points.add(new PenaltyPoint(this, restraint(shape), weight, null));
    }
    return points;
  }

  /** The points of a penalty that is smallest at an anchor. */
  private List<PenaltyPoint> pulls() {
    return points().stream().filter(point -> point.penalty().pullsToAnchor()).toList();
  }

  /** Differences must not reach across a kink, be the anchor there or at 0. */
  private DMatrixRMaj awayFromKinks(RandomGenerator random, DMatrixRMaj anchor) {
    DMatrixRMaj weight = anchor.copy();
    for (int i = 0; i < weight.data.length; i++) {
      do {
        weight.data[i] = random.nextGaussian();
      } while (isCloseToKink(weight.data[i]) || isCloseToKink(weight.data[i] - anchor.data[i]));
    }
    return weight;
  }

  private boolean isCloseToKink(double d) {
    return DoubleStream.of(kinks()).anyMatch(kink -> Math.abs(Math.abs(d) - kink) < 0.02);
  }
}
