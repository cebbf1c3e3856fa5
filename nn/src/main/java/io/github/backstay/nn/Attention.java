package io.github.backstay.nn;

import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * What queries found among keys.
 *
 * @param output one row per query: the values, averaged with the weights, n×dᵥ
 * @param weights how much of each value went into it, n×m; the rows sum to 1
 */
public record Attention(Variable output, Variable weights) {

  /**
   * {@code softmax(Q·Kᵀ/√d)·V}, softmax of each row (Vaswani et al. 2017, equation 1).
   *
   * @param queries Q, n×d
   * @param keys K, m×d
   * @param values V, m×dᵥ
   * @return output and weights
   * @throws ShapeException if the shapes do not fit
   */
  public static Attention scaledDotProduct(Variable queries, Variable keys, Variable values) {
    return scaledDotProduct(queries, keys, values, null);
  }

  /**
   * {@code softmax(Q·Kᵀ/√d + M)·V}: with a mask. An entry −∞ of the mask keeps its query from its
   * key: the weight is exactly 0, and so is the gradient. A query that is kept from every key finds
   * nothing: its weights and its output are 0, not NaN.
   *
   * @param queries Q, n×d
   * @param keys K, m×d
   * @param values V, m×dᵥ
   * @param mask M, n×m, or 1×m if it is the same for all queries (keys that are only padding); 0
   *     where a query may look and −∞ where not, or any numbers to be added to the scores; null for
   *     none
   * @return output and weights
   * @throws ShapeException if the shapes do not fit
   */
  public static Attention scaledDotProduct(
      Variable queries, Variable keys, Variable values, @Nullable Variable mask) {
    requireShapes(queries, keys, values, mask);
    Variable scores = queries.multTransB(keys).scale(1.0 / Math.sqrt(queries.cols()));
    Variable weights = weights(scores, mask);
    return new Attention(weights.mult(values), weights);
  }

  private static Variable weights(Variable scores, @Nullable Variable mask) {
    if (mask == null) {
      return scores.softmax();
    }
    Variable masked = scores.plus(mask);
    DMatrixRMaj shut = shutRows(masked.toMatrix());
    if (shut == null) {
      return masked.softmax();
    }
    Variable isShut = scores.tape().borrow(shut);
    Variable zeros = scores.tape().zeros(shut.numRows, shut.numCols);
    return isShut.where(zeros, isShut.where(zeros, masked).softmax());
  }

  /** 1 in the rows that are −∞ throughout, else 0; null if there is no such row. */
  private static @Nullable DMatrixRMaj shutRows(DMatrixRMaj masked) {
    DMatrixRMaj shut = null;
    int n = masked.numCols;
    for (int i = 0; i < masked.numRows; i++) {
      double largest = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < n; j++) {
        largest = Math.max(largest, masked.data[i * n + j]);
      }
      if (largest == Double.NEGATIVE_INFINITY) {
        shut = shut == null ? new DMatrixRMaj(masked.numRows, n) : shut;
        Arrays.fill(shut.data, i * n, (i + 1) * n, 1.0);
      }
    }
    return shut;
  }

  /**
   * The mask with which position i sees positions up to i and nothing after it.
   *
   * @param tape the tape of this step
   * @param queries number of rows n
   * @param keys number of columns m
   * @return a constant, −∞ where the column is greater than the row, else 0
   */
  public static Variable causalMask(Tape tape, int queries, int keys) {
    DMatrixRMaj mask = new DMatrixRMaj(queries, keys);
    for (int i = 0; i < queries; i++) {
      for (int j = i + 1; j < keys; j++) {
        mask.set(i, j, Double.NEGATIVE_INFINITY);
      }
    }
    return tape.borrow(mask);
  }

  static void requireShapes(
      Variable queries, Variable keys, Variable values, @Nullable Variable mask) {
    if (queries.cols() != keys.cols() || keys.rows() != values.rows()) {
      throw new ShapeException(
          "attention: the queries are "
              + queries.shape()
              + ", the keys "
              + keys.shape()
              + ", the values "
              + values.shape()
              + " (need query columns = key columns, and one value per key).");
    }
    if (mask != null
        && (mask.cols() != keys.rows() || (mask.rows() != queries.rows() && mask.rows() != 1))) {
      throw new ShapeException(
          "attention: the mask is "
              + mask.shape()
              + ", there are "
              + queries.rows()
              + " queries and "
              + keys.rows()
              + " keys (need one row per query, or one for all, and one column per key).");
    }
  }
}
