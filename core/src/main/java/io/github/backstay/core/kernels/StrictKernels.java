package io.github.backstay.core.kernels;

import org.ejml.data.DMatrixRMaj;

/**
 * Kernels whose bits are the same everywhere: maps by {@link StrictMath}, all else by {@link
 * PlainKernels}, whose loops are additions, products and {@link Math#fma} in a fixed order, which
 * Java defines to the bit.
 */
final class StrictKernels implements Kernels {

  private final PlainKernels plain;

  StrictKernels(Parallel parallel) {
    plain = new PlainKernels(parallel);
  }

  @Override
  public String name() {
    return "strict";
  }

  @Override
  public void mult(
      boolean transA, DMatrixRMaj a, boolean transB, DMatrixRMaj b, boolean add, DMatrixRMaj c) {
    plain.mult(transA, a, transB, b, add, c);
  }

  @Override
  public void exp(double[] x, int from, double shift, double[] y, int to, int count) {
    for (int i = 0; i < count; i++) {
      y[to + i] = StrictMath.exp(x[from + i] - shift);
    }
  }

  @Override
  public void tanh(double[] x, int from, double[] y, int to, int count) {
    for (int i = 0; i < count; i++) {
      y[to + i] = StrictMath.tanh(x[from + i]);
    }
  }

  @Override
  public void sigmoid(double[] x, int from, double[] y, int to, int count) {
    for (int i = 0; i < count; i++) {
      double number = x[from + i];
      double e = StrictMath.exp(-Math.abs(number));
      y[to + i] = (number < 0 ? e : 1.0) / (1.0 + e);
    }
  }

  @Override
  public double sum(double[] x, int from, int count) {
    return plain.sum(x, from, count);
  }

  @Override
  public void sumCols(double[] x, int rows, int cols, double[] sums) {
    plain.sumCols(x, rows, cols, sums);
  }

  @Override
  public double squaredDistance(double[] x, int from, double[] y, int fromY, int count) {
    return plain.squaredDistance(x, from, y, fromY, count);
  }

  @Override
  public double squaredNorm(double[] x, int count) {
    return plain.squaredNorm(x, count);
  }
}
