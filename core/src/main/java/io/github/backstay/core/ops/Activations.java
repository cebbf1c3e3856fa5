package io.github.backstay.core.ops;

import io.github.backstay.core.Accumulator;
import io.github.backstay.core.Op;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import io.github.backstay.core.kernels.Elementary;
import org.ejml.data.DMatrixRMaj;

/** Activation functions, entry by entry. */
public final class Activations {

  private Activations() {}

  /** {@code y = tanh x}. Rule: x̄ = ȳ ⊙ (1 − y²). */
  public record Tanh() implements Op.Unary, Op.InPlace {
    /** The one instance that is needed. */
    public static final Tanh OP = new Tanh();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = w.like(x);
      w.kernels().tanh(x, y);
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMult(y.square().oneMinus());
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator xBar) {
      double[] v = y.data;
      double[] in = yBar.data;
      if (xBar.isEmpty()) {
        double[] out = xBar.overwrite().data;
        for (int i = 0; i < out.length; i++) {
          out[i] = in[i] * (1.0 - v[i] * v[i]);
        }
      } else {
        double[] out = xBar.dense().data;
        for (int i = 0; i < out.length; i++) {
          out[i] += in[i] * (1.0 - v[i] * v[i]);
        }
      }
    }
  }

  /** {@code y = σ(x) = 1/(1 + e⁻ˣ)}, without overflow at either end. Rule: x̄ = ȳ ⊙ y ⊙ (1 − y). */
  public record Sigmoid() implements Op.Unary, Op.InPlace {
    /** The one instance that is needed. */
    public static final Sigmoid OP = new Sigmoid();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = w.like(x);
      w.kernels().sigmoid(x, y);
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMult(y).elementMult(y.oneMinus());
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator xBar) {
      double[] v = y.data;
      double[] in = yBar.data;
      if (xBar.isEmpty()) {
        double[] out = xBar.overwrite().data;
        for (int i = 0; i < out.length; i++) {
          out[i] = in[i] * v[i] * (1.0 - v[i]);
        }
      } else {
        double[] out = xBar.dense().data;
        for (int i = 0; i < out.length; i++) {
          out[i] += in[i] * v[i] * (1.0 - v[i]);
        }
      }
    }
  }

  /**
   * {@code y = max(x, 0)}. Rule: x̄ = ȳ where x &gt; 0, else 0; the derivative at the kink 0 is 0.
   */
  public record Relu() implements Op.Unary, Op.InPlace {
    /** The one instance that is needed. */
    public static final Relu OP = new Relu();

    private static final long INFINITY = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = w.like(x);
      double[] from = x.data;
      double[] to = y.data;
      for (int i = 0; i < to.length; i++) {
        to[i] = Math.max(from[i], 0.0);
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMultOrZero(x.step());
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator xBar) {
      double[] v = y.data;
      double[] in = yBar.data;
      boolean first = xBar.isEmpty();
      double[] out = first ? xBar.overwrite().data : xBar.dense().data;
      long notNumbers = 0;
      for (int i = 0; i < out.length; i++) { // no branches: which way they go is anybody's guess
        long bits = Double.doubleToRawLongBits(v[i]); // 0, above 0, or those of a NaN
        notNumbers |= bits | (INFINITY - bits);
        double passed = Double.longBitsToDouble(Double.doubleToRawLongBits(in[i]) & -bits >> 63);
        out[i] = first ? passed : out[i] + passed;
      }
      if (notNumbers < 0) {
        for (int i = 0; i < out.length; i++) {
          out[i] = Double.isNaN(v[i]) && in[i] != 0.0 ? Double.NaN : out[i];
        }
      }
    }
  }

  /**
   * {@code y = x} where x &gt; 0, else {@code slope·x}. Rule: x̄ = ȳ where x &gt; 0, else slope·ȳ;
   * the derivative at the kink 0 is the slope.
   *
   * @param slope the slope on the negative side
   */
  public record LeakyRelu(double slope) implements Pointwise {
    /**
     * Checks the values.
     *
     * @param slope the slope on the negative side
     */
    public LeakyRelu {
      requireFinite("leakyRelu", "slope", slope);
    }

    @Override
    public double at(double x) {
      return x > 0.0 ? x : slope * x;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMult(x.step().scale(1.0 - slope).plus(slope));
    }
  }

  /**
   * {@code y = x} where x &gt; 0, else {@code α(eˣ − 1)} (Clevert et al. 2016). Rule: x̄ = ȳ where
   * x &gt; 0, else ȳ ⊙ αeˣ; the derivative at 0 is α.
   *
   * @param alpha the factor α
   */
  public record Elu(double alpha) implements Pointwise {
    /**
     * Checks the values.
     *
     * @param alpha the factor α
     */
    public Elu {
      requireFinite("elu", "alpha", alpha);
    }

    @Override
    public double at(double x) {
      return x > 0.0 ? x : alpha * StrictMath.expm1(x);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      Variable below = x.clamp(Double.NEGATIVE_INFINITY, 0.0).exp().scale(alpha);
      return yBar.elementMult(x.step().oneMinus().where(below, yBar.tape().constant(1.0)));
    }
  }

  /**
   * {@code y = ln(1 + e^(βx))/β}, without overflow, and exactly {@code x} where βx is above the
   * threshold. Rule: x̄ = ȳ ⊙ σ(βx), and ȳ where βx is above the threshold.
   *
   * @param beta β, finite and above 0
   * @param threshold from where on y is x; ∞ for nowhere
   */
  public record Softplus(double beta, double threshold) implements Pointwise {
    /** {@code ln(1 + eˣ)}. */
    public static final Softplus OP = new Softplus(1.0, Double.POSITIVE_INFINITY);

    /**
     * Checks the values.
     *
     * @param beta β, finite and above 0
     * @param threshold from where on y is x; ∞ for nowhere
     */
    public Softplus {
      requirePositive("softplus", "beta", beta);
      if (Double.isNaN(threshold)) {
        throw new IllegalArgumentException("softplus: the threshold must be a number, got NaN.");
      }
    }

    @Override
    public double at(double x) {
      double scaled = beta * x;
      return scaled > threshold
          ? x
          : (Math.max(scaled, 0.0) + StrictMath.log1p(Elementary.exp(-Math.abs(scaled)))) / beta;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      Variable scaled = beta == 1.0 ? x : x.scale(beta);
      Variable slope = scaled.sigmoid();
      if (threshold < Double.POSITIVE_INFINITY) {
        Variable smooth = scaled.within(Double.NEGATIVE_INFINITY, threshold, true);
        slope = smooth.where(slope, yBar.tape().constant(1.0));
      }
      return yBar.elementMult(slope);
    }
  }

  /** {@code y = ln σ(x) = −ln(1 + e⁻ˣ)}, without overflow. Rule: x̄ = ȳ ⊙ σ(−x). */
  public record LogSigmoid() implements Pointwise {
    /** The one instance that is needed. */
    public static final LogSigmoid OP = new LogSigmoid();

    @Override
    public double at(double x) {
      return Math.min(x, 0.0) - StrictMath.log1p(Elementary.exp(-Math.abs(x)));
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMult(x.negative().sigmoid());
    }
  }

  /**
   * {@code y = x·σ(x)} (Elfwing et al. 2018; also called swish); 0 at −∞. Rule: x̄ = ȳ ⊙ (σ(x) +
   * x·σ(x)·σ(−x)).
   */
  public record Silu() implements Pointwise {
    /** The one instance that is needed. */
    public static final Silu OP = new Silu();

    /** Beyond this, e⁻ˣ is 0 or infinite in double precision. */
    private static final double BEYOND = 800.0;

    @Override
    public double at(double x) {
      return timesProbability(x, sigmoid(x));
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      Variable z = x.clamp(-BEYOND, BEYOND);
      Variable rest = z.negative().sigmoid().elementMult(z).plus(1.0);
      return yBar.elementMult(z.sigmoid().elementMult(rest));
    }
  }

  /**
   * {@code y = x·Φ(x) = ½x(1 + erf(x/√2))} (Hendrycks and Gimpel 2016); 0 at −∞. Rule: x̄ = ȳ ⊙
   * (Φ(x) + x·φ(x)), with the distribution function Φ and the density φ of the standard normal.
   */
  public record Gelu() implements Pointwise {
    /** The one instance that is needed. */
    public static final Gelu OP = new Gelu();

    @Override
    public double at(double x) {
      return timesProbability(x, Functions.NormalCdf.OP.at(x));
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      Variable z = x.clamp(-Functions.BEYOND, Functions.BEYOND);
      Variable slope = z.normalCdf().plus(Functions.normalDensity(z).elementMult(z));
      return yBar.elementMult(slope);
    }
  }

  /**
   * {@code y = x·σ(2u) = ½x(1 + tanh u)}, {@code u = √(2/π)·(x + 0.044715x³)}: Gelu approximated
   * (Hendrycks and Gimpel 2016, §2); 0 at −∞. Rule: x̄ = ȳ ⊙ (σ(2u) + x·σ(2u)·σ(−2u)·2u′).
   */
  public record GeluTanh() implements Pointwise {
    /** The one instance that is needed. */
    public static final GeluTanh OP = new GeluTanh();

    private static final double LINEAR = 2.0 * Math.sqrt(2.0 / Math.PI);
    private static final double CUBIC = 0.044715 * LINEAR;

    @Override
    public double at(double x) {
      return timesProbability(x, sigmoid(x * (LINEAR + CUBIC * x * x)));
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      Variable z = x.clamp(-Functions.BEYOND, Functions.BEYOND);
      Variable square = z.square();
      Variable v = z.elementMult(square.scale(CUBIC).plus(LINEAR));
      Variable vSlope = square.scale(3.0 * CUBIC).plus(LINEAR);
      Variable rest = v.negative().sigmoid().elementMult(vSlope).elementMult(z).plus(1.0);
      return yBar.elementMult(v.sigmoid().elementMult(rest));
    }
  }

  /**
   * {@code y = x/(1 + |x|)}; ±1 at ±∞. Rule: x̄ = ȳ ⊘ (1 + |x|)². The second derivative is taken as
   * 0 at 0, where it jumps.
   */
  public record Softsign() implements Pointwise {
    /** The one instance that is needed. */
    public static final Softsign OP = new Softsign();

    @Override
    public double at(double x) {
      return Double.isInfinite(x) ? Math.signum(x) : x / (1.0 + Math.abs(x));
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMult(x.abs().plus(1.0).reciprocal().square());
    }
  }

  /**
   * {@code y = x}, held between two bounds. Rule: x̄ = ȳ where min &lt; x &lt; max, else 0, so also
   * at the bounds; {@link Functions.Clamp} differs there.
   *
   * @param min the lower bound
   * @param max the upper bound
   */
  public record HardTanh(double min, double max) implements Pointwise {
    /**
     * Checks the values.
     *
     * @param min the lower bound
     * @param max the upper bound
     */
    public HardTanh {
      Functions.requireOrdered("hardTanh", min, max);
    }

    @Override
    public double at(double x) {
      return x < min ? min : x > max ? max : x;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMultOrZero(x.within(min, max, false));
    }
  }

  private static double sigmoid(double x) {
    double e = Elementary.exp(-Math.abs(x));
    return (x < 0.0 ? e : 1.0) / (1.0 + e);
  }

  /** {@code x·p}, and 0 where p is 0, so also at −∞. */
  private static double timesProbability(double x, double p) {
    return p == 0.0 ? 0.0 : x * p;
  }

  private static void requireFinite(String operation, String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          operation + ": " + name + " must be finite, got " + value + ".");
    }
  }

  private static void requirePositive(String operation, String name, double value) {
    if (!(value > 0.0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          operation + ": " + name + " must be finite and above 0, got " + value + ".");
    }
  }
}
