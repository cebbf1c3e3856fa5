package io.github.backstay.core;

import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.function.UnaryOperator;
import org.ejml.data.DMatrixRMaj;

/** Words for the rows of the {@link OpCatalogue}: shapes, rows in short, plain formulas. */
final class Formulas {

  static final double INFINITY = Double.POSITIVE_INFINITY;
  static final double NAN = Double.NaN;

  static final String[] ANY = {"3x4", "1x5", "5x1", "1x1", "0x3", "3x0", "0x0"};
  static final String[] FULL = {"3x4", "1x5", "5x1", "1x1"};
  static final String[] PAIRS = {"3x4,3x4", "1x5,1x5", "5x1,5x1", "1x1,1x1", "0x3,0x3", "3x0,3x0"};
  static final String[] STRETCHED = {
    "3x4,1x4", "1x4,3x4", "3x4,3x1", "3x1,3x4", "3x4,1x1", "1x1,3x4", "1x5,1x1", "1x1,5x1",
    "0x3,1x3", "1x3,0x3", "3x0,3x1", "1x1,0x3"
  };

  private Formulas() {}

  // ---- rows in short ------------------------------------------------------------------------

  static OpCase entrywise(
      String name,
      Class<? extends Op> op,
      UnaryOperator<Variable> call,
      DoubleUnaryOperator formula) {
    return OpCase.of(name, op, x -> call.apply(x[0]), x -> map(x[0], formula)).on(ANY);
  }

  interface Call {
    Variable apply(Variable a, Variable b);
  }

  static OpCase pairwise(String name, Class<? extends Op> op, Call call, DoubleBinaryOperator f) {
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

  interface Fold {
    double of(double[] values);
  }

  static DMatrixRMaj overAll(DMatrixRMaj x, Fold fold) {
    return scalar(fold.of(x.data));
  }

  static DMatrixRMaj overRows(DMatrixRMaj x, Fold fold) {
    return matrix(x.numRows, 1, (i, j) -> fold.of(row(x, i)));
  }

  static DMatrixRMaj overCols(DMatrixRMaj x, Fold fold) {
    return matrix(1, x.numCols, (i, j) -> fold.of(col(x, j)));
  }

  static double[] row(DMatrixRMaj x, int i) {
    double[] row = new double[x.numCols];
    for (int j = 0; j < row.length; j++) {
      row[j] = x.get(i, j);
    }
    return row;
  }

  static double[] col(DMatrixRMaj x, int j) {
    double[] col = new double[x.numRows];
    for (int i = 0; i < col.length; i++) {
      col[i] = x.get(i, j);
    }
    return col;
  }

  static double[] exp(double[] values) {
    double[] exp = new double[values.length];
    for (int i = 0; i < exp.length; i++) {
      exp[i] = Math.exp(values[i]);
    }
    return exp;
  }

  static double plainSum(double[] values) {
    return sum(values.length, i -> values[i]);
  }

  static double plainLogSumExp(double[] values) {
    return Math.log(plainSum(exp(values)));
  }

  static double stretched(DMatrixRMaj x, int i, int j) {
    return x.get(x.numRows == 1 ? 0 : i, x.numCols == 1 ? 0 : j);
  }

  static double squaredDistance(DMatrixRMaj a, DMatrixRMaj b) {
    return sum(a.data.length, i -> (a.data[i] - b.data[i]) * (a.data[i] - b.data[i]));
  }
}
