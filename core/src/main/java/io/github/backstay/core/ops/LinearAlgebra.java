package io.github.backstay.core.ops;

import io.github.backstay.core.Op;
import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Triangle;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.chol.CholeskyDecompositionInner_DDRM;
import org.ejml.dense.row.decomposition.lu.LUDecompositionAlt_DDRM;
import org.ejml.dense.row.linsol.lu.LinearSolverLu_DDRM;

/**
 * Inverses, linear systems and the Cholesky factor, by EJML's decompositions (LU with row
 * exchanges). A matrix without a result is refused with an {@link ArithmeticException}; nearly
 * singular ones are not refused, their results are as inaccurate as their condition. NaN in a
 * matrix that is factored gives NaN everywhere.
 */
public final class LinearAlgebra {

  private LinearAlgebra() {}

  static boolean hasNaN(DMatrixRMaj x) {
    for (int i = 0; i < x.getNumElements(); i++) {
      if (Double.isNaN(x.data[i])) {
        return true;
      }
    }
    return false;
  }

  static DMatrixRMaj filled(DMatrixRMaj y, double value) {
    Arrays.fill(y.data, value);
    return y;
  }

  /** The LU factors of a square matrix that has entries. */
  static LUDecompositionAlt_DDRM factors(DMatrixRMaj x) {
    LUDecompositionAlt_DDRM factors = new LUDecompositionAlt_DDRM();
    factors.decompose(x); // they exist for every matrix
    return factors;
  }

  /** A solver that holds the LU factors of a regular matrix. */
  private static LinearSolverLu_DDRM solver(String operation, DMatrixRMaj a) {
    LUDecompositionAlt_DDRM factors = new LUDecompositionAlt_DDRM();
    LinearSolverLu_DDRM solver = new LinearSolverLu_DDRM(factors);
    solver.setA(a); // every matrix has LU factors
    DMatrixRMaj lu = factors.getLU();
    for (int i = 0; i < a.numRows; i++) {
      if (lu.data[i * a.numCols + i] == 0.0) {
        throw new ArithmeticException(
            operation
                + ": the "
                + Shape.of(a)
                + " matrix is singular: pivot "
                + i
                + " is 0 (counted from 0).");
      }
    }
    return solver;
  }

  /**
   * {@code Y = X⁻¹}, by LU factors with row exchanges; [n×n] → [n×n]. Rule: X̄ = −YᵀȲYᵀ (Giles
   * 2008). Throws {@link ArithmeticException} if a pivot is 0.
   */
  public record Inverse() implements Op.Unary {
    /** The one instance that is needed. */
    public static final Inverse OP = new Inverse();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      Shape.requireSquare("inverse", x);
      DMatrixRMaj y = w.like(x);
      if (hasNaN(x)) {
        return filled(y, Double.NaN);
      }
      if (x.numRows > 0) {
        solver("inverse", x).invert(y);
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return y.multTransA(yBar).multTransB(y).negative();
    }
  }

  /**
   * {@code X = A⁻¹B}, the solution of AX = B, by LU factors with row exchanges; [n×n], [n×k] →
   * [n×k]. Rules: B̄ = A⁻ᵀX̄, Ā = −B̄Xᵀ (Giles 2008). Throws {@link ArithmeticException} if a pivot
   * is 0.
   */
  public record Solve() implements Op.Binary {
    /** The one instance that is needed. */
    public static final Solve OP = new Solve();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj a, DMatrixRMaj b) {
      requireSystem("solve", a, b);
      DMatrixRMaj x = w.like(b);
      if (hasNaN(a)) {
        return filled(x, Double.NaN);
      }
      if (a.numRows > 0) {
        solver("solve", a).solve(b, x);
      }
      return x;
    }

    @Override
    public Variable vjpLeft(Variable a, Variable b, Variable x, Variable xBar) {
      return a.transpose().solve(xBar).multTransB(x).negative();
    }

    @Override
    public Variable vjpRight(Variable a, Variable b, Variable x, Variable xBar) {
      return a.transpose().solve(xBar);
    }
  }

  /**
   * {@code X = T⁻¹B}, where T is one triangle of A with its diagonal; the other triangle is not
   * read and gets no gradient; [n×n], [n×k] → [n×k]. Rules: B̄ = T⁻ᵀX̄, Ā = that triangle of −B̄Xᵀ.
   * Throws {@link ArithmeticException} if an entry of the diagonal is 0.
   *
   * @param triangle which triangle is read
   */
  public record SolveTriangular(Triangle triangle) implements Op.Binary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj a, DMatrixRMaj b) {
      requireSystem("solveTriangular", a, b);
      int n = a.numRows;
      for (int i = 0; i < n; i++) {
        if (a.data[i * n + i] == 0.0) {
          throw new ArithmeticException(
              "solveTriangular: the "
                  + (triangle == Triangle.LOWER ? "lower" : "upper")
                  + " triangle of the "
                  + Shape.of(a)
                  + " matrix is singular: entry "
                  + i
                  + " of its diagonal is 0 (counted from 0).");
        }
      }
      DMatrixRMaj x = w.copy(b);
      int width = b.numCols;
      for (int step = 0; step < n; step++) {
        boolean lower = triangle == Triangle.LOWER;
        int i = lower ? step : n - 1 - step;
        int row = i * width;
        int until = lower ? i : n;
        for (int k = lower ? 0 : i + 1; k < until; k++) {
          double factor = a.data[i * n + k];
          for (int j = 0; j < width; j++) {
            x.data[row + j] -= factor * x.data[k * width + j];
          }
        }
        double pivot = a.data[i * n + i];
        for (int j = 0; j < width; j++) {
          x.data[row + j] /= pivot;
        }
      }
      return x;
    }

    @Override
    public Variable vjpLeft(Variable a, Variable b, Variable x, Variable xBar) {
      Variable full = vjpRight(a, b, x, xBar).multTransB(x).negative();
      return triangle == Triangle.LOWER ? full.tril(0) : full.triu(0);
    }

    @Override
    public Variable vjpRight(Variable a, Variable b, Variable x, Variable xBar) {
      Triangle other = triangle == Triangle.LOWER ? Triangle.UPPER : Triangle.LOWER;
      return a.transpose().solveTriangular(xBar, other);
    }
  }

  private static void requireSystem(String operation, DMatrixRMaj a, DMatrixRMaj b) {
    Shape.requireSquare(operation, a);
    if (a.numRows != b.numRows) {
      throw new ShapeException(
          operation
              + ": the matrix is "
              + Shape.of(a)
              + ", the right-hand side is "
              + Shape.of(b)
              + " (need as many rows).");
    }
  }

  /**
   * The lower triangular L with {@code LLᵀ = (X + Xᵀ)/2}; [n×n] → [n×n]. Rule: with P = LᵀL̄, Φ its
   * lower triangle with the diagonal halved, and S = L⁻ᵀΦL⁻¹: X̄ = (S + Sᵀ)/2 (Murray 2016), which
   * is symmetric. For a symmetric X, L is the Cholesky factor of X; PyTorch reads the lower
   * triangle only, so that its gradient is not that of its value if X is not symmetric. Throws
   * {@link ArithmeticException} if the matrix is not positive definite.
   */
  public record Cholesky() implements Op.Unary {
    /** The one instance that is needed. */
    public static final Cholesky OP = new Cholesky();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      Shape.requireSquare("cholesky", x);
      DMatrixRMaj l = w.like(x);
      if (hasNaN(x)) {
        return filled(l, Double.NaN);
      }
      int n = x.numRows;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          l.data[i * n + j] = 0.5 * x.data[i * n + j] + 0.5 * x.data[j * n + i];
        }
      }
      if (n > 0 && !new CholeskyDecompositionInner_DDRM(true).decompose(l)) {
        throw new ArithmeticException(
            "cholesky: the "
                + Shape.of(x)
                + " matrix is not positive definite (all eigenvalues must be above 0).");
      }
      return l;
    }

    @Override
    public Variable vjp(Variable x, Variable l, Variable lBar) {
      Variable p = l.multTransA(lBar);
      Variable phi = p.tril(0).plus(p.tril(-1)).scale(0.5);
      Variable up = l.transpose();
      Variable half = up.solveTriangular(phi, Triangle.UPPER);
      Variable s = up.solveTriangular(half.transpose(), Triangle.UPPER);
      return s.plus(s.transpose()).scale(0.5);
    }
  }
}
