package io.github.backstay.regularizers;

import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * The constraint {@code ‖D‖ ≤ r} on every group D of W − A (Euclidean): a penalty that is 0 inside
 * of the ball and infinite outside. It has no gradient; its {@link Proximal} map is the projection
 * {@code A + min(1, r/‖U − A‖)(U − A)}, whatever the step. Around the initial value, of the whole
 * weight, this is distance-based fine-tuning (Gouk et al. 2021); around zero and by rows it is the
 * max-norm constraint (Srebro and Shraibman 2005).
 *
 * @param radius r, finite and at least 0
 * @param groups which entries are held together
 */
public record Ball(double radius, Groups groups) implements Proximal {

  /**
   * Checks the values.
   *
   * @param radius r, finite and at least 0
   * @param groups which entries are held together
   */
  public Ball {
    radius = Strengths.checked("Ball", "the radius r", radius);
  }

  /**
   * A ball for the weight as a whole.
   *
   * @param radius r, finite and at least 0
   */
  public Ball(double radius) {
    this(radius, Groups.ALL);
  }

  @Override
  public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
    int size = groups.size(weight.numRows, weight.numCols);
    DMatrixRMaj d = Deviation.of(weight, anchor);
    for (int group = 0; group < groups.count(weight); group++) {
      double distance = groups.norm(d, group);
      if (distance <= radius) {
        continue;
      }
      double kept = radius / distance;
      for (int k = 0; k < size; k++) {
        int i = groups.index(weight.numCols, group, k);
        if (radius == 0.0) {
          Deviation.land(i, weight, anchor);
        } else {
          weight.data[i] = (anchor == null ? 0.0 : anchor.data[i]) + kept * d.data[i];
        }
      }
    }
  }

  @Override
  public boolean isRowwise() {
    return groups == Groups.ROWS;
  }

  @Override
  public Relaxation proximalRelaxation() {
    return new SummedSteps(this);
  }

  @Override
  public String formula(boolean anchored) {
    return groups.norms(anchored) + " ≤ " + radius;
  }

  @Override
  public String alsoKnownAs() {
    return groups == Groups.ROWS ? "the max-norm constraint when the anchor is 0" : "";
  }
}
