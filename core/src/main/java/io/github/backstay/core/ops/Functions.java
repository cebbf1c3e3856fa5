package io.github.backstay.core.ops;

import io.github.backstay.core.Op;
import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import org.ejml.data.DMatrixRMaj;

/** Elementary functions, entry by entry. NaN in gives NaN out, unless said otherwise. */
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
      return yBar.elementMult(y);
    }
  }

  /** {@code y = eˣ − 1}, accurate near 0. Rule: x̄ = ȳ ⊙ (y + 1). */
  public record Expm1() implements Pointwise {
    /** The one instance that is needed. */
    public static final Expm1 OP = new Expm1();

    @Override
    public double at(double x) {
      return Math.expm1(x);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMult(y.plus(1.0));
    }
  }

  /** {@code y = ln x}; −∞ at 0, NaN below. Rule: x̄ = ȳ ⊘ x. */
  public record Log() implements Pointwise {
    /** The one instance that is needed. */
    public static final Log OP = new Log();

    @Override
    public double at(double x) {
      return Math.log(x);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementDiv(x);
    }
  }

  /** {@code y = ln(1 + x)}, accurate near 0; −∞ at −1, NaN below. Rule: x̄ = ȳ ⊘ (1 + x). */
  public record Log1p() implements Pointwise {
    /** The one instance that is needed. */
    public static final Log1p OP = new Log1p();

    @Override
    public double at(double x) {
      return Math.log1p(x);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementDiv(x.plus(1.0));
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
      return yBar.elementDiv(y.scale(2.0));
    }
  }

  /**
   * {@code y = xᵖ} for a fixed exponent p, as {@link Math#pow}. Rule: x̄ = ȳ ⊙ p·xᵖ⁻¹; for p = 0
   * the value is 1 and the derivative 0 everywhere; at base 0 the derivative is 0 for p &gt; 1.
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
      return Math.pow(x, exponent);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return exponent == 0.0
          ? yBar.tape().zeros(x.rows(), x.cols())
          : yBar.elementMult(x.power(exponent - 1.0)).scale(exponent);
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
      return yBar.elementMult(y.square()).negative();
    }
  }

  /** {@code y = sin x}. Rule: x̄ = ȳ ⊙ cos x. */
  public record Sin() implements Pointwise {
    /** The one instance that is needed. */
    public static final Sin OP = new Sin();

    @Override
    public double at(double x) {
      return Math.sin(x);
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
      return Math.cos(x);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMult(x.sin()).negative();
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

    @Override
    public double at(double x) {
      return x > 0.0 ? 1.0 : x <= 0.0 ? 0.0 : Double.NaN;
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
   * {@code y = a} where the mask is not 0, {@code b} where it is; all three of one shape. Rules: ā
   * = ȳ where the mask is not 0, else 0; b̄ the other way round; no gradient passes to the mask.
   * What is not chosen does no harm, be it NaN or infinite.
   */
  public record Where() implements Op.Nary {
    /** The one instance that is needed. */
    public static final Where OP = new Where();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj[] inputs) {
      DMatrixRMaj mask = inputs[0];
      DMatrixRMaj a = inputs[1];
      DMatrixRMaj b = inputs[2];
      if (!Broadcast.same(mask, a) || !Broadcast.same(mask, b)) {
        throw new ShapeException(
            "where: shapes differ: the mask is "
                + Shape.of(mask)
                + ", the choices are "
                + Shape.of(a)
                + " and "
                + Shape.of(b)
                + " (all three must have one shape). Use broadcastTo(rows, cols).");
      }
      DMatrixRMaj y = w.like(mask);
      for (int i = 0; i < y.data.length; i++) {
        y.data[i] = mask.data[i] != 0.0 ? a.data[i] : b.data[i];
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
      Variable zeros = yBar.tape().zeros(y.rows(), y.cols());
      return switch (input) {
        case 1 -> mask.where(yBar, zeros);
        case 2 -> mask.where(zeros, yBar);
        default -> zeros;
      };
    }
  }
}
