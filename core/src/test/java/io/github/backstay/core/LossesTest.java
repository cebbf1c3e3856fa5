package io.github.backstay.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.OpCase.Draw;
import io.github.backstay.core.ops.LossTerms;
import io.github.backstay.core.ops.Losses;
import java.util.List;
import java.util.function.BiFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;

/** Losses as they are called: compositions, options, kinks and what is refused. */
class LossesTest {

  private static final double NAN = Double.NaN;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private final Tape tape = Tape.create();

  @AfterEach
  void close() {
    tape.close();
  }

  private Variable constant(int rows, int cols, double... entries) {
    return tape.constant(Matrices.of(rows, cols, entries));
  }

  private Variable variable(int rows, int cols, double... entries) {
    return tape.variable(Matrices.of(rows, cols, entries));
  }

  private void assertGradient(Variable of, Variable by, double... expected) {
    Matrices.assertClose(
        Matrices.of(by.rows(), by.cols(), expected),
        tape.gradients(of.sum()).of(by),
        1e-15,
        "gradient");
    Matrices.assertClose(
        Matrices.of(by.rows(), by.cols(), expected),
        tape.recordedGradients(of.sum(), List.of(by)).get(0).toMatrix(),
        1e-15,
        "recorded gradient");
  }

  // ---- derivatives --------------------------------------------------------------------------

  private record Form(
      String name, int operands, Draw draw, BiFunction<Variable[], Reduction, Variable> call) {}

  private static Variable signs(Variable like, int cols) {
    return like.tape()
        .constant(Formulas.matrix(like.rows(), cols, (i, j) -> (i + j) % 2 == 0 ? 1.0 : -1.0));
  }

  @TestFactory
  Stream<DynamicTest> everyFormPassesTheGradientCheckToSecondOrder() {
    Draw any = Draw.between(-1.5, 1.5);
    Draw inner = Draw.between(0.3, 0.7);
    Indices classes = Indices.of(2, 0, 3);
    CrossEntropyOptions options =
        CrossEntropyOptions.NONE
            .withWeights(0.5, 2.0, 1.0, 0.7)
            .withIgnoredIndex(0)
            .withLabelSmoothing(0.2);
    CrossEntropyOptions soft =
        CrossEntropyOptions.NONE.withWeights(0.5, 2.0, 1.0, 0.7).withLabelSmoothing(0.2);
    return Stream.of(
            new Form("squaredError", 2, any, (x, r) -> Losses.squaredError(x[0], x[1], r)),
            new Form("absoluteError", 2, any, (x, r) -> Losses.absoluteError(x[0], x[1], r)),
            new Form("smoothL1", 2, any, (x, r) -> Losses.smoothL1(x[0], x[1], 0.5, r)),
            new Form("huber", 2, any, (x, r) -> Losses.huber(x[0], x[1], 0.5, r)),
            new Form("probabilities", 2, inner, (x, r) -> Losses.binaryCrossEntropy(x[0], x[1], r)),
            new Form(
                "logits",
                2,
                any,
                (x, r) ->
                    Losses.binaryCrossEntropyWithLogits(
                        x[0], x[1], ClassWeights.of(0.5, 2.0, 1.0, 0.0), r)),
            new Form("klDivergence", 2, inner, (x, r) -> Losses.klDivergence(x[0], x[1], r)),
            new Form(
                "klDivergenceOfLogs", 2, any, (x, r) -> Losses.klDivergenceOfLogs(x[0], x[1], r)),
            new Form("crossEntropy", 1, any, (x, r) -> Losses.crossEntropy(x[0], classes, r)),
            new Form(
                "crossEntropy with options",
                1,
                any,
                (x, r) -> Losses.crossEntropy(x[0], classes, options, r)),
            new Form(
                "softCrossEntropy", 2, any, (x, r) -> Losses.softCrossEntropy(x[0], x[1], soft, r)),
            new Form(
                "marginRanking",
                2,
                any,
                (x, r) -> Losses.marginRanking(x[0], x[1], signs(x[0], 4), 0.3, r)),
            new Form(
                "cosineSimilarity",
                2,
                any,
                (x, r) -> r.of(Losses.cosineSimilarity(x[0], x[1], 1e-8))),
            new Form(
                "cosineSimilarity of short vectors",
                2,
                any,
                (x, r) -> r.of(Losses.cosineSimilarity(x[0], x[1], 10.0))),
            new Form(
                "cosineEmbedding",
                2,
                any,
                (x, r) -> Losses.cosineEmbedding(x[0], x[1], signs(x[0], 1), -0.9, r)),
            new Form(
                "tripletMargin",
                3,
                any,
                (x, r) -> Losses.tripletMargin(x[0], x[1], x[2], 1.0, 1e-6, r)))
        .flatMap(
            form ->
                Stream.of(Reduction.values())
                    .map(
                        reduction ->
                            DynamicTest.dynamicTest(
                                form.name() + ", " + reduction,
                                () -> checkDerivatives(form, reduction))));
  }

  private static void checkDerivatives(Form form, Reduction reduction) {
    RandomGenerator random = Matrices.random(7L);
    DMatrixRMaj[] operands = new DMatrixRMaj[form.operands()];
    for (int k = 0; k < operands.length; k++) {
      operands[k] = Formulas.matrix(3, 4, (i, j) -> form.draw().next(random));
    }
    GradientCheck check = GradientCheck.of(x -> form.call().apply(x, reduction));
    check.at(operands).requirePassed();
    check.secondOrder().at(operands).requirePassed();
  }

  // ---- values -------------------------------------------------------------------------------

  @Test
  void optionsOfTheCrossEntropyAreWhatTheySay() {
    Variable logits = constant(3, 2, 0.0, Math.log(3.0), 0.0, 0.0, 5.0, -7.0);
    Indices targets = Indices.of(0, 1, 9);
    CrossEntropyOptions options =
        CrossEntropyOptions.NONE.withWeights(2.0, 0.5).withIgnoredIndex(9);
    double first = 2.0 * Math.log(4.0);
    double second = 0.5 * Math.log(2.0);
    Matrices.assertClose(
        Matrices.of(3, 1, first, second, 0.0),
        Losses.crossEntropy(logits, targets, options, Reduction.NONE).toMatrix(),
        1e-15,
        "terms");
    assertEquals(
        (first + second) / 2.5,
        Losses.crossEntropy(logits, targets, options, Reduction.MEAN).toDouble(),
        1e-15);
    assertEquals(
        (first + second) / 3.0,
        Losses.crossEntropy(logits, targets, options, Reduction.MEAN_OVER_ROWS).toDouble(),
        1e-15);
    double smoothed =
        0.9 * first + 0.05 * (2.0 * Math.log(4.0) + 0.5 * (Math.log(4.0) - Math.log(3.0)));
    assertEquals(
        smoothed,
        Losses.crossEntropy(logits, targets, options.withLabelSmoothing(0.1), Reduction.NONE)
            .get(0, 0),
        1e-15);
  }

  @Test
  void aWeightedMeanOfSoftTargetsDividesByTheRows() {
    Variable logits = constant(2, 2, 0.0, Math.log(3.0), 0.0, 0.0);
    Variable target = constant(2, 2, 0.25, 0.75, 1.0, 0.0);
    CrossEntropyOptions options = CrossEntropyOptions.NONE.withWeights(2.0, 4.0);
    assertEquals(
        (2.0 * 0.25 * Math.log(4.0)
                + 4.0 * 0.75 * (Math.log(4.0) - Math.log(3.0))
                + 2.0 * Math.log(2.0))
            / 2.0,
        Losses.softCrossEntropy(logits, target, options, Reduction.MEAN).toDouble(),
        1e-15);
  }

  @Test
  void rowsAsVectorsAreComparedAsDocumented() {
    Variable u = constant(2, 2, 3.0, 4.0, 1.0, 0.0);
    Variable v = constant(2, 2, 4.0, 3.0, 0.0, -2.0);
    Matrices.assertClose(
        Matrices.of(2, 1, 0.96, 0.0),
        Losses.cosineSimilarity(u, v, 1e-8).toMatrix(),
        1e-15,
        "cosine");
    Matrices.assertClose(
        Matrices.of(2, 1, 0.04, 0.0),
        Losses.cosineEmbedding(u, v, constant(2, 1, 1.0, -1.0), 0.5, Reduction.NONE).toMatrix(),
        1e-12, // 10⁻¹² is added to the squared norms
        "embedding, alike and unlike");
    Matrices.assertClose(
        Matrices.of(2, 1, 0.46, 1.0),
        Losses.cosineEmbedding(u, v, constant(2, 1, -1.0, 1.0), 0.5, Reduction.NONE).toMatrix(),
        1e-12,
        "embedding, the other way round");
    Matrices.assertClose(
        Matrices.of(2, 1, Math.sqrt(2.0) - 5.0 + 4.0, Math.sqrt(5.0) - 1.0 + 4.0),
        Losses.tripletMargin(u, v, tape.zeros(2, 2), 4.0, 0.0, Reduction.NONE).toMatrix(),
        1e-15,
        "triplet");
    assertEquals(
        1.5,
        Losses.marginRanking(
                constant(1, 2, 1.0, 5.0),
                constant(1, 2, 2.0, 1.0),
                constant(1, 2, 1.0, 1.0),
                0.5,
                Reduction.SUM)
            .toDouble());
  }

  @Test
  void lossesOfNothingAreAsDocumented() {
    Variable none = tape.variable(new DMatrixRMaj(0, 3));
    Variable column = tape.variable(new DMatrixRMaj(0, 1));
    Indices noTargets = Indices.of();
    for (Reduction mean : List.of(Reduction.MEAN, Reduction.MEAN_OVER_ROWS)) {
      assertEquals(NAN, Losses.huber(none, none, 1.0, mean).toDouble());
      assertEquals(NAN, Losses.negativeLogLikelihood(none, noTargets, mean).toDouble());
      assertEquals(NAN, Losses.tripletMargin(none, none, none, 1.0, 1e-6, mean).toDouble());
    }
    assertEquals(0.0, Losses.softCrossEntropy(none, none, Reduction.SUM).toDouble());
    assertEquals(0.0, Losses.crossEntropy(none, noTargets, Reduction.SUM).toDouble());
    assertEquals(0.0, Losses.hinge(none, none, 1.0, Reduction.SUM).toDouble());
    assertEquals(0.0, Losses.cosineEmbedding(none, none, column, 0.0, Reduction.SUM).toDouble());
  }

  // ---- kinks, ends, infinities --------------------------------------------------------------

  @Test
  void atTheHingeTheActiveSidePulls() {
    Variable x = variable(1, 3, 1.0, -1.0, 2.0);
    Variable labels = constant(1, 3, 1.0, -1.0, 1.0);
    assertGradient(Losses.hinge(x, labels, 1.0, Reduction.NONE), x, -1.0, 1.0, 0.0);
    assertGradient(Losses.hingeEmbedding(x, labels, -1.0, Reduction.NONE), x, 1.0, -1.0, 1.0);
    Variable same = variable(1, 1, 0.0);
    Variable zero = constant(1, 1, 0.0);
    assertGradient(
        Losses.marginRanking(same, zero, constant(1, 1, 1.0), 0.0, Reduction.NONE), same, -1.0);
    Variable corner = variable(1, 2, 0.0, 0.0);
    Variable up = constant(1, 2, 0.0, 1.0);
    assertGradient(
        Losses.tripletMargin(corner, constant(1, 2, 1.0, 0.0), up, 0.0, 0.0, Reduction.NONE),
        corner,
        -1.0,
        1.0);
  }

  @Test
  void theMultiMarginDoesNotPullAtTheHinge() {
    Variable x = variable(1, 3, 1.0, 0.0, 2.0);
    assertGradient(
        Losses.multiMargin(x, Indices.of(0), 1, 1.0, Reduction.NONE),
        x,
        -1.0 / 3.0,
        0.0,
        1.0 / 3.0);
  }

  @Test
  void aDistanceOfZeroHasGradientZero() {
    Variable a = variable(1, 2, 1.0, 2.0);
    Variable far = constant(1, 2, 4.0, 6.0);
    Variable loss = Losses.tripletMargin(a, a.detach(), far, 6.0, 0.0, Reduction.MEAN);
    assertEquals(1.0, loss.toDouble());
    assertGradient(loss, a, 0.6, 0.8);
  }

  @Test
  void certaintyCostsAtMostAHundredAndStillPulls() {
    Variable p = variable(1, 5, 0.0, 1.0, 0.0, 1.0, NAN);
    Variable t = constant(1, 5, 0.0, 1.0, 1.0, 0.0, 1.0);
    Variable loss = Losses.binaryCrossEntropy(p, t, Reduction.NONE);
    Matrices.assertClose(
        Matrices.of(1, 5, 0.0, 0.0, 100.0, 100.0, NAN), loss.toMatrix(), 0.0, "values");
    assertGradient(loss, p, 0.0, 0.0, -1e12, 1e12, NAN);
  }

  @Test
  void logitsAreExactAtBothEnds() {
    Variable x = variable(1, 5, 800.0, -800.0, -40.0, INFINITY, -INFINITY);
    Variable t = constant(1, 5, 1.0, 1.0, 0.0, 0.0, 0.0);
    Variable loss = Losses.binaryCrossEntropyWithLogits(x, t, Reduction.NONE);
    Matrices.assertClose(
        Matrices.of(1, 5, 0.0, 800.0, Math.exp(-40.0), INFINITY, 0.0),
        loss.toMatrix(),
        1e-15,
        "values");
    assertGradient(loss, x, 0.0, -1.0, Math.exp(-40.0), 1.0, 0.0);
    assertEquals(Math.exp(-40.0), loss.get(0, 2), 1e-30);
  }

  @Test
  void zeroProbabilitiesDoNotCount() {
    Variable x = variable(1, 3, -INFINITY, 0.0, NAN);
    Variable t = constant(1, 3, 0.0, 1.0, 0.0);
    Matrices.assertClose(
        Matrices.of(1, 3, 0.0, 0.0, NAN),
        Losses.klDivergence(x, t, Reduction.NONE).toMatrix(),
        0.0,
        "probabilities");
    Variable ofLogs = Losses.klDivergenceOfLogs(x, t.log(), Reduction.NONE);
    Matrices.assertClose(Matrices.of(1, 3, 0.0, 0.0, NAN), ofLogs.toMatrix(), 0.0, "logarithms");
    assertGradient(ofLogs, x, 0.0, -1.0, 0.0);
    Variable masked = variable(1, 3, -INFINITY, 1.0, 1.0);
    Variable soft = Losses.softCrossEntropy(masked, constant(1, 3, 0.0, 1.0, 0.0), Reduction.SUM);
    assertEquals(Math.log(2.0), soft.toDouble(), 1e-15);
    assertGradient(soft, masked, 0.0, -0.5, 0.5);
    CrossEntropyOptions weighted = CrossEntropyOptions.NONE.withWeights(0.0, 1.0, 1.0);
    assertEquals(
        0.0,
        Losses.negativeLogLikelihood(masked, Indices.of(0), weighted, Reduction.SUM).toDouble());
  }

  @Test
  void whereAllRowsAreIgnoredTheMeanIsNanAndTheGradientZero() {
    Variable x = variable(2, 2, 1.0, 2.0, 3.0, 4.0);
    Indices targets = Indices.of(7, 7);
    CrossEntropyOptions options = CrossEntropyOptions.NONE.withIgnoredIndex(7);
    for (CrossEntropyOptions some : List.of(options, options.withLabelSmoothing(0.5))) {
      Variable mean = Losses.crossEntropy(x, targets, some, Reduction.MEAN);
      assertEquals(NAN, mean.toDouble());
      assertGradient(mean, x, 0.0, 0.0, 0.0, 0.0);
      assertEquals(0.0, Losses.crossEntropy(x, targets, some, Reduction.SUM).toDouble());
    }
    Variable mean = Losses.negativeLogLikelihood(x, targets, options, Reduction.MEAN);
    assertEquals(NAN, mean.toDouble());
    assertGradient(mean, x, 0.0, 0.0, 0.0, 0.0);
  }

  /** Where the derivative by a target is infinite, a term that is not chosen has gradient 0. */
  @Test
  void targetsOfTermsThatAreNotChosenHaveGradientZero() {
    Variable x = variable(2, 2, -INFINITY, 1.0, 0.0, 1.0);
    Variable t = variable(2, 2, 0.5, 0.5, 0.25, 0.75);
    Variable zeros = variable(2, 2, 0.0, 0.0, 0.0, 0.0);
    Variable onlyTheSecondRow = constant(2, 1, 0.0, 1.0);
    for (Variable terms :
        List.of(
            Losses.binaryCrossEntropyWithLogits(x, t, Reduction.NONE),
            Losses.klDivergence(x, t, Reduction.NONE),
            Losses.klDivergence(x.exp(), zeros, Reduction.NONE),
            Losses.klDivergenceOfLogs(x, t, Reduction.NONE),
            Losses.softCrossEntropy(x, t, Reduction.NONE))) {
      Variable chosen = onlyTheSecondRow.where(terms, tape.zeros(1, 1));
      for (Variable target : List.of(t, zeros)) {
        DMatrixRMaj gradient = tape.gradients(chosen.sum()).of(target);
        assertEquals(0.0, 0.0 + gradient.get(0, 0), terms.toString()); // 0 + −0 is 0
        assertEquals(0.0, 0.0 + gradient.get(0, 1), terms.toString());
      }
    }
  }

  @Test
  void aZeroVectorHasCosineZeroAndTheGradientOfTheFormula() {
    Variable u = variable(1, 2, 0.0, 0.0);
    Variable v = constant(1, 2, 3.0, 4.0);
    Variable cosine = Losses.cosineSimilarity(u, v, 0.5);
    assertEquals(0.0, cosine.toDouble());
    assertGradient(cosine, u, 1.2, 1.6);
    Variable embedding = Losses.cosineEmbedding(u, v, constant(1, 1, 1.0), 0.0, Reduction.SUM);
    assertEquals(1.0, embedding.toDouble());
    Matrices.assertClose(
        Matrices.of(1, 2, -0.6e6, -0.8e6), tape.gradients(embedding).of(u), 1e-12, "embedding");
  }

  @Test
  void noSquareOverflows() {
    Variable u = variable(1, 2, 3e300, 4e300);
    Variable v = variable(1, 2, -4e-300, 3e-300);
    assertEquals(0.0, Losses.cosineSimilarity(u, v, 1e-305).toDouble(), 1e-15);
    assertEquals(1.0, Losses.cosineSimilarity(u, u, 1e-8).toDouble(), 1e-15);
    assertEquals(
        5e300 + 1.0,
        Losses.tripletMargin(u, u.scale(2.0), u, 1.0, 0.0, Reduction.SUM).toDouble(),
        1e286);
  }

  // ---- what is refused ----------------------------------------------------------------------

  private static void refusesShape(String message, Executable call) {
    Failures.assertMessage(ShapeException.class, message, call);
  }

  private static void refuses(String message, Executable call) {
    Failures.assertMessage(IllegalArgumentException.class, message, call);
  }

  @Test
  void refusesShapesThatDoNotFit() {
    Variable a = tape.zeros(2, 3);
    Variable b = tape.zeros(1, 3);
    String differ = ": shapes differ: left is 2×3, right is 1×3 (both must have the same shape).";
    Reduction r = Reduction.SUM;
    refusesShape("squaredError" + differ, () -> Losses.squaredError(a, b, r));
    refusesShape("meanSquaredError" + differ, () -> Losses.squaredError(a, b, Reduction.MEAN));
    refusesShape("absoluteError" + differ, () -> Losses.absoluteError(a, b, r));
    refusesShape("smoothL1" + differ, () -> Losses.smoothL1(a, b, 1.0, r));
    refusesShape("huber" + differ, () -> Losses.huber(a, b, 1.0, r));
    refusesShape("binaryCrossEntropy" + differ, () -> Losses.binaryCrossEntropy(a, b, r));
    refusesShape(
        "binaryCrossEntropyWithLogits" + differ,
        () -> Losses.binaryCrossEntropyWithLogits(a, b, r));
    refusesShape("klDivergence" + differ, () -> Losses.klDivergence(a, b, r));
    refusesShape("klDivergenceOfLogs" + differ, () -> Losses.klDivergenceOfLogs(a, b, r));
    refusesShape("softCrossEntropy" + differ, () -> Losses.softCrossEntropy(a, b, r));
    refusesShape("softCrossEntropy" + differ, () -> a.apply(LossTerms.SoftCrossEntropy.OP, b));
    refusesShape("hinge" + differ, () -> Losses.hinge(a, b, 1.0, r));
    refusesShape("softMargin" + differ, () -> Losses.softMargin(a, b, r));
    refusesShape("hingeEmbedding" + differ, () -> Losses.hingeEmbedding(a, b, 1.0, r));
    refusesShape("marginRanking" + differ, () -> Losses.marginRanking(a, a, b, 1.0, r));
    refusesShape("marginRanking" + differ, () -> Losses.marginRanking(a, b, a, 1.0, r));
    refusesShape("cosineSimilarity" + differ, () -> Losses.cosineSimilarity(a, b, 1e-8));
    refusesShape("cosineEmbedding" + differ, () -> Losses.cosineEmbedding(a, b, a, 0.0, r));
    refusesShape("tripletMargin" + differ, () -> Losses.tripletMargin(a, b, a, 0.0, 1e-6, r));
    refusesShape("tripletMargin" + differ, () -> Losses.tripletMargin(a, a, b, 0.0, 1e-6, r));
    refusesShape(
        "cosineEmbedding: the vectors are 2×3, the labels are 1×2 (need a column with one label"
            + " per row).",
        () -> Losses.cosineEmbedding(a, a, tape.zeros(1, 2), 0.0, r));
  }

  @Test
  void refusesTargetsThatDoNotFit() {
    Variable x = tape.zeros(2, 3);
    Indices one = Indices.of(0);
    Indices high = Indices.of(0, 3);
    CrossEntropyOptions two = CrossEntropyOptions.NONE.withWeights(1.0, 2.0);
    CrossEntropyOptions ignored = CrossEntropyOptions.NONE.withIgnoredIndex(5);
    Reduction r = Reduction.NONE;
    String count = ": the scores are 2×3, but there are 1 targets (need one target per row).";
    refusesShape("crossEntropy" + count, () -> Losses.crossEntropy(x, one, r));
    refusesShape("multiMargin" + count, () -> Losses.multiMargin(x, one, 1, 1.0, r));
    refusesShape("negativeLogLikelihood" + count, () -> Losses.negativeLogLikelihood(x, one, r));
    String range = ": index 3 at position 1 is out of range (there are 3 classes, counted from 0).";
    for (CrossEntropyOptions options : List.of(CrossEntropyOptions.NONE, ignored)) {
      Failures.assertMessage(
          IndexOutOfBoundsException.class,
          "crossEntropy" + range,
          () -> Losses.crossEntropy(x, high, options, r));
      Failures.assertMessage(
          IndexOutOfBoundsException.class,
          "negativeLogLikelihood" + range,
          () -> Losses.negativeLogLikelihood(x, high, options, r));
    }
    Failures.assertMessage(
        IndexOutOfBoundsException.class,
        "multiMargin" + range,
        () -> Losses.multiMargin(x, high, 1, 1.0, r));
    String weights = ": there are 2 class weights, but 3 classes (need one weight per column).";
    Indices good = Indices.of(0, 1);
    refusesShape("crossEntropy" + weights, () -> Losses.crossEntropy(x, good, two, r));
    refusesShape(
        "negativeLogLikelihood" + weights, () -> Losses.negativeLogLikelihood(x, good, two, r));
    refusesShape("softCrossEntropy" + weights, () -> Losses.softCrossEntropy(x, x, two, r));
    refusesShape(
        "binaryCrossEntropyWithLogits" + weights,
        () -> Losses.binaryCrossEntropyWithLogits(x, x, two.weights(), r));
    refuses(
        "softCrossEntropy: the ignored index is 5, but the targets are no indices. A row of zeros"
            + " counts 0.",
        () -> Losses.softCrossEntropy(x, x, ignored, r));
    refuses(
        "negativeLogLikelihood: the label smoothing is 0.1 (must be 0). Give logits to"
            + " crossEntropy.",
        () ->
            Losses.negativeLogLikelihood(
                x, good, CrossEntropyOptions.NONE.withLabelSmoothing(0.1), r));
  }

  @Test
  void refusesLabelsAndProbabilitiesThatAreNone() {
    Variable x = tape.zeros(2, 2);
    Reduction r = Reduction.MEAN;
    Variable zeroOne = constant(2, 2, 1.0, -1.0, 0.0, 1.0);
    String label =
        ": the label at row 1, column 0 is 0.0 (must be 1 or -1). Labels 0 and 1 become these by"
            + " 2·t − 1.";
    refuses("hinge" + label, () -> Losses.hinge(x, zeroOne, 1.0, r));
    refuses("softMargin" + label, () -> Losses.softMargin(x, zeroOne, r));
    refuses("hingeEmbedding" + label, () -> Losses.hingeEmbedding(x, zeroOne, 1.0, r));
    refuses(
        "softMargin: the label at row 0, column 0 is NaN (must be 1 or -1). Labels 0 and 1 become"
            + " these by 2·t − 1.",
        () -> Losses.softMargin(tape.constant(1.0), tape.constant(NAN), r));
    refuses(
        "binaryCrossEntropy: the probability at row 1, column 0 is -0.5 (must be in [0, 1]). Give"
            + " logits to binaryCrossEntropyWithLogits.",
        () -> Losses.binaryCrossEntropy(constant(2, 2, 0.0, 1.0, -0.5, 2.0), x, r));
  }

  @Test
  void refusesHyperParametersOutOfRange() {
    Variable x = tape.zeros(1, 1);
    Reduction r = Reduction.MEAN;
    refuses("huber: delta must be finite and above 0, got 0.0.", () -> Losses.huber(x, x, 0.0, r));
    refuses(
        "huber: delta must be finite and above 0, got Infinity.",
        () -> Losses.huber(x, x, INFINITY, r));
    refuses(
        "smoothL1: beta must be finite and above 0, got -1.0.",
        () -> Losses.smoothL1(x, x, -1.0, r));
    refuses("hinge: margin must be finite, got NaN.", () -> Losses.hinge(x, x, NAN, r));
    refuses(
        "hingeEmbedding: margin must be finite, got NaN.",
        () -> Losses.hingeEmbedding(x, x, NAN, r));
    refuses(
        "multiMargin: p must be 1 or 2, got 3.",
        () -> Losses.multiMargin(x, Indices.of(0), 3, 1.0, r));
    refuses(
        "multiMargin: margin must be finite, got NaN.",
        () -> Losses.multiMargin(x, Indices.of(0), 1, NAN, r));
    refuses(
        "cosineSimilarity: epsilon must be finite and above 0, got 0.0.",
        () -> Losses.cosineSimilarity(x, x, 0.0));
    refuses(
        "crossEntropyOptions: the ignored index must be at least 0, got -100. Targets are counted"
            + " from 0: mark rows with an index that is no class.",
        () -> CrossEntropyOptions.NONE.withIgnoredIndex(-100));
    refuses(
        "crossEntropyOptions: the label smoothing must be in [0, 1], got NaN.",
        () -> CrossEntropyOptions.NONE.withLabelSmoothing(NAN));
    refuses(
        "classWeights: must be finite and at least 0, got -1.0 for class 1.",
        () -> CrossEntropyOptions.NONE.withWeights(1.0, -1.0));
    refuses(
        "classWeights: must be finite and at least 0, got NaN for class 0.",
        () -> ClassWeights.of(NAN));
    refuses(
        "classWeights: got no weights (need one per class). Use ClassWeights.EQUAL for none.",
        () -> ClassWeights.of());
  }

  @Test
  void classWeightsAreValues() {
    double[] values = {1.0, 2.0};
    ClassWeights weights = ClassWeights.of(values);
    values[0] = 9.0;
    assertEquals(1.0, weights.get(0));
    assertEquals(ClassWeights.of(1.0, 2.0), weights);
    assertEquals(ClassWeights.of(1.0, 2.0).hashCode(), weights.hashCode());
    assertFalse(weights.equals(ClassWeights.EQUAL));
    assertEquals("[1.0, 2.0]", weights.toString());
    assertEquals("equal", ClassWeights.EQUAL.toString());
    assertEquals(1.0, ClassWeights.EQUAL.get(5));
    assertTrue(CrossEntropyOptions.NONE.withIgnoredIndex(3).toString().contains("ignoredIndex=3"));
  }
}
