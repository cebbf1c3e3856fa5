package io.github.backstay.benchmarks.steps;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/** EJML's products, {@link Math}'s functions, sums from the first number to the last. */
final class EjmlArithmetic implements HandArithmetic {

  @Override
  public void mult(
      boolean transA, DMatrixRMaj a, boolean transB, DMatrixRMaj b, boolean add, DMatrixRMaj c) {
    if (add) {
      if (transA) {
        CommonOps_DDRM.multAddTransA(a, b, c);
      } else if (transB) {
        CommonOps_DDRM.multAddTransB(a, b, c);
      } else {
        CommonOps_DDRM.multAdd(a, b, c);
      }
    } else {
      if (transA) {
        CommonOps_DDRM.multTransA(a, b, c);
      } else if (transB) {
        CommonOps_DDRM.multTransB(a, b, c);
      } else {
        CommonOps_DDRM.mult(a, b, c);
      }
    }
  }

  @Override
  public void tanh(DMatrixRMaj x, DMatrixRMaj y) {
    for (int i = 0; i < x.getNumElements(); i++) {
      y.data[i] = Math.tanh(x.data[i]);
    }
  }

  @Override
  public void sigmoid(DMatrixRMaj x, DMatrixRMaj y) {
    for (int i = 0; i < x.getNumElements(); i++) {
      y.data[i] = 1.0 / (1.0 + Math.exp(-x.data[i]));
    }
  }

  @Override
  public void exp(double[] x, int from, double shift, double[] y, int count) {
    for (int i = from; i < from + count; i++) {
      y[i] = Math.exp(x[i] - shift);
    }
  }

  @Override
  public void sumCols(DMatrixRMaj x, DMatrixRMaj sums) {
    Arrays.fill(sums.data, 0.0);
    for (int i = 0; i < x.numRows; i++) {
      int from = i * x.numCols;
      for (int j = 0; j < x.numCols; j++) {
        sums.data[j] += x.data[from + j];
      }
    }
  }

  @Override
  public double squaredNorm(double[] x, int count) {
    double sum = 0.0;
    for (int i = 0; i < count; i++) {
      sum += x[i] * x[i];
    }
    return sum;
  }

  @Override
  public double squaredDistance(double[] x, double[] y, int count) {
    double sum = 0.0;
    for (int i = 0; i < count; i++) {
      double d = x[i] - y[i];
      sum += d * d;
    }
    return sum;
  }
}
