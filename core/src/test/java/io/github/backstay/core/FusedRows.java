package io.github.backstay.core;

import static io.github.backstay.core.Formulas.ANY;
import static io.github.backstay.core.Formulas.PAIRS;
import static io.github.backstay.core.Formulas.plainLogSumExp;
import static io.github.backstay.core.Formulas.row;
import static io.github.backstay.core.Formulas.scalar;
import static io.github.backstay.core.Formulas.spread;
import static io.github.backstay.core.Formulas.squaredDistance;
import static io.github.backstay.core.Formulas.sum;

import io.github.backstay.core.ops.Anchoring;
import io.github.backstay.core.ops.Losses;
import java.util.List;

/** Rows of the catalogue: losses and pulls that are one op each. */
final class FusedRows {

  private FusedRows() {}

  static final List<OpCase> ROWS =
      List.of(
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
                  "anchoredRows",
                  Anchoring.AnchoredRows.class,
                  x -> x[0].anchoredRows(spread(x[1].rows(), x[0].rows()), x[1], 0.7),
                  x ->
                      scalar(
                          0.35
                              * sum(
                                  x[1].data.length,
                                  k -> {
                                    int i = k / x[1].numCols;
                                    int row = spread(x[1].numRows, x[0].numRows).get(i);
                                    double d = x[0].get(row, k % x[1].numCols) - x[1].data[k];
                                    return d * d;
                                  })))
              .on("3x4,2x4", "2x3,7x3", "1x1,1x1", "3x2,0x2", "3x0,2x0"),
          OpCase.of(
                  "squaredNorm",
                  Anchoring.SquaredNorm.class,
                  x -> x[0].squaredNorm(0.7),
                  x -> scalar(0.35 * sum(x[0].data.length, i -> x[0].data[i] * x[0].data[i])))
              .on(ANY));
}
