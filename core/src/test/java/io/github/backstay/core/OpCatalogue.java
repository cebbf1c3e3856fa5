package io.github.backstay.core;

import static io.github.backstay.core.OpCase.Draw.awayFromZero;
import static io.github.backstay.core.OpCase.Draw.between;
import static io.github.backstay.core.OpCase.Draw.zeroOrOne;

import io.github.backstay.core.ops.Activations;
import io.github.backstay.core.ops.Anchoring;
import io.github.backstay.core.ops.Arithmetic;
import io.github.backstay.core.ops.Functions;
import io.github.backstay.core.ops.Indexing;
import io.github.backstay.core.ops.Losses;
import io.github.backstay.core.ops.Products;
import io.github.backstay.core.ops.Reductions;
import io.github.backstay.core.ops.Softmaxes;
import io.github.backstay.core.ops.Structure;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.function.UnaryOperator;
import org.ejml.data.DMatrixRMaj;

/**
 * All ops of the library, one statement each: the fluent method, the value by an independent
 * formula, the shapes, and where to draw the operands from. {@link OpContractTest} and {@link
 * CalculusLawsTest} hold every row to the contract of an op; {@link CatalogueCompletenessTest}
 * fails when an op has no row.
 */
final class OpCatalogue {

  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final double NAN = Double.NaN;

  private static final String[] ANY = {"3x4", "1x5", "5x1", "1x1", "0x3", "3x0", "0x0"};
  private static final String[] FULL = {"3x4", "1x5", "5x1", "1x1"};
  private static final String[] PAIRS = {
    "3x4,3x4", "1x5,1x5", "5x1,5x1", "1x1,1x1", "0x3,0x3", "3x0,3x0"
  };
  private static final String[] STRETCHED = {
    "3x4,1x4", "1x4,3x4", "3x4,3x1", "3x1,3x4", "3x4,1x1", "1x1,3x4", "1x5,1x1", "1x1,5x1",
    "0x3,1x3", "1x3,0x3", "3x0,3x1", "1x1,0x3"
  };

  private OpCatalogue() {}

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
              .at(NAN, NAN, NAN),

          // products
          OpCase.of("mult", Products.Mult.class, x -> x[0].mult(x[1]), x -> product(x[0], x[1]))
              .on("3x4,4x5", "3x3,3x3", "1x4,4x3", "3x4,4x1", "1x1,1x1", "5x6,6x9", "3x1,1x4")
              .on("0x4,4x3", "3x0,0x4", "3x4,4x0"),
          OpCase.of(
                  "multTransA",
                  Products.Mult.class,
                  x -> x[0].multTransA(x[1]),
                  x -> product(transposed(x[0]), x[1]))
              .on("4x3,4x5", "3x3,3x3", "4x1,4x3", "4x3,4x1", "1x1,1x1", "6x5,6x9")
              .on("4x0,4x3", "0x3,0x4", "4x3,4x0"),
          OpCase.of(
                  "multTransB",
                  Products.Mult.class,
                  x -> x[0].multTransB(x[1]),
                  x -> product(x[0], transposed(x[1])))
              .on("3x4,5x4", "3x3,3x3", "1x4,3x4", "3x4,1x4", "1x1,1x1", "5x6,9x6")
              .on("0x4,3x4", "3x0,4x0", "3x4,0x4"),
          OpCase.of(
                  "multTransAB",
                  Products.Mult.class,
                  x -> x[0].multTransAB(x[1]),
                  x -> product(transposed(x[0]), transposed(x[1])))
              .on("4x3,5x4", "3x3,3x3", "4x1,3x4", "4x3,1x4", "1x1,1x1", "6x5,9x6")
              .on("4x0,3x4", "0x3,4x0", "4x3,0x4"),
          OpCase.of(
                  "affine",
                  Products.Affine.class,
                  x -> x[0].affine(x[1], x[2]),
                  x ->
                      matrix(
                          x[0].numRows,
                          x[1].numRows,
                          (i, o) ->
                              x[2].get(0, o)
                                  + sum(x[0].numCols, p -> x[0].get(i, p) * x[1].get(o, p))))
              .on("5x3,4x3,1x4", "1x3,4x3,1x4", "5x1,4x1,1x4", "1x1,1x1,1x1", "5x6,9x6,1x9")
              .on("0x3,4x3,1x4", "5x0,4x0,1x4", "5x3,0x3,1x0"),

          // reductions
          OpCase.of(
                  "sum",
                  Reductions.Sum.class,
                  x -> x[0].sum(),
                  x -> overAll(x[0], OpCatalogue::plainSum))
              .on(ANY),
          OpCase.of(
                  "sum rows",
                  Reductions.Sum.class,
                  x -> x[0].sumRows(),
                  x -> overRows(x[0], OpCatalogue::plainSum))
              .on(ANY),
          OpCase.of(
                  "sum cols",
                  Reductions.Sum.class,
                  x -> x[0].sumCols(),
                  x -> overCols(x[0], OpCatalogue::plainSum))
              .on(ANY),
          OpCase.of(
                  "mean",
                  Reductions.Mean.class,
                  x -> x[0].mean(),
                  x -> overAll(x[0], v -> plainSum(v) / v.length))
              .on(ANY),
          OpCase.of(
                  "mean rows",
                  Reductions.Mean.class,
                  x -> x[0].mean(Axis.ROWS),
                  x -> overRows(x[0], v -> plainSum(v) / v.length))
              .on(ANY),
          OpCase.of(
                  "mean cols",
                  Reductions.Mean.class,
                  x -> x[0].mean(Axis.COLS),
                  x -> overCols(x[0], v -> plainSum(v) / v.length))
              .on(ANY),
          OpCase.of(
                  "logSumExp",
                  Reductions.LogSumExp.class,
                  x -> x[0].logSumExp(),
                  x -> overAll(x[0], OpCatalogue::plainLogSumExp))
              .on(ANY),
          OpCase.of(
                  "logSumExp rows",
                  Reductions.LogSumExp.class,
                  x -> x[0].logSumExp(Axis.ROWS),
                  x -> overRows(x[0], OpCatalogue::plainLogSumExp))
              .on(ANY),
          OpCase.of(
                  "logSumExp cols",
                  Reductions.LogSumExp.class,
                  x -> x[0].logSumExp(Axis.COLS),
                  x -> overCols(x[0], OpCatalogue::plainLogSumExp))
              .on(ANY),
          OpCase.of(
                  "softmax all",
                  Softmaxes.Softmax.class,
                  x -> x[0].softmax(Axis.ALL),
                  x -> {
                    double sum = plainSum(exp(x[0].data));
                    return map(x[0], v -> Math.exp(v) / sum);
                  })
              .on(ANY),
          OpCase.of(
                  "softmax rows",
                  Softmaxes.Softmax.class,
                  x -> x[0].softmax(),
                  x ->
                      matrix(
                          x[0].numRows,
                          x[0].numCols,
                          (i, j) -> Math.exp(x[0].get(i, j)) / plainSum(exp(row(x[0], i)))))
              .on(ANY),
          OpCase.of(
                  "softmax cols",
                  Softmaxes.Softmax.class,
                  x -> x[0].softmax(Axis.COLS),
                  x ->
                      matrix(
                          x[0].numRows,
                          x[0].numCols,
                          (i, j) -> Math.exp(x[0].get(i, j)) / plainSum(exp(col(x[0], j)))))
              .on(ANY),
          OpCase.of(
                  "logSoftmax all",
                  Softmaxes.LogSoftmax.class,
                  x -> x[0].logSoftmax(Axis.ALL),
                  x -> {
                    double log = plainLogSumExp(x[0].data);
                    return map(x[0], v -> v - log);
                  })
              .on(ANY),
          OpCase.of(
                  "logSoftmax rows",
                  Softmaxes.LogSoftmax.class,
                  x -> x[0].logSoftmax(),
                  x ->
                      matrix(
                          x[0].numRows,
                          x[0].numCols,
                          (i, j) -> x[0].get(i, j) - plainLogSumExp(row(x[0], i))))
              .on(ANY),
          OpCase.of(
                  "logSoftmax cols",
                  Softmaxes.LogSoftmax.class,
                  x -> x[0].logSoftmax(Axis.COLS),
                  x ->
                      matrix(
                          x[0].numRows,
                          x[0].numCols,
                          (i, j) -> x[0].get(i, j) - plainLogSumExp(col(x[0], j))))
              .on(ANY),

          // losses and pulls
          OpCase.of(
                  "crossEntropy",
                  Losses.CrossEntropy.class,
                  x -> x[0].crossEntropy(spread(x[0].rows(), x[0].cols())),
                  x ->
                      scalar(
                          sum(
                                  x[0].numRows,
                                  i ->
                                      plainLogSumExp(row(x[0], i))
                                          - x[0].get(i, spread(x[0].numRows, x[0].numCols).get(i)))
                              / x[0].numRows))
              .on("3x4", "1x5", "5x1", "1x1", "7x3", "0x3", "0x0"),
          OpCase.of(
                  "meanSquaredError",
                  Losses.MeanSquaredError.class,
                  x -> x[0].meanSquaredError(x[1]),
                  x -> scalar(squaredDistance(x[0], x[1]) / (x[0].numRows * x[0].numCols)))
              .on(PAIRS),
          OpCase.of(
                  "anchoredDistance",
                  Anchoring.AnchoredDistance.class,
                  x -> x[0].anchoredDistance(x[1], 0.7),
                  x -> scalar(0.35 * squaredDistance(x[0], x[1])))
              .on(PAIRS),
          OpCase.of(
                  "squaredNorm",
                  Anchoring.SquaredNorm.class,
                  x -> x[0].squaredNorm(0.7),
                  x -> scalar(0.35 * sum(x[0].data.length, i -> x[0].data[i] * x[0].data[i])))
              .on(ANY),

          // structure
          OpCase.of(
                  "transpose",
                  Structure.Transpose.class,
                  x -> x[0].transpose(),
                  x -> transposed(x[0]))
              .on(ANY),
          OpCase.of(
                  "reshape",
                  Structure.Reshape.class,
                  x -> x[0].reshape(2, x[0].rows() * x[0].cols() / 2),
                  x ->
                      matrix(
                          2,
                          x[0].data.length / 2,
                          (i, j) -> x[0].data[i * (x[0].data.length / 2) + j]))
              .on("3x4", "1x6", "6x1", "0x3"),
          OpCase.of(
                  "broadcastTo",
                  Structure.BroadcastTo.class,
                  x -> x[0].broadcastTo(3, 4),
                  x -> matrix(3, 4, (i, j) -> stretched(x[0], i, j)))
              .on("3x4", "1x4", "3x1", "1x1"),
          OpCase.of(
                  "broadcastTo nothing",
                  Structure.BroadcastTo.class,
                  x -> x[0].broadcastTo(0, 4),
                  x -> new DMatrixRMaj(0, 4))
              .on("0x4", "1x4", "0x1", "1x1"),
          OpCase.of(
                  "sumTo scalar",
                  Structure.SumTo.class,
                  x -> x[0].sumTo(1, 1),
                  x -> scalar(plainSum(x[0].data)))
              .on(ANY),
          OpCase.of(
                  "sumTo column",
                  Structure.SumTo.class,
                  x -> x[0].sumTo(x[0].rows(), 1),
                  x -> overRows(x[0], OpCatalogue::plainSum))
              .on(ANY),
          OpCase.of(
                  "sumTo row",
                  Structure.SumTo.class,
                  x -> x[0].sumTo(1, x[0].cols()),
                  x -> overCols(x[0], OpCatalogue::plainSum))
              .on(ANY),
          OpCase.of("sumTo same", Structure.SumTo.class, x -> x[0].sumTo(3, 4), x -> x[0])
              .on("3x4"),
          OpCase.of("detach", Structure.Detach.class, x -> x[0].detach(), x -> x[0])
              .stopsGradients()
              .on(ANY),
          OpCase.of("asPenalty", Structure.AsPenalty.class, x -> x[0].asPenalty(), x -> x[0])
              .on(ANY),

          // indexing
          OpCase.of(
                  "gatherRows",
                  Indexing.GatherRows.class,
                  x -> x[0].gatherRows(spread(2 * x[0].rows(), x[0].rows())),
                  x ->
                      matrix(
                          2 * x[0].numRows,
                          x[0].numCols,
                          (i, j) -> x[0].get(spread(2 * x[0].numRows, x[0].numRows).get(i), j)))
              .on(ANY),
          OpCase.of(
                  "gatherRows none",
                  Indexing.GatherRows.class,
                  x -> x[0].gatherRows(),
                  x -> new DMatrixRMaj(0, x[0].numCols))
              .on(FULL),
          OpCase.of(
                  "scatterRows",
                  Indexing.ScatterRows.class,
                  x -> x[0].scatterRows(spread(x[0].rows(), 4), 4),
                  x ->
                      matrix(
                          4,
                          x[0].numCols,
                          (h, j) ->
                              sum(
                                  x[0].numRows,
                                  i -> spread(x[0].numRows, 4).get(i) == h ? x[0].get(i, j) : 0)))
              .on("7x3")
              .on(ANY),
          OpCase.of(
                  "pickFromRows",
                  Indexing.PickFromRows.class,
                  x -> x[0].pickFromRows(spread(x[0].rows(), x[0].cols())),
                  x ->
                      matrix(
                          x[0].numRows,
                          1,
                          (i, j) -> x[0].get(i, spread(x[0].numRows, x[0].numCols).get(i))))
              .on("3x4", "1x5", "5x1", "1x1", "0x3", "0x0"),
          OpCase.of(
                  "placeInCols",
                  Indexing.PlaceInCols.class,
                  x -> x[0].placeInCols(spread(x[0].rows(), 3), 3),
                  x ->
                      matrix(
                          x[0].numRows,
                          3,
                          (i, j) -> spread(x[0].numRows, 3).get(i) == j ? x[0].get(i, 0) : 0.0))
              .on("5x1", "1x1", "0x1"),
          OpCase.of(
                  "slice",
                  Indexing.Slice.class,
                  x -> x[0].slice(x[0].rows() / 3, x[0].rows(), x[0].cols() / 2, x[0].cols()),
                  x ->
                      matrix(
                          x[0].numRows - x[0].numRows / 3,
                          x[0].numCols - x[0].numCols / 2,
                          (i, j) -> x[0].get(i + x[0].numRows / 3, j + x[0].numCols / 2)))
              .on(ANY),
          OpCase.of(
                  "slice nothing",
                  Indexing.Slice.class,
                  x -> x[0].slice(1, 1, 0, 2),
                  x -> new DMatrixRMaj(0, 2))
              .on("3x4"),
          OpCase.of(
                  "placeAt",
                  Indexing.PlaceAt.class,
                  x -> x[0].placeAt(1, 2, x[0].rows() + 3, x[0].cols() + 2),
                  x ->
                      matrix(
                          x[0].numRows + 3,
                          x[0].numCols + 2,
                          (i, j) ->
                              i >= 1 && i <= x[0].numRows && j >= 2 ? x[0].get(i - 1, j - 2) : 0.0))
              .on(ANY),
          OpCase.of(
                  "concatRows",
                  Indexing.ConcatRows.class,
                  x -> x[0].concatRows(x[1], x[2]),
                  x ->
                      matrix(
                          x[0].numRows + x[1].numRows + x[2].numRows,
                          x[0].numCols,
                          (i, j) ->
                              i < x[0].numRows
                                  ? x[0].get(i, j)
                                  : i < x[0].numRows + x[1].numRows
                                      ? x[1].get(i - x[0].numRows, j)
                                      : x[2].get(i - x[0].numRows - x[1].numRows, j)))
              .on("2x3,1x3,4x3", "2x3,2x3,2x3", "1x1,1x1,1x1", "2x3,0x3,1x3", "2x0,1x0,1x0"),
          OpCase.of(
                  "concatRows alone", Indexing.ConcatRows.class, x -> x[0].concatRows(), x -> x[0])
              .on(ANY),
          OpCase.of(
                  "concatCols",
                  Indexing.ConcatCols.class,
                  x -> x[0].concatCols(x[1], x[2]),
                  x ->
                      matrix(
                          x[0].numRows,
                          x[0].numCols + x[1].numCols + x[2].numCols,
                          (i, j) ->
                              j < x[0].numCols
                                  ? x[0].get(i, j)
                                  : j < x[0].numCols + x[1].numCols
                                      ? x[1].get(i, j - x[0].numCols)
                                      : x[2].get(i, j - x[0].numCols - x[1].numCols)))
              .on("3x2,3x1,3x4", "2x3,2x3,2x3", "1x1,1x1,1x1", "3x2,3x0,3x1", "0x2,0x1,0x1"),
          OpCase.of(
                  "concatCols alone", Indexing.ConcatCols.class, x -> x[0].concatCols(), x -> x[0])
              .on(ANY),
          OpCase.of(
                  "segmentMean",
                  Indexing.SegmentMean.class,
                  x -> x[0].segmentMean(Indices.of(2, 2, 3, x[0].rows())),
                  x ->
                      matrix(
                          4,
                          x[0].numCols,
                          (b, j) -> {
                            int[] ends = {0, 2, 2, 3, x[0].numRows};
                            int n = ends[b + 1] - ends[b];
                            return n == 0 ? 0.0 : sum(n, i -> x[0].get(ends[b] + i, j)) / n;
                          }))
              .on("6x2", "4x1", "3x3", "5x0"),
          OpCase.of(
                  "segmentMean of nothing",
                  Indexing.SegmentMean.class,
                  x -> x[0].segmentMean(Indices.of()),
                  x -> x[0])
              .on("0x3"),
          OpCase.of(
                  "segmentSpread",
                  Indexing.SegmentSpread.class,
                  x -> x[0].segmentSpread(Indices.of(2, 2, 5)),
                  x ->
                      matrix(
                          5,
                          x[0].numCols,
                          (t, j) -> t < 2 ? x[0].get(0, j) / 2.0 : x[0].get(2, j) / 3.0))
              .on("3x2", "3x1", "3x0"));

  // ---- rows in short ------------------------------------------------------------------------

  private static OpCase entrywise(
      String name,
      Class<? extends Op> op,
      UnaryOperator<Variable> call,
      DoubleUnaryOperator formula) {
    return OpCase.of(name, op, x -> call.apply(x[0]), x -> map(x[0], formula)).on(ANY);
  }

  private interface Call {
    Variable apply(Variable a, Variable b);
  }

  private static OpCase pairwise(
      String name, Class<? extends Op> op, Call call, DoubleBinaryOperator f) {
    return OpCase.of(
            name,
            op,
            x -> call.apply(x[0], x[1]),
            x ->
                matrix(
                    x[0].numRows == 1 ? x[1].numRows : x[0].numRows,
                    x[0].numCols == 1 ? x[1].numCols : x[0].numCols,
                    (i, j) -> f.applyAsDouble(stretched(x[0], i, j), stretched(x[1], i, j))))
        .on(PAIRS)
        .on(STRETCHED);
  }

  // ---- words for formulas -------------------------------------------------------------------

  interface Entry {
    double at(int row, int col);
  }

  static DMatrixRMaj matrix(int rows, int cols, Entry entry) {
    DMatrixRMaj matrix = new DMatrixRMaj(rows, cols);
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        matrix.set(i, j, entry.at(i, j));
      }
    }
    return matrix;
  }

  static DMatrixRMaj scalar(double value) {
    return matrix(1, 1, (i, j) -> value);
  }

  static double sum(int count, IntToDoubleFunction term) {
    double sum = 0.0;
    for (int i = 0; i < count; i++) {
      sum += term.applyAsDouble(i);
    }
    return sum;
  }

  static DMatrixRMaj product(DMatrixRMaj a, DMatrixRMaj b) {
    return matrix(a.numRows, b.numCols, (i, j) -> sum(a.numCols, p -> a.get(i, p) * b.get(p, j)));
  }

  static DMatrixRMaj transposed(DMatrixRMaj a) {
    return matrix(a.numCols, a.numRows, (i, j) -> a.get(j, i));
  }

  static DMatrixRMaj map(DMatrixRMaj a, DoubleUnaryOperator f) {
    return matrix(a.numRows, a.numCols, (i, j) -> f.applyAsDouble(a.get(i, j)));
  }

  /** Indices that jump about, with repeats when there are more of them than places. */
  static Indices spread(int count, int places) {
    int[] indices = new int[count];
    for (int i = 0; i < count; i++) {
      indices[i] = (7 * i + 2) % places;
    }
    return Indices.of(indices);
  }

  private interface Fold {
    double of(double[] values);
  }

  private static DMatrixRMaj overAll(DMatrixRMaj x, Fold fold) {
    return scalar(fold.of(x.data));
  }

  private static DMatrixRMaj overRows(DMatrixRMaj x, Fold fold) {
    return matrix(x.numRows, 1, (i, j) -> fold.of(row(x, i)));
  }

  private static DMatrixRMaj overCols(DMatrixRMaj x, Fold fold) {
    return matrix(1, x.numCols, (i, j) -> fold.of(col(x, j)));
  }

  private static double[] row(DMatrixRMaj x, int i) {
    double[] row = new double[x.numCols];
    for (int j = 0; j < row.length; j++) {
      row[j] = x.get(i, j);
    }
    return row;
  }

  private static double[] col(DMatrixRMaj x, int j) {
    double[] col = new double[x.numRows];
    for (int i = 0; i < col.length; i++) {
      col[i] = x.get(i, j);
    }
    return col;
  }

  private static double[] exp(double[] values) {
    double[] exp = new double[values.length];
    for (int i = 0; i < exp.length; i++) {
      exp[i] = Math.exp(values[i]);
    }
    return exp;
  }

  private static double plainSum(double[] values) {
    return sum(values.length, i -> values[i]);
  }

  private static double plainLogSumExp(double[] values) {
    return Math.log(plainSum(exp(values)));
  }

  private static double stretched(DMatrixRMaj x, int i, int j) {
    return x.get(x.numRows == 1 ? 0 : i, x.numCols == 1 ? 0 : j);
  }

  private static double squaredDistance(DMatrixRMaj a, DMatrixRMaj b) {
    return sum(a.data.length, i -> (a.data[i] - b.data[i]) * (a.data[i] - b.data[i]));
  }
}
