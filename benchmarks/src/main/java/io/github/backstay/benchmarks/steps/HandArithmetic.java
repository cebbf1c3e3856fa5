package io.github.backstay.benchmarks.steps;

import io.github.backstay.core.kernels.Kernels;
import org.ejml.data.DMatrixRMaj;

/**
 * What gradients written by hand are made of, beside plain loops. Outputs never overlap operands
 * unless they are the same matrix of a map. An instance belongs to one contestant.
 */
interface HandArithmetic {

  /** {@code C = op(A)·op(B)}, or {@code C += op(A)·op(B)}. */
  void mult(
      boolean transA, DMatrixRMaj a, boolean transB, DMatrixRMaj b, boolean add, DMatrixRMaj c);

  /** {@code y = tanh x}; y may be x. */
  void tanh(DMatrixRMaj x, DMatrixRMaj y);

  /** {@code y = σ(x)}; y may be x. */
  void sigmoid(DMatrixRMaj x, DMatrixRMaj y);

  /** {@code y[from + i] = e^(x[from + i] − shift)}. */
  void exp(double[] x, int from, double shift, double[] y, int count);

  /** The sum of each column of a matrix. */
  void sumCols(DMatrixRMaj x, DMatrixRMaj sums);

  /** {@code Σ xᵢ²}. */
  double squaredNorm(double[] x, int count);

  /** {@code Σ (xᵢ − yᵢ)²}. */
  double squaredDistance(double[] x, double[] y, int count);

  /** EJML's products and loops. */
  static HandArithmetic ejml() {
    return new EjmlArithmetic();
  }

  /** Backstay's standard kernels. */
  static HandArithmetic kernels() {
    Kernels kernels = Kernels.standard();
    return new HandArithmetic() {
      @Override
      public void mult(
          boolean transA,
          DMatrixRMaj a,
          boolean transB,
          DMatrixRMaj b,
          boolean add,
          DMatrixRMaj c) {
        kernels.mult(transA, a, transB, b, add, c);
      }

      @Override
      public void tanh(DMatrixRMaj x, DMatrixRMaj y) {
        kernels.tanh(x, y);
      }

      @Override
      public void sigmoid(DMatrixRMaj x, DMatrixRMaj y) {
        kernels.sigmoid(x, y);
      }

      @Override
      public void exp(double[] x, int from, double shift, double[] y, int count) {
        kernels.exp(x, from, shift, y, from, count);
      }

      @Override
      public void sumCols(DMatrixRMaj x, DMatrixRMaj sums) {
        kernels.sumCols(x.data, x.numRows, x.numCols, sums.data);
      }

      @Override
      public double squaredNorm(double[] x, int count) {
        return kernels.squaredNorm(x, count);
      }

      @Override
      public double squaredDistance(double[] x, double[] y, int count) {
        return kernels.squaredDistance(x, y, count);
      }
    };
  }
}
