package io.github.backstay.core.ops;

import io.github.backstay.core.Accumulator;
import io.github.backstay.core.Op;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
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
      return yBar.elementMult(x.step());
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator xBar) {
      double[] x = inputs[0].data;
      double[] in = yBar.data;
      double[] out = xBar.dense().data;
      for (int i = 0; i < out.length; i++) {
        out[i] += in[i] * (x[i] > 0.0 ? 1.0 : x[i] <= 0.0 ? 0.0 : Double.NaN);
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
   * x &gt; 0, else ȳ ⊙ (y + α); the derivative at 0 is α.
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
      return x > 0.0 ? x : alpha * Math.expm1(x);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return x.step().where(yBar, yBar.elementMult(y.plus(alpha)));
    }
  }

  /** {@code y = ln(1 + eˣ)}, without overflow. Rule: x̄ = ȳ ⊙ σ(x). */
  public record Softplus() implements Pointwise {
    /** The one instance that is needed. */
    public static final Softplus OP = new Softplus();

    @Override
    public double at(double x) {
      return Math.max(x, 0.0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMult(x.sigmoid());
    }
  }

  /** {@code y = ln σ(x) = −ln(1 + e⁻ˣ)}, without overflow. Rule: x̄ = ȳ ⊙ σ(−x). */
  public record LogSigmoid() implements Pointwise {
    /** The one instance that is needed. */
    public static final LogSigmoid OP = new LogSigmoid();

    @Override
    public double at(double x) {
      return Math.min(x, 0.0) - Math.log1p(Math.exp(-Math.abs(x)));
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMult(x.negative().sigmoid());
    }
  }

  private static void requireFinite(String operation, String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          operation + ": " + name + " must be finite, got " + value + ".");
    }
  }
}
