package io.github.backstay.nn;

import static io.github.backstay.nn.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.GradientCheck;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Reduction;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/** {@link ParaphraseLoss} and {@link NegativeSampling}. */
class ParaphraseLossTest {

  @Property(tries = 300)
  void noTextGetsItselfOrItsPartner(
      @ForAll NegativeSampling sampling,
      @ForAll @IntRange(min = 2, max = 6) int pairs,
      @ForAll long seed) {
    DMatrixRMaj similarities = Draw.normal(2 * pairs, 2 * pairs, seed);
    for (int i = 0; i < 2 * pairs; i++) { // tempting, and not to be read
      similarities.set(i, i, 100.0);
      similarities.set(i, (i + pairs) % (2 * pairs), Double.NaN);
    }
    Indices chosen = sampling.choose(similarities, Draw.random(seed));

    assertEquals(2 * pairs, chosen.size());
    chosen.requireBelow("test", 2 * pairs, "texts");
    for (int i = 0; i < 2 * pairs; i++) {
      assertNotEquals(i % pairs, chosen.get(i) % pairs);
    }
  }

  @Property(tries = 200)
  void maxPicksTheMostSimilarText(
      @ForAll @IntRange(min = 2, max = 6) int pairs, @ForAll long seed) {
    DMatrixRMaj similarities = Draw.normal(2 * pairs, 2 * pairs, seed);
    Indices chosen = NegativeSampling.MAX.choose(similarities, Draw.random(seed));
    for (int i = 0; i < 2 * pairs; i++) {
      for (int j = 0; j < 2 * pairs; j++) {
        assertTrue(
            j % pairs == i % pairs || similarities.get(i, chosen.get(i)) >= similarities.get(i, j));
      }
    }
  }

  @Property(tries = 100)
  void theSameArgumentsGiveTheSameChoice(
      @ForAll NegativeSampling sampling,
      @ForAll @IntRange(min = 2, max = 6) int pairs,
      @ForAll long seed) {
    DMatrixRMaj similarities = Draw.normal(2 * pairs, 2 * pairs, seed);

    assertEquals(
        sampling.choose(similarities, Draw.random(seed)),
        sampling.choose(similarities, Draw.random(seed)));
  }

  @Test
  void equallySimilarTextsGiveTheFirst() {
    assertEquals(
        Indices.of(1, 0, 0, 1, 0, 0),
        NegativeSampling.MAX.choose(new DMatrixRMaj(6, 6), Draw.random(1)));
  }

  /**
   * 4,000 draws of text 0 among 3 pairs: the most similar one with probability ½ + ½·¼ = 0.625, the
   * other three with ⅛ each. Deviations are 31 and 21; five are allowed.
   */
  @Test
  void mixPicksTheMostSimilarHalfOfTheTimeAndAnyOfTheOthersElse() {
    DMatrixRMaj similarities = new DMatrixRMaj(6, 6);
    similarities.set(0, 4, 1.0);
    var random = Draw.random(3);
    int[] counts = new int[6];
    for (int i = 0; i < 4_000; i++) {
      counts[NegativeSampling.MIX.choose(similarities, random).get(0)]++;
    }

    assertEquals(2_500, counts[4], 155);
    for (int other : new int[] {1, 2, 5}) {
      assertEquals(500, counts[other], 105);
    }
    assertEquals(4_000, Arrays.stream(counts).sum());
  }

  @Test
  void similaritiesAreCosines() {
    try (Tape tape = Tape.create()) {
      Variable first = tape.constant(new DMatrixRMaj(new double[][] {{3, 4}, {0, 0}}));
      Variable second = tape.constant(new DMatrixRMaj(new double[][] {{-8, 6}, {1e200, 0}}));

      assertArrayEquals(
          new double[] {
            1, 0, 0, 0.6, //
            0, 0, 0, 0, //
            0, 0, 1, -0.8, //
            0.6, 0, -0.8, 1
          },
          ParaphraseLoss.similarities(first, second).data,
          1e-15);
    }
  }

  @Property(tries = 200)
  void theLossIsWhatTheFormulaSays(
      @ForAll @IntRange(min = 2, max = 5) int pairs,
      @ForAll @DoubleRange(min = 0.0, max = 1.0) double margin,
      @ForAll long seed) {
    try (Tape tape = Tape.create()) {
      Variable first = tape.constant(Draw.normal(pairs, 3, seed));
      Variable second = tape.constant(Draw.normal(pairs, 3, seed + 1));
      DMatrixRMaj cos = ParaphraseLoss.similarities(first, second);
      Indices negatives = NegativeSampling.MIX.choose(cos, Draw.random(seed));
      Variable terms = new ParaphraseLoss(margin).of(first, second, negatives, Reduction.NONE);
      assertEquals(pairs, terms.rows());
      for (int i = 0; i < pairs; i++) {
        int j = pairs + i;
        double expected =
            Math.max(0.0, margin - cos.get(i, j) + cos.get(i, negatives.get(i)))
                + Math.max(0.0, margin - cos.get(i, j) + cos.get(j, negatives.get(j)));

        assertEquals(expected, terms.get(i, 0), 1e-14);
      }
    }
  }

  /** Two pairs at right angles: 1 for the partner, 0 for all others. */
  @Property(tries = 50)
  void nothingIsLostAndNothingMovesWhereTheMarginHolds(
      @ForAll @DoubleRange(min = 0.0, max = 1.0) double margin, @ForAll NegativeSampling sampling) {
    DMatrixRMaj vectors = new DMatrixRMaj(new double[][] {{2, 0}, {0, 3}});
    try (Tape tape = Tape.create()) {
      Variable first = tape.variable(vectors);
      Variable second = tape.constant(vectors);
      Indices negatives =
          sampling.choose(ParaphraseLoss.similarities(first, second), Draw.random(1));
      Variable loss = new ParaphraseLoss(margin).of(first, second, negatives, Reduction.MEAN);

      assertEquals(0.0, loss.toDouble());
      assertArrayEquals(new double[4], tape.gradients(loss).of(first).data);
    }
  }

  @Test
  void gradientsMatchDifferencesThroughPairsAndNegatives() {
    ParaphraseLoss loss = new ParaphraseLoss(0.4);
    DMatrixRMaj first = Draw.normal(3, 4, 1);
    DMatrixRMaj second = Draw.normal(3, 4, 2);
    Indices negatives = Indices.of(1, 2, 1, 5, 0, 4);
    GradientCheck.of(x -> loss.of(x[0], x[1], negatives, Reduction.NONE))
        .at(first, second)
        .requirePassed();
  }

  @Test
  void rejectsWhatDoesNotFit() {
    assertMessage(
        IllegalArgumentException.class,
        "paraphrase loss: the margin must be at least 0 and finite, got -0.5.",
        () -> new ParaphraseLoss(-0.5));
    assertMessage(
        ShapeException.class,
        "negative sampling: the similarities are 2×2 (need 2n×2n for n pairs, of which there must"
            + " be at least 2).",
        () -> NegativeSampling.MAX.choose(new DMatrixRMaj(2, 2), Draw.random(1)).size());
    try (Tape tape = Tape.create()) {
      assertMessage(
          ShapeException.class,
          "paraphrase loss: the vectors of the pairs are 2×3 and 2×4 (need the same shape).",
          () -> ParaphraseLoss.similarities(tape.zeros(2, 3), tape.zeros(2, 4)).toString());
      assertMessage(
          ShapeException.class,
          "paraphrase loss: there are 2 negatives for 2 pairs (need two each).",
          () ->
              new ParaphraseLoss(0.4)
                  .of(tape.zeros(2, 3), tape.zeros(2, 3), Indices.of(1, 0), Reduction.MEAN)
                  .shape());
    }
  }
}
