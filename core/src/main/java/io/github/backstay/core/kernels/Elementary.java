package io.github.backstay.core.kernels;

/**
 * Elementary functions made of additions, products, quotients and {@link Math#fma} alone: the same
 * bits on every JDK and processor, where {@link Math} may use instructions of the machine. Plain
 * and vector {@link Kernels} take these steps in this order, entry by entry. Stated errors are
 * against the exact value, in units in the last place of the result.
 */
public final class Elementary {

  /** Added to a number below 2⁵¹ it leaves the nearest whole number in the low bits. */
  static final double ROUNDER = 0x1.8p52;

  /** {@link #ROUNDER} and the bias of exponents: low bits shifted up by 52 make a power of two. */
  static final double EXPONENT = ROUNDER + 1023.0;

  static final double LOG2_E = 1.4426950408889634;

  /** ln 2 in two parts: the upper one has 32 zero bits, so that its multiples are exact. */
  static final double LN2_HIGH = 0x1.62e42feep-1;

  static final double LN2_LOW = 0x1.a39ef35793c76p-33;

  /** Above this eˣ is infinite. */
  static final double LARGEST_EXP = 710.0;

  /** Below this eˣ is 0. */
  static final double SMALLEST_EXP = -746.0;

  /** Above this tanh x rounds to 1. */
  static final double LARGEST_TANH = 22.0;

  // 1/k! for e^r = 1 + r + r²(C2 + C3·r + …), |r| ≤ ½ ln 2: what is left out is below 2⁻⁵⁷
  static final double C2 = 1.0 / 2.0;
  static final double C3 = 1.0 / 6.0;
  static final double C4 = 1.0 / 24.0;
  static final double C5 = 1.0 / 120.0;
  static final double C6 = 1.0 / 720.0;
  static final double C7 = 1.0 / 5040.0;
  static final double C8 = 1.0 / 40320.0;
  static final double C9 = 1.0 / 362880.0;
  static final double C10 = 1.0 / 3628800.0;
  static final double C11 = 1.0 / 39916800.0;
  static final double C12 = 1.0 / 479001600.0;
  static final double C13 = 1.0 / 6227020800.0;

  private static final double SQRT_2 = 1.4142135623730951;

  private Elementary() {}

  /**
   * {@code eˣ}, within 1.5 ulp; of ∞, −∞ and NaN it is ∞, 0 and NaN. The argument is reduced by a
   * multiple of ln 2 in two parts (Cody and Waite 1980, §6), the rest is a polynomial.
   *
   * @param x the exponent
   * @return its exponential
   */
  public static double exp(double x) {
    if (Math.abs(x) < 700.0) { // far from the ends one factor does, with the same bits
      double n = Math.fma(x, LOG2_E, ROUNDER) - ROUNDER;
      double r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
      return (1.0 + expm1OfRest(r)) * powerOfTwo(n);
    }
    double held = Math.max(Math.min(x, LARGEST_EXP), SMALLEST_EXP);
    double n = Math.fma(held, LOG2_E, ROUNDER) - ROUNDER;
    double r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, held));
    double half = Math.fma(n, 0.5, ROUNDER) - ROUNDER;
    return (1.0 + expm1OfRest(r)) * powerOfTwo(half) * powerOfTwo(n - half);
  }

  /** {@code eʳ − 1} for |r| ≤ ½ ln 2. */
  private static double expm1OfRest(double r) {
    double q = Math.fma(C13, r, C12);
    q = Math.fma(q, r, C11);
    q = Math.fma(q, r, C10);
    q = Math.fma(q, r, C9);
    q = Math.fma(q, r, C8);
    q = Math.fma(q, r, C7);
    q = Math.fma(q, r, C6);
    q = Math.fma(q, r, C5);
    q = Math.fma(q, r, C4);
    q = Math.fma(q, r, C3);
    q = Math.fma(q, r, C2);
    return Math.fma(r * r, q, r);
  }

  /** {@code 2ⁿ} for a whole number n from −1022 to 1023. */
  private static double powerOfTwo(double n) {
    return Double.longBitsToDouble(Double.doubleToRawLongBits(n + EXPONENT) << 52);
  }

  /**
   * {@code tanh x}, within 3 ulp, as u/(u + 2) with u = e^(2|x|) − 1 and the sign of x; ±0 and what
   * is subnormal is returned as it is, of ±∞ it is ±1.
   *
   * @param x the number
   * @return its hyperbolic tangent
   */
  public static double tanh(double x) {
    double y = 2.0 * Math.min(Math.abs(x), LARGEST_TANH);
    double n = Math.fma(y, LOG2_E, ROUNDER) - ROUNDER;
    double r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, y));
    double scale = powerOfTwo(n);
    double u = Math.fma(scale, expm1OfRest(r), scale - 1.0);
    return Math.copySign(u / (u + 2.0), x);
  }

  /**
   * {@code 1/(1 + e⁻ˣ)}, within 3 ulp, without overflow at either end.
   *
   * @param x the number
   * @return its logistic function
   */
  public static double sigmoid(double x) {
    double e = exp(-Math.abs(x));
    return (x < 0.0 ? e : 1.0) / (1.0 + e);
  }

  /**
   * {@code ln x}, within 1 ulp; −∞ at 0, NaN below, of ∞ it is ∞. With x = 2ᵏ(1 + f) and s = f/(2 +
   * f) it is k ln 2 + f − f²/2 + s(f²/2 + 2s²/3 + 2s⁴/5 + …), the series of the inverse hyperbolic
   * tangent.
   *
   * @param x the number
   * @return its natural logarithm
   */
  public static double log(double x) {
    if (!(x > 0.0) || x == Double.POSITIVE_INFINITY) {
      return x == 0.0 ? Double.NEGATIVE_INFINITY : x > 0.0 ? x : Double.NaN;
    }
    boolean subnormal = x < Double.MIN_NORMAL;
    double normal = subnormal ? x * 0x1p54 : x;
    int k = Math.getExponent(normal);
    double mantissa =
        Double.longBitsToDouble(
            (Double.doubleToRawLongBits(normal) & 0x000fffffffffffffL) | 0x3ff0000000000000L);
    if (mantissa > SQRT_2) {
      mantissa *= 0.5;
      k++;
    }
    if (subnormal) {
      k -= 54;
    }
    double f = mantissa - 1.0;
    double s = f / (2.0 + f);
    double z = s * s;
    double series = Math.fma(2.0 / 23.0, z, 2.0 / 21.0);
    series = Math.fma(series, z, 2.0 / 19.0);
    series = Math.fma(series, z, 2.0 / 17.0);
    series = Math.fma(series, z, 2.0 / 15.0);
    series = Math.fma(series, z, 2.0 / 13.0);
    series = Math.fma(series, z, 2.0 / 11.0);
    series = Math.fma(series, z, 2.0 / 9.0);
    series = Math.fma(series, z, 2.0 / 7.0);
    series = Math.fma(series, z, 2.0 / 5.0);
    series = Math.fma(series, z, 2.0 / 3.0) * z;
    double half = 0.5 * f * f;
    double below = half - Math.fma(k, LN2_LOW, s * (half + series));
    return Math.fma(k, LN2_HIGH, 0.0) - (below - f);
  }
}
