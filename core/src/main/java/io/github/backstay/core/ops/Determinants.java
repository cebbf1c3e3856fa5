package io.github.backstay.core.ops;

import io.github.backstay.core.Op;
import io.github.backstay.core.Shape;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import io.github.backstay.core.kernels.Elementary;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.lu.LUDecompositionAlt_DDRM;
import org.ejml.dense.row.linsol.lu.LinearSolverLu_DDRM;

/**
 * The determinant, its derivatives and its logarithm. Products are made without overflow on the
 * way. NaN in an operand gives NaN everywhere; where the decomposition into singular values is
 * needed, so does infinity.
 */
public final class Determinants {

  /** The smallest pivot relative to the largest from which on det · X⁻ᵀ loses three digits. */
  private static final double WELL_CONDITIONED = 1e-3;

  private Determinants() {}

  /** A product with its exponent kept apart, so that only the result can over- or underflow. */
  private static final class Product {
    private double mantissa = 1.0;
    private long exponent;

    void times(double factor) {
      int shift = Math.getExponent(factor);
      mantissa *= Math.scalb(factor, -shift);
      int carry = Math.getExponent(mantissa);
      mantissa = Math.scalb(mantissa, -carry);
      exponent += shift;
      exponent += carry;
    }

    double value() {
      return Math.scalb(mantissa, (int) Math.max(-5000L, Math.min(5000L, exponent)));
    }
  }

  private static double sign(LUDecompositionAlt_DDRM factors, int n) {
    double sign = 1.0;
    for (int j = 0; j < n; j++) {
      sign = factors.getIndx()[j] == j ? sign : -sign;
    }
    return sign;
  }

  private static double det(LUDecompositionAlt_DDRM factors, int n) {
    Product product = new Product();
    for (int i = 0; i < n; i++) {
      product.times(factors.getLU().data[i * n + i]);
    }
    return sign(factors, n) * product.value();
  }

  private static double det(DMatrixRMaj x) {
    return det(LinearAlgebra.factors(x), x.numRows);
  }

  /**
   * {@code y = det X}, from the pivots of the LU factors; 1 for 0×0; [n×n] → [1×1]. Rule: X̄ =
   * ȳ·cof X, right for singular matrices too (Jacobi's formula; Magnus and Neudecker 1999, §8.3).
   */
  public record Det() implements Op.Unary {
    /** The one instance that is needed. */
    public static final Det OP = new Det();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      Shape.requireSquare("det", x);
      if (LinearAlgebra.hasNaN(x)) {
        return w.scalar(Double.NaN);
      }
      return w.scalar(x.numRows == 0 ? 1.0 : det(x));
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return x.cofactor().elementMult(yBar);
    }
  }

  /**
   * The matrix of cofactors, the gradient of {@link Det}: {@code Yᵢⱼ = (−1)^(i+j)} times the
   * determinant of X without row i and column j; [n×n] → [n×n]. For a matrix whose pivots are of
   * one size it is det X · X⁻ᵀ, otherwise, with X = U diag(s) Vᵀ, it is det U · det V · U diag(qᵢ)
   * Vᵀ, where qᵢ is the product of all s but sᵢ (Stewart 1998), which holds for singular matrices
   * too. Rule: X̄ = the second derivative of the determinant, applied to Ȳ ({@link DetHessian}).
   */
  public record Cofactor() implements Op.Unary {
    /** The one instance that is needed. */
    public static final Cofactor OP = new Cofactor();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      Shape.requireSquare("cofactor", x);
      int n = x.numRows;
      DMatrixRMaj y = w.like(x);
      if (LinearAlgebra.hasNaN(x)) {
        return LinearAlgebra.filled(y, Double.NaN);
      }
      if (n == 0) {
        return y;
      }
      LUDecompositionAlt_DDRM factors = new LUDecompositionAlt_DDRM();
      LinearSolverLu_DDRM solver = new LinearSolverLu_DDRM(factors);
      solver.setA(x);
      double det = det(factors, n);
      if (isWellConditioned(factors.getLU(), n) && isNormal(det)) {
        DMatrixRMaj inverse = w.like(x);
        solver.invert(inverse);
        for (int i = 0; i < n; i++) {
          for (int j = 0; j < n; j++) {
            y.data[i * n + j] = det * inverse.data[j * n + i];
          }
        }
        w.release(inverse);
        return y;
      }
      SingularValues.Decomposition svd = SingularValues.decompose(x, true);
      if (svd.isNaN()) {
        return LinearAlgebra.filled(y, Double.NaN);
      }
      DMatrixRMaj scaled = w.like(x);
      double sign = Math.signum(det(svd.u()) * det(svd.v()));
      for (int j = 0; j < n; j++) {
        double others = sign * without(svd.s(), j, j);
        for (int i = 0; i < n; i++) {
          scaled.data[i * n + j] = svd.u().data[i * n + j] * others;
        }
      }
      w.kernels().mult(false, scaled, true, svd.v(), false, y);
      w.release(scaled);
      return y;
    }

    private static boolean isNormal(double det) {
      return Math.abs(det) >= Double.MIN_NORMAL && Math.abs(det) <= Double.MAX_VALUE;
    }

    private static boolean isWellConditioned(DMatrixRMaj lu, int n) {
      double least = Double.POSITIVE_INFINITY;
      double most = 0.0;
      for (int i = 0; i < n; i++) {
        least = Math.min(least, Math.abs(lu.data[i * n + i]));
        most = Math.max(most, Math.abs(lu.data[i * n + i]));
      }
      return least >= WELL_CONDITIONED * most;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return x.detHessian(yBar);
    }
  }

  /** The product of all values but two. */
  private static double without(double[] s, int i, int j) {
    Product product = new Product();
    for (int k = 0; k < s.length; k++) {
      if (k != i && k != j) {
        product.times(s[k]);
      }
    }
    return product.value();
  }

  /**
   * The second derivative of {@link Det} at X, applied to E: how the cofactors of X change in the
   * direction E; [n×n], [n×n] → [n×n]. With X = U diag(s) Vᵀ, D = UᵀEV and pᵢⱼ the product of all s
   * but sᵢ and sⱼ it is det U · det V · UGVᵀ, where Gᵢⱼ = −pᵢⱼDⱼᵢ and Gᵢᵢ = Σ_{j≠i} pᵢⱼDⱼⱼ; it
   * exists for every X. It is linear and self-adjoint in E. Rules: Ē = the same applied to Ȳ; X̄ =
   * (H(⟨E,C⟩Ȳ + ⟨Ȳ,C⟩E − ȲCᵀE − ECᵀȲ) − ⟨Ȳ,Y⟩C)/det X with C = cof X and H this op at X, from det X
   * · Y = ⟨E,C⟩C − CEᵀC. That third derivative of the determinant is not finite at a singular
   * matrix of more than two rows; value, first and second derivative are right everywhere.
   */
  public record DetHessian() implements Op.Binary {
    /** The one instance that is needed. */
    public static final DetHessian OP = new DetHessian();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x, DMatrixRMaj e) {
      Shape.requireSquare("detHessian", x);
      Shape.requireSame("detHessian", x, e);
      int n = x.numRows;
      DMatrixRMaj y = w.like(x);
      if (n == 0) {
        return y;
      }
      SingularValues.Decomposition svd = SingularValues.decompose(x, true);
      if (svd.isNaN()) {
        return LinearAlgebra.filled(y, Double.NaN);
      }
      DMatrixRMaj d = w.like(x);
      DMatrixRMaj g = w.zeros(n, n);
      w.kernels().mult(true, svd.u(), false, e, false, g);
      w.kernels().mult(false, g, false, svd.v(), false, d);
      double sign = Math.signum(det(svd.u()) * det(svd.v()));
      for (int i = 0; i < n; i++) {
        double sum = 0.0;
        for (int j = 0; j < n; j++) {
          if (j != i) {
            double others = sign * without(svd.s(), i, j);
            g.data[i * n + j] = -others * d.data[j * n + i];
            sum += others * d.data[j * n + j];
          }
        }
        g.data[i * n + i] = sum;
      }
      w.kernels().mult(false, svd.u(), false, g, false, d);
      w.kernels().mult(false, d, true, svd.v(), false, y);
      w.release(d);
      w.release(g);
      return y;
    }

    @Override
    public Variable vjpLeft(Variable x, Variable e, Variable y, Variable yBar) {
      if (x.rows() <= 2) {
        return yBar.tape().zeros(x.rows(), x.cols());
      }
      Variable c = x.cofactor();
      Variable slope =
          yBar.elementMult(e.dot(c))
              .plus(e.elementMult(yBar.dot(c)))
              .minus(yBar.multTransB(c).mult(e))
              .minus(e.multTransB(c).mult(yBar));
      return x.detHessian(slope).minus(c.elementMult(yBar.dot(y))).elementDiv(x.det());
    }

    @Override
    public Variable vjpRight(Variable x, Variable e, Variable y, Variable yBar) {
      return x.detHessian(yBar);
    }
  }

  /**
   * {@code y = ln det X}, or {@code ln |det X|}: the sum of the logarithms of the pivots, which
   * neither over- nor underflows; [n×n] → [1×1]. The logarithm of a negative determinant is NaN,
   * that of 0 is −∞. Rule: X̄ = ȳ·X⁻ᵀ (Giles 2008), which throws {@link ArithmeticException} if X
   * is singular; it is not symmetrized.
   *
   * @param absolute whether of the absolute value
   */
  public record LogDet(boolean absolute) implements Op.Unary {
    /** ln det X. */
    public static final LogDet SIGNED = new LogDet(false);

    /** ln |det X|. */
    public static final LogDet ABSOLUTE = new LogDet(true);

    @Override
    public String name() {
      return absolute ? "logAbsDet" : "logDet";
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      Shape.requireSquare(name(), x);
      int n = x.numRows;
      if (n == 0 || LinearAlgebra.hasNaN(x)) {
        return w.scalar(n == 0 ? 0.0 : Double.NaN);
      }
      LUDecompositionAlt_DDRM factors = LinearAlgebra.factors(x);
      double sign = sign(factors, n);
      double sum = 0.0;
      for (int i = 0; i < n; i++) {
        double pivot = factors.getLU().data[i * n + i];
        sign = pivot < 0.0 ? -sign : pivot == 0.0 ? 0.0 : sign;
        sum += Elementary.log(Math.abs(pivot));
      }
      return w.scalar(sign < 0.0 && !absolute ? Double.NaN : sum);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return x.inverse().transpose().elementMult(yBar);
    }
  }
}
