package io.github.backstay.core.ops;

import io.github.backstay.core.Op;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import io.github.backstay.core.kernels.Elementary;
import org.ejml.data.DMatrixRMaj;

/**
 * Elementary functions, entry by entry. NaN in gives NaN out, unless said otherwise. Where a
 * derivative can be infinite, a cotangent of 0 still gives 0 ({@link
 * Arithmetic.ElementMultOrZero}).
 */
public final class Functions {

  private Functions() {}

  /** {@code y = eˣ}. Rule: x̄ = ȳ ⊙ y. */
  public record Exp() implements Op.Unary {
    /** The one instance that is needed. */
    public static final Exp OP = new Exp();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = w.like(x);
      w.kernels().exp(x, y);
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMultOrZero(y);
    }
  }

  /** {@code y = eˣ − 1}, accurate near 0. Rule: x̄ = ȳ ⊙ (y + 1). */
  public record Expm1() implements Pointwise {
    /** The one instance that is needed. */
    public static final Expm1 OP = new Expm1();

    @Override
    public double at(double x) {
      return StrictMath.expm1(x);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMultOrZero(y.plus(1.0));
    }
  }

  /** {@code y = ln x}; −∞ at 0, NaN below. Rule: x̄ = ȳ ⊘ x. */
  public record Log() implements Pointwise {
    /** The one instance that is needed. */
    public static final Log OP = new Log();

    @Override
    public double at(double x) {
      return Elementary.log(x);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMultOrZero(x.reciprocal());
    }
  }

  /** {@code y = ln(1 + x)}, accurate near 0; −∞ at −1, NaN below. Rule: x̄ = ȳ ⊘ (1 + x). */
  public record Log1p() implements Pointwise {
    /** The one instance that is needed. */
    public static final Log1p OP = new Log1p();

    @Override
    public double at(double x) {
      return StrictMath.log1p(x);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMultOrZero(x.plus(1.0).reciprocal());
    }
  }

  /** {@code y = √x}; NaN below 0. Rule: x̄ = ȳ ⊘ 2y, which is infinite at 0. */
  public record Sqrt() implements Pointwise {
    /** The one instance that is needed. */
    public static final Sqrt OP = new Sqrt();

    @Override
    public double at(double x) {
      return Math.sqrt(x);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMultOrZero(y.scale(2.0).reciprocal());
    }
  }

  /**
   * {@code y = xᵖ} for a fixed exponent p, as {@link StrictMath#pow}. Rule: x̄ = ȳ ⊙ p·xᵖ⁻¹; for p
   * = 0 the value is 1 and the derivative 0 everywhere; at base 0 the derivative is 0 for p &gt; 1.
   *
   * @param exponent the exponent p, not NaN
   */
  public record Power(double exponent) implements Pointwise {
    /**
     * Checks the values.
     *
     * @param exponent the exponent p, not NaN
     */
    public Power {
      if (Double.isNaN(exponent)) {
        throw new IllegalArgumentException("power: the exponent must be a number, got NaN.");
      }
    }

    @Override
    public double at(double x) {
      return StrictMath.pow(x, exponent);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return exponent == 0.0
          ? yBar.tape().zeros(x.rows(), x.cols())
          : yBar.elementMultOrZero(x.power(exponent - 1.0)).scale(exponent);
    }
  }

  /** {@code y = 1/x}. Rule: x̄ = −ȳ ⊙ y². */
  public record Reciprocal() implements Pointwise {
    /** The one instance that is needed. */
    public static final Reciprocal OP = new Reciprocal();

    @Override
    public double at(double x) {
      return 1.0 / x;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMultOrZero(y).elementMultOrZero(y).negative(); // y² may overflow alone
    }
  }

  /** {@code y = sin x}. Rule: x̄ = ȳ ⊙ cos x. */
  public record Sin() implements Pointwise {
    /** The one instance that is needed. */
    public static final Sin OP = new Sin();

    @Override
    public double at(double x) {
      return StrictMath.sin(x);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMult(x.cos());
    }
  }

  /** {@code y = cos x}. Rule: x̄ = −ȳ ⊙ sin x. */
  public record Cos() implements Pointwise {
    /** The one instance that is needed. */
    public static final Cos OP = new Cos();

    @Override
    public double at(double x) {
      return StrictMath.cos(x);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMult(x.sin()).negative();
    }
  }

  /** {@code y = erf x = (2/√π) ∫₀ˣ e^(−t²) dt}, by Cody 1969. Rule: x̄ = ȳ ⊙ (2/√π) e^(−x²). */
  public record Erf() implements Pointwise {
    /** The one instance that is needed. */
    public static final Erf OP = new Erf();

    @Override
    public double at(double x) {
      return ErrorFunction.erf(x);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      Variable bell = x.clamp(-BEYOND, BEYOND).square().negative().exp();
      return yBar.elementMult(bell).scale(2.0 / Math.sqrt(Math.PI));
    }
  }

  /**
   * {@code y = Φ(x) = ½ erfc(−x/√2)}, the distribution function of the standard normal, accurate in
   * both tails. Rule: x̄ = ȳ ⊙ φ(x), φ(x) = e^(−x²/2)/√(2π).
   */
  public record NormalCdf() implements Pointwise {
    /** The one instance that is needed. */
    public static final NormalCdf OP = new NormalCdf();

    @Override
    public double at(double x) {
      return 0.5 * ErrorFunction.erfc(-x * Math.sqrt(0.5));
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMult(normalDensity(x.clamp(-BEYOND, BEYOND)));
    }
  }

  /**
   * Beyond this, {@code e^(−x²/2)} is 0 in double precision. Rules hold their operand there, so
   * that at infinity no 0·∞ arises, in whatever order.
   */
  static final double BEYOND = 40.0;

  /** {@code φ(x) = e^(−x²/2)/√(2π)} for x that has been held within bounds. */
  static Variable normalDensity(Variable x) {
    return x.square().scale(-0.5).exp().scale(1.0 / Math.sqrt(2.0 * Math.PI));
  }

  /**
   * {@code y = x}, held between two bounds; an infinite bound is none. Rule: x̄ = ȳ where min ≤ x ≤
   * max, so also at the bounds, else 0.
   *
   * @param min the lower bound, or −∞
   * @param max the upper bound, or ∞
   */
  public record Clamp(double min, double max) implements Pointwise {
    /**
     * Checks the values.
     *
     * @param min the lower bound, or −∞
     * @param max the upper bound, or ∞
     */
    public Clamp {
      requireOrdered("clamp", min, max);
    }

    @Override
    public double at(double x) {
      return x < min ? min : x > max ? max : x;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMultOrZero(x.within(min, max, true));
    }
  }

  /**
   * {@code y = 1} where x lies within the bounds, else 0. NaN gives NaN. No gradient passes: the
   * derivative is taken as 0 everywhere.
   *
   * @param min the lower bound, or −∞
   * @param max the upper bound, or ∞
   * @param inclusive whether the bounds themselves lie within
   */
  public record Within(double min, double max, boolean inclusive) implements Pointwise {
    /**
     * Checks the values.
     *
     * @param min the lower bound, or −∞
     * @param max the upper bound, or ∞
     * @param inclusive whether the bounds themselves lie within
     */
    public Within {
      requireOrdered("within", min, max);
    }

    @Override
    public double at(double x) {
      if (Double.isNaN(x)) {
        return x;
      }
      boolean within = inclusive ? min <= x && x <= max : min < x && x < max;
      return within ? 1.0 : 0.0;
    }

    @Override
    public boolean blocks(int input) {
      return true;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.tape().zeros(x.rows(), x.cols());
    }
  }

  static void requireOrdered(String operation, double min, double max) {
    if (!(min <= max)) {
      throw new IllegalArgumentException(
          operation + ": min must not be above max, got " + min + " and " + max + ".");
    }
  }

  /** {@code y = |x|}. Rule: x̄ = ȳ ⊙ sign x; the derivative at the kink 0 is 0. */
  public record Abs() implements Pointwise {
    /** The one instance that is needed. */
    public static final Abs OP = new Abs();

    @Override
    public double at(double x) {
      return Math.abs(x);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMult(x.sign());
    }
  }

  /**
   * {@code y = sign x}: −1, 0 or 1. No gradient passes: the derivative is taken as 0 everywhere.
   */
  public record Sign() implements Pointwise {
    /** The one instance that is needed. */
    public static final Sign OP = new Sign();

    @Override
    public double at(double x) {
      return Math.signum(x);
    }

    @Override
    public boolean blocks(int input) {
      return true;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.tape().zeros(x.rows(), x.cols());
    }
  }

  /**
   * {@code y = 1} where x &gt; 0, else 0 (also at 0). NaN gives NaN. No gradient passes: the
   * derivative is taken as 0 everywhere.
   */
  public record Step() implements Pointwise {
    /** The one instance that is needed. */
    public static final Step OP = new Step();

    private static final long ONE = Double.doubleToRawLongBits(1.0);

    @Override
    public double at(double x) {
      if (Double.isNaN(x)) {
        return x;
      }
      long bits = Double.doubleToRawLongBits(x); // a branch would go either way half of the time
      return Double.longBitsToDouble((~bits & -bits) >> 63 & ONE);
    }

    @Override
    public boolean blocks(int input) {
      return true;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.tape().zeros(x.rows(), x.cols());
    }
  }

  /**
   * {@code y = a} where the mask is not 0, {@code b} where it is. One of the three has the result's
   * shape, the other two may be broadcast to it. Rules: ā = ȳ where the mask is not 0, else 0; b̄
   * the other way round; each summed to its shape; no gradient passes to the mask. What is not
   * chosen does no harm, be it NaN or infinite. A NaN in the mask is not 0.
   */
  public record Where() implements Op.Nary {
    /** The one instance that is needed. */
    public static final Where OP = new Where();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj[] inputs) {
      DMatrixRMaj mask = inputs[0];
      DMatrixRMaj a = inputs[1];
      DMatrixRMaj b = inputs[2];
      DMatrixRMaj y = w.like(Broadcast.full(mask, a, b));
      int across = mask.numCols == y.numCols ? 1 : 0;
      int aAcross = a.numCols == y.numCols ? 1 : 0;
      int bAcross = b.numCols == y.numCols ? 1 : 0;
      int to = 0;
      for (int i = 0; i < y.numRows; i++) {
        int from = mask.numRows == y.numRows ? i * mask.numCols : 0;
        int aFrom = a.numRows == y.numRows ? i * a.numCols : 0;
        int bFrom = b.numRows == y.numRows ? i * b.numCols : 0;
        for (int j = 0; j < y.numCols; j++) {
          y.data[to++] =
              mask.data[from + j * across] != 0.0
                  ? a.data[aFrom + j * aAcross]
                  : b.data[bFrom + j * bAcross];
        }
      }
      return y;
    }

    @Override
    public boolean blocks(int input) {
      return input == 0;
    }

    @Override
    public Variable vjp(int input, Variable[] inputs, Variable y, Variable yBar) {
      Variable mask = inputs[0];
      Variable zero = yBar.tape().zeros(1, 1);
      return switch (input) {
        case 1 -> mask.where(yBar, zero).sumTo(inputs[1]);
        case 2 -> mask.where(zero, yBar).sumTo(inputs[2]);
        default -> yBar.tape().zeros(mask.rows(), mask.cols());
      };
    }
  }
}
