package io.github.backstay.core.ops;

import io.github.backstay.core.Accumulator;
import io.github.backstay.core.Op;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import org.ejml.data.DMatrixRMaj;

/**
 * The four operations of arithmetic, entry by entry. Where one operand was broadcast, its cotangent
 * is summed back to its own shape ({@link Structure.SumTo}), because broadcasting and that sum are
 * adjoint.
 */
public final class Arithmetic {

  private Arithmetic() {}

  /** {@code c = a + b}. Rules: ā = c̄, b̄ = c̄, each summed to its shape. */
  public record Plus() implements Op.Binary {
    /** The one instance that is needed. */
    public static final Plus OP = new Plus();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj a, DMatrixRMaj b) {
      DMatrixRMaj c = Broadcast.result(this, w, a, b);
      if (Broadcast.same(a, b)) {
        double[] x = a.data;
        double[] y = b.data;
        double[] z = c.data;
        for (int i = 0; i < z.length; i++) {
          z[i] = x[i] + y[i];
        }
      } else {
        Broadcast.apply(a, b, c, Double::sum);
      }
      return c;
    }

    @Override
    public Variable vjpLeft(Variable a, Variable b, Variable c, Variable cBar) {
      return cBar.sumTo(a);
    }

    @Override
    public Variable vjpRight(Variable a, Variable b, Variable c, Variable cBar) {
      return cBar.sumTo(b);
    }
  }

  /** {@code c = a − b}. Rules: ā = c̄, b̄ = −c̄, each summed to its shape. */
  public record Minus() implements Op.Binary, Op.InPlace {
    /** The one instance that is needed. */
    public static final Minus OP = new Minus();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj a, DMatrixRMaj b) {
      DMatrixRMaj c = Broadcast.result(this, w, a, b);
      if (Broadcast.same(a, b)) {
        double[] x = a.data;
        double[] y = b.data;
        double[] z = c.data;
        for (int i = 0; i < z.length; i++) {
          z[i] = x[i] - y[i];
        }
      } else {
        Broadcast.apply(a, b, c, (x, y) -> x - y);
      }
      return c;
    }

    @Override
    public Variable vjpLeft(Variable a, Variable b, Variable c, Variable cBar) {
      return cBar.sumTo(a);
    }

    @Override
    public Variable vjpRight(Variable a, Variable b, Variable c, Variable cBar) {
      return cBar.sumTo(b).negative();
    }

    @Override
    public boolean covers(DMatrixRMaj[] inputs) {
      return Broadcast.same(inputs[0], inputs[1]);
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj c,
        DMatrixRMaj cBar,
        Accumulator bar) {
      bar.addScaled(input == 0 ? 1.0 : -1.0, cBar);
    }
  }

  /** {@code c = a ⊙ b}. Rules: ā = c̄ ⊙ b, b̄ = c̄ ⊙ a, each summed to its shape. */
  public record ElementMult() implements Op.Binary, Op.InPlace {
    /** The one instance that is needed. */
    public static final ElementMult OP = new ElementMult();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj a, DMatrixRMaj b) {
      DMatrixRMaj c = Broadcast.result(this, w, a, b);
      if (Broadcast.same(a, b)) {
        double[] x = a.data;
        double[] y = b.data;
        double[] z = c.data;
        for (int i = 0; i < z.length; i++) {
          z[i] = x[i] * y[i];
        }
      } else if (Broadcast.isScalar(a)) {
        multiply(a.data[0], b.data, c.data);
      } else if (Broadcast.isScalar(b)) {
        multiply(b.data[0], a.data, c.data);
      } else {
        Broadcast.apply(a, b, c, (x, y) -> x * y);
      }
      return c;
    }

    @Override
    public Variable vjpLeft(Variable a, Variable b, Variable c, Variable cBar) {
      return cBar.elementMult(b).sumTo(a);
    }

    @Override
    public Variable vjpRight(Variable a, Variable b, Variable c, Variable cBar) {
      return cBar.elementMult(a).sumTo(b);
    }

    @Override
    public boolean covers(DMatrixRMaj[] inputs) {
      return Broadcast.same(inputs[0], inputs[1]);
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj c,
        DMatrixRMaj cBar,
        Accumulator bar) {
      double[] other = inputs[1 - input].data;
      double[] in = cBar.data;
      if (bar.isEmpty()) {
        double[] out = bar.overwrite().data;
        for (int i = 0; i < out.length; i++) {
          out[i] = in[i] * other[i];
        }
      } else {
        double[] out = bar.dense().data;
        for (int i = 0; i < out.length; i++) {
          out[i] += in[i] * other[i];
        }
      }
    }
  }

  /**
   * {@code c = a ⊙ b}, and 0 where either factor is 0, whatever the other one, be it infinite or
   * NaN. Rules: the same product of c̄ with the other operand, summed to the shape.
   *
   * <p>A rule whose derivative may be infinite or NaN multiplies the cotangent so: an entry on
   * which nothing depends (cotangent 0) then has gradient 0 and not 0·∞ = NaN. It also gives x·ln x
   * its value 0 at 0.
   */
  public record ElementMultOrZero() implements Op.Binary {
    /** The one instance that is needed. */
    public static final ElementMultOrZero OP = new ElementMultOrZero();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj a, DMatrixRMaj b) {
      DMatrixRMaj c = Broadcast.result(this, w, a, b);
      if (Broadcast.same(a, b)) {
        double[] x = a.data;
        double[] y = b.data;
        double[] z = c.data;
        for (int i = 0; i < z.length; i++) {
          double product = x[i] * y[i] + 0.0; // of zeros it is 0, or NaN, which is rare
          z[i] = Double.isNaN(product) && (x[i] == 0.0 || y[i] == 0.0) ? 0.0 : product;
        }
      } else {
        Broadcast.apply(a, b, c, (x, y) -> x == 0.0 || y == 0.0 ? 0.0 : x * y);
      }
      return c;
    }

    @Override
    public Variable vjpLeft(Variable a, Variable b, Variable c, Variable cBar) {
      return cBar.elementMultOrZero(b).sumTo(a);
    }

    @Override
    public Variable vjpRight(Variable a, Variable b, Variable c, Variable cBar) {
      return cBar.elementMultOrZero(a).sumTo(b);
    }
  }

  /**
   * {@code c = a ⊘ b}. Rules: ā = c̄ ⊘ b, b̄ = −(c̄ ⊙ c) ⊘ b, each summed to its shape, and 0 where
   * c̄ is 0.
   */
  public record ElementDiv() implements Op.Binary {
    /** The one instance that is needed. */
    public static final ElementDiv OP = new ElementDiv();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj a, DMatrixRMaj b) {
      DMatrixRMaj c = Broadcast.result(this, w, a, b);
      Broadcast.apply(a, b, c, (x, y) -> x / y);
      return c;
    }

    @Override
    public Variable vjpLeft(Variable a, Variable b, Variable c, Variable cBar) {
      return cBar.elementMultOrZero(b.reciprocal()).sumTo(a);
    }

    @Override
    public Variable vjpRight(Variable a, Variable b, Variable c, Variable cBar) {
      return cBar.elementMultOrZero(c).elementMultOrZero(b.reciprocal()).negative().sumTo(b);
    }
  }

  /**
   * {@code y = f·x} for a fixed number f. Rule: x̄ = f·ȳ.
   *
   * @param factor the number f, not NaN
   */
  public record Scale(double factor) implements Op.Unary {
    /**
     * Checks the value.
     *
     * @param factor the number f, not NaN
     */
    public Scale {
      requireNumber("scale", "factor", factor);
    }

    /** {@code y = −x}. */
    public static final Scale NEGATIVE = new Scale(-1.0);

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = w.like(x);
      double f = factor;
      double[] from = x.data;
      double[] to = y.data;
      for (int i = 0; i < to.length; i++) {
        to[i] = f * from[i];
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.apply(this);
    }
  }

  /**
   * {@code y = x / d} for a fixed number d, rounded once. Rule: x̄ = ȳ / d.
   *
   * @param divisor the number d, not NaN
   */
  public record Divide(double divisor) implements Op.Unary {
    /**
     * Checks the value.
     *
     * @param divisor the number d, not NaN
     */
    public Divide {
      requireNumber("divide", "divisor", divisor);
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = w.like(x);
      for (int i = 0; i < y.data.length; i++) {
        y.data[i] = x.data[i] / divisor;
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.apply(this);
    }
  }

  /**
   * {@code y = x + s} for a fixed number s. Rule: x̄ = ȳ.
   *
   * @param summand the number s, not NaN
   */
  public record Shift(double summand) implements Op.Unary {
    /**
     * Checks the value.
     *
     * @param summand the number s, not NaN
     */
    public Shift {
      requireNumber("plus", "summand", summand);
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = w.like(x);
      for (int i = 0; i < y.data.length; i++) {
        y.data[i] = x.data[i] + summand;
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar;
    }
  }

  /** {@code y = 1 − x}. Rule: x̄ = −ȳ. */
  public record OneMinus() implements Op.Unary {
    /** The one instance that is needed. */
    public static final OneMinus OP = new OneMinus();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = w.like(x);
      for (int i = 0; i < y.data.length; i++) {
        y.data[i] = 1.0 - x.data[i];
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.negative();
    }
  }

  /** {@code y = x²}, entry by entry. Rule: x̄ = 2·ȳ ⊙ x. */
  public record Square() implements Op.Unary, Op.InPlace {
    /** The one instance that is needed. */
    public static final Square OP = new Square();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      DMatrixRMaj y = w.like(x);
      double[] from = x.data;
      double[] to = y.data;
      for (int i = 0; i < to.length; i++) {
        to[i] = from[i] * from[i];
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMult(x).scale(2.0);
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
      if (xBar.isEmpty()) {
        double[] out = xBar.overwrite().data;
        for (int i = 0; i < out.length; i++) {
          out[i] = in[i] * x[i] * 2.0;
        }
      } else {
        double[] out = xBar.dense().data;
        for (int i = 0; i < out.length; i++) {
          out[i] += in[i] * x[i] * 2.0;
        }
      }
    }
  }

  private static void multiply(double factor, double[] x, double[] y) {
    for (int i = 0; i < y.length; i++) {
      y[i] = factor * x[i];
    }
  }

  private static void requireNumber(String operation, String name, double value) {
    if (Double.isNaN(value)) {
      throw new IllegalArgumentException(operation + ": the " + name + " is NaN. Pass a number.");
    }
  }
}
