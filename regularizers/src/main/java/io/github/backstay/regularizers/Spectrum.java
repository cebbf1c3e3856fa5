package io.github.backstay.regularizers;

import io.github.backstay.core.Shape;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.decomposition.svd.SvdImplicitQrDecompose_DDRM;
import org.jspecify.annotations.Nullable;

/**
 * {@code D = U diag(s) Vᵀ}, thin, the values in descending order: EJML's implicit QR iteration,
 * after scaling by a power of two, so that no square over- or underflows. NaN or infinity in D
 * gives NaN everywhere.
 */
final class Spectrum {

  private final DMatrixRMaj u;
  private final double[] s;
  private final DMatrixRMaj v;

  private Spectrum(DMatrixRMaj u, double[] s, DMatrixRMaj v) {
    this.u = u;
    this.s = s;
    this.v = v;
  }

  static Spectrum of(DMatrixRMaj d) {
    int k = Math.min(d.numRows, d.numCols);
    Spectrum spectrum =
        new Spectrum(new DMatrixRMaj(d.numRows, k), new double[k], new DMatrixRMaj(d.numCols, k));
    if (k > 0) {
      spectrum.decompose(d);
    }
    return spectrum;
  }

  private void decompose(DMatrixRMaj d) {
    double largest = 0.0;
    for (int i = 0; i < d.getNumElements(); i++) {
      largest = Math.max(largest, Math.abs(d.data[i]));
    }
    if (!Double.isFinite(largest)) {
      Arrays.fill(u.data, Double.NaN);
      Arrays.fill(s, Double.NaN);
      Arrays.fill(v.data, Double.NaN);
      return;
    }
    int exponent = Math.getExponent(largest);
    DMatrixRMaj scaled = d.copy();
    for (int i = 0; i < d.getNumElements(); i++) {
      scaled.data[i] = Math.scalb(d.data[i], -exponent);
    }
    var svd = new SvdImplicitQrDecompose_DDRM(true, true, true, false);
    if (!svd.decompose(scaled)) {
      throw new ArithmeticException(
          "penalty: the iteration for the singular values of the "
              + Shape.of(d)
              + " weight has not converged (largest distance from the anchor "
              + largest
              + ").");
    }
    svd.getU(u, false);
    svd.getV(v, false);
    System.arraycopy(svd.getSingularValues(), 0, s, 0, s.length);
    SingularOps_DDRM.descendingOrder(u, false, s, s.length, v, false);
    for (int i = 0; i < s.length; i++) {
      s[i] = Math.scalb(s[i], exponent);
    }
  }

  /** The largest value; 0 of nothing. */
  double largest() {
    return s.length == 0 ? 0.0 : s[0];
  }

  double sum() {
    double sum = 0.0;
    for (double value : s) {
      sum += value;
    }
    return sum;
  }

  /** How much of the largest value the others may be by rounding alone. */
  static double rounding(int rows, int cols) {
    return Math.ulp(1.0) * Math.max(rows, cols);
  }

  /** Ones for the values that are more than rounding, zeros for the rest; NaN for NaN. */
  double[] positive() {
    double rounding = rounding(u.numRows, v.numRows) * largest();
    double[] ones = new double[s.length];
    for (int i = 0; i < s.length; i++) {
      ones[i] = s[i] > rounding ? 1.0 : s[i] <= rounding ? 0.0 : Double.NaN;
    }
    return ones;
  }

  /** One for the largest value, zeros for the rest. */
  double[] first() {
    double[] one = new double[s.length];
    if (s.length > 0) {
      one[0] = 1.0;
    }
    return one;
  }

  /** The values, none larger than a bound. */
  double[] atMost(double bound) {
    double[] lower = new double[s.length];
    for (int i = 0; i < s.length; i++) {
      lower[i] = Math.min(s[i], bound);
    }
    return lower;
  }

  /** Takes away from a weight what the values of its deviation have above a level. */
  void cut(double level, DMatrixRMaj weight, @Nullable DMatrixRMaj anchor) {
    if (level == 0.0) {
      Deviation.land(weight, anchor);
    } else {
      double[] excess = new double[s.length];
      for (int i = 0; i < s.length; i++) {
        excess[i] = Math.max(s[i] - level, 0.0);
      }
      add(-1.0, excess, weight);
    }
  }

  /**
   * The level t ≥ 0 above which the values have {@code fixed + slope·t} in sum; 0 if they have less
   * in all. No choice of values has more above t than those that are above it, so t is the largest
   * of the levels that the k largest values would give.
   */
  double level(double fixed, double slope) {
    double level = 0.0;
    double sum = 0.0;
    for (int k = 0; k < s.length; k++) {
      sum += s[k];
      level = Math.max(level, (sum - fixed) / (k + 1 + slope));
    }
    return level;
  }

  /** {@code into += factor · U diag(values) Vᵀ}. */
  void add(double factor, double[] values, DMatrixRMaj into) {
    for (int row = 0; row < u.numRows; row++) {
      for (int col = 0; col < v.numRows; col++) {
        double sum = 0.0;
        for (int k = 0; k < s.length; k++) {
          sum += u.data[row * s.length + k] * values[k] * v.data[col * s.length + k];
        }
        into.data[row * v.numRows + col] += factor * sum;
      }
    }
  }
}
