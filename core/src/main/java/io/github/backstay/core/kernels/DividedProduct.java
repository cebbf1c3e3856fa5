package io.github.backstay.core.kernels;

import java.util.Arrays;
import java.util.function.Supplier;
import org.ejml.data.DMatrixRMaj;

/**
 * A product whose result is divided among threads, each with scratch memory of its own. Every entry
 * is computed by one thread in the same way as alone, so that its bits do not depend on the number
 * of threads.
 */
final class DividedProduct {

  /** Parts begin at a row that is a multiple of it. */
  private static final int ROWS = 8;

  /** Parts begin at a column that is a multiple of it: two of the widest vectors. */
  private static final int COLS = 16;

  private final Parallel parallel;
  private final Supplier<? extends RangeProduct> maker;
  private final long least;
  private RangeProduct[] workers;

  /**
   * Creates the product.
   *
   * @param parallel the threads
   * @param maker makes the product of one thread
   * @param least so many multiplications are worth a thread
   */
  DividedProduct(Parallel parallel, Supplier<? extends RangeProduct> maker, long least) {
    this.parallel = parallel;
    this.maker = maker;
    this.least = least;
    workers = new RangeProduct[] {maker.get()};
  }

  void mult(
      boolean transA, DMatrixRMaj a, boolean transB, DMatrixRMaj b, boolean add, DMatrixRMaj c) {
    int m = c.numRows;
    int n = c.numCols;
    int depth = transA ? a.numRows : a.numCols;
    long worth = (long) m * n * depth / least;
    int parts = (int) Math.min(parallel.threads(), worth);
    if (parts <= 1) {
      workers[0].mult(transA, a, transB, b, add, c, 0, m, 0, n);
      return;
    }
    int bands = bands(parts, m, n);
    int rows = share(m, bands, ROWS);
    int cols = share(n, parts / bands, COLS);
    int across = (n + cols - 1) / cols;
    int count = (m + rows - 1) / rows * across;
    reserve(count);
    RangeProduct[] all = workers;
    parallel.run(
        count,
        k -> {
          int i = k / across * rows;
          int j = k % across * cols;
          all[k].mult(
              transA, a, transB, b, add, c, i, Math.min(i + rows, m), j, Math.min(j + cols, n));
        });
  }

  /**
   * How many bands of rows make the least to copy: each takes in all of B, and each of the {@code
   * parts / bands} bands of columns all of A.
   */
  private static int bands(int parts, int m, int n) {
    int best = 1;
    for (int bands = 1; bands <= parts; bands++) {
      if (parts % bands == 0 && copied(bands, parts, m, n) <= copied(best, parts, m, n)) {
        best = bands;
      }
    }
    return best;
  }

  private static long copied(int bands, int parts, int m, int n) {
    return (long) bands * n + (long) (parts / bands) * m;
  }

  /** The size of a share in whole units. */
  private static int share(int size, int shares, int unit) {
    int units = (size + unit - 1) / unit;
    return (units + shares - 1) / shares * unit;
  }

  private void reserve(int count) {
    int from = workers.length;
    if (from < count) {
      workers = Arrays.copyOf(workers, count);
      for (int k = from; k < count; k++) {
        workers[k] = maker.get();
      }
    }
  }
}
