package io.github.backstay.core;

import static io.github.backstay.core.Formulas.ANY;
import static io.github.backstay.core.Formulas.PAIRS;
import static io.github.backstay.core.Formulas.map;
import static io.github.backstay.core.Formulas.matrix;
import static io.github.backstay.core.Formulas.plainLogSumExp;
import static io.github.backstay.core.Formulas.row;
import static io.github.backstay.core.Formulas.spread;
import static io.github.backstay.core.Formulas.sum;
import static io.github.backstay.core.OpCase.Draw.awayFromZero;
import static io.github.backstay.core.OpCase.Draw.between;

import io.github.backstay.core.OpCase.Draw;
import io.github.backstay.core.ops.LossTerms;
import io.github.backstay.core.ops.Losses;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import org.ejml.data.DMatrixRMaj;

/** The terms of losses, before they are reduced. */
final class LossRows {

  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;

  private static final String[] CLASSES = {"3x4", "1x5", "5x1", "1x1", "7x3", "0x3", "0x0"};

  /** Where the parabola or the hinge of every row below ends. */
  private static final double KINK = 0.8;

  private static final ClassWeights SOME_WEIGHTS = ClassWeights.of(0.5, 2.0, 0.0, 1.25);

  private LossRows() {}

  /** Both sides of a kink at ±0.8, and never close to it. */
  private static Draw besideTheKink() {
    Draw inside = awayFromZero(0.1, KINK - 0.1);
    Draw outside = awayFromZero(KINK + 0.1, 1.6);
    return random -> (random.nextBoolean() ? inside : outside).next(random);
  }

  /** Multiples of a half, almost: their differences stay clear of ±0.25. */
  private static Draw almostHalves() {
    return random -> 0.5 * random.nextInt(7) - 1.5 + 0.02 * random.nextDouble();
  }

  private static Draw label() {
    return random -> random.nextBoolean() ? 1.0 : -1.0;
  }

  private static DMatrixRMaj both(DMatrixRMaj[] x, DoubleBinaryOperator f) {
    return matrix(
        x[0].numRows, x[0].numCols, (i, j) -> f.applyAsDouble(x[0].get(i, j), x[1].get(i, j)));
  }

  private static double positivePart(double x) {
    return (Math.abs(x) + x) / 2.0;
  }

  private static DMatrixRMaj multiMargin(DMatrixRMaj x, int p, double margin) {
    Indices targets = spread(x.numRows, x.numCols);
    return matrix(
        x.numRows,
        1,
        (i, k) ->
            sum(
                    x.numCols,
                    j ->
                        j == targets.get(i)
                            ? 0.0
                            : Math.pow(
                                positivePart(margin + x.get(i, j) - x.get(i, targets.get(i))), p))
                / x.numCols);
  }

  private static DMatrixRMaj likelihood(DMatrixRMaj x, ClassWeights weights, int ignored) {
    Indices targets = spread(x.numRows, x.numCols);
    return matrix(
        x.numRows,
        1,
        (i, k) ->
            sum(
                x.numCols,
                j -> j == targets.get(i) && j != ignored ? 0.0 - weights.get(j) * x.get(i, j) : 0));
  }

  static final List<OpCase> ROWS =
      List.of(
          OpCase.of(
                  "huber",
                  LossTerms.Huber.class,
                  x -> x[0].apply(new LossTerms.Huber(KINK)),
                  x ->
                      map(
                          x[0],
                          e -> 0.5 * (e * e - Math.pow(positivePart(Math.abs(e) - KINK), 2.0))))
              .on(ANY)
              .from(besideTheKink())
              .at(0.0, 0.0, 0.0)
              .at(KINK, 0.32, KINK)
              .at(-KINK, 0.32, -KINK)
              .at(-INFINITY, INFINITY, -KINK)
              .at(NAN, NAN, NAN),
          OpCase.of(
                  "smoothL1",
                  LossTerms.SmoothL1.class,
                  x -> x[0].apply(new LossTerms.SmoothL1(KINK)),
                  x ->
                      map(
                          x[0],
                          e ->
                              0.5
                                  * (e * e - Math.pow(positivePart(Math.abs(e) - KINK), 2.0))
                                  / KINK))
              .on(ANY)
              .from(besideTheKink())
              .at(0.0, 0.0, 0.0)
              .at(KINK, 0.4, 1.0)
              .at(-KINK, 0.4, -1.0)
              .at(INFINITY, INFINITY, 1.0)
              .at(NAN, NAN, NAN),
          OpCase.of(
                  "binaryCrossEntropy",
                  LossTerms.BinaryCrossEntropy.class,
                  x -> Losses.binaryCrossEntropy(x[0], x[1], Reduction.NONE),
                  x -> both(x, (p, t) -> -Math.log(Math.pow(p, t) * Math.pow(1.0 - p, 1.0 - t))))
              .on(PAIRS)
              .from(between(0.3, 0.7)),
          OpCase.of(
                  "binaryCrossEntropyWithLogits",
                  LossTerms.BinaryCrossEntropyWithLogits.class,
                  x -> Losses.binaryCrossEntropyWithLogits(x[0], x[1], Reduction.NONE),
                  x -> both(x, (z, t) -> plainLogSumExp(new double[] {0.0, z}) - t * z))
              .on(PAIRS),
          OpCase.of(
                  "binaryCrossEntropyWithLogits weighted",
                  LossTerms.BinaryCrossEntropyWithLogits.class,
                  x ->
                      Losses.binaryCrossEntropyWithLogits(x[0], x[1], SOME_WEIGHTS, Reduction.NONE),
                  x ->
                      matrix(
                          x[0].numRows,
                          x[0].numCols,
                          (i, j) -> {
                            double p = 1.0 / (1.0 + Math.exp(-x[0].get(i, j)));
                            double t = x[1].get(i, j);
                            return -SOME_WEIGHTS.get(j) * t * Math.log(p)
                                - (1.0 - t) * Math.log(1.0 - p);
                          }))
              .on("3x4,3x4", "1x4,1x4", "0x4,0x4"),
          OpCase.of(
                  "klDivergence",
                  LossTerms.KlDivergence.class,
                  x -> Losses.klDivergence(x[0], x[1], Reduction.NONE),
                  x -> both(x, (q, t) -> Math.log(Math.pow(t / Math.exp(q), t))))
              .on(PAIRS)
              .from(between(-2.0, -0.1), between(0.2, 1.0)),
          OpCase.of(
                  "klDivergenceOfLogs",
                  LossTerms.KlDivergenceOfLogs.class,
                  x -> Losses.klDivergenceOfLogs(x[0], x[1], Reduction.NONE),
                  x -> both(x, (q, t) -> Math.exp(t) * Math.log(Math.exp(t) / Math.exp(q))))
              .on(PAIRS),
          OpCase.of(
                  "negativeLogLikelihood",
                  LossTerms.NegativeLogLikelihood.class,
                  x ->
                      Losses.negativeLogLikelihood(
                          x[0], spread(x[0].rows(), x[0].cols()), Reduction.NONE),
                  x -> likelihood(x[0], ClassWeights.EQUAL, -1))
              .on(CLASSES),
          OpCase.of(
                  "negativeLogLikelihood weighted",
                  LossTerms.NegativeLogLikelihood.class,
                  x ->
                      Losses.negativeLogLikelihood(
                          x[0],
                          spread(x[0].rows(), x[0].cols()),
                          CrossEntropyOptions.NONE.withWeights(SOME_WEIGHTS).withIgnoredIndex(1),
                          Reduction.NONE),
                  x -> likelihood(x[0], SOME_WEIGHTS, 1))
              .on("7x4", "1x4", "0x4"),
          OpCase.of(
                  "softCrossEntropy",
                  LossTerms.SoftCrossEntropy.class,
                  x -> Losses.softCrossEntropy(x[0], x[1], Reduction.NONE),
                  x ->
                      matrix(
                          x[0].numRows,
                          1,
                          (i, k) ->
                              plainLogSumExp(row(x[0], i)) * sum(x[0].numCols, j -> x[1].get(i, j))
                                  - sum(x[0].numCols, j -> x[1].get(i, j) * x[0].get(i, j))))
              .on("3x4,3x4", "1x5,1x5", "5x1,5x1", "1x1,1x1", "0x3,0x3"),
          OpCase.of(
                  "multiMargin 1",
                  LossTerms.MultiMargin.class,
                  x ->
                      Losses.multiMargin(
                          x[0], spread(x[0].rows(), x[0].cols()), 1, 0.25, Reduction.NONE),
                  x -> multiMargin(x[0], 1, 0.25))
              .on(CLASSES)
              .from(almostHalves()),
          OpCase.of(
                  "multiMargin 2",
                  LossTerms.MultiMargin.class,
                  x ->
                      Losses.multiMargin(
                          x[0], spread(x[0].rows(), x[0].cols()), 2, 0.25, Reduction.NONE),
                  x -> multiMargin(x[0], 2, 0.25))
              .on(CLASSES)
              .from(almostHalves()),
          OpCase.of(
                  "hinge",
                  LossTerms.Hinge.class,
                  x -> Losses.hinge(x[0], x[1], KINK, Reduction.NONE),
                  x -> both(x, (s, t) -> positivePart(KINK - s * t)))
              .on(PAIRS)
              .from(besideTheKink(), label())
              .mask(1),
          OpCase.of(
                  "hingeEmbedding",
                  LossTerms.HingeEmbedding.class,
                  x -> Losses.hingeEmbedding(x[0], x[1], KINK, Reduction.NONE),
                  x ->
                      both(
                          x,
                          (d, t) -> (1.0 + t) / 2.0 * d + (1.0 - t) / 2.0 * positivePart(KINK - d)))
              .on(PAIRS)
              .from(besideTheKink(), label())
              .mask(1),
          OpCase.of(
                  "softMargin",
                  LossTerms.SoftMargin.class,
                  x -> Losses.softMargin(x[0], x[1], Reduction.NONE),
                  x -> both(x, (s, t) -> Math.log(1.0 + Math.exp(-s * t))))
              .on(PAIRS)
              .from(between(-1.5, 1.5), label())
              .mask(1));
}
