package io.github.backstay.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.ops.Losses;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;

/** What holds between losses, and between a loss and itself, for any shape and any numbers. */
class LossLawsTest {

  /** Rounding of sums of at most some dozen terms of moderate size. */
  private static final double ROUNDING = 1e-12;

  private static DMatrixRMaj between(
      double low, double high, int rows, int cols, RandomGenerator random) {
    return Formulas.matrix(rows, cols, (i, j) -> low + (high - low) * random.nextDouble());
  }

  private static DMatrixRMaj labels(int rows, int cols, RandomGenerator random) {
    return Formulas.matrix(rows, cols, (i, j) -> random.nextBoolean() ? 1.0 : -1.0);
  }

  private static Indices targets(int count, int classes, RandomGenerator random) {
    return Indices.of(random.ints(count, 0, classes).toArray());
  }

  private static DMatrixRMaj oneHot(Indices targets, int classes) {
    return Formulas.matrix(targets.size(), classes, (i, j) -> targets.get(i) == j ? 1.0 : 0.0);
  }

  /** The same value and the same gradient by all operands. */
  private static void assertSame(
      Function<Variable[], Variable> left,
      Function<Variable[], Variable> right,
      RandomGenerator random,
      DMatrixRMaj... operands) {
    try (Tape tape = Tape.create()) {
      Variable[] x = new Variable[operands.length];
      for (int k = 0; k < x.length; k++) {
        x[k] = tape.variable(operands[k]);
      }
      Variable a = left.apply(x);
      Variable b = right.apply(x);
      Matrices.assertClose(a.toMatrix(), b.toMatrix(), ROUNDING, "value");
      DMatrixRMaj cotangent = Matrices.gaussian(a.shape(), random);
      Gradients ofA = tape.gradients(a, cotangent);
      Gradients ofB = tape.gradients(b, cotangent);
      for (int k = 0; k < x.length; k++) {
        Matrices.assertClose(ofA.of(x[k]), ofB.of(x[k]), ROUNDING, "gradient " + k);
      }
    }
  }

  @Property(tries = 100)
  void theHuberLossLiesBetweenTheSquareAndTheAbsoluteError(
      @ForAll Reduction reduction,
      @ForAll @IntRange(min = 1, max = 5) int m,
      @ForAll @IntRange(min = 1, max = 5) int n,
      @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    DMatrixRMaj a = Matrices.gaussian(m, n, random);
    DMatrixRMaj b = Matrices.gaussian(m, n, random);
    double beta = 0.1 + random.nextDouble();
    assertSame(
        x -> Losses.huber(x[0], x[1], 1e6, reduction),
        x -> Losses.squaredError(x[0], x[1], reduction).scale(0.5),
        random,
        a,
        b);
    assertSame(
        x -> Losses.smoothL1(x[0], x[1], beta, reduction),
        x -> Losses.huber(x[0], x[1], beta, reduction).divide(beta),
        random,
        a,
        b);
    assertSame(
        x -> Losses.smoothL1(x[0], x[1], 0.0, reduction),
        x -> Losses.absoluteError(x[0], x[1], reduction),
        random,
        a,
        b);
  }

  @Property(tries = 100)
  void everyReductionIsOneOfTheSameTerms(
      @ForAll @IntRange(min = 1, max = 5) int m,
      @ForAll @IntRange(min = 1, max = 5) int n,
      @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    DMatrixRMaj a = between(0.1, 0.9, m, n, random);
    DMatrixRMaj b = between(0.1, 0.9, m, n, random);
    DMatrixRMaj c = between(0.1, 0.9, m, n, random);
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(a);
      Variable y = tape.constant(b);
      Variable z = tape.constant(c);
      Variable sign = tape.constant(labels(m, n, random));
      Variable rowSign = tape.constant(labels(m, 1, random));
      Indices classes = targets(m, n, random);
      List<Function<Reduction, Variable>> losses =
          List.of(
              r -> Losses.squaredError(x, y, r),
              r -> Losses.absoluteError(x, y, r),
              r -> Losses.smoothL1(x, y, 0.3, r),
              r -> Losses.huber(x, y, 0.3, r),
              r -> Losses.binaryCrossEntropy(x, y, r),
              r -> Losses.binaryCrossEntropyWithLogits(x, y, r),
              r -> Losses.klDivergence(x, y, r),
              r -> Losses.klDivergenceOfLogs(x, y, r),
              r -> Losses.negativeLogLikelihood(x, classes, r),
              r -> Losses.crossEntropy(x, classes, r),
              r -> Losses.softCrossEntropy(x, y, r),
              r -> Losses.multiMargin(x, classes, 1, 0.5, r),
              r -> Losses.multiMargin(x, classes, 2, 0.5, r),
              r -> Losses.hinge(x, sign, 1.0, r),
              r -> Losses.softMargin(x, sign, r),
              r -> Losses.marginRanking(x, y, sign, 0.1, r),
              r -> Losses.hingeEmbedding(x, sign, 0.5, r),
              r -> Losses.cosineEmbedding(x, y, rowSign, 0.2, r),
              r -> Losses.tripletMargin(x, y, z, 0.3, 1e-6, r));
      for (int k = 0; k < losses.size(); k++) {
        Function<Reduction, Variable> loss = losses.get(k);
        Variable terms = loss.apply(Reduction.NONE);
        Variable sum = loss.apply(Reduction.SUM);
        int count = terms.rows() * terms.cols();
        List<Variable> same =
            List.of(
                terms.sum(),
                loss.apply(Reduction.MEAN).scale(count),
                loss.apply(Reduction.MEAN_OVER_ROWS).scale(m));
        assertEquals(m, terms.rows());
        for (Variable other : same) {
          assertEquals(sum.toDouble(), other.toDouble(), ROUNDING, "loss " + k);
          Matrices.assertClose(
              tape.gradients(sum).of(x), tape.gradients(other).of(x), ROUNDING, "loss " + k);
        }
      }
    }
  }

  @Property(tries = 100)
  void allFormsOfTheCrossEntropyAgree(
      @ForAll Reduction reduction,
      @ForAll @IntRange(min = 1, max = 5) int m,
      @ForAll @IntRange(min = 1, max = 5) int n,
      @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    DMatrixRMaj logits = Matrices.gaussian(m, n, random);
    Indices classes = targets(m, n, random);
    CrossEntropyOptions options =
        CrossEntropyOptions.NONE
            .withWeights(between(0.1, 2.0, 1, n, random).data)
            .withIgnoredIndex(random.nextInt(n + 1));
    assertSame(
        x -> Losses.crossEntropy(x[0], classes, reduction),
        x -> Losses.negativeLogLikelihood(x[0].logSoftmax(), classes, reduction),
        random,
        logits);
    assertSame(
        x -> Losses.crossEntropy(x[0], classes, options, reduction),
        x -> Losses.negativeLogLikelihood(x[0].logSoftmax(), classes, options, reduction),
        random,
        logits);
    assertSame(
        x -> Losses.crossEntropy(x[0], classes, reduction),
        x -> Losses.softCrossEntropy(x[0], x[0].tape().constant(oneHot(classes, n)), reduction),
        random,
        logits);
    CrossEntropyOptions smoothed = CrossEntropyOptions.NONE.withLabelSmoothing(random.nextDouble());
    assertSame(
        x -> Losses.crossEntropy(x[0], classes, smoothed, reduction),
        x ->
            Losses.softCrossEntropy(
                x[0], x[0].tape().constant(oneHot(classes, n)), smoothed, reduction),
        random,
        logits);
    double shift = 64.0 * (random.nextInt(31) - 15);
    assertSame(
        x -> Losses.crossEntropy(x[0], classes, options, reduction),
        x -> Losses.crossEntropy(x[0].plus(shift), classes, options, reduction),
        random,
        Formulas.map(logits, v -> Math.rint(v * 1024.0) / 1024.0)); // so that the shift is exact
  }

  @Property(tries = 100)
  void labelSmoothingIsLinear(
      @ForAll Reduction reduction,
      @ForAll @IntRange(min = 1, max = 5) int m,
      @ForAll @IntRange(min = 1, max = 5) int n,
      @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    DMatrixRMaj logits = Matrices.gaussian(m, n, random);
    Indices classes = targets(m, n, random);
    DMatrixRMaj distribution = between(0.0, 1.0, m, n, random);
    CrossEntropyOptions hard =
        CrossEntropyOptions.NONE.withWeights(between(0.1, 2.0, 1, n, random).data);
    double s = random.nextDouble();
    for (int ignored : new int[] {CrossEntropyOptions.NOTHING_IGNORED, 0}) {
      CrossEntropyOptions some =
          new CrossEntropyOptions(
              hard.weights(), ignored, CrossEntropyOptions.NONE.labelSmoothing());
      assertSame(
          x -> Losses.crossEntropy(x[0], classes, some.withLabelSmoothing(s), reduction),
          x ->
              Losses.crossEntropy(x[0], classes, some, reduction)
                  .scale(1.0 - s)
                  .plus(
                      Losses.crossEntropy(x[0], classes, some.withLabelSmoothing(1.0), reduction)
                          .scale(s)),
          random,
          logits);
    }
    assertSame(
        x -> Losses.softCrossEntropy(x[0], x[1], hard.withLabelSmoothing(s), reduction),
        x ->
            Losses.softCrossEntropy(x[0], x[1], hard, reduction)
                .scale(1.0 - s)
                .plus(
                    Losses.softCrossEntropy(x[0], x[1], hard.withLabelSmoothing(1.0), reduction)
                        .scale(s)),
        random,
        logits,
        distribution);
  }

  @Property(tries = 100)
  void logitsAndProbabilitiesGiveTheSameLoss(
      @ForAll Reduction reduction,
      @ForAll @IntRange(min = 1, max = 5) int m,
      @ForAll @IntRange(min = 1, max = 5) int n,
      @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    DMatrixRMaj logits = between(-4.0, 4.0, m, n, random);
    DMatrixRMaj target = between(0.0, 1.0, m, n, random);
    assertSame(
        x -> Losses.binaryCrossEntropyWithLogits(x[0], x[1], reduction),
        x -> Losses.binaryCrossEntropy(x[0].sigmoid(), x[1], reduction),
        random,
        logits,
        target);
    DMatrixRMaj sign = labels(m, n, random);
    assertSame(
        x -> Losses.softMargin(x[0], x[0].tape().constant(sign), reduction),
        x ->
            Losses.binaryCrossEntropyWithLogits(
                x[0], x[0].tape().constant(sign).plus(1.0).scale(0.5), reduction),
        random,
        logits);
    assertSame(
        x -> Losses.klDivergenceOfLogs(x[0], x[1].log(), reduction),
        x -> Losses.klDivergence(x[0], x[1], reduction),
        random,
        logits,
        between(0.1, 1.0, m, n, random));
  }

  @Property(tries = 100)
  void aDivergenceIsZeroBetweenEqualsAndNeverNegative(
      @ForAll @IntRange(min = 1, max = 5) int m,
      @ForAll @IntRange(min = 1, max = 5) int n,
      @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    try (Tape tape = Tape.create()) {
      Variable p = tape.constant(Matrices.gaussian(m, n, random)).logSoftmax();
      Variable q = tape.constant(Matrices.gaussian(m, n, random)).logSoftmax();
      Matrices.assertBits(
          new DMatrixRMaj(m, n),
          Losses.klDivergenceOfLogs(p, p, Reduction.NONE).toMatrix(),
          "equal logarithms");
      assertEquals(
          0.0, Losses.klDivergence(p, p.exp(), Reduction.SUM).toDouble(), ROUNDING, "equal");
      assertTrue(Losses.klDivergence(q, p.exp(), Reduction.SUM).toDouble() >= -ROUNDING);
      assertEquals(
          Losses.softCrossEntropy(q, p.exp(), Reduction.SUM).toDouble()
              - Losses.softCrossEntropy(p, p.exp(), Reduction.SUM).toDouble(),
          Losses.klDivergence(q, p.exp(), Reduction.SUM).toDouble(),
          ROUNDING,
          "cross-entropy less entropy");
    }
  }

  @Property(tries = 100)
  void theCosineDoesNotSeePositiveFactors(
      @ForAll @IntRange(min = 1, max = 5) int m,
      @ForAll @IntRange(min = 1, max = 5) int n,
      @ForAll @IntRange(min = -500, max = 500) int exponent,
      @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    double factor = Math.scalb(1.0, exponent);
    DMatrixRMaj u = Matrices.gaussian(m, n, random);
    DMatrixRMaj v = Matrices.gaussian(m, n, random);
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(u);
      Variable y = tape.constant(v);
      Variable cosine = Losses.cosineSimilarity(x, y, 1e-200);
      Matrices.assertClose(
          cosine.toMatrix(),
          Losses.cosineSimilarity(x.scale(factor), y.scale(1.0 / factor), 1e-200).toMatrix(),
          ROUNDING,
          "times " + factor);
      Matrices.assertClose(
          cosine.negative().toMatrix(),
          Losses.cosineSimilarity(x.scale(-factor), y, 1e-200).toMatrix(),
          ROUNDING,
          "times " + -factor);
      Variable along = tape.constant(tape.gradients(cosine.sum()).of(x)).elementMult(x).sumRows();
      Matrices.assertClose(
          new DMatrixRMaj(m, 1), along.toMatrix(), 1e-11, "no gradient along the vector");
    }
  }

  @Property(tries = 50)
  void valuesAndGradientsAreFiniteFarOut(
      @ForAll @IntRange(min = 1, max = 5) int m,
      @ForAll @IntRange(min = 2, max = 5) int n,
      @ForAll long seed) {
    RandomGenerator random = Matrices.random(seed);
    DMatrixRMaj far = Formulas.map(labels(m, n, random), v -> 1e4 * v);
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(far);
      Variable t = tape.constant(between(0.0, 1.0, m, n, random));
      Variable sign = tape.constant(labels(m, n, random));
      Indices classes = targets(m, n, random);
      CrossEntropyOptions options = CrossEntropyOptions.NONE.withLabelSmoothing(0.1);
      List<Variable> losses =
          List.of(
              Losses.crossEntropy(x, classes, Reduction.MEAN),
              Losses.crossEntropy(x, classes, options, Reduction.MEAN),
              Losses.softCrossEntropy(x, t, Reduction.MEAN),
              Losses.negativeLogLikelihood(x.logSoftmax(), classes, Reduction.MEAN),
              Losses.klDivergence(x.logSoftmax(), t, Reduction.MEAN),
              Losses.klDivergenceOfLogs(x.logSoftmax(), x.negative().logSoftmax(), Reduction.MEAN),
              Losses.binaryCrossEntropyWithLogits(x, t, Reduction.MEAN),
              Losses.binaryCrossEntropy(x.sigmoid(), t, Reduction.MEAN),
              Losses.softMargin(x, sign, Reduction.MEAN),
              Losses.hinge(x, sign, 1.0, Reduction.MEAN),
              Losses.multiMargin(x, classes, 2, 1.0, Reduction.MEAN),
              Losses.huber(x, t, 1.0, Reduction.MEAN));
      for (Variable loss : losses) {
        assertTrue(Double.isFinite(loss.toDouble()), loss + " is " + loss.toDouble());
        for (double entry : tape.gradients(loss).of(x).data) {
          assertTrue(Double.isFinite(entry), loss + ": gradient " + entry);
        }
      }
    }
  }
}
