package io.github.backstay.core;

import static io.github.backstay.core.Formulas.ANY;
import static io.github.backstay.core.Formulas.col;
import static io.github.backstay.core.Formulas.map;
import static io.github.backstay.core.Formulas.matrix;
import static io.github.backstay.core.Formulas.overAll;
import static io.github.backstay.core.Formulas.overCols;
import static io.github.backstay.core.Formulas.overRows;
import static io.github.backstay.core.Formulas.plainSum;
import static io.github.backstay.core.Formulas.row;
import static io.github.backstay.core.Formulas.sum;

import io.github.backstay.core.ops.Normalizations;
import java.util.List;

/** Rows of the catalogue: entries measured by mean and deviation. */
final class NormalizationRows {

  private NormalizationRows() {}

  static final List<OpCase> ROWS =
      List.of(
          OpCase.of(
                  "standardize all",
                  Normalizations.Standardize.class,
                  x -> x[0].standardize(Axis.ALL, 0.1),
                  x -> map(x[0], v -> standardized(v, x[0].data, 0.1)))
              .on(ANY),
          OpCase.of(
                  "standardize rows",
                  Normalizations.Standardize.class,
                  x -> x[0].standardize(Axis.ROWS, 0.01),
                  x ->
                      matrix(
                          x[0].numRows,
                          x[0].numCols,
                          (i, j) -> standardized(x[0].get(i, j), row(x[0], i), 0.01)))
              .on(ANY),
          OpCase.of(
                  "standardize cols",
                  Normalizations.Standardize.class,
                  x -> x[0].standardize(Axis.COLS, 0.5),
                  x ->
                      matrix(
                          x[0].numRows,
                          x[0].numCols,
                          (i, j) -> standardized(x[0].get(i, j), col(x[0], j), 0.5)))
              .on(ANY),
          OpCase.of(
                  "inverseDeviation all",
                  Normalizations.InverseDeviation.class,
                  x -> x[0].inverseDeviation(Axis.ALL, 0.1),
                  x -> overAll(x[0], v -> inverse(v, 0.1)))
              .on(ANY),
          OpCase.of(
                  "inverseDeviation rows",
                  Normalizations.InverseDeviation.class,
                  x -> x[0].inverseDeviation(Axis.ROWS, 0.3),
                  x -> overRows(x[0], v -> inverse(v, 0.3)))
              .on(ANY),
          OpCase.of(
                  "inverseDeviation cols",
                  Normalizations.InverseDeviation.class,
                  x -> x[0].inverseDeviation(Axis.COLS, 0.5),
                  x -> overCols(x[0], v -> inverse(v, 0.5)))
              .on(ANY));

  private static double standardized(double x, double[] group, double epsilon) {
    return (x - plainSum(group) / group.length) * inverse(group, epsilon);
  }

  /** By the mean of the squares less the square of the mean. */
  private static double inverse(double[] group, double epsilon) {
    double mean = plainSum(group) / group.length;
    double squares = sum(group.length, i -> group[i] * group[i]) / group.length;
    return StrictMath.pow(squares - mean * mean + epsilon, -0.5);
  }
}
