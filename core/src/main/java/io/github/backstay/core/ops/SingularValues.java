package io.github.backstay.core.ops;

import io.github.backstay.core.Op;
import io.github.backstay.core.Shape;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.SingularOps_DDRM;
import org.ejml.dense.row.decomposition.svd.SvdImplicitQrDecompose_DDRM;

/**
 * The singular value decomposition {@code X = U diag(s) Vᵀ}, thin: k = min(m, n) values, in
 * descending order, and as many columns of U and V. An op has one result, so each of the three ops
 * decomposes anew (EJML's implicit QR iteration), and their rules are written with each other.
 *
 * <p>A pair of vectors is unique up to its sign, which is chosen such that the entry of largest
 * magnitude of each left vector is positive (the first one, if there are several). Where that entry
 * changes from one place to another the sign may jump; gradients take it as constant.
 *
 * <p>NaN or infinity in the operand gives NaN everywhere. If the iteration does not converge,
 * {@link ArithmeticException} is thrown.
 */
public final class SingularValues {

  private SingularValues() {}

  /** U, s, V, all of them without entries that are numbers if X has one that is not finite. */
  @SuppressWarnings("ArrayRecordComponent") // stays within this package and is never compared
  record Decomposition(DMatrixRMaj u, double[] s, DMatrixRMaj v) {
    boolean isNaN() {
      return s.length > 0 && Double.isNaN(s[0]);
    }
  }

  /** The decomposition; without vectors, those are empty. */
  static Decomposition decompose(DMatrixRMaj x, boolean vectors) {
    int k = Math.min(x.numRows, x.numCols);
    DMatrixRMaj u = new DMatrixRMaj(x.numRows, vectors ? k : 0);
    DMatrixRMaj v = new DMatrixRMaj(x.numCols, vectors ? k : 0);
    double[] s = new double[k];
    double largest = 0.0;
    for (int i = 0; i < x.getNumElements(); i++) {
      double size = Math.abs(x.data[i]);
      largest = size <= Double.MAX_VALUE ? Math.max(largest, size) : Double.NaN;
    }
    if (k == 0) {
      return new Decomposition(u, s, v);
    }
    if (Double.isNaN(largest)) {
      Arrays.fill(u.data, Double.NaN);
      Arrays.fill(s, Double.NaN);
      Arrays.fill(v.data, Double.NaN);
      return new Decomposition(u, s, v);
    }
    // A power of two near the largest entry, so that squares neither over- nor underflow.
    int exponent = Math.getExponent(largest);
    DMatrixRMaj scaled = x.copy();
    for (int i = 0; i < x.getNumElements(); i++) {
      scaled.data[i] = Math.scalb(x.data[i], -exponent);
    }
    SvdImplicitQrDecompose_DDRM svd =
        new SvdImplicitQrDecompose_DDRM(true, vectors, vectors, false);
    if (!svd.decompose(scaled)) {
      throw new ArithmeticException(
          "singularValues: the iteration for the "
              + Shape.of(x)
              + " matrix has not converged (largest entry "
              + largest
              + ").");
    }
    System.arraycopy(svd.getSingularValues(), 0, s, 0, k);
    if (vectors) {
      svd.getU(u, false);
      svd.getV(v, false);
      SingularOps_DDRM.descendingOrder(u, false, s, k, v, false);
      for (int j = 0; j < k; j++) {
        chooseSign(u, v, j);
      }
    } else {
      Arrays.sort(s);
      for (int i = 0; i < k / 2; i++) {
        double swapped = s[i];
        s[i] = s[k - 1 - i];
        s[k - 1 - i] = swapped;
      }
    }
    for (int i = 0; i < k; i++) {
      s[i] = Math.scalb(s[i], exponent);
    }
    return new Decomposition(u, s, v);
  }

  private static void chooseSign(DMatrixRMaj u, DMatrixRMaj v, int j) {
    double largest = 0.0;
    for (int i = 0; i < u.numRows; i++) {
      double entry = u.data[i * u.numCols + j];
      largest = Math.abs(entry) > Math.abs(largest) ? entry : largest;
    }
    if (largest < 0.0) {
      negate(u, j);
      negate(v, j);
    }
  }

  private static void negate(DMatrixRMaj x, int j) {
    for (int i = 0; i < x.numRows; i++) {
      x.data[i * x.numCols + j] *= -1.0;
    }
  }

  /**
   * {@code s}, the singular values in descending order, [m×n] → [min(m,n)×1]. Rule: X̄ = U diag(s̄)
   * Vᵀ (Giles 2008), which is finite everywhere: at values that are 0 or equal it is one of the
   * subgradients of every sum of values with weights that are not negative and do not ascend, such
   * as the spectral and the nuclear norm. Second derivatives are those of {@link LeftVectors} and
   * {@link RightVectors} and need distinct values, even where a symmetric function of equal values,
   * such as the nuclear norm at an orthogonal matrix, has one.
   */
  public record Values() implements Op.Unary {
    /** The one instance that is needed. */
    public static final Values OP = new Values();

    @Override
    public String name() {
      return "singularValues";
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      double[] values = decompose(x, false).s();
      DMatrixRMaj s = w.matrix(values.length, 1);
      System.arraycopy(values, 0, s.data, 0, values.length);
      return s;
    }

    @Override
    public Variable vjp(Variable x, Variable s, Variable sBar) {
      return x.leftSingularVectors()
          .elementMult(sBar.transpose())
          .multTransB(x.rightSingularVectors());
    }
  }

  /**
   * {@code U}, the left singular vectors as columns, [m×n] → [m×min(m,n)]. Rule, with K = UᵀŪ − ŪᵀU
   * and Fᵢⱼ = 1/(sⱼ² − sᵢ²): X̄ = (U(F ⊙ K) diag(s) + (I − UUᵀ)Ū diag(s)⁻¹)Vᵀ (Townsend 2016). It
   * assumes distinct values, and positive ones if m &gt; n: elsewhere it is infinite or NaN, except
   * that a quotient 0/0 counts as 0, so that vectors without a cotangent (all but the first in the
   * gradient of a spectral norm) need not be unique.
   */
  public record LeftVectors() implements Op.Unary {
    /** The one instance that is needed. */
    public static final LeftVectors OP = new LeftVectors();

    @Override
    public String name() {
      return "leftSingularVectors";
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      return w.copy(decompose(x, true).u());
    }

    @Override
    public Variable vjp(Variable x, Variable u, Variable uBar) {
      return turned(u, x.singularValues(), uBar).multTransB(x.rightSingularVectors());
    }
  }

  /**
   * {@code V}, the right singular vectors as columns, [m×n] → [n×min(m,n)]. Rule: that of {@link
   * LeftVectors} for Xᵀ, whose left vectors they are.
   */
  public record RightVectors() implements Op.Unary {
    /** The one instance that is needed. */
    public static final RightVectors OP = new RightVectors();

    @Override
    public String name() {
      return "rightSingularVectors";
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      return w.copy(decompose(x, true).v());
    }

    @Override
    public Variable vjp(Variable x, Variable v, Variable vBar) {
      return x.leftSingularVectors().multTransB(turned(v, x.singularValues(), vBar));
    }
  }

  /** {@code U(F ⊙ K) diag(s) + (I − UUᵀ)Ū diag(s)⁻¹} for the vectors of one side. */
  private static Variable turned(Variable u, Variable s, Variable uBar) {
    int k = s.rows();
    Variable across = s.transpose().broadcastTo(k, k);
    Variable down = s.broadcastTo(k, k);
    Variable own = u.multTransA(uBar);
    // sⱼ/(sⱼ² − sᵢ²) = 1/(sⱼ − sᵢ) · sⱼ/(sⱼ + sᵢ): nothing is squared
    Variable inside =
        quotient(own.minus(own.transpose()), across.minus(down))
            .elementMult(quotient(across, across.plus(down)));
    Variable turned = u.mult(inside);
    if (u.rows() == k) {
      return turned; // U is square: UUᵀ = I
    }
    Variable outside = uBar.minus(u.mult(own));
    return turned.plus(quotient(outside, s.transpose().broadcastTo(u.rows(), k)));
  }

  /** a ⊘ b, but 0 where both are 0. */
  private static Variable quotient(Variable a, Variable b) {
    Variable ones = a.tape().zeros(a.rows(), a.cols()).plus(1.0);
    Variable either = a.sign().square().plus(b.sign().square());
    return a.elementDiv(either.where(b, ones));
  }
}
