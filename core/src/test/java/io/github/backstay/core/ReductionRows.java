package io.github.backstay.core;

import static io.github.backstay.core.Formulas.ANY;
import static io.github.backstay.core.Formulas.col;
import static io.github.backstay.core.Formulas.exp;
import static io.github.backstay.core.Formulas.map;
import static io.github.backstay.core.Formulas.matrix;
import static io.github.backstay.core.Formulas.overAll;
import static io.github.backstay.core.Formulas.overCols;
import static io.github.backstay.core.Formulas.overRows;
import static io.github.backstay.core.Formulas.plainLogSumExp;
import static io.github.backstay.core.Formulas.plainSum;
import static io.github.backstay.core.Formulas.row;
import static io.github.backstay.core.Formulas.sum;
import static io.github.backstay.core.Formulas.transposed;
import static io.github.backstay.core.OpCase.Draw.awayFromZero;
import static io.github.backstay.core.OpCase.Draw.zeroOrOne;

import io.github.backstay.core.ops.Extrema;
import io.github.backstay.core.ops.Moments;
import io.github.backstay.core.ops.Reductions;
import io.github.backstay.core.ops.Softmaxes;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/** Rows of the catalogue: reductions and softmaxes. */
final class ReductionRows {

  private ReductionRows() {}

  private static final Formulas.Fold PRODUCT =
      values -> Arrays.stream(values).reduce(1.0, (a, b) -> a * b);

  private static final Formulas.Fold MAX =
      values -> Arrays.stream(values).max().orElse(Double.NEGATIVE_INFINITY);

  private static final Formulas.Fold MIN =
      values -> Arrays.stream(values).min().orElse(Double.POSITIVE_INFINITY);

  /** By the mean of the squares, and not in two passes. */
  private static final Formulas.Fold VARIANCE =
      v -> sum(v.length, i -> v[i] * v[i]) / v.length - Math.pow(plainSum(v) / v.length, 2.0);

  static final List<OpCase> ROWS =
      List.of(
          // reductions
          OpCase.of(
                  "sum",
                  Reductions.Sum.class,
                  x -> x[0].sum(),
                  x -> overAll(x[0], Formulas::plainSum))
              .on(ANY),
          OpCase.of(
                  "sum rows",
                  Reductions.Sum.class,
                  x -> x[0].sumRows(),
                  x -> overRows(x[0], Formulas::plainSum))
              .on(ANY),
          OpCase.of(
                  "sum cols",
                  Reductions.Sum.class,
                  x -> x[0].sumCols(),
                  x -> overCols(x[0], Formulas::plainSum))
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
                  x -> overAll(x[0], Formulas::plainLogSumExp))
              .on(ANY),
          OpCase.of(
                  "logSumExp rows",
                  Reductions.LogSumExp.class,
                  x -> x[0].logSumExp(Axis.ROWS),
                  x -> overRows(x[0], Formulas::plainLogSumExp))
              .on(ANY),
          OpCase.of(
                  "logSumExp cols",
                  Reductions.LogSumExp.class,
                  x -> x[0].logSumExp(Axis.COLS),
                  x -> overCols(x[0], Formulas::plainLogSumExp))
              .on(ANY),
          OpCase.of("prod", Reductions.Product.class, x -> x[0].prod(), x -> overAll(x[0], PRODUCT))
              .on(ANY),
          OpCase.of(
                  "prod rows",
                  Reductions.Product.class,
                  x -> x[0].prod(Axis.ROWS),
                  x -> overRows(x[0], PRODUCT))
              .on(ANY)
              .on("2x3", "1x2"),
          OpCase.of(
                  "prod cols",
                  Reductions.Product.class,
                  x -> x[0].prod(Axis.COLS),
                  x -> overCols(x[0], PRODUCT))
              .on(ANY),
          OpCase.of(
                  "prod of zeros",
                  Reductions.Product.class,
                  x -> x[0].prod(Axis.ROWS),
                  x -> overRows(x[0], PRODUCT))
              .from(zeroOrOne())
              .on("7x3", "7x2", "3x5"),
          OpCase.of(
                  "cumulativeSum rows",
                  Reductions.CumulativeSum.class,
                  x -> x[0].cumulativeSum(Axis.ROWS),
                  x -> transposed(runningSum(transposed(x[0]))))
              .on(ANY),
          OpCase.of(
                  "cumulativeSum cols",
                  Reductions.CumulativeSum.class,
                  x -> x[0].cumulativeSum(Axis.COLS),
                  x -> runningSum(x[0]))
              .on(ANY),
          OpCase.of(
                  "cumulativeSum all",
                  Reductions.CumulativeSum.class,
                  x -> x[0].cumulativeSum(Axis.ALL),
                  x -> {
                    DMatrixRMaj column = x[0].copy();
                    column.reshape(column.data.length, 1);
                    DMatrixRMaj sums = runningSum(column);
                    sums.reshape(x[0].numRows, x[0].numCols);
                    return sums;
                  })
              .on(ANY),

          // extrema
          OpCase.of("max", Extrema.Max.class, x -> x[0].max(), x -> overAll(x[0], MAX)).on(ANY),
          OpCase.of(
                  "max rows", Extrema.Max.class, x -> x[0].max(Axis.ROWS), x -> overRows(x[0], MAX))
              .on(ANY),
          OpCase.of(
                  "max cols", Extrema.Max.class, x -> x[0].max(Axis.COLS), x -> overCols(x[0], MAX))
              .on(ANY),
          OpCase.of("min", Extrema.Min.class, x -> x[0].min(), x -> overAll(x[0], MIN)).on(ANY),
          OpCase.of(
                  "min rows", Extrema.Min.class, x -> x[0].min(Axis.ROWS), x -> overRows(x[0], MIN))
              .on(ANY),
          OpCase.of(
                  "min cols", Extrema.Min.class, x -> x[0].min(Axis.COLS), x -> overCols(x[0], MIN))
              .on(ANY),
          OpCase.of(
                  "sharesOf",
                  Extrema.SharesOf.class,
                  x -> x[0].sharesOf(x[0].max(Axis.ROWS), Axis.ROWS, Ties.SHARED),
                  x ->
                      matrix(
                          x[0].numRows,
                          x[0].numCols,
                          (i, j) -> x[0].get(i, j) == MAX.of(row(x[0], i)) ? 1.0 : 0.0))
              .stopsGradients()
              .on(ANY),

          // moments and norms
          OpCase.of(
                  "centered rows",
                  Moments.Centered.class,
                  x -> x[0].centered(Axis.ROWS),
                  x ->
                      matrix(
                          x[0].numRows,
                          x[0].numCols,
                          (i, j) -> x[0].get(i, j) - plainSum(row(x[0], i)) / x[0].numCols))
              .on(ANY),
          OpCase.of(
                  "centered cols",
                  Moments.Centered.class,
                  x -> x[0].centered(Axis.COLS),
                  x ->
                      matrix(
                          x[0].numRows,
                          x[0].numCols,
                          (i, j) -> x[0].get(i, j) - plainSum(col(x[0], j)) / x[0].numRows))
              .on(ANY),
          OpCase.of(
                  "centered all",
                  Moments.Centered.class,
                  x -> x[0].centered(Axis.ALL),
                  x -> map(x[0], v -> v - plainSum(x[0].data) / x[0].data.length))
              .on(ANY),
          OpCase.of("var", Moments.Variance.class, x -> x[0].var(0), x -> overAll(x[0], VARIANCE))
              .on("3x4", "1x5", "5x1", "1x1", "0x3"),
          OpCase.of(
                  "var rows",
                  Moments.Variance.class,
                  x -> x[0].var(Axis.ROWS, 1),
                  x -> overRows(x[0], v -> VARIANCE.of(v) * v.length / (v.length - 1)))
              .on("3x4", "1x5", "3x2", "0x3"),
          OpCase.of(
                  "var cols",
                  Moments.Variance.class,
                  x -> x[0].var(Axis.COLS, 0),
                  x -> overCols(x[0], VARIANCE))
              .on("3x4", "5x1", "2x3", "1x3", "3x0"),
          OpCase.of(
                  "std",
                  Moments.StandardDeviation.class,
                  x -> x[0].std(0),
                  x -> overAll(x[0], v -> Math.sqrt(VARIANCE.of(v))))
              .on("3x4", "1x5", "5x1", "0x3"),
          OpCase.of(
                  "std rows",
                  Moments.StandardDeviation.class,
                  x -> x[0].std(Axis.ROWS, 0),
                  x -> overRows(x[0], v -> Math.sqrt(VARIANCE.of(v))))
              .on("3x4", "1x5", "0x3"),
          OpCase.of(
                  "std cols",
                  Moments.StandardDeviation.class,
                  x -> x[0].std(Axis.COLS, 1),
                  x -> overCols(x[0], v -> Math.sqrt(VARIANCE.of(v) * v.length / (v.length - 1.0))))
              .on("3x4", "5x1", "3x0"),
          OpCase.of(
                  "norm",
                  Moments.Norm.class,
                  x -> x[0].norm(),
                  x -> overAll(x[0], v -> powerMean(v, 2.0)))
              .from(awayFromZero(0.3, 1.5))
              .on(ANY),
          OpCase.of(
                  "norm 2 rows",
                  Moments.Norm.class,
                  x -> x[0].norm(Axis.ROWS, 2.0),
                  x -> overRows(x[0], v -> powerMean(v, 2.0)))
              .from(awayFromZero(0.3, 1.5))
              .on(ANY),
          OpCase.of(
                  "norm 1 cols",
                  Moments.Norm.class,
                  x -> x[0].norm(Axis.COLS, 1.0),
                  x -> overCols(x[0], v -> powerMean(v, 1.0)))
              .from(awayFromZero(0.3, 1.5))
              .on(ANY),
          OpCase.of(
                  "norm 3 cols",
                  Moments.Norm.class,
                  x -> x[0].norm(Axis.COLS, 3.0),
                  x -> overCols(x[0], v -> powerMean(v, 3.0)))
              .from(awayFromZero(0.3, 1.5))
              .on(ANY),
          OpCase.of(
                  "norm 0.5 all",
                  Moments.Norm.class,
                  x -> x[0].norm(0.5),
                  x -> overAll(x[0], v -> powerMean(v, 0.5)))
              .from(awayFromZero(0.3, 1.5))
              .on(ANY),
          OpCase.of(
                  "norm infinity rows",
                  Moments.Norm.class,
                  x -> x[0].norm(Axis.ROWS, Double.POSITIVE_INFINITY),
                  x -> overRows(x[0], v -> Math.max(0.0, Math.max(MAX.of(v), -MIN.of(v)))))
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
              .on(ANY));

  private static double powerMean(double[] v, double p) {
    return Math.pow(sum(v.length, i -> Math.pow(Math.abs(v[i]), p)), 1.0 / p);
  }

  /** Down each column. */
  private static DMatrixRMaj runningSum(DMatrixRMaj x) {
    return matrix(x.numRows, x.numCols, (i, j) -> sum(i + 1, k -> x.get(k, j)));
  }
}
