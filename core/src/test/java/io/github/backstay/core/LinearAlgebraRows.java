package io.github.backstay.core;

import static io.github.backstay.core.Formulas.ANY;
import static io.github.backstay.core.Formulas.matrix;
import static io.github.backstay.core.Formulas.product;
import static io.github.backstay.core.Formulas.scalar;
import static io.github.backstay.core.Formulas.sum;
import static io.github.backstay.core.Formulas.transposed;

import io.github.backstay.core.ops.Determinants;
import io.github.backstay.core.ops.LinearAlgebra;
import io.github.backstay.core.ops.Products;
import io.github.backstay.core.ops.Reductions;
import io.github.backstay.core.ops.SingularValues;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.ejml.data.DMatrixRMaj;

/** Rows of the catalogue: linear algebra. The formulas are made of minors and of rotations. */
final class LinearAlgebraRows {

  private LinearAlgebraRows() {}

  private static final String[] SQUARE = {"3x3", "1x1", "2x2", "4x4", "0x0"};
  private static final String[] SYSTEMS = {"3x3,3x2", "3x3,3x1", "1x1,1x2", "4x4,4x1", "2x2,2x0"};

  /** Diagonals of alternating sign outweigh their rows: regular, and some determinants negative. */
  static final OpCase.Draw DOMINANT =
      OpCase.Draw.between(-1.0, 1.0).made(LinearAlgebraRows::dominant);

  static final OpCase.Draw POSITIVE_DEFINITE =
      OpCase.Draw.between(-1.0, 1.0).made(LinearAlgebraRows::positiveDefinite);

  /** Singular values 1, 2, 3 and so on. */
  static final OpCase.Draw DISTINCT =
      OpCase.Draw.awayFromZero(0.1, 1.0).made(LinearAlgebraRows::distinct);

  static final List<OpCase> ROWS =
      List.of(
          OpCase.of("inverse", LinearAlgebra.Inverse.class, x -> x[0].inverse(), x -> inverse(x[0]))
              .on(SQUARE)
              .from(DOMINANT),
          OpCase.of(
                  "solve",
                  LinearAlgebra.Solve.class,
                  x -> x[0].solve(x[1]),
                  x -> product(inverse(x[0]), x[1]))
              .on(SYSTEMS)
              .from(DOMINANT, OpCase.Draw.between(-1.5, 1.5)),
          OpCase.of(
                  "solve for a matrix of one shape",
                  LinearAlgebra.Solve.class,
                  x -> x[0].solve(x[1]),
                  x -> product(inverse(x[0]), x[1]))
              .on("3x3,3x3", "1x1,1x1")
              .from(DOMINANT),
          triangular("solveTriangular lower", Triangle.LOWER),
          triangular("solveTriangular upper", Triangle.UPPER),
          OpCase.of(
                  "cholesky",
                  LinearAlgebra.Cholesky.class,
                  x -> x[0].cholesky(),
                  x -> cholesky(x[0]))
              .on(SQUARE)
              .from(POSITIVE_DEFINITE),
          OpCase.of(
                  "cholesky of the symmetric part",
                  LinearAlgebra.Cholesky.class,
                  x -> x[0].cholesky(),
                  x -> cholesky(matrix(3, 3, (i, j) -> (x[0].get(i, j) + x[0].get(j, i)) / 2.0)))
              .on("3x3")
              .from(
                  OpCase.Draw.between(-1.0, 1.0)
                      .made(x -> matrix(3, 3, (i, j) -> (i == j ? 3.0 : 0.0) + x.get(i, j)))),
          OpCase.of("det", Determinants.Det.class, x -> x[0].det(), x -> scalar(det(x[0])))
              .on(SQUARE)
              .from(DOMINANT),
          OpCase.of(
                  "det of any matrix",
                  Determinants.Det.class,
                  x -> x[0].det(),
                  x -> scalar(det(x[0])))
              .on("4x4", "3x3", "2x2"),
          OpCase.of(
                  "det of a singular matrix",
                  Determinants.Det.class,
                  x -> x[0].det(),
                  x -> scalar(det(x[0])))
              .on("4x4", "3x3", "2x2", "1x1")
              .from(ofSmallerRank(1)),
          OpCase.of(
                  "det of a matrix of rank n - 2",
                  Determinants.Det.class,
                  x -> x[0].det(),
                  x -> scalar(det(x[0])))
              .on("4x4", "3x3", "2x2")
              .from(ofSmallerRank(2)),
          OpCase.of(
                  "cofactor",
                  Determinants.Cofactor.class,
                  x -> x[0].cofactor(),
                  x -> cofactor(x[0]))
              .on(SQUARE)
              .from(DOMINANT),
          OpCase.of(
                  "cofactor of a singular matrix of two rows",
                  Determinants.Cofactor.class,
                  x -> x[0].cofactor(),
                  x -> cofactor(x[0]))
              .on("2x2")
              .from(ofSmallerRank(1)),
          OpCase.of(
                  "detHessian",
                  Determinants.DetHessian.class,
                  x -> x[0].detHessian(x[1]),
                  x -> cofactorSlope(x[0], x[1]))
              .on("3x3,3x3", "4x4,4x4", "2x2,2x2", "1x1,1x1", "0x0,0x0")
              .from(DOMINANT),
          OpCase.of(
                  "logDet",
                  Determinants.LogDet.class,
                  x -> x[0].logDet(),
                  x -> scalar(Math.log(det(x[0]))))
              .on(SQUARE)
              .from(POSITIVE_DEFINITE),
          OpCase.of(
                  "logAbsDet",
                  Determinants.LogDet.class,
                  x -> x[0].logAbsDet(),
                  x -> scalar(Math.log(Math.abs(det(x[0])))))
              .on(SQUARE)
              .from(DOMINANT),
          singular("singularValues", SingularValues.Values.class, Variable::singularValues, 0),
          singular(
              "leftSingularVectors",
              SingularValues.LeftVectors.class,
              Variable::leftSingularVectors,
              1),
          singular(
              "rightSingularVectors",
              SingularValues.RightVectors.class,
              Variable::rightSingularVectors,
              2));

  /** Methods that are made of several ops; {@link CompositionsTest} checks them. */
  static final List<OpCase> COMPOSED =
      List.of(
          OpCase.of(
                  "outer",
                  Products.Mult.class,
                  x -> x[0].outer(x[1]),
                  x ->
                      matrix(
                          x[0].data.length,
                          x[1].data.length,
                          (i, j) -> x[0].data[i] * x[1].data[j]))
              .on("3x1,4x1", "1x3,1x2", "1x3,4x1", "2x2,3x1", "1x1,1x2", "3x1,3x1", "0x1,2x1"),
          OpCase.of(
                  "trace",
                  Reductions.Sum.class,
                  x -> x[0].trace(),
                  x -> scalar(sum(x[0].numRows, i -> x[0].get(i, i))))
              .on(SQUARE),
          OpCase.of(
                  "quadraticForm",
                  Products.Mult.class,
                  x -> x[0].quadraticForm(x[1]),
                  x -> product(transposed(x[0]), product(x[1], x[0])))
              .on("3x1,3x3", "3x2,3x3", "1x1,1x1", "3x3,3x3", "0x2,0x0"),
          OpCase.of(
                  "bilinearForm",
                  Products.Mult.class,
                  x -> x[0].bilinearForm(x[1], x[2]),
                  x -> product(transposed(x[0]), product(x[1], x[2])))
              .on("3x1,3x4,4x1", "3x2,3x4,4x3", "2x2,2x2,2x2", "0x1,0x3,3x1"));

  private static OpCase triangular(String name, Triangle triangle) {
    return OpCase.of(
            name,
            LinearAlgebra.SolveTriangular.class,
            x -> x[0].solveTriangular(x[1], triangle),
            x ->
                product(
                    inverse(
                        matrix(
                            x[0].numRows,
                            x[0].numRows,
                            (i, j) ->
                                (triangle == Triangle.LOWER ? j <= i : j >= i)
                                    ? x[0].get(i, j)
                                    : 0.0)),
                    x[1]))
        .on(SYSTEMS)
        .on("3x3,3x3")
        .from(DOMINANT);
  }

  private static OpCase singular(
      String name, Class<? extends Op> op, Function<Variable, Variable> call, int part) {
    return OpCase.of(name, op, x -> call.apply(x[0]), x -> decomposition(x[0])[part])
        .on(ANY)
        .on("4x3", "3x3", "2x2")
        .from(DISTINCT);
  }

  // ---- kinds of matrices --------------------------------------------------------------------

  /** Square matrices get their diagonal outweighed; right-hand sides stay as they are. */
  private static DMatrixRMaj dominant(DMatrixRMaj x) {
    return matrix(
        x.numRows,
        x.numCols,
        (i, j) ->
            x.numRows == x.numCols && i == j
                ? (i % 2 == 0 ? 1.0 : -1.0) * (1.5 + Math.abs(x.get(i, j)))
                : x.numRows == x.numCols ? x.get(i, j) / x.numRows : x.get(i, j));
  }

  private static DMatrixRMaj positiveDefinite(DMatrixRMaj x) {
    DMatrixRMaj square = product(x, transposed(x));
    return matrix(x.numRows, x.numRows, (i, j) -> (i == j ? 1.0 : 0.0) + square.get(i, j));
  }

  /** The last row becomes a combination of the others, those before it zeros: rank n − missing. */
  private static OpCase.Draw ofSmallerRank(int missing) {
    return OpCase.Draw.between(-1.5, 1.5)
        .made(
            x -> {
              int rank = x.numRows - missing;
              return matrix(
                  x.numRows,
                  x.numCols,
                  (i, j) ->
                      i < rank
                          ? x.get(i, j)
                          : i < x.numRows - 1 ? 0.0 : sum(rank, p -> (p - 0.5) * x.get(p, j)));
            });
  }

  private static DMatrixRMaj distinct(DMatrixRMaj x) {
    DMatrixRMaj[] parts = decomposition(x);
    int k = parts[0].numRows;
    return matrix(
        x.numRows,
        x.numCols,
        (i, j) -> sum(k, p -> parts[1].get(i, p) * (k - p) * parts[2].get(j, p)));
  }

  // ---- formulas -----------------------------------------------------------------------------

  private static DMatrixRMaj without(DMatrixRMaj x, int row, int col) {
    return matrix(
        x.numRows - 1, x.numCols - 1, (i, j) -> x.get(i < row ? i : i + 1, j < col ? j : j + 1));
  }

  /** By Laplace's expansion along the first row. */
  static double det(DMatrixRMaj x) {
    return x.numRows == 0
        ? 1.0
        : sum(x.numRows, j -> (j % 2 == 0 ? 1.0 : -1.0) * x.get(0, j) * det(without(x, 0, j)));
  }

  private static DMatrixRMaj cofactor(DMatrixRMaj x) {
    return matrix(
        x.numRows, x.numRows, (i, j) -> ((i + j) % 2 == 0 ? 1.0 : -1.0) * det(without(x, i, j)));
  }

  /** A determinant is linear in each row: its change is the sum over rows replaced. */
  private static DMatrixRMaj cofactorSlope(DMatrixRMaj x, DMatrixRMaj e) {
    return matrix(
        x.numRows,
        x.numRows,
        (i, j) -> {
          DMatrixRMaj minor = without(x, i, j);
          DMatrixRMaj slope = without(e, i, j);
          return ((i + j) % 2 == 0 ? 1.0 : -1.0)
              * sum(
                  minor.numRows,
                  r ->
                      det(
                          matrix(
                              minor.numRows,
                              minor.numRows,
                              (p, q) -> p == r ? slope.get(p, q) : minor.get(p, q))));
        });
  }

  private static DMatrixRMaj inverse(DMatrixRMaj x) {
    DMatrixRMaj cofactor = cofactor(x);
    double det = det(x);
    return matrix(x.numRows, x.numRows, (i, j) -> cofactor.get(j, i) / det);
  }

  /** Lᵢⱼ is the minor of rows 0 to j−1 and i, columns 0 to j, over the root of two leading ones. */
  private static DMatrixRMaj cholesky(DMatrixRMaj x) {
    return matrix(
        x.numRows,
        x.numRows,
        (i, j) ->
            i < j
                ? 0.0
                : det(matrix(j + 1, j + 1, (p, q) -> x.get(p < j ? p : i, q)))
                    / Math.sqrt(leading(x, j + 1) * leading(x, j)));
  }

  private static double leading(DMatrixRMaj x, int size) {
    return det(matrix(size, size, x::get));
  }

  /**
   * s, U and V by Jacobi's rotations (Hestenes 1958): pairs of columns are turned until they are
   * orthogonal; their lengths are the singular values.
   */
  static DMatrixRMaj[] decomposition(DMatrixRMaj x) {
    if (x.numRows < x.numCols) {
      DMatrixRMaj[] turned = decomposition(transposed(x));
      return positive(turned[0], turned[2], turned[1]);
    }
    int n = x.numCols;
    DMatrixRMaj a = x.copy();
    DMatrixRMaj v = matrix(n, n, (i, j) -> i == j ? 1.0 : 0.0);
    for (int sweep = 0; sweep < 30; sweep++) {
      for (int p = 0; p < n; p++) {
        for (int q = p + 1; q < n; q++) {
          double inner = inner(a, p, q);
          if (inner != 0.0) {
            double angle = 0.5 * Math.atan2(2.0 * inner, inner(a, p, p) - inner(a, q, q));
            rotate(a, p, q, angle);
            rotate(v, p, q, angle);
          }
        }
      }
    }
    Integer[] order = new Integer[n];
    for (int j = 0; j < n; j++) {
      order[j] = j;
    }
    Arrays.sort(order, (p, q) -> Double.compare(inner(a, q, q), inner(a, p, p)));
    DMatrixRMaj s = matrix(n, 1, (i, j) -> Math.sqrt(inner(a, order[i], order[i])));
    return positive(
        s,
        matrix(x.numRows, n, (i, j) -> a.get(i, order[j]) / s.get(j, 0)),
        matrix(n, n, (i, j) -> v.get(i, order[j])));
  }

  /** The largest entry of each left vector is made positive. */
  private static DMatrixRMaj[] positive(DMatrixRMaj s, DMatrixRMaj u, DMatrixRMaj v) {
    double[] sign = new double[s.numRows];
    for (int j = 0; j < sign.length; j++) {
      double most = 0.0;
      for (int i = 0; i < u.numRows; i++) {
        most = Math.abs(u.get(i, j)) > Math.abs(most) ? u.get(i, j) : most;
      }
      sign[j] = Math.signum(most);
    }
    return new DMatrixRMaj[] {
      s,
      matrix(u.numRows, u.numCols, (i, j) -> sign[j] * u.get(i, j)),
      matrix(v.numRows, v.numCols, (i, j) -> sign[j] * v.get(i, j))
    };
  }

  private static double inner(DMatrixRMaj a, int p, int q) {
    return sum(a.numRows, i -> a.get(i, p) * a.get(i, q));
  }

  private static void rotate(DMatrixRMaj a, int p, int q, double angle) {
    for (int i = 0; i < a.numRows; i++) {
      double atP = a.get(i, p);
      double atQ = a.get(i, q);
      a.set(i, p, Math.cos(angle) * atP + Math.sin(angle) * atQ);
      a.set(i, q, Math.cos(angle) * atQ - Math.sin(angle) * atP);
    }
  }
}
