package io.github.backstay.optim;

import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * Momentum at a constant rate with squared pulls. Distance d and momentum b of an entry go on
 * linearly, {@code (d, b) ← A(d, b)}, where with c and e the strengths of the coupled and the
 * decoupled pull, and p = μ with Nesterov's form, else 1 (q = 1, else 0),
 *
 * <pre>{@code
 * A = ( 1 − η·(e + q·c + p·c)   −η·p·μ )
 *     ( c                        μ     )
 * }</pre>
 *
 * <p>so that n steps are Aⁿ, found by repeated squaring. Rates that change are not taken.
 */
final class MomentumDrift implements Drift {

  private final Sgd rule;
  private final double coupled;
  private final double decoupled;
  private double rate = Double.NaN;
  private final double[] power = new double[4]; // Aⁿ, row after row
  private int steps = -1; // n

  MomentumDrift(Sgd rule, double coupled, double decoupled) {
    this.rule = rule;
    this.coupled = coupled;
    this.decoupled = decoupled;
  }

  @Override
  public boolean takes(double newRate) {
    return Double.isNaN(rate) || newRate == rate;
  }

  @Override
  public void record(long step, double newRate) {
    rate = newRate;
  }

  @Override
  public void clear() {
    rate = Double.NaN;
    steps = -1;
  }

  @Override
  public boolean carry(
      DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double[][] slots, int from, int to) {
    raise(to - from);
    double[] b = slots[0];
    for (int i = 0; i < weight.getNumElements(); i++) {
      double d = anchor == null ? 0.0 : weight.data[i] - anchor.data[i];
      if (d == 0.0 && b[i] == 0.0) {
        continue; // rests, even where the power has overflowed
      }
      weight.data[i] += (power[0] - 1.0) * d + power[1] * b[i];
      b[i] = power[2] * d + power[3] * b[i];
    }
    return true;
  }

  /** Makes {@link #power} that of n steps. */
  private void raise(int n) {
    if (n == steps) {
      return;
    }
    double ahead = rule.nesterov() ? rule.momentum() : 1.0;
    double direct = rule.nesterov() ? 1.0 : 0.0;
    double[] square = {
      1.0 - rate * (decoupled + (direct + ahead) * coupled),
      -rate * ahead * rule.momentum(),
      coupled,
      rule.momentum()
    };
    double[] result = {1.0, 0.0, 0.0, 1.0};
    for (int rest = n; rest > 0; rest >>= 1) {
      if ((rest & 1) == 1) {
        result = product(square, result);
      }
      square = product(square, square);
    }
    System.arraycopy(result, 0, power, 0, 4);
    steps = n;
  }

  private static double[] product(double[] a, double[] b) {
    return new double[] {
      a[0] * b[0] + a[1] * b[2],
      a[0] * b[1] + a[1] * b[3],
      a[2] * b[0] + a[3] * b[2],
      a[2] * b[1] + a[3] * b[3]
    };
  }
}
