package io.github.backstay.nn;

import io.github.backstay.core.Axis;
import io.github.backstay.core.Reduction;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Variable;
import io.github.backstay.core.ops.Losses;
import org.ejml.data.DMatrixRMaj;

/**
 * Ratings y from 1 to K as distributions over the whole numbers 1 … K (Tai et al. 2015, section
 * 4.2), so that a softmax can learn them:
 *
 * <pre>
 * p_⌊y⌋   = ⌊y⌋ − y + 1
 * p_⌊y⌋₊₁ = y − ⌊y⌋           all others 0; the mean of p is y
 * ŷ       = 1·p̂₁ + … + K·p̂_K  with p̂ = softmax(logits)
 * loss    = KL(p ‖ p̂)
 * </pre>
 *
 * <p>Class k − 1, counted from 0, is the rating k. Immutable; may be shared between threads.
 *
 * @param highest K, at least 2; 5 for SICK
 */
public record RatingScale(int highest) {

  /**
   * Checks the scale.
   *
   * @param highest K, at least 2
   * @throws IllegalArgumentException if it is less
   */
  public RatingScale {
    if (highest < 2) {
      throw new IllegalArgumentException(
          "rating scale: the highest rating must be at least 2, got " + highest + ".");
    }
  }

  /**
   * The distributions p.
   *
   * @param ratings y, each from 1 to K
   * @return one row per rating, n×K; at most two entries of a row are not 0
   * @throws IllegalArgumentException if a rating is not in its range
   */
  public DMatrixRMaj targets(double... ratings) {
    DMatrixRMaj targets = new DMatrixRMaj(ratings.length, highest);
    for (int i = 0; i < ratings.length; i++) {
      double y = ratings[i];
      if (!(y >= 1.0 && y <= highest)) {
        throw new IllegalArgumentException(
            "rating scale: ratings must be from 1 to "
                + highest
                + ", got "
                + y
                + " at position "
                + i
                + ".");
      }
      int floor = (int) y;
      targets.set(i, floor - 1, floor - y + 1.0);
      if (floor < highest) {
        targets.set(i, floor, y - floor);
      }
    }
    return targets;
  }

  /**
   * The Kullback–Leibler divergence of p̂ from p, one term per rating. {@link Reduction#MEAN} is
   * the paper's loss; the program of Wieting et al. (2016) divides it by K too.
   *
   * @param logits the scores before the softmax, n×K
   * @param ratings y, each from 1 to K, n
   * @param reduction what becomes of the n terms
   * @return the loss
   * @throws ShapeException if there is not one row per rating and one column per class
   * @throws IllegalArgumentException if a rating is not in its range
   */
  public Variable loss(Variable logits, double[] ratings, Reduction reduction) {
    requireWidth(logits);
    if (logits.rows() != ratings.length) {
      throw new ShapeException(
          "rating scale: the scores are "
              + logits.shape()
              + ", but there are "
              + ratings.length
              + " ratings (need one row per rating).");
    }
    Variable targets = logits.tape().borrow(targets(ratings));
    Variable terms = Losses.klDivergence(logits.logSoftmax(Axis.ROWS), targets, Reduction.NONE);
    return reduction.of(terms.sumRows());
  }

  /**
   * The predictions ŷ.
   *
   * @param logits the scores before the softmax, n×K
   * @return n×1, between 1 and K
   * @throws ShapeException if there is not one column per class
   */
  public Variable predict(Variable logits) {
    requireWidth(logits);
    DMatrixRMaj ratings = new DMatrixRMaj(highest, 1);
    for (int k = 0; k < highest; k++) {
      ratings.data[k] = k + 1;
    }
    return logits.softmax(Axis.ROWS).mult(logits.tape().borrow(ratings));
  }

  private void requireWidth(Variable logits) {
    if (logits.cols() != highest) {
      throw new ShapeException(
          "rating scale: the scores are "
              + logits.shape()
              + " (need "
              + highest
              + " columns, one per rating).");
    }
  }
}
