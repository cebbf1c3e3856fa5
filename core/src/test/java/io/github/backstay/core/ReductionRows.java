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

import io.github.backstay.core.ops.Reductions;
import io.github.backstay.core.ops.Softmaxes;
import java.util.List;

/** Rows of the catalogue: reductions and softmaxes. */
final class ReductionRows {

  private ReductionRows() {}

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
}
