package io.github.backstay.core;

import static io.github.backstay.core.Formulas.INFINITY;
import static io.github.backstay.core.Formulas.NAN;
import static io.github.backstay.core.Formulas.entrywise;
import static io.github.backstay.core.Formulas.matrix;
import static io.github.backstay.core.Formulas.pairwise;
import static io.github.backstay.core.OpCase.Draw.awayFromZero;
import static io.github.backstay.core.OpCase.Draw.between;
import static io.github.backstay.core.OpCase.Draw.zeroOrOne;

import io.github.backstay.core.ops.Activations;
import io.github.backstay.core.ops.Arithmetic;
import io.github.backstay.core.ops.Functions;
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
                  "logSigmoid",
                  Activations.LogSigmoid.class,
                  Variable::logSigmoid,
                  x -> Math.log(1.0 / (1.0 + Math.exp(-x))))
              .at(800.0, 0.0, 0.0)
              .at(-800.0, -800.0, 1.0)
              .at(-INFINITY, -INFINITY, 1.0)
              .at(INFINITY, 0.0, 0.0)
              .at(NAN, NAN, NAN));
}
