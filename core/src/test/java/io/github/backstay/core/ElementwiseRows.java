package io.github.backstay.core;

import static io.github.backstay.core.Formulas.INFINITY;
import static io.github.backstay.core.Formulas.NAN;
import static io.github.backstay.core.Formulas.entrywise;
import static io.github.backstay.core.Formulas.matrix;
import static io.github.backstay.core.Formulas.pairwise;
import static io.github.backstay.core.Formulas.stretched;
import static io.github.backstay.core.OpCase.Draw.awayFromZero;
import static io.github.backstay.core.OpCase.Draw.between;
import static io.github.backstay.core.OpCase.Draw.zeroOrOne;

import io.github.backstay.core.ops.Activations;
import io.github.backstay.core.ops.Arithmetic;
import io.github.backstay.core.ops.Functions;
import io.github.backstay.core.ops.Pairs;
import java.util.List;

/** Rows of the catalogue: arithmetic, functions and activations, entry by entry. */
final class ElementwiseRows {

  private ElementwiseRows() {}

  static final List<OpCase> ROWS =
      List.of(
          // arithmetic
          pairwise("plus", Arithmetic.Plus.class, Variable::plus, (a, b) -> a + b),
          pairwise("minus", Arithmetic.Minus.class, Variable::minus, (a, b) -> a - b),
          pairwise(
              "elementMult", Arithmetic.ElementMult.class, Variable::elementMult, (a, b) -> a * b),
          pairwise("elementDiv", Arithmetic.ElementDiv.class, Variable::elementDiv, (a, b) -> a / b)
              .from(between(-1.5, 1.5), awayFromZero(0.5, 1.5)),
          pairwise(
                  "elementMultOrZero",
                  Arithmetic.ElementMultOrZero.class,
                  Variable::elementMultOrZero,
                  (a, b) -> a / (1.0 / b))
              .from(awayFromZero(0.2, 1.5)),
          entrywise("scale", Arithmetic.Scale.class, x -> x.scale(-2.5), x -> -2.5 * x)
              .at(INFINITY, -INFINITY, -2.5)
              .at(NAN, NAN, -2.5),
          entrywise("negative", Arithmetic.Scale.class, Variable::negative, x -> 0.0 - x),
          entrywise("divide", Arithmetic.Divide.class, x -> x.divide(3.0), x -> x / 3.0),
          entrywise("plus number", Arithmetic.Shift.class, x -> x.plus(1.25), x -> x + 1.25)
              .at(INFINITY, INFINITY, 1.0),
          entrywise("minus number", Arithmetic.Shift.class, x -> x.minus(1.25), x -> x - 1.25),
          entrywise("oneMinus", Arithmetic.OneMinus.class, Variable::oneMinus, x -> 1.0 - x),
          entrywise("square", Arithmetic.Square.class, Variable::square, x -> x * x)
              .at(0.0, 0.0, 0.0)
              .at(-INFINITY, INFINITY, -INFINITY)
              .at(NAN, NAN, NAN),

          // functions
          entrywise("exp", Functions.Exp.class, Variable::exp, StrictMath::exp)
              .at(-INFINITY, 0.0, 0.0)
              .at(INFINITY, INFINITY, INFINITY)
              .at(NAN, NAN, NAN),
          entrywise("expm1", Functions.Expm1.class, Variable::expm1, x -> StrictMath.exp(x) - 1.0)
              .at(0.0, 0.0, 1.0)
              .at(-INFINITY, -1.0, 0.0)
              .at(NAN, NAN, NAN),
          entrywise("log", Functions.Log.class, Variable::log, StrictMath::log)
              .from(between(0.5, 3.0))
              .at(0.0, -INFINITY, INFINITY)
              .at(-2.0, NAN, -0.5)
              .at(INFINITY, INFINITY, 0.0)
              .at(NAN, NAN, NAN),
          entrywise("log1p", Functions.Log1p.class, Variable::log1p, x -> StrictMath.log(1.0 + x))
              .from(between(-0.5, 2.0))
              .at(-1.0, -INFINITY, INFINITY)
              .at(-3.0, NAN, -0.5)
              .at(NAN, NAN, NAN),
          entrywise("sqrt", Functions.Sqrt.class, Variable::sqrt, x -> StrictMath.pow(x, 0.5))
              .from(between(0.5, 3.0))
              .at(0.0, 0.0, INFINITY)
              .at(-1.0, NAN, NAN)
              .at(INFINITY, INFINITY, 0.0)
              .at(NAN, NAN, NAN),
          entrywise("power 3", Functions.Power.class, x -> x.power(3.0), x -> x * x * x)
              .at(0.0, 0.0, 0.0)
              .at(NAN, NAN, NAN),
          entrywise("power 2", Functions.Power.class, x -> x.power(2.0), x -> x * x)
              .at(0.0, 0.0, 0.0),
          entrywise("power 1", Functions.Power.class, x -> x.power(1.0), x -> x).at(0.0, 0.0, 1.0),
          entrywise("power 0", Functions.Power.class, x -> x.power(0.0), x -> 1.0)
              .at(0.0, 1.0, 0.0)
              .at(NAN, 1.0, 0.0)
              .at(INFINITY, 1.0, 0.0),
          entrywise("power 1.5", Functions.Power.class, x -> x.power(1.5), x -> x * Math.sqrt(x))
              .from(between(0.5, 3.0))
              .at(0.0, 0.0, 0.0)
              .at(-1.0, NAN, NAN),
          entrywise("power -2", Functions.Power.class, x -> x.power(-2.0), x -> 1.0 / x / x)
              .from(awayFromZero(0.6, 2.0)),
          entrywise("reciprocal", Functions.Reciprocal.class, Variable::reciprocal, x -> 1.0 / x)
              .from(awayFromZero(0.6, 2.0))
              .at(0.0, INFINITY, -INFINITY)
              .at(INFINITY, 0.0, 0.0)
              .at(NAN, NAN, NAN),
          entrywise("sin", Functions.Sin.class, Variable::sin, StrictMath::sin)
              .at(INFINITY, NAN, NAN)
              .at(NAN, NAN, NAN),
          entrywise("cos", Functions.Cos.class, Variable::cos, StrictMath::cos)
              .at(INFINITY, NAN, NAN)
              .at(NAN, NAN, NAN),
          entrywise("abs", Functions.Abs.class, Variable::abs, x -> x < 0.0 ? -x : x)
              .from(awayFromZero(0.2, 1.5))
              .at(0.0, 0.0, 0.0)
              .at(-INFINITY, INFINITY, -1.0)
              .at(NAN, NAN, NAN),
          entrywise("sign", Functions.Sign.class, Variable::sign, x -> x < 0.0 ? -1.0 : 1.0)
              .from(awayFromZero(0.2, 1.5))
              .stopsGradients()
              .at(0.0, 0.0, 0.0)
              .at(-INFINITY, -1.0, 0.0)
              .at(NAN, NAN, 0.0),
          entrywise("step", Functions.Step.class, Variable::step, x -> x < 0.0 ? 0.0 : 1.0)
              .from(awayFromZero(0.2, 1.5))
              .stopsGradients()
              .at(0.0, 0.0, 0.0)
              .at(INFINITY, 1.0, 0.0)
              .at(NAN, NAN, 0.0),
          entrywise("erf", Functions.Erf.class, Variable::erf, ElementwiseRows::erfBySeries)
              .at(0.0, 0.0, 2.0 / Math.sqrt(Math.PI))
              .at(0.5, 0.5204998778130465, 0.8787825789354449)
              .at(3.0, 0.9999779095030014, 1.3925305194674786e-4)
              .at(INFINITY, 1.0, 0.0)
              .at(-INFINITY, -1.0, 0.0)
              .at(1e200, 1.0, 0.0)
              .at(NAN, NAN, NAN),
          entrywise(
                  "normalCdf",
                  Functions.NormalCdf.class,
                  Variable::normalCdf,
                  x -> 0.5 + 0.5 * erfBySeries(x / Math.sqrt(2.0)))
              .at(INFINITY, 1.0, 0.0)
              .at(-INFINITY, 0.0, 0.0)
              .at(NAN, NAN, NAN),
          entrywise(
                  "clamp",
                  Functions.Clamp.class,
                  x -> x.clamp(-0.7, 0.9),
                  x -> 0.1 + 0.5 * (Math.abs(x + 0.7) - Math.abs(x - 0.9)))
              .from(awayFrom(-0.7, 0.9))
              .at(-0.7, -0.7, 1.0)
              .at(0.9, 0.9, 1.0)
              .at(1.9, 0.9, 0.0)
              .at(-INFINITY, -0.7, 0.0)
              .at(INFINITY, 0.9, 0.0)
              .at(NAN, NAN, NAN),
          entrywise(
                  "clamp from below",
                  Functions.Clamp.class,
                  x -> x.clamp(-0.7, INFINITY),
                  x -> 0.5 * (x - 0.7 + Math.abs(x + 0.7)))
              .from(awayFrom(-0.7, 0.9))
              .at(-0.7, -0.7, 1.0)
              .at(INFINITY, INFINITY, 1.0),
          entrywise(
                  "within",
                  Functions.Within.class,
                  x -> x.within(-0.7, 0.9, true),
                  x -> Math.abs(x - 0.1) < 0.8 ? 1.0 : 0.0)
              .from(awayFrom(-0.7, 0.9))
              .stopsGradients()
              .at(-0.7, 1.0, 0.0)
              .at(0.9, 1.0, 0.0)
              .at(INFINITY, 0.0, 0.0)
              .at(NAN, NAN, 0.0),
          entrywise(
                  "within, bounds excluded",
                  Functions.Within.class,
                  x -> x.within(-0.7, 0.9, false),
                  x -> Math.abs(x - 0.1) < 0.8 ? 1.0 : 0.0)
              .from(awayFrom(-0.7, 0.9))
              .stopsGradients()
              .at(-0.7, 0.0, 0.0)
              .at(0.9, 0.0, 0.0),
          OpCase.of(
                  "where",
                  Functions.Where.class,
                  x -> x[0].where(x[1], x[2]),
                  x ->
                      matrix(
                          x[0].numRows,
                          x[0].numCols,
                          (i, j) ->
                              x[0].get(i, j) * x[1].get(i, j)
                                  + (1.0 - x[0].get(i, j)) * x[2].get(i, j)))
              .mask(0)
              .from(zeroOrOne(), between(-1.5, 1.5))
              .on("3x4,3x4,3x4", "1x5,1x5,1x5", "5x1,5x1,5x1", "1x1,1x1,1x1", "0x3,0x3,0x3"),
          OpCase.of(
                  "where, broadcast",
                  Functions.Where.class,
                  x -> x[0].where(x[1], x[2]),
                  x -> {
                    int m = Math.max(x[0].numRows, Math.max(x[1].numRows, x[2].numRows));
                    int n = Math.max(x[0].numCols, Math.max(x[1].numCols, x[2].numCols));
                    return matrix(
                        m,
                        n,
                        (i, j) -> {
                          double mask = stretched(x[0], i, j);
                          return mask * stretched(x[1], i, j)
                              + (1.0 - mask) * stretched(x[2], i, j);
                        });
                  })
              .mask(0)
              .from(zeroOrOne(), between(-1.5, 1.5))
              .on("3x4,1x4,3x1", "3x4,1x1,3x4", "3x1,3x4,1x4", "1x4,3x1,3x4", "1x1,3x4,1x1")
              .on("3x4,1x1,1x1", "5x1,1x1,5x1", "1x1,1x5,1x5"),

          // functions of two numbers
          pairwise(
                  "power of variables",
                  Pairs.Power.class,
                  Variable::power,
                  (a, b) -> StrictMath.exp(b * StrictMath.log(a)))
              .from(between(0.5, 2.0)),
          pairwise(
                  "maximum",
                  Pairs.Maximum.class,
                  Variable::maximum,
                  (a, b) -> 0.5 * (a + b + Math.abs(a - b)))
              .from(between(-1.5, -0.1), awayFromZero(1.6, 2.5)),
          pairwise(
                  "minimum",
                  Pairs.Minimum.class,
                  Variable::minimum,
                  (a, b) -> 0.5 * (a + b - Math.abs(a - b)))
              .from(between(-1.5, -0.1), awayFromZero(1.6, 2.5)),
          pairwise("compare", Pairs.Compare.class, Variable::compare, (a, b) -> a < b ? -1.0 : 1.0)
              .from(between(-1.5, -0.1), awayFromZero(1.6, 2.5))
              .stopsGradients(),
          pairwise("hypot", Pairs.Hypot.class, Variable::hypot, (a, b) -> Math.sqrt(a * a + b * b))
              .from(awayFromZero(0.5, 1.5)),
          pairwise(
                  "atan2",
                  Pairs.Atan2.class,
                  Variable::atan2,
                  (a, b) ->
                      b > 0.0
                          ? Math.atan(a / b)
                          : Math.signum(a) * (Math.PI - Math.atan(-Math.abs(a) / b)))
              .from(awayFromZero(0.5, 1.5)),

          // activations
          entrywise(
                  "tanh",
                  Activations.Tanh.class,
                  Variable::tanh,
                  x -> (Math.exp(x) - Math.exp(-x)) / (Math.exp(x) + Math.exp(-x)))
              .at(INFINITY, 1.0, 0.0)
              .at(-INFINITY, -1.0, 0.0)
              .at(NAN, NAN, NAN),
          entrywise(
                  "sigmoid",
                  Activations.Sigmoid.class,
                  Variable::sigmoid,
                  x -> 0.5 + 0.5 * Math.tanh(x / 2.0))
              .at(800.0, 1.0, 0.0)
              .at(-800.0, 0.0, 0.0)
              .at(INFINITY, 1.0, 0.0)
              .at(-INFINITY, 0.0, 0.0)
              .at(NAN, NAN, NAN),
          entrywise("relu", Activations.Relu.class, Variable::relu, x -> x < 0.0 ? 0.0 : x)
              .from(awayFromZero(0.2, 1.5))
              .at(0.0, 0.0, 0.0)
              .at(-0.0, 0.0, 0.0)
              .at(INFINITY, INFINITY, 1.0)
              .at(-INFINITY, 0.0, 0.0)
              .at(NAN, NAN, NAN),
          entrywise(
                  "leakyRelu",
                  Activations.LeakyRelu.class,
                  x -> x.leakyRelu(0.1),
                  x -> 0.55 * x + 0.45 * Math.abs(x))
              .from(awayFromZero(0.2, 1.5))
              .at(0.0, 0.0, 0.1)
              .at(INFINITY, INFINITY, 1.0)
              .at(-INFINITY, -INFINITY, 0.1)
              .at(NAN, NAN, NAN),
          entrywise(
                  "elu",
                  Activations.Elu.class,
                  x -> x.elu(1.5),
                  x -> Math.max(x, 0.0) + Math.min(1.5 * (Math.exp(x) - 1.0), 0.0))
              .from(awayFromZero(0.2, 1.5))
              .at(0.0, 0.0, 1.5)
              .at(INFINITY, INFINITY, 1.0)
              .at(-INFINITY, -1.5, 0.0),
          entrywise(
                  "softplus",
                  Activations.Softplus.class,
                  Variable::softplus,
                  x -> Math.log(1.0 + Math.exp(x)))
              .at(800.0, 800.0, 1.0)
              .at(-800.0, 0.0, 0.0)
              .at(INFINITY, INFINITY, 1.0)
              .at(-INFINITY, 0.0, 0.0)
              .at(NAN, NAN, NAN),
          entrywise(
                  "softplus, steep, from a threshold on linear",
                  Activations.Softplus.class,
                  x -> x.softplus(2.5, 2.0),
                  x -> x > 0.8 ? x : Math.log(1.0 + Math.exp(2.5 * x)) / 2.5)
              .from(awayFrom(-0.7, 0.8))
              .at(0.81, 0.81, 1.0)
              .at(0.0, Math.log(2.0) / 2.5, 0.5)
              .at(1e308, 1e308, 1.0)
              .at(INFINITY, INFINITY, 1.0)
              .at(-INFINITY, 0.0, 0.0)
              .at(NAN, NAN, NAN),
          entrywise(
                  "silu",
                  Activations.Silu.class,
                  Variable::silu,
                  x -> 0.5 * x * (1.0 + Math.tanh(x / 2.0)))
              .at(0.0, 0.0, 0.5)
              .at(1e300, 1e300, 1.0)
              .at(-1e300, 0.0, 0.0)
              .at(INFINITY, INFINITY, 1.0)
              .at(-INFINITY, 0.0, 0.0)
              .at(NAN, NAN, NAN),
          entrywise(
                  "gelu",
                  Activations.Gelu.class,
                  Variable::gelu,
                  x -> 0.5 * x * (1.0 + erfBySeries(x / Math.sqrt(2.0))))
              .at(0.0, 0.0, 0.5)
              .at(1e300, 1e300, 1.0)
              .at(-1e300, 0.0, 0.0)
              .at(INFINITY, INFINITY, 1.0)
              .at(-INFINITY, 0.0, 0.0)
              .at(NAN, NAN, NAN),
          entrywise(
                  "geluTanh",
                  Activations.GeluTanh.class,
                  Variable::geluTanh,
                  x ->
                      0.5
                          * x
                          * (1.0
                              + Math.tanh(Math.sqrt(2.0 / Math.PI) * (x + 0.044715 * x * x * x))))
              .at(0.0, 0.0, 0.5)
              .at(1e300, 1e300, 1.0)
              .at(-1e300, 0.0, 0.0)
              .at(INFINITY, INFINITY, 1.0)
              .at(-INFINITY, 0.0, 0.0)
              .at(NAN, NAN, NAN),
          entrywise(
                  "softsign",
                  Activations.Softsign.class,
                  Variable::softsign,
                  x -> x < 0.0 ? 1.0 / (1.0 - x) - 1.0 : 1.0 - 1.0 / (1.0 + x))
              .from(awayFromZero(0.2, 1.5))
              .at(0.0, 0.0, 1.0)
              .at(INFINITY, 1.0, 0.0)
              .at(-INFINITY, -1.0, 0.0)
              .at(1e200, 1.0, 0.0)
              .at(NAN, NAN, NAN),
          entrywise(
                  "hardTanh",
                  Activations.HardTanh.class,
                  x -> x.hardTanh(-0.7, 0.9),
                  x -> 0.1 + 0.5 * (Math.abs(x + 0.7) - Math.abs(x - 0.9)))
              .from(awayFrom(-0.7, 0.9))
              .at(-0.7, -0.7, 0.0)
              .at(0.9, 0.9, 0.0)
              .at(0.0, 0.0, 1.0)
              .at(-INFINITY, -0.7, 0.0)
              .at(NAN, NAN, NAN),
          entrywise(
                  "logSigmoid",
                  Activations.LogSigmoid.class,
                  Variable::logSigmoid,
                  x -> Math.log(1.0 / (1.0 + Math.exp(-x))))
              .at(800.0, 0.0, 0.0)
              .at(-800.0, -800.0, 1.0)
              .at(-INFINITY, -INFINITY, 1.0)
              .at(INFINITY, 0.0, 0.0)
              .at(NAN, NAN, NAN));

  /** By the series of Kummer, whose terms are all of one sign (Abramowitz and Stegun, 7.1.6). */
  private static double erfBySeries(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; n < 100; n++) {
      term *= 2.0 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2.0 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }

  /** From −1.5 to 1.5, and never closer than 0.1 to either kink. */
  private static OpCase.Draw awayFrom(double kink, double other) {
    return random -> {
      double x = between(-1.5, 1.5).next(random);
      double middle = 0.5 * (kink + other);
      return Math.abs(x - kink) < 0.1 || Math.abs(x - other) < 0.1 ? middle + 0.2 * x : x;
    };
  }
}
