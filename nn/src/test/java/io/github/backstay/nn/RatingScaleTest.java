package io.github.backstay.nn;

import static io.github.backstay.nn.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.GradientCheck;
import io.github.backstay.core.Reduction;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class RatingScaleTest {

  private static final RatingScale SICK = new RatingScale(5);

  @Test
  void aRatingBetweenTwoNumbersIsSharedByBoth() {
    assertArrayEquals(
        new double[] {
          0, 0, 0.25, 0.75, 0, //
          1, 0, 0, 0, 0, //
          0, 0, 0, 0, 1, //
          0, 1, 0, 0, 0
        },
        SICK.targets(3.75, 1.0, 5.0, 2.0).data);
  }

  @Property(tries = 300)
  void targetsAreDistributionsWhoseMeanIsTheRating(
      @ForAll @IntRange(min = 2, max = 9) int highest,
      @ForAll @DoubleRange(min = 0.0, max = 1.0) double share) {
    double rating = 1.0 + share * (highest - 1);
    DMatrixRMaj target = new RatingScale(highest).targets(rating);
    double sum = 0.0;
    double mean = 0.0;
    for (int k = 0; k < highest; k++) {
      assertTrue(target.get(0, k) >= 0.0);
      sum += target.get(0, k);
      mean += (k + 1) * target.get(0, k);
    }

    assertEquals(1.0, sum, 1e-15);
    assertEquals(rating, mean, 1e-14);
  }

  @Property(tries = 200)
  void thePredictionOfARatingsOwnDistributionIsTheRatingAndItsLossIsZero(
      @ForAll @DoubleRange(min = 1.0, max = 5.0) double rating) {
    DMatrixRMaj logits = SICK.targets(rating);
    for (int k = 0; k < 5; k++) {
      logits.data[k] = logits.data[k] == 0.0 ? -1000.0 : Math.log(logits.data[k]);
    }
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(logits);

      assertEquals(rating, SICK.predict(x).toDouble(), 1e-14);
      assertEquals(0.0, SICK.loss(x, new double[] {rating}, Reduction.SUM).toDouble(), 1e-14);
    }
  }

  @Property(tries = 100)
  void theLossIsNeverNegativeAndMeansAreOverRatings(
      @ForAll @IntRange(min = 1, max = 4) int count, @ForAll long seed) {
    double[] ratings = new double[count];
    for (int i = 0; i < count; i++) {
      ratings[i] = 1.0 + 4.0 * Draw.random(seed + i).nextDouble();
    }
    try (Tape tape = Tape.create()) {
      Variable logits = tape.constant(Draw.normal(count, 5, seed));
      Variable terms = SICK.loss(logits, ratings, Reduction.NONE);
      double sum = 0.0;
      for (int i = 0; i < count; i++) {
        assertTrue(terms.get(i, 0) >= -1e-15);
        sum += terms.get(i, 0);
      }

      assertEquals(1, terms.cols());
      assertEquals(
          sum / count, SICK.loss(logits, ratings, Reduction.MEAN).toDouble(), 1e-14 * (1.0 + sum));
    }
  }

  /** KL = Σ p ln(p/p̂) with p̂ = ¼ each and p = (0, 0.5, 0.5, 0): ln 2. */
  @Test
  void theLossIsTheDivergenceOfTheSoftmaxFromTheTarget() {
    try (Tape tape = Tape.create()) {
      Variable loss = new RatingScale(4).loss(tape.zeros(1, 4), new double[] {2.5}, Reduction.MEAN);

      assertEquals(Math.log(2.0), loss.toDouble(), 1e-15);
    }
  }

  @Test
  void gradientsMatchDifferences() {
    DMatrixRMaj logits = Draw.normal(3, 5, 4);
    double[] ratings = {4.5, 1.0, 2.25};
    GradientCheck.of(x -> SICK.loss(x[0], ratings, Reduction.NONE)).at(logits).requirePassed();
    GradientCheck.of(x -> SICK.predict(x[0])).at(logits).requirePassed();
  }

  @Test
  void rejectsWhatDoesNotFit() {
    assertMessage(
        IllegalArgumentException.class,
        "rating scale: the highest rating must be at least 2, got 1.",
        () -> new RatingScale(1));
    assertMessage(
        IllegalArgumentException.class,
        "rating scale: ratings must be from 1 to 5, got 0.5 at position 1.",
        () -> SICK.targets(2.0, 0.5).toString());
    assertMessage(
        IllegalArgumentException.class,
        "rating scale: ratings must be from 1 to 5, got NaN at position 0.",
        () -> SICK.targets(Double.NaN).toString());
    try (Tape tape = Tape.create()) {
      assertMessage(
          ShapeException.class,
          "rating scale: the scores are 2×4 (need 5 columns, one per rating).",
          () -> SICK.predict(tape.zeros(2, 4)).shape());
      assertMessage(
          ShapeException.class,
          "rating scale: the scores are 2×5, but there are 1 ratings (need one row per rating).",
          () -> SICK.loss(tape.zeros(2, 5), new double[] {1.0}, Reduction.MEAN).shape());
    }
  }
}
