package io.github.backstay.regularizers;

import io.github.backstay.core.Variable;
import io.github.backstay.core.ops.LossTerms;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * {@code λ·Σ h(W − A)} over all entries with {@code h(d) = d²/2} where |d| ≤ δ and {@code δ(|d| −
 * δ/2)} beyond (Huber 1964): {@link L2} near the anchor, {@link L1} of strength λδ far away, so
 * that no entry is pulled harder than λδ. Gradient {@code λ·(W − A)}, clipped to [−λδ, λδ]; exactly
 * 0 at the anchor, and continuous at |d| = δ, where the second derivative is taken as λ.
 *
 * <p>{@code prox}: where |d| ≤ (1 + ηλ)δ the distance is divided by 1 + ηλ; entries further away
 * move by ηλδ.
 *
 * @param strength λ, finite and at least 0
 * @param delta δ, finite and greater than 0
 */
public record Huber(double strength, double delta) implements ProximalPenalty {

  /**
   * Checks the values.
   *
   * @param strength λ, finite and at least 0
   * @param delta δ, finite and greater than 0
   */
  public Huber {
    strength = Strengths.checked("Huber", "the strength λ", strength);
    if (!(delta > 0.0) || Double.isInfinite(delta)) {
      throw new IllegalArgumentException(
          "Huber: the threshold δ must be finite and greater than 0, got " + delta + ".");
    }
  }

  @Override
  public Variable of(Variable weight, @Nullable Variable anchor) {
    Variable h = Deviation.of(weight, anchor).apply(new LossTerms.Huber(delta));
    return h.sum().scale(strength).asPenalty();
  }

  @Override
  public void addGradient(
      DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
    double pull = factor * strength;
    for (int i = 0; i < weight.getNumElements(); i++) {
      double d = Deviation.at(i, weight, anchor);
      into.data[i] += pull * Math.max(-delta, Math.min(delta, d));
    }
  }

  @Override
  public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
    double pull = step * strength;
    double shrunk = L2.shrunk(pull);
    for (int i = 0; i < weight.getNumElements(); i++) {
      double d = Deviation.at(i, weight, anchor);
      weight.data[i] -=
          Math.abs(d) <= (1.0 + pull) * delta ? shrunk * d : Math.copySign(pull * delta, d);
    }
  }

  @Override
  public boolean isRowwise() {
    return true;
  }

  @Override
  public double largestRate() {
    return 1.0 / strength;
  }

  @Override
  public String formula(boolean anchored) {
    return strength + "·Σ huber(" + Deviation.word(anchored) + ", δ=" + delta + ")";
  }
}
