package io.github.backstay.core;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.backstay.core.ops.Activations;
import io.github.backstay.core.ops.Anchoring;
import io.github.backstay.core.ops.Arithmetic;
import io.github.backstay.core.ops.Determinants;
import io.github.backstay.core.ops.Extrema;
import io.github.backstay.core.ops.Functions;
import io.github.backstay.core.ops.Indexing;
import io.github.backstay.core.ops.LinearAlgebra;
import io.github.backstay.core.ops.Losses;
import io.github.backstay.core.ops.Moments;
import io.github.backstay.core.ops.Normalizations;
import io.github.backstay.core.ops.Pairs;
import io.github.backstay.core.ops.Products;
import io.github.backstay.core.ops.Reductions;
import io.github.backstay.core.ops.SingularValues;
import io.github.backstay.core.ops.Softmaxes;
import io.github.backstay.core.ops.Structure;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * A matrix on a tape. Its value never changes; every method computes a new variable and records
 * how. It reads like EJML's {@code SimpleMatrix}; beyond that the names are the field's own. What
 * an operation computes, and its rule, stand in the op that each method names.
 *
 * <p>In element-wise operations a row (1×n), a column (m×1) or a scalar (1×1) is broadcast against
 * a full m×n; a column against a row is an error, for which {@link #broadcastTo} says what is
 * meant.
 *
 * <p>A variable lives until its tape is reset and belongs to the tape's thread.
 */
public final class Variable {

  private static final Variable[] NO_INPUTS = {};
  private static final DMatrixRMaj NO_VALUE = new DMatrixRMaj(0, 0);

  final Tape tape;
  int index;
  long epoch;
  @Nullable Op op;
  Variable[] inputs = NO_INPUTS;
  DMatrixRMaj value = NO_VALUE;
  boolean tracked;
  boolean trains;
  boolean penalty;
  boolean borrowed;
  boolean scratch;
  boolean keepsGradient;
  @Nullable Parameter parameter;
  @Nullable Parameter lender; // whose own matrix the value is, and the count of its writes
  long version;
  @Nullable String origin;

  Variable(Tape tape) {
    this.tape = tape;
  }

  /** Takes a place on the tape; inputs and flags are the caller's to fill in. */
  void occupy(
      int newIndex, long newEpoch, @Nullable Op newOp, DMatrixRMaj newValue, boolean isScratch) {
    index = newIndex;
    epoch = newEpoch;
    op = newOp;
    value = newValue;
    scratch = isScratch;
    tracked = false;
    trains = false;
    penalty = false;
    borrowed = false;
    keepsGradient = false;
    parameter = null;
    lender = null;
  }

  /** Leaves the tape: from now on every use is refused. */
  void vacate() {
    epoch = -1;
    value = NO_VALUE;
  }

  @CanIgnoreReturnValue
  private DMatrixRMaj live(String operation) {
    tape.require(operation, this);
    return value;
  }

  /** The value, to be read as a whole. */
  private DMatrixRMaj settled(String operation) {
    live(operation);
    if (lender != null) {
      lender.settle(null);
    }
    return value;
  }

  // ---- reading ------------------------------------------------------------------------------

  /**
   * The tape this variable is on.
   *
   * @return its tape
   */
  public Tape tape() {
    return tape;
  }

  /**
   * The shape.
   *
   * @return rows × columns
   */
  public Shape shape() {
    return Shape.of(live("shape"));
  }

  /**
   * The number of rows.
   *
   * @return at least 0
   */
  public int rows() {
    return live("rows").numRows;
  }

  /**
   * The number of columns.
   *
   * @return at least 0
   */
  public int cols() {
    return live("cols").numCols;
  }

  /**
   * One entry.
   *
   * @param row from 0
   * @param col from 0
   * @return its value
   */
  public double get(int row, int col) {
    return settled("get").get(row, col);
  }

  /**
   * A copy of the value, a plain matrix without history. What is computed from it has no gradient.
   *
   * @return a new matrix
   */
  public DMatrixRMaj toMatrix() {
    return settled("toMatrix").copy();
  }

  /**
   * Copies the value into a matrix of the same shape, without allocating.
   *
   * @param to where to copy to
   * @throws ShapeException if the shape differs
   */
  public void copyTo(DMatrixRMaj to) {
    Shape.requireSame("copyTo (variable, matrix)", settled("copyTo"), to);
    System.arraycopy(value.data, 0, to.data, 0, value.getNumElements());
  }

  /**
   * The value of a 1×1 variable, a plain number without history.
   *
   * @return the number
   * @throws ShapeException if the variable is not 1×1
   */
  public double toDouble() {
    DMatrixRMaj matrix = settled("toDouble");
    if (matrix.numRows != 1 || matrix.numCols != 1) {
      throw new ShapeException(
          "toDouble: the variable is " + shape() + " but must be 1×1. Use get(row, col).");
    }
    return matrix.data[0];
  }

  /**
   * Whether a trainable parameter or a free variable can be reached from here, so that a gradient
   * flows.
   *
   * @return false for constants and what is computed from them alone
   */
  public boolean isTracked() {
    live("isTracked");
    return tracked;
  }

  /**
   * Whether a trainable parameter can be reached from here, so that a gradient moves weights. Free
   * variables ({@link Tape#variable}) do not count.
   *
   * @return false for whatever cannot train anything
   */
  public boolean reachesParameter() {
    live("reachesParameter");
    return trains;
  }

  /**
   * Whether a penalty went into this value ({@link #asPenalty()}). Gradient accumulation refuses
   * such losses, because a penalty that is added to every example counts once per example.
   *
   * @return true if so
   */
  public boolean isPenalty() {
    live("isPenalty");
    return penalty;
  }

  /**
   * The parameter whose leaf this is.
   *
   * @return the parameter, or null if this is no parameter's leaf
   */
  public @Nullable Parameter parameter() {
    return parameter;
  }

  /**
   * The operation that computed this value.
   *
   * @return the op, or null for constants, free variables and parameters
   */
  public @Nullable Op op() {
    return op;
  }

  /**
   * Asks that sweeps keep the gradient of this intermediate result, for {@link
   * Gradients#of(Variable)}.
   *
   * @return this variable
   */
  @CanIgnoreReturnValue
  public Variable keepGradient() {
    live("keepGradient");
    if (!tracked) {
      throw new IllegalArgumentException(
          "keepGradient: "
              + describe()
              + " has no gradient. Make it with tape.variable(…) to differentiate by it.");
    }
    if (!keepsGradient && op != null) {
      keepsGradient = true;
      tape.remember(this);
    }
    return this;
  }

  /** Op, shape and place, for messages. */
  String describe() {
    StringBuilder text = new StringBuilder();
    if (op != null) {
      text.append(op.name());
    } else if (parameter != null) {
      text.append("parameter \"").append(parameter.name()).append('"');
    } else {
      text.append(tracked ? "free variable" : "constant");
    }
    if (epoch >= 0) {
      text.append(' ').append(Shape.of(value));
    }
    text.append(" (#").append(index);
    if (origin != null) {
      text.append(", made at ").append(origin);
    }
    return text.append(')').toString();
  }

  @Override
  public String toString() {
    return "variable " + describe();
  }

  // ---- applying ops -------------------------------------------------------------------------

  /**
   * Applies an op with one operand.
   *
   * @param unary the operation
   * @return its result
   */
  public Variable apply(Op.Unary unary) {
    return tape.record(unary, this);
  }

  /**
   * Applies an op with two operands; this is the left one.
   *
   * @param binary the operation
   * @param right the right operand
   * @return its result
   */
  public Variable apply(Op.Binary binary, Variable right) {
    return tape.record(binary, this, right);
  }

  // ---- arithmetic, with broadcasting
  // -------------------------------------------------------------

  /**
   * {@code this + right}, entry by entry ({@link Arithmetic.Plus}).
   *
   * @param right the other operand, of the same shape or broadcast
   * @return a variable of the full shape
   * @throws ShapeException if neither side has the full shape
   */
  public Variable plus(Variable right) {
    return apply(Arithmetic.Plus.OP, right);
  }

  /**
   * {@code this − right}, entry by entry ({@link Arithmetic.Minus}).
   *
   * @param right the other operand, of the same shape or broadcast
   * @return a variable of the full shape
   * @throws ShapeException if neither side has the full shape
   */
  public Variable minus(Variable right) {
    return apply(Arithmetic.Minus.OP, right);
  }

  /**
   * {@code this ⊙ right}, entry by entry ({@link Arithmetic.ElementMult}).
   *
   * @param right the other operand, of the same shape or broadcast
   * @return a variable of the full shape
   * @throws ShapeException if neither side has the full shape
   */
  public Variable elementMult(Variable right) {
    return apply(Arithmetic.ElementMult.OP, right);
  }

  /**
   * {@code this ⊙ right}, entry by entry, and 0 where either is 0, even against ∞ or NaN ({@link
   * Arithmetic.ElementMultOrZero}).
   *
   * @param right the other operand, of the same shape or broadcast
   * @return a variable of the full shape
   * @throws ShapeException if neither side has the full shape
   */
  public Variable elementMultOrZero(Variable right) {
    return apply(Arithmetic.ElementMultOrZero.OP, right);
  }

  /**
   * {@code this ⊘ right}, entry by entry ({@link Arithmetic.ElementDiv}).
   *
   * @param right the other operand, of the same shape or broadcast
   * @return a variable of the full shape
   * @throws ShapeException if neither side has the full shape
   */
  public Variable elementDiv(Variable right) {
    return apply(Arithmetic.ElementDiv.OP, right);
  }

  /**
   * {@code this + summand}, entry by entry ({@link Arithmetic.Shift}).
   *
   * @param summand a fixed number
   * @return a variable of the same shape
   */
  public Variable plus(double summand) {
    return apply(new Arithmetic.Shift(summand));
  }

  /**
   * {@code this − number}, entry by entry ({@link Arithmetic.Shift}).
   *
   * @param number a fixed number
   * @return a variable of the same shape
   */
  public Variable minus(double number) {
    return apply(new Arithmetic.Shift(-number));
  }

  /**
   * {@code factor · this} ({@link Arithmetic.Scale}).
   *
   * @param factor a fixed number
   * @return a variable of the same shape
   */
  public Variable scale(double factor) {
    return apply(new Arithmetic.Scale(factor));
  }

  /**
   * {@code this / divisor} ({@link Arithmetic.Divide}).
   *
   * @param divisor a fixed number
   * @return a variable of the same shape
   */
  public Variable divide(double divisor) {
    return apply(new Arithmetic.Divide(divisor));
  }

  /**
   * {@code −this} ({@link Arithmetic.Scale}).
   *
   * @return a variable of the same shape
   */
  public Variable negative() {
    return apply(Arithmetic.Scale.NEGATIVE);
  }

  /**
   * {@code 1 − this} ({@link Arithmetic.OneMinus}).
   *
   * @return a variable of the same shape
   */
  public Variable oneMinus() {
    return apply(Arithmetic.OneMinus.OP);
  }

  /**
   * {@code this ⊙ this} ({@link Arithmetic.Square}).
   *
   * @return a variable of the same shape
   */
  public Variable square() {
    return apply(Arithmetic.Square.OP);
  }

  // ---- products
  // ----------------------------------------------------------------------------------

  /**
   * The matrix product {@code this · right} ({@link Products.Mult}).
   *
   * @param right the right operand
   * @return the product
   * @throws ShapeException if the inner dimensions differ
   */
  public Variable mult(Variable right) {
    return apply(Products.Mult.PLAIN, right);
  }

  /**
   * The matrix product {@code thisᵀ · right} ({@link Products.Mult}).
   *
   * @param right the right operand
   * @return the product
   * @throws ShapeException if the inner dimensions differ
   */
  public Variable multTransA(Variable right) {
    return apply(Products.Mult.TRANS_A, right);
  }

  /**
   * The matrix product {@code this · rightᵀ} ({@link Products.Mult}).
   *
   * @param right the right operand
   * @return the product
   * @throws ShapeException if the inner dimensions differ
   */
  public Variable multTransB(Variable right) {
    return apply(Products.Mult.TRANS_B, right);
  }

  /**
   * The matrix product {@code thisᵀ · rightᵀ} ({@link Products.Mult}).
   *
   * @param right the right operand
   * @return the product
   * @throws ShapeException if the inner dimensions differ
   */
  public Variable multTransAB(Variable right) {
    return apply(Products.Mult.TRANS_AB, right);
  }

  /**
   * A dense layer: {@code this · weightᵀ + bias} ({@link Products.Affine}).
   *
   * @param weight out×in
   * @param bias 1×out, or n×out
   * @return n×out
   * @throws ShapeException if the shapes do not fit
   */
  public Variable affine(Variable weight, Variable bias) {
    return tape.record(Products.Affine.OP, this, weight, bias);
  }

  /**
   * The inner product {@code Σ this ⊙ right} of two operands of one shape.
   *
   * @param right the other operand
   * @return a 1×1 variable
   * @throws ShapeException if the shapes differ
   */
  public Variable dot(Variable right) {
    Shape.requireSame("dot", live("dot"), right.live("dot"));
    return elementMult(right).sum();
  }

  // ---- linear algebra
  // -----------------------------------------------------------------------------

  /**
   * The outer product {@code x·yᵀ} of two operands that are read as vectors, row by row, whatever
   * their orientation.
   *
   * @param right the other vector
   * @return one row per entry of this, one column per entry of {@code right}
   */
  public Variable outer(Variable right) {
    Variable column = reshape(rows() * cols(), 1);
    return column.multTransB(right.reshape(right.rows() * right.cols(), 1));
  }

  /**
   * The sum of the diagonal of a square matrix.
   *
   * @return a 1×1 variable
   * @throws ShapeException if this is not square
   */
  public Variable trace() {
    Shape.requireSquare("trace", live("trace"));
    return diagonal().sum();
  }

  /**
   * The inverse ({@link LinearAlgebra.Inverse}). To solve a system, {@link #solve} is faster and
   * more accurate.
   *
   * @return n×n
   * @throws ShapeException if this is not square
   * @throws ArithmeticException if it is singular
   */
  public Variable inverse() {
    return apply(LinearAlgebra.Inverse.OP);
  }

  /**
   * X with {@code this · X = right} ({@link LinearAlgebra.Solve}).
   *
   * @param right n×k, one system per column
   * @return n×k
   * @throws ShapeException if this is not square, or the rows differ
   * @throws ArithmeticException if this is singular
   */
  public Variable solve(Variable right) {
    return apply(LinearAlgebra.Solve.OP, right);
  }

  /**
   * X with {@code T · X = right}, where T is one triangle of this matrix; the other one is not read
   * ({@link LinearAlgebra.SolveTriangular}).
   *
   * @param right n×k, one system per column
   * @param triangle which triangle
   * @return n×k
   * @throws ShapeException if this is not square, or the rows differ
   * @throws ArithmeticException if an entry of the diagonal is 0
   */
  public Variable solveTriangular(Variable right, Triangle triangle) {
    return apply(new LinearAlgebra.SolveTriangular(triangle), right);
  }

  /**
   * The lower triangular L with {@code L·Lᵀ = (this + thisᵀ)/2} ({@link LinearAlgebra.Cholesky}).
   *
   * @return n×n, zeros above the diagonal
   * @throws ShapeException if this is not square
   * @throws ArithmeticException if it is not positive definite
   */
  public Variable cholesky() {
    return apply(LinearAlgebra.Cholesky.OP);
  }

  /**
   * The determinant ({@link Determinants.Det}).
   *
   * @return a 1×1 variable
   * @throws ShapeException if this is not square
   */
  public Variable det() {
    return apply(Determinants.Det.OP);
  }

  /**
   * The cofactors, which are the gradient of the determinant; their transpose is the adjugate
   * ({@link Determinants.Cofactor}).
   *
   * @return n×n
   * @throws ShapeException if this is not square
   */
  public Variable cofactor() {
    return apply(Determinants.Cofactor.OP);
  }

  /**
   * The second derivative of the determinant, applied to a direction: how the cofactors change
   * ({@link Determinants.DetHessian}).
   *
   * @param direction of the same shape
   * @return n×n
   * @throws ShapeException if this is not square, or the shapes differ
   */
  public Variable detHessian(Variable direction) {
    return apply(Determinants.DetHessian.OP, direction);
  }

  /**
   * The logarithm of the determinant; NaN if that is negative, −∞ if it is 0 ({@link
   * Determinants.LogDet}).
   *
   * @return a 1×1 variable
   * @throws ShapeException if this is not square
   */
  public Variable logDet() {
    return apply(Determinants.LogDet.SIGNED);
  }

  /**
   * The logarithm of the determinant's absolute value; −∞ if that is 0 ({@link
   * Determinants.LogDet}).
   *
   * @return a 1×1 variable
   * @throws ShapeException if this is not square
   */
  public Variable logAbsDet() {
    return apply(Determinants.LogDet.ABSOLUTE);
  }

  /**
   * The quadratic form {@code thisᵀ · matrix · this}; the matrix need not be symmetric.
   *
   * @param matrix n×n
   * @return k×k for this n×k: 1×1 for a column
   * @throws ShapeException if the shapes do not fit
   */
  public Variable quadraticForm(Variable matrix) {
    return form("quadraticForm", matrix, this);
  }

  /**
   * The bilinear form {@code thisᵀ · matrix · right}.
   *
   * @param matrix m×n
   * @param right n×l
   * @return k×l for this m×k: 1×1 for two columns
   * @throws ShapeException if the shapes do not fit
   */
  public Variable bilinearForm(Variable matrix, Variable right) {
    return form("bilinearForm", matrix, right);
  }

  private Variable form(String operation, Variable matrix, Variable right) {
    live(operation);
    DMatrixRMaj m = matrix.live(operation);
    int need = right.live(operation).numRows;
    if (m.numRows != value.numRows || m.numCols != need) {
      throw new ShapeException(
          operation
              + ": the matrix is "
              + Shape.of(m)
              + ", left is "
              + Shape.of(value)
              + ", right is "
              + Shape.of(right.value)
              + " (need a matrix of "
              + value.numRows
              + "×"
              + need
              + ": left rows, right rows).");
    }
    return multTransA(matrix).mult(right);
  }

  /**
   * The singular values in descending order ({@link SingularValues.Values}).
   *
   * @return min(m,n)×1
   * @throws ArithmeticException if their iteration does not converge
   */
  public Variable singularValues() {
    return apply(SingularValues.Values.OP);
  }

  /**
   * The left singular vectors; with s the singular values and V the right ones, this is {@code U
   * diag(s) Vᵀ} ({@link SingularValues.LeftVectors}).
   *
   * @return m×min(m,n), one vector per column
   * @throws ArithmeticException if their iteration does not converge
   */
  public Variable leftSingularVectors() {
    return apply(SingularValues.LeftVectors.OP);
  }

  /**
   * The right singular vectors ({@link SingularValues.RightVectors}).
   *
   * @return n×min(m,n), one vector per column
   * @throws ArithmeticException if their iteration does not converge
   */
  public Variable rightSingularVectors() {
    return apply(SingularValues.RightVectors.OP);
  }

  // ---- functions, entry by entry
  // -----------------------------------------------------------------

  /**
   * eˣ ({@link Functions.Exp}).
   *
   * @return a variable of the same shape
   */
  public Variable exp() {
    return apply(Functions.Exp.OP);
  }

  /**
   * eˣ − 1, accurate near 0 ({@link Functions.Expm1}).
   *
   * @return a variable of the same shape
   */
  public Variable expm1() {
    return apply(Functions.Expm1.OP);
  }

  /**
   * The natural logarithm ({@link Functions.Log}).
   *
   * @return a variable of the same shape
   */
  public Variable log() {
    return apply(Functions.Log.OP);
  }

  /**
   * ln(1 + x), accurate near 0 ({@link Functions.Log1p}).
   *
   * @return a variable of the same shape
   */
  public Variable log1p() {
    return apply(Functions.Log1p.OP);
  }

  /**
   * The square root ({@link Functions.Sqrt}).
   *
   * @return a variable of the same shape
   */
  public Variable sqrt() {
    return apply(Functions.Sqrt.OP);
  }

  /**
   * 1/x ({@link Functions.Reciprocal}).
   *
   * @return a variable of the same shape
   */
  public Variable reciprocal() {
    return apply(Functions.Reciprocal.OP);
  }

  /**
   * The sine ({@link Functions.Sin}).
   *
   * @return a variable of the same shape
   */
  public Variable sin() {
    return apply(Functions.Sin.OP);
  }

  /**
   * The cosine ({@link Functions.Cos}).
   *
   * @return a variable of the same shape
   */
  public Variable cos() {
    return apply(Functions.Cos.OP);
  }

  /**
   * |x|; derivative 0 at 0 ({@link Functions.Abs}).
   *
   * @return a variable of the same shape
   */
  public Variable abs() {
    return apply(Functions.Abs.OP);
  }

  /**
   * −1, 0 or 1; no gradient passes ({@link Functions.Sign}).
   *
   * @return a variable of the same shape
   */
  public Variable sign() {
    return apply(Functions.Sign.OP);
  }

  /**
   * 1 where x &gt; 0, else 0; no gradient passes ({@link Functions.Step}).
   *
   * @return a variable of the same shape
   */
  public Variable step() {
    return apply(Functions.Step.OP);
  }

  /**
   * {@code xᵖ} ({@link Functions.Power}).
   *
   * @param exponent a fixed exponent p
   * @return a variable of the same shape
   */
  public Variable power(double exponent) {
    return apply(new Functions.Power(exponent));
  }

  /**
   * The error function ({@link Functions.Erf}).
   *
   * @return a variable of the same shape
   */
  public Variable erf() {
    return apply(Functions.Erf.OP);
  }

  /**
   * Φ(x), the distribution function of the standard normal ({@link Functions.NormalCdf}).
   *
   * @return a variable of the same shape
   */
  public Variable normalCdf() {
    return apply(Functions.NormalCdf.OP);
  }

  /**
   * x, held between two bounds; derivative 1 at the bounds ({@link Functions.Clamp}).
   *
   * @param min the lower bound, or −∞
   * @param max the upper bound, or ∞
   * @return a variable of the same shape
   */
  public Variable clamp(double min, double max) {
    return apply(new Functions.Clamp(min, max));
  }

  /**
   * 1 within the bounds, else 0; no gradient passes ({@link Functions.Within}).
   *
   * @param min the lower bound, or −∞
   * @param max the upper bound, or ∞
   * @param inclusive whether the bounds themselves lie within
   * @return a variable of the same shape
   */
  public Variable within(double min, double max, boolean inclusive) {
    return apply(new Functions.Within(min, max, inclusive));
  }

  /**
   * {@code this^exponent}, entry by entry ({@link Pairs.Power}).
   *
   * @param exponent the exponents, of the same shape or broadcast
   * @return a variable of the full shape
   * @throws ShapeException if neither side has the full shape
   */
  public Variable power(Variable exponent) {
    return apply(Pairs.Power.OP, exponent);
  }

  /**
   * The larger of both, entry by entry; at a tie each has half the derivative ({@link
   * Pairs.Maximum}).
   *
   * @param right the other operand, of the same shape or broadcast
   * @return a variable of the full shape
   * @throws ShapeException if neither side has the full shape
   */
  public Variable maximum(Variable right) {
    return apply(Pairs.Maximum.OP, right);
  }

  /**
   * The smaller of both, entry by entry; at a tie each has half the derivative ({@link
   * Pairs.Minimum}).
   *
   * @param right the other operand, of the same shape or broadcast
   * @return a variable of the full shape
   * @throws ShapeException if neither side has the full shape
   */
  public Variable minimum(Variable right) {
    return apply(Pairs.Minimum.OP, right);
  }

  /**
   * sign(this − right), entry by entry; no gradient passes ({@link Pairs.Compare}).
   *
   * @param right the other operand, of the same shape or broadcast
   * @return a variable of the full shape
   * @throws ShapeException if neither side has the full shape
   */
  public Variable compare(Variable right) {
    return apply(Pairs.Compare.OP, right);
  }

  /**
   * {@code √(this² + right²)}, entry by entry ({@link Pairs.Hypot}).
   *
   * @param right the other operand, of the same shape or broadcast
   * @return a variable of the full shape
   * @throws ShapeException if neither side has the full shape
   */
  public Variable hypot(Variable right) {
    return apply(Pairs.Hypot.OP, right);
  }

  /**
   * The angle of the point (x, this), entry by entry ({@link Pairs.Atan2}).
   *
   * @param x the abscissas, of the same shape or broadcast
   * @return a variable of the full shape
   * @throws ShapeException if neither side has the full shape
   */
  public Variable atan2(Variable x) {
    return apply(Pairs.Atan2.OP, x);
  }

  /**
   * Chooses by this mask: {@code a} where it is not 0, {@code b} where it is ({@link
   * Functions.Where}).
   *
   * @param a taken where the mask is not 0
   * @param b taken where the mask is 0
   * @return a variable of the full shape
   * @throws ShapeException if none of the three has the full shape
   */
  public Variable where(Variable a, Variable b) {
    return tape.record(Functions.Where.OP, this, a, b);
  }

  // ---- activations
  // -------------------------------------------------------------------------------

  /**
   * The hyperbolic tangent ({@link Activations.Tanh}).
   *
   * @return a variable of the same shape
   */
  public Variable tanh() {
    return apply(Activations.Tanh.OP);
  }

  /**
   * σ(x) = 1/(1 + e⁻ˣ) ({@link Activations.Sigmoid}).
   *
   * @return a variable of the same shape
   */
  public Variable sigmoid() {
    return apply(Activations.Sigmoid.OP);
  }

  /**
   * max(x, 0); derivative 0 at 0 ({@link Activations.Relu}).
   *
   * @return a variable of the same shape
   */
  public Variable relu() {
    return apply(Activations.Relu.OP);
  }

  /**
   * ln(1 + eˣ) ({@link Activations.Softplus}).
   *
   * @return a variable of the same shape
   */
  public Variable softplus() {
    return apply(Activations.Softplus.OP);
  }

  /**
   * ln(1 + e^(βx))/β, and x where βx is above the threshold ({@link Activations.Softplus}).
   *
   * @param beta β, above 0
   * @param threshold from where on the result is x, often 20
   * @return a variable of the same shape
   */
  public Variable softplus(double beta, double threshold) {
    return apply(new Activations.Softplus(beta, threshold));
  }

  /**
   * ln σ(x) ({@link Activations.LogSigmoid}).
   *
   * @return a variable of the same shape
   */
  public Variable logSigmoid() {
    return apply(Activations.LogSigmoid.OP);
  }

  /**
   * x where x &gt; 0, else slope·x ({@link Activations.LeakyRelu}).
   *
   * @param slope the slope on the negative side, often 0.01
   * @return a variable of the same shape
   */
  public Variable leakyRelu(double slope) {
    return apply(new Activations.LeakyRelu(slope));
  }

  /**
   * x where x &gt; 0, else α(eˣ − 1) ({@link Activations.Elu}).
   *
   * @param alpha the factor α, often 1
   * @return a variable of the same shape
   */
  public Variable elu(double alpha) {
    return apply(new Activations.Elu(alpha));
  }

  /**
   * x·σ(x) ({@link Activations.Silu}).
   *
   * @return a variable of the same shape
   */
  public Variable silu() {
    return apply(Activations.Silu.OP);
  }

  /**
   * x·Φ(x) ({@link Activations.Gelu}).
   *
   * @return a variable of the same shape
   */
  public Variable gelu() {
    return apply(Activations.Gelu.OP);
  }

  /**
   * x·Φ(x), approximated by tanh ({@link Activations.GeluTanh}).
   *
   * @return a variable of the same shape
   */
  public Variable geluTanh() {
    return apply(Activations.GeluTanh.OP);
  }

  /**
   * x/(1 + |x|) ({@link Activations.Softsign}).
   *
   * @return a variable of the same shape
   */
  public Variable softsign() {
    return apply(Activations.Softsign.OP);
  }

  /**
   * x, held between two bounds; derivative 0 at the bounds ({@link Activations.HardTanh}).
   *
   * @param min the lower bound, often −1
   * @param max the upper bound, often 1
   * @return a variable of the same shape
   */
  public Variable hardTanh(double min, double max) {
    return apply(new Activations.HardTanh(min, max));
  }

  // ---- reductions and softmax
  // --------------------------------------------------------------------

  /**
   * The sum of all entries ({@link Reductions.Sum}).
   *
   * @return a 1×1 variable
   */
  public Variable sum() {
    return sum(Axis.ALL);
  }

  /**
   * The sum along an axis ({@link Reductions.Sum}).
   *
   * @param axis what one result belongs to
   * @return 1×1, a column with one result per row, or a row with one per column
   */
  public Variable sum(Axis axis) {
    return apply(Reductions.Sum.along(axis));
  }

  /**
   * The mean of all entries ({@link Reductions.Mean}).
   *
   * @return a 1×1 variable
   */
  public Variable mean() {
    return mean(Axis.ALL);
  }

  /**
   * The mean along an axis ({@link Reductions.Mean}).
   *
   * @param axis what one result belongs to
   * @return 1×1, a column with one result per row, or a row with one per column
   */
  public Variable mean(Axis axis) {
    return apply(Reductions.Mean.along(axis));
  }

  /**
   * ln Σ eˣ of all entries ({@link Reductions.LogSumExp}).
   *
   * @return a 1×1 variable
   */
  public Variable logSumExp() {
    return logSumExp(Axis.ALL);
  }

  /**
   * ln Σ eˣ along an axis ({@link Reductions.LogSumExp}).
   *
   * @param axis what one result belongs to
   * @return 1×1, a column with one result per row, or a row with one per column
   */
  public Variable logSumExp(Axis axis) {
    return apply(Reductions.LogSumExp.along(axis));
  }

  /**
   * The product of all entries ({@link Reductions.Product}).
   *
   * @return a 1×1 variable
   */
  public Variable prod() {
    return prod(Axis.ALL);
  }

  /**
   * The product along an axis ({@link Reductions.Product}).
   *
   * @param axis what one result belongs to
   * @return 1×1, a column with one result per row, or a row with one per column
   */
  public Variable prod(Axis axis) {
    return apply(new Reductions.Product(axis));
  }

  /**
   * The largest entry; tied entries share its derivative ({@link Extrema.Max}).
   *
   * @return a 1×1 variable
   */
  public Variable max() {
    return max(Axis.ALL);
  }

  /**
   * The largest entry along an axis ({@link Extrema.Max}). As in PyTorch, the first of tied entries
   * in a row or column has the whole derivative, while over all entries they share it.
   *
   * @param axis what one result belongs to
   * @return 1×1, a column with one result per row, or a row with one per column
   */
  public Variable max(Axis axis) {
    return max(axis, axis == Axis.ALL ? Ties.SHARED : Ties.FIRST);
  }

  /**
   * The largest entry along an axis ({@link Extrema.Max}).
   *
   * @param axis what one result belongs to
   * @param ties who has the derivative where several entries attain it
   * @return 1×1, a column with one result per row, or a row with one per column
   */
  public Variable max(Axis axis, Ties ties) {
    return apply(new Extrema.Max(axis, ties));
  }

  /**
   * The smallest entry; tied entries share its derivative ({@link Extrema.Min}).
   *
   * @return a 1×1 variable
   */
  public Variable min() {
    return min(Axis.ALL);
  }

  /**
   * The smallest entry along an axis ({@link Extrema.Min}). As in PyTorch, the first of tied
   * entries in a row or column has the whole derivative, while over all entries they share it.
   *
   * @param axis what one result belongs to
   * @return 1×1, a column with one result per row, or a row with one per column
   */
  public Variable min(Axis axis) {
    return min(axis, axis == Axis.ALL ? Ties.SHARED : Ties.FIRST);
  }

  /**
   * The smallest entry along an axis ({@link Extrema.Min}).
   *
   * @param axis what one result belongs to
   * @param ties who has the derivative where several entries attain it
   * @return 1×1, a column with one result per row, or a row with one per column
   */
  public Variable min(Axis axis, Ties ties) {
    return apply(new Extrema.Min(axis, ties));
  }

  /**
   * How these entries share in a result that some of them equal ({@link Extrema.SharesOf}).
   *
   * @param result one number per group, for instance its largest entry
   * @param axis what one result belongs to
   * @param ties how equal entries share
   * @return a variable of the same shape, without gradient
   * @throws ShapeException if the result is not that of a reduction along the axis
   */
  public Variable sharesOf(Variable result, Axis axis, Ties ties) {
    return apply(new Extrema.SharesOf(axis, ties), result);
  }

  /**
   * The entries minus their mean ({@link Moments.Centered}).
   *
   * @param axis whose entries have one mean
   * @return a variable of the same shape
   */
  public Variable centered(Axis axis) {
    return apply(new Moments.Centered(axis));
  }

  /**
   * The variance of all entries ({@link Moments.Variance}).
   *
   * @param correction what is taken off the number of entries: 1 for the unbiased estimate, or 0
   * @return a 1×1 variable
   */
  public Variable var(int correction) {
    return var(Axis.ALL, correction);
  }

  /**
   * The variance along an axis ({@link Moments.Variance}).
   *
   * @param axis what one result belongs to
   * @param correction what is taken off the number of entries: 1 for the unbiased estimate, or 0
   * @return 1×1, a column with one result per row, or a row with one per column
   */
  public Variable var(Axis axis, int correction) {
    return apply(new Moments.Variance(axis, correction));
  }

  /**
   * The standard deviation of all entries ({@link Moments.StandardDeviation}).
   *
   * @param correction what is taken off the number of entries: 1 for the unbiased estimate, or 0
   * @return a 1×1 variable
   */
  public Variable std(int correction) {
    return std(Axis.ALL, correction);
  }

  /**
   * The standard deviation along an axis ({@link Moments.StandardDeviation}).
   *
   * @param axis what one result belongs to
   * @param correction what is taken off the number of entries: 1 for the unbiased estimate, or 0
   * @return 1×1, a column with one result per row, or a row with one per column
   */
  public Variable std(Axis axis, int correction) {
    return apply(new Moments.StandardDeviation(axis, correction));
  }

  /**
   * The Euclidean norm of all entries ({@link Moments.Norm}).
   *
   * @return a 1×1 variable
   */
  public Variable norm() {
    return norm(Axis.ALL, 2.0);
  }

  /**
   * The p-norm of all entries, as one vector ({@link Moments.Norm}).
   *
   * @param p the exponent, above 0, or ∞
   * @return a 1×1 variable
   */
  public Variable norm(double p) {
    return norm(Axis.ALL, p);
  }

  /**
   * The p-norm of the entries along an axis ({@link Moments.Norm}).
   *
   * @param axis what one result belongs to
   * @param p the exponent, above 0, or ∞
   * @return 1×1, a column with one result per row, or a row with one per column
   */
  public Variable norm(Axis axis, double p) {
    return apply(new Moments.Norm(axis, p));
  }

  /**
   * The sums of the entries up to and including each ({@link Reductions.CumulativeSum}).
   *
   * @param axis ROWS runs along each row, COLS down each column, ALL through the rows one by one
   * @return a variable of the same shape
   */
  public Variable cumulativeSum(Axis axis) {
    return apply(new Reductions.CumulativeSum(axis, false));
  }

  /**
   * The sum of each row, as in EJML.
   *
   * @return a column, m×1
   */
  public Variable sumRows() {
    return sum(Axis.ROWS);
  }

  /**
   * The sum of each column, as in EJML.
   *
   * @return a row, 1×n
   */
  public Variable sumCols() {
    return sum(Axis.COLS);
  }

  /**
   * Softmax of each row ({@link Softmaxes.Softmax}).
   *
   * @return a variable of the same shape
   */
  public Variable softmax() {
    return softmax(Axis.ROWS);
  }

  /**
   * Softmax along an axis ({@link Softmaxes.Softmax}).
   *
   * @param axis what sums to 1
   * @return a variable of the same shape
   */
  public Variable softmax(Axis axis) {
    return apply(Softmaxes.Softmax.along(axis));
  }

  /**
   * The logarithm of softmax of each row ({@link Softmaxes.LogSoftmax}).
   *
   * @return a variable of the same shape
   */
  public Variable logSoftmax() {
    return logSoftmax(Axis.ROWS);
  }

  /**
   * The logarithm of softmax along an axis ({@link Softmaxes.LogSoftmax}).
   *
   * @param axis what sums to 1
   * @return a variable of the same shape
   */
  public Variable logSoftmax(Axis axis) {
    return apply(Softmaxes.LogSoftmax.along(axis));
  }

  /**
   * {@code (this − mean)/√(variance + epsilon)} along an axis ({@link Normalizations.Standardize}).
   *
   * @param axis whose entries get mean 0 and, but for epsilon, variance 1
   * @param epsilon added under the root, at least 0 and finite
   * @return a variable of the same shape
   */
  public Variable standardize(Axis axis, double epsilon) {
    return apply(new Normalizations.Standardize(axis, epsilon));
  }

  /**
   * {@code 1/√(variance + epsilon)} along an axis ({@link Normalizations.InverseDeviation}).
   *
   * @param axis what one result belongs to
   * @param epsilon added under the root, at least 0 and finite
   * @return 1×1, a column with one result per row, or a row with one per column
   */
  public Variable inverseDeviation(Axis axis, double epsilon) {
    return apply(new Normalizations.InverseDeviation(axis, epsilon));
  }

  // ---- losses
  // ------------------------------------------------------------------------------------

  /**
   * The mean cross-entropy of these logits, one row per example ({@link Losses.CrossEntropy}).
   *
   * @param targets the class of each row
   * @return a 1×1 variable
   * @throws ShapeException if there is not one target per row
   */
  public Variable crossEntropy(Indices targets) {
    return apply(new Losses.CrossEntropy(targets));
  }

  /**
   * The mean cross-entropy of these logits, one row per example ({@link Losses.CrossEntropy}).
   *
   * @param targets the class of each row, copied
   * @return a 1×1 variable
   * @throws ShapeException if there is not one target per row
   */
  public Variable crossEntropy(int... targets) {
    return crossEntropy(Indices.of(targets));
  }

  /**
   * The mean of the squared differences to a target ({@link Losses.MeanSquaredError}).
   *
   * @param target of the same shape; nothing is broadcast
   * @return a 1×1 variable
   * @throws ShapeException if the shapes differ
   */
  public Variable meanSquaredError(Variable target) {
    return apply(Losses.MeanSquaredError.OP, target);
  }

  /**
   * {@code (strength/2)·‖this − anchor‖²}: the pull to an anchor ({@link
   * Anchoring.AnchoredDistance}).
   *
   * @param anchor of the same shape
   * @param strength λ, at least 0
   * @return a 1×1 variable
   * @throws ShapeException if the shapes differ
   */
  public Variable anchoredDistance(Variable anchor, double strength) {
    return apply(new Anchoring.AnchoredDistance(strength), anchor);
  }

  /**
   * {@code (strength/2)·Σ ‖this[rᵢ] − anchor[i]‖²}: the pull of some rows to anchors of their own
   * ({@link Anchoring.AnchoredRows}).
   *
   * @param rows which rows, repeats allowed
   * @param anchor one row for each of them
   * @param strength λ, at least 0
   * @return a 1×1 variable
   */
  public Variable anchoredRows(Indices rows, Variable anchor, double strength) {
    return apply(new Anchoring.AnchoredRows(rows, strength), anchor);
  }

  /**
   * {@code (strength/2)·‖this‖²}: the pull to zero ({@link Anchoring.SquaredNorm}).
   *
   * @param strength λ, at least 0
   * @return a 1×1 variable
   */
  public Variable squaredNorm(double strength) {
    return apply(new Anchoring.SquaredNorm(strength));
  }

  // ---- choosing, placing, joining
  // ----------------------------------------------------------------

  /**
   * Looks rows up; the gradient is row-sparse ({@link Indexing.GatherRows}).
   *
   * @param rows which rows, repeats allowed
   * @return one row per index
   */
  public Variable gatherRows(Indices rows) {
    return apply(new Indexing.GatherRows(rows));
  }

  /**
   * Looks rows up; the gradient is row-sparse ({@link Indexing.GatherRows}).
   *
   * @param rows which rows, repeats allowed; copied
   * @return one row per index
   */
  public Variable gatherRows(int... rows) {
    return gatherRows(Indices.of(rows));
  }

  /**
   * Looks rows up; one of them is read but gets no gradient ({@link Indexing.GatherRows}).
   *
   * @param rows which rows, repeats allowed
   * @param padding the row without gradient, or {@link Indexing.GatherRows#NO_PADDING}
   * @return one row per index
   */
  public Variable gatherRows(Indices rows, int padding) {
    return apply(new Indexing.GatherRows(rows, padding));
  }

  /**
   * Adds rows up in a taller matrix of zeros ({@link Indexing.ScatterRows}).
   *
   * @param rows where each row goes
   * @param height rows of the result
   * @return height×d
   */
  public Variable scatterRows(Indices rows, int height) {
    return apply(new Indexing.ScatterRows(rows, height));
  }

  /**
   * This matrix, with rows added to some of its rows.
   *
   * @param addends one row per index, of the same width
   * @param rows to which row each of them is added, repeats allowed
   * @return a variable of the same shape
   * @throws ShapeException if the shapes do not fit
   */
  public Variable scatterAddRows(Variable addends, Indices rows) {
    if (addends.live("scatterAddRows").numCols != live("scatterAddRows").numCols) {
      throw new ShapeException(
          "scatterAddRows: the operand is "
              + shape()
              + ", the rows to add are "
              + addends.shape()
              + " (need the same number of columns).");
    }
    return plus(addends.scatterRows(rows, rows()));
  }

  /**
   * Rows of this and other matrices, added up in a matrix of zeros ({@link Indexing.CollectRows}).
   *
   * @param routes for this and each further matrix: which rows, and where they go
   * @param height rows of the result
   * @param others further matrices of the same width
   * @return height×d
   * @throws IllegalArgumentException if there is not one route per matrix
   * @throws IndexOutOfBoundsException if there is no such row
   * @throws ShapeException if the widths differ
   */
  public Variable collectRows(List<Indexing.Route> routes, int height, Variable... others) {
    return tape.apply(new Indexing.CollectRows(routes, height), withThisFirst(others));
  }

  /**
   * Looks columns up ({@link Indexing.GatherCols}).
   *
   * @param cols which columns, repeats allowed
   * @return one column per index
   */
  public Variable gatherCols(Indices cols) {
    return apply(new Indexing.GatherCols(cols));
  }

  /**
   * Looks columns up ({@link Indexing.GatherCols}).
   *
   * @param cols which columns, repeats allowed; copied
   * @return one column per index
   */
  public Variable gatherCols(int... cols) {
    return gatherCols(Indices.of(cols));
  }

  /**
   * Adds columns up in a wider matrix of zeros ({@link Indexing.ScatterCols}).
   *
   * @param cols where each column goes
   * @param width columns of the result
   * @return m×width
   */
  public Variable scatterCols(Indices cols, int width) {
    return apply(new Indexing.ScatterCols(cols, width));
  }

  /**
   * One entry of each row ({@link Indexing.PickFromRows}).
   *
   * @param cols the column of each row
   * @return a column
   */
  public Variable pickFromRows(Indices cols) {
    return apply(new Indexing.PickFromRows(cols));
  }

  /**
   * A column spread over a wider matrix of zeros ({@link Indexing.PlaceInCols}).
   *
   * @param cols the column of each entry
   * @param width columns of the result
   * @return n×width
   */
  public Variable placeInCols(Indices cols, int width) {
    return apply(new Indexing.PlaceInCols(cols, width));
  }

  /**
   * A rectangle, ends exclusive ({@link Indexing.Slice}).
   *
   * @param r0 first row
   * @param r1 row after the last
   * @param c0 first column
   * @param c1 column after the last
   * @return (r1 − r0)×(c1 − c0)
   * @throws ShapeException if it does not lie within the matrix
   */
  public Variable slice(int r0, int r1, int c0, int c1) {
    return apply(new Indexing.Slice(r0, r1, c0, c1));
  }

  /**
   * One row. Of a large table {@link #gatherRows(int...)} is better: its gradient is row-sparse.
   *
   * @param row from 0
   * @return 1×n
   */
  public Variable row(int row) {
    requireIndex("row", row, live("row").numRows, "rows");
    return slice(row, row + 1, 0, cols());
  }

  /**
   * One column.
   *
   * @param col from 0
   * @return m×1
   */
  public Variable col(int col) {
    requireIndex("col", col, live("col").numCols, "columns");
    return slice(0, rows(), col, col + 1);
  }

  /**
   * One entry, as a variable; {@link #get} reads it as a plain number.
   *
   * @param row from 0
   * @param col from 0
   * @return 1×1
   */
  public Variable element(int row, int col) {
    requireIndex("element", row, live("element").numRows, "rows");
    requireIndex("element", col, value.numCols, "columns");
    return slice(row, row + 1, col, col + 1);
  }

  private static void requireIndex(String operation, int index, int bound, String of) {
    if (index < 0 || index >= bound) {
      throw new IndexOutOfBoundsException(
          operation
              + ": index "
              + index
              + " is out of range (there are "
              + bound
              + " "
              + of
              + ", counted from 0).");
    }
  }

  /**
   * This matrix within a larger one of zeros ({@link Indexing.PlaceAt}).
   *
   * @param row where the first row goes
   * @param col where the first column goes
   * @param rows rows of the result
   * @param cols columns of the result
   * @return rows×cols
   */
  public Variable placeAt(int row, int col, int rows, int cols) {
    return apply(new Indexing.PlaceAt(row, col, rows, cols));
  }

  /**
   * This matrix and others below it ({@link Indexing.ConcatRows}).
   *
   * @param below matrices of the same width
   * @return all rows
   */
  public Variable concatRows(Variable... below) {
    return tape.apply(Indexing.ConcatRows.OP, withThisFirst(below));
  }

  /**
   * This row and others below it: 1×n each, stacked to k×n.
   *
   * @param below rows of the same width
   * @return k×n
   * @throws ShapeException if one is not 1×n
   */
  public Variable stackRows(Variable... below) {
    Variable[] all = withThisFirst(below);
    for (Variable row : all) {
      if (row.live("stackRows").numRows != 1 || row.value.numCols != cols()) {
        throw new ShapeException(
            "stackRows: the first operand is "
                + shape()
                + ", another is "
                + row.shape()
                + " (all must be rows 1×n of one width). concatRows joins matrices of any"
                + " height.");
      }
    }
    return tape.apply(Indexing.ConcatRows.OP, all);
  }

  /**
   * This matrix and others to the right of it ({@link Indexing.ConcatCols}).
   *
   * @param right matrices of the same height
   * @return all columns
   */
  public Variable concatCols(Variable... right) {
    return tape.apply(Indexing.ConcatCols.OP, withThisFirst(right));
  }

  /**
   * The mean of each group of consecutive rows ({@link Indexing.SegmentMean}).
   *
   * @param ends for each group the row after its last one
   * @return one row per group
   */
  public Variable segmentMean(Indices ends) {
    return apply(new Indexing.SegmentMean(ends));
  }

  /**
   * The mean of each group of rows that are looked up, without copying them; the gradient is
   * row-sparse ({@link Indexing.GatherMeans}).
   *
   * @param rows which rows, one group after the other, repeats allowed
   * @param ends for each group the position after its last row
   * @param padding the row without gradient, or {@link Indexing.GatherRows#NO_PADDING}
   * @return one row per group
   */
  public Variable gatherMeans(Indices rows, Indices ends, int padding) {
    return apply(new Indexing.GatherMeans(rows, ends, padding));
  }

  /**
   * Each row, divided by the size of its group, repeated over it ({@link Indexing.SegmentSpread}).
   *
   * @param ends for each group the row after its last one
   * @return one row per member
   */
  public Variable segmentSpread(Indices ends) {
    return apply(new Indexing.SegmentSpread(ends));
  }

  // ---- structure
  // ---------------------------------------------------------------------------------

  /**
   * The transpose ({@link Structure.Transpose}).
   *
   * @return n×m
   */
  public Variable transpose() {
    return apply(Structure.Transpose.OP);
  }

  /**
   * The same entries, row by row, in another shape ({@link Structure.Reshape}).
   *
   * @param rows rows of the result
   * @param cols columns of the result
   * @return rows×cols
   * @throws ShapeException if the number of entries differs
   */
  public Variable reshape(int rows, int cols) {
    return apply(new Structure.Reshape(rows, cols));
  }

  /**
   * A vector, row or column, as the diagonal of a matrix ({@link Structure.Diag}).
   *
   * @return n×n, zeros elsewhere
   * @throws ShapeException if this is neither a row nor a column
   */
  public Variable diag() {
    return apply(Structure.Diag.OP);
  }

  /**
   * The main diagonal of a matrix, square or not ({@link Structure.Diagonal}).
   *
   * @return min(m,n)×1
   */
  public Variable diagonal() {
    return apply(Structure.Diagonal.OP);
  }

  /**
   * The entries on and below a diagonal, zeros above ({@link Structure.KeepTriangle}).
   *
   * @param k which diagonal: 0 is the main one, 1 the one above it, −1 the one below it
   * @return a variable of the same shape
   */
  public Variable tril(int k) {
    return apply(new Structure.KeepTriangle(Triangle.LOWER, k));
  }

  /**
   * The entries on and above a diagonal, zeros below ({@link Structure.KeepTriangle}).
   *
   * @param k which diagonal: 0 is the main one, 1 the one above it, −1 the one below it
   * @return a variable of the same shape
   */
  public Variable triu(int k) {
    return apply(new Structure.KeepTriangle(Triangle.UPPER, k));
  }

  /**
   * The whole matrix repeated downwards and sideways ({@link Structure.Tile}).
   *
   * @param rows how often downwards, at least 1
   * @param cols how often sideways, at least 1
   * @return rows·m × cols·n
   */
  public Variable tile(int rows, int cols) {
    return apply(new Structure.Tile(rows, cols));
  }

  /**
   * The sum of the equal tiles that this matrix consists of ({@link Structure.SumTiles}).
   *
   * @param rows how many lie below each other, at least 1
   * @param cols how many lie beside each other, at least 1
   * @return one tile
   * @throws ShapeException if a side is no multiple
   */
  public Variable sumTiles(int rows, int cols) {
    return apply(new Structure.SumTiles(rows, cols));
  }

  /**
   * Each row repeated in place: r0 r0 r1 r1 … .
   *
   * @param times how often, at least 1
   * @return times·m × n
   */
  public Variable repeatRows(int times) {
    if (times < 1) {
      throw new IllegalArgumentException(
          "repeatRows: times must be at least 1, got " + times + ".");
    }
    return tile(1, times).reshape(Math.multiplyExact(rows(), times), cols());
  }

  /**
   * This matrix in a frame of one value ({@link Structure.Pad}).
   *
   * @param left columns before the first
   * @param right columns after the last
   * @param top rows before the first
   * @param bottom rows after the last
   * @param filling the entries of the frame
   * @return top+m+bottom × left+n+right
   */
  public Variable pad(int left, int right, int top, int bottom, double filling) {
    return apply(new Structure.Pad(left, right, top, bottom, filling));
  }

  /**
   * A row, column or scalar repeated ({@link Structure.BroadcastTo}).
   *
   * @param rows rows of the result
   * @param cols columns of the result
   * @return rows×cols
   * @throws ShapeException if a side is neither equal nor 1
   */
  public Variable broadcastTo(int rows, int cols) {
    return apply(new Structure.BroadcastTo(rows, cols));
  }

  /**
   * A row, column or scalar repeated to the shape of another variable; itself if it has that shape.
   *
   * @param like gives the shape
   * @return a variable of that shape
   */
  public Variable broadcastTo(Variable like) {
    return like.rows() == rows() && like.cols() == cols()
        ? this
        : broadcastTo(like.rows(), like.cols());
  }

  /**
   * Summed over the sides along which a smaller shape was repeated ({@link Structure.SumTo}).
   *
   * @param rows rows of the result: the same, or 1
   * @param cols columns of the result: the same, or 1
   * @return rows×cols
   */
  public Variable sumTo(int rows, int cols) {
    return apply(new Structure.SumTo(rows, cols));
  }

  /**
   * Summed to the shape of another variable; itself if it has that shape.
   *
   * @param like gives the shape
   * @return a variable of that shape
   */
  public Variable sumTo(Variable like) {
    return like.rows() == rows() && like.cols() == cols() ? this : sumTo(like.rows(), like.cols());
  }

  /**
   * The same value without history: no gradient flows through it ({@link Structure.Detach}).
   *
   * @return a constant
   */
  public Variable detach() {
    return apply(Structure.Detach.OP);
  }

  /**
   * The same value, marked as a penalty ({@link Structure.AsPenalty}, {@link #isPenalty()}).
   *
   * @return the same value
   */
  public Variable asPenalty() {
    return apply(Structure.AsPenalty.OP);
  }

  private Variable[] withThisFirst(Variable[] others) {
    Variable[] all = new Variable[others.length + 1];
    all[0] = this;
    System.arraycopy(others, 0, all, 1, others.length);
    return all;
  }
}
