package io.github.backstay.core.ops;

import io.github.backstay.core.kernels.Elementary;

/**
 * The error function {@code erf x = (2/√π) ∫₀ˣ e^(−t²) dt} and {@code erfc x = 1 − erf x}, by the
 * rational Chebyshev approximations of Cody 1969 (Mathematics of Computation 23, 631–637), with the
 * coefficients of his program CALERF (rounded to double): relative error below 1e-15, for erfc also
 * where it is tiny.
 */
final class ErrorFunction {

  private static final double SMALL = 0.46875;
  private static final double LARGE = 4.0;
  private static final double ONE_OVER_ROOT_PI = 0.5641895835477563;

  /** Numerator and denominator for erf x / x in x², up to 0.46875; the highest power first. */
  private static final double[] A = {
    0.18577770618460315,
    3.1611237438705655,
    113.86415415105016,
    377.485237685302,
    3209.3775891384694
  };

  private static final double[] B = {
    1.0, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171
  };

  /** For e^(x²) erfc x in x, up to 4. */
  private static final double[] C = {
    2.1531153547440383e-08,
    0.5641884969886701,
    8.883149794388377,
    66.11919063714163,
    298.6351381974001,
    881.952221241769,
    1712.0476126340707,
    2051.0783778260716,
    1230.3393547979972
  };

  private static final double[] D = {
    1.0,
    15.744926110709835,
    117.6939508913125,
    537.1811018620099,
    1621.3895745666903,
    3290.7992357334597,
    4362.619090143247,
    3439.3676741437216,
    1230.3393548037495
  };

  /** For x² (1/√π − x e^(x²) erfc x) in 1/x², from 4 on. */
  private static final double[] P = {
    0.016315387137302097,
    0.30532663496123236,
    0.36034489994980445,
    0.12578172611122926,
    0.016083785148742275,
    0.0006587491615298378
  };

  private static final double[] Q = {
    1.0,
    2.568520192289822,
    1.8729528499234673,
    0.5279051029514285,
    0.06051834131244132,
    0.0023352049762686918
  };

  private ErrorFunction() {}

  /** {@code erf x}; ±1 at the ends, NaN for NaN. */
  static double erf(double x) {
    double size = Math.abs(x);
    if (size <= SMALL) {
      return x * ratio(A, B, x * x);
    }
    return Math.copySign(1.0 - tail(size), x);
  }

  /** {@code erfc x}, without cancellation for large x; 2 and 0 at the ends, NaN for NaN. */
  static double erfc(double x) {
    double size = Math.abs(x);
    if (size <= SMALL) {
      return 1.0 - x * ratio(A, B, x * x);
    }
    return x < 0.0 ? 2.0 - tail(size) : tail(size);
  }

  /** {@code erfc x} for x above 0.46875. */
  private static double tail(double x) {
    if (x <= LARGE) {
      return expOfMinusSquare(x) * ratio(C, D, x);
    }
    if (x > 30.0) {
      return 0.0; // below the smallest number
    }
    double t = 1.0 / (x * x);
    return expOfMinusSquare(x) * (ONE_OVER_ROOT_PI - t * ratio(P, Q, t)) / x;
  }

  /** {@code e^(−x²)}, the square split into an exact part and a small rest. */
  private static double expOfMinusSquare(double x) {
    double head = Math.floor(16.0 * x) / 16.0;
    return Elementary.exp(-head * head) * Elementary.exp(-(x - head) * (x + head));
  }

  private static double ratio(double[] numerator, double[] denominator, double t) {
    double n = numerator[0];
    double d = denominator[0];
    for (int i = 1; i < numerator.length; i++) {
      n = n * t + numerator[i];
      d = d * t + denominator[i];
    }
    return n / d;
  }
}
