package io.github.backstay.core.kernels;

import org.ejml.data.DMatrixRMaj;

/**
 * Kernels over {@code jdk.incubator.vector}, for vectors of two to eight numbers. What is too small
 * for them is left to {@link PlainKernels}; which path is taken depends on the shape alone, and
 * none has bits that depend on the width of vectors. Public because services have to be; ask {@link
 * Kernels#standard} for it.
 */
public final class VectorKernels implements KernelsOfModule {

  /** Products of fewer multiplications are left to plain loops. */
  private static final long SMALL_PRODUCT = 128;

  /** So few rows or columns are not worth packing the other side. */
  private static final int FEW = 2;

  /** Shorter sums are left to plain loops. */
  private static final int SHORT_SUM = 32;

  /** Loops over fewer entries are left to plain ones, which have the same bits. */
  private static final int SHORT_LOOP = 32;

  /** A check of fewer numbers costs nothing worth a vector, which is an object until compiled. */
  private static final int SHORT_CHECK = 256;

  /** Multiplications that keep a thread busy for longer than it takes to begin. */
  private static final long WORTH_A_THREAD = 1_000_000;

  private final PlainKernels plain = new PlainKernels(Parallel.serial());
  private final DividedProduct product;
  private final VectorRows rows = new VectorRows();
  private final VectorMaps maps = new VectorMaps();
  private final VectorSums sums = new VectorSums();

  /** Kernels with scratch memory of their own, for one thread. */
  public VectorKernels() {
    this(Parallel.serial());
  }

  private VectorKernels(Parallel parallel) {
    product = new DividedProduct(parallel, VectorProduct::new, WORTH_A_THREAD);
  }

  @Override
  public Kernels on(Parallel parallel) {
    return new VectorKernels(parallel);
  }

  @Override
  public String name() {
    return "vector";
  }

  @Override
  public boolean isFit() {
    return VectorTiles.LANES > 1;
  }

  @Override
  public void mult(
      boolean transA, DMatrixRMaj a, boolean transB, DMatrixRMaj b, boolean add, DMatrixRMaj c) {
    int m = c.numRows;
    int n = c.numCols;
    int depth = transA ? a.numRows : a.numCols;
    if ((long) m * n * depth < SMALL_PRODUCT) {
      plain.mult(transA, a, transB, b, add, c);
    } else if (m <= FEW && m <= n) {
      rows.multRows(transA, a, transB, b, add, c);
    } else if (n <= FEW) {
      rows.multCols(transA, a, transB, b, add, c);
    } else {
      product.mult(transA, a, transB, b, add, c);
    }
  }

  @Override
  public void exp(double[] x, int from, double shift, double[] y, int to, int count) {
    maps.exp(x, from, shift, y, to, count);
  }

  @Override
  public void tanh(double[] x, int from, double[] y, int to, int count) {
    maps.tanh(x, from, y, to, count);
  }

  @Override
  public void sigmoid(double[] x, int from, double[] y, int to, int count) {
    maps.sigmoid(x, from, y, to, count);
  }

  @Override
  public double sum(double[] x, int from, int count) {
    if (count < SHORT_SUM) {
      return plain.sum(x, from, count);
    }
    double sum = sums.sum(x, from, count);
    return Double.isFinite(sum) ? sum : PlainKernels.sumOfScaled(x, from, 1, count);
  }

  @Override
  public void sumCols(double[] x, int rowCount, int cols, double[] to) {
    if (cols == 1) {
      to[0] = sum(x, 0, rowCount);
      return;
    }
    sums.sumCols(x, rowCount, cols, to);
    for (int j = 0; j < cols; j++) {
      if (!Double.isFinite(to[j])) {
        to[j] = PlainKernels.sumOfScaled(x, j, cols, rowCount);
      }
    }
  }

  @Override
  public double squaredDistance(double[] x, int from, double[] y, int fromY, int count) {
    return count < SHORT_SUM
        ? plain.squaredDistance(x, from, y, fromY, count)
        : sums.squaredDistance(x, from, y, fromY, count);
  }

  @Override
  public double squaredNorm(double[] x, int count) {
    return count < SHORT_SUM ? plain.squaredNorm(x, count) : sums.squaredNorm(x, 0, count);
  }

  @Override
  public void scale(
      double factor, double[] x, int from, boolean add, double[] y, int to, int count) {
    if (count < SHORT_LOOP) {
      plain.scale(factor, x, from, add, y, to, count);
    } else {
      VectorEntries.scale(factor, x, from, add, y, to, count);
    }
  }

  @Override
  public void scaleDifference(
      double factor,
      double[] a,
      int fromA,
      double[] b,
      int fromB,
      boolean add,
      double[] y,
      int to,
      int count) {
    if (count < SHORT_LOOP) {
      plain.scaleDifference(factor, a, fromA, b, fromB, add, y, to, count);
    } else {
      VectorEntries.scaleDifference(factor, a, fromA, b, fromB, add, y, to, count);
    }
  }

  @Override
  public boolean isFinite(double[] x, int count) {
    return count < SHORT_CHECK ? plain.isFinite(x, count) : VectorEntries.isFinite(x, count);
  }

  @Override
  public void addProduct(
      double[] x, int from, double[] y, int fromY, double[] z, int to, int count) {
    if (count < SHORT_LOOP) {
      plain.addProduct(x, from, y, fromY, z, to, count);
    } else {
      VectorEntries.addProduct(x, from, y, fromY, z, to, count);
    }
  }
}
