package io.github.backstay.regularizers;

import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Variable;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * {@code (λ/2)·Σ F ⊙ (W − A)²}: {@link L2} with a strength of its own for every entry; gradient
 * {@code λF ⊙ (W − A)}, exactly 0 at the anchor.
 *
 * <p>Elastic weight consolidation (Kirkpatrick et al. 2017, eq. 3) where A is the value after an
 * earlier task and F the diagonal of its Fisher information. Implementations that leave out the ½
 * mean twice this λ; synaptic intelligence (Zenke et al. 2017, eq. 4), {@code c·Σ Ω ⊙ (W − A)²}, is
 * this with λ = 2c.
 *
 * <p>{@code prox}: the distance of each entry is divided by 1 + ηλF.
 */
public final class DiagonalL2 implements ProximalPenalty {

  private final double strength;
  private final DMatrixRMaj diagonal;

  /**
   * A penalty for weights of one shape.
   *
   * @param strength λ, finite and at least 0
   * @param diagonal F, of the shape of the weight, all entries finite and at least 0; copied
   */
  public DiagonalL2(double strength, DMatrixRMaj diagonal) {
    this.strength = Strengths.checked("DiagonalL2", "the strength λ", strength);
    this.diagonal = Strengths.checked("DiagonalL2", "every entry of the diagonal F", diagonal);
  }

  @Override
  public void requireFits(Shape weight) {
    if (weight.rows() != diagonal.numRows || weight.cols() != diagonal.numCols) {
      throw new ShapeException(
          "DiagonalL2: the weight is "
              + weight
              + ", the diagonal F is "
              + Shape.of(diagonal)
              + " (both must have the same shape).");
    }
  }

  @Override
  public Variable of(Variable weight, @Nullable Variable anchor) {
    requireFits(weight.shape());
    Variable squares = Deviation.of(weight, anchor).square();
    Variable f = weight.tape().borrow(diagonal);
    return squares.elementMult(f).sum().scale(0.5 * strength).asPenalty();
  }

  @Override
  public void addGradient(
      DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
    requireFits(Shape.of(weight));
    double pull = factor * strength;
    for (int i = 0; i < weight.getNumElements(); i++) {
      into.data[i] += pull * diagonal.data[i] * Deviation.at(i, weight, anchor);
    }
  }

  @Override
  public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
    requireFits(Shape.of(weight));
    double pull = step * strength;
    for (int i = 0; i < weight.getNumElements(); i++) {
      weight.data[i] -= L2.shrunk(pull * diagonal.data[i]) * Deviation.at(i, weight, anchor);
    }
  }

  /** False: which strengths belong to a row depends on its place. */
  @Override
  public boolean isRowwise() {
    return false;
  }

  /** {@code 1/(λ·max F)}. */
  @Override
  public double largestRate() {
    return 1.0 / strength / Strengths.max(diagonal);
  }

  @Override
  public boolean isL2Type() {
    return strength > 0.0 && Strengths.max(diagonal) > 0.0;
  }

  @Override
  public String formula(boolean anchored) {
    return strength + "/2·Σ F⊙" + Deviation.factor(anchored) + "²";
  }

  @Override
  public String alsoKnownAs() {
    return "EWC with λ " + strength + " when F is the diagonal of the Fisher information";
  }
}
