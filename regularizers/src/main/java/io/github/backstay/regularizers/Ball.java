package io.github.backstay.regularizers;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.NormOps_DDRM;
import org.jspecify.annotations.Nullable;

/**
 * The constraint {@code ‖W − A‖ ≤ r} (Frobenius), a penalty that is 0 inside of the ball and
 * infinite outside. It has no gradient; its {@link Proximal} map is the projection {@code A +
 * min(1, r/‖U − A‖)(U − A)}, whatever the step, as in distance-based fine-tuning (Gouk et al.
 * 2021).
 *
 * @param radius r, finite and at least 0
 */
public record Ball(double radius) implements Proximal {

  /**
   * Checks the values.
   *
   * @param radius r, finite and at least 0
   */
  public Ball {
    radius = Strengths.checked("Ball", "the radius r", radius);
  }

  @Override
  public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
    DMatrixRMaj d = Deviation.of(weight, anchor);
    double distance = NormOps_DDRM.normF(d);
    if (radius == 0.0) {
      Deviation.land(weight, anchor);
    } else if (!(distance <= radius)) {
      double kept = radius / distance;
      for (int i = 0; i < weight.getNumElements(); i++) {
        weight.data[i] = (anchor == null ? 0.0 : anchor.data[i]) + kept * d.data[i];
      }
    }
  }
}
