package io.github.backstay.regularizers;

import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Variable;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * {@code (λ/2)·Σ rᵢ‖Wᵢ − Aᵢ‖²} over the rows: {@link L2} with a strength of its own for every row,
 * so that frequent words may move more freely than rare ones; gradient {@code λrᵢ(Wᵢ − Aᵢ)},
 * exactly 0 at the anchor.
 *
 * <p>With rᵢ = 1/(1 + cᵢ), c being how often a word was seen, words that were seen often may move
 * and rare ones stay. With rᵢ = the probability that the row is in a batch, this is what decaying
 * only the rows of each batch comes to on average.
 *
 * <p>{@code prox}: the distance of each row is divided by 1 + ηλrᵢ.
 */
public final class RowL2 implements ProximalPenalty {

  private final double strength;
  private final DMatrixRMaj rows;

  /**
   * A penalty for weights of one height.
   *
   * @param strength λ, finite and at least 0
   * @param rows r, a column with one number per row of the weight, each finite and at least 0;
   *     copied
   * @throws ShapeException if {@code rows} is not a column
   */
  public RowL2(double strength, DMatrixRMaj rows) {
    this.strength = Strengths.checked("RowL2", "the strength λ", strength);
    if (rows.numCols != 1) {
      throw new ShapeException(
          "RowL2: the strengths r are " + Shape.of(rows) + " (need a column, one per row).");
    }
    this.rows = Strengths.checked("RowL2", "every strength r", rows);
  }

  @Override
  public void requireFits(Shape weight) {
    if (weight.rows() != rows.numRows) {
      throw new ShapeException(
          "RowL2: the weight is "
              + weight
              + ", the strengths r are "
              + Shape.of(rows)
              + " (need one strength per row).");
    }
  }

  @Override
  public Variable of(Variable weight, @Nullable Variable anchor) {
    requireFits(weight.shape());
    Variable squares = Deviation.of(weight, anchor).square().sumRows();
    Variable r = weight.tape().borrow(rows);
    return squares.elementMult(r).sum().scale(0.5 * strength).asPenalty();
  }

  @Override
  public void addGradient(
      DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
    requireFits(Shape.of(weight));
    int n = weight.numCols;
    for (int row = 0; row < weight.numRows; row++) {
      double pull = factor * strength * rows.data[row];
      for (int i = row * n; i < (row + 1) * n; i++) {
        into.data[i] += pull * Deviation.at(i, weight, anchor);
      }
    }
  }

  @Override
  public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
    requireFits(Shape.of(weight));
    int n = weight.numCols;
    for (int row = 0; row < weight.numRows; row++) {
      double shrunk = L2.shrunk(step * strength * rows.data[row]);
      for (int i = row * n; i < (row + 1) * n; i++) {
        weight.data[i] -= shrunk * Deviation.at(i, weight, anchor);
      }
    }
  }

  /** False: which strength belongs to a row depends on its place. */
  @Override
  public boolean isRowwise() {
    return false;
  }

  /** {@code 1/(λ·max r)}. */
  @Override
  public double largestRate() {
    return 1.0 / strength / Strengths.max(rows);
  }

  @Override
  public boolean isL2Type() {
    return strength > 0.0 && Strengths.max(rows) > 0.0;
  }

  @Override
  public String formula(boolean anchored) {
    return strength + "/2·Σ rᵢ‖" + (anchored ? "Wᵢ−W0ᵢ" : "Wᵢ") + "‖²";
  }
}
