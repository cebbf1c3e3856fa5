package io.github.backstay.core;

import io.github.backstay.core.kernels.Kernels;
import java.util.Objects;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * The gradient with respect to one parameter or leaf: a full matrix, or only the rows that the
 * computation has read (as {@code gatherRows} of an embedding gives). Every row that is not stored
 * is exactly 0. Obtained from {@link Gradients}, and usable as long as that is.
 */
public final class Gradient {

  private final Kernels kernels;
  private final int rows;
  private final int cols;
  private final @Nullable DMatrixRMaj dense;
  private final @Nullable SparseRows sparse;
  private final boolean reached;
  private long version;
  private boolean released;

  private Gradient(
      Kernels kernels,
      int rows,
      int cols,
      @Nullable DMatrixRMaj dense,
      @Nullable SparseRows sparse,
      boolean reached) {
    this.kernels = kernels;
    this.rows = rows;
    this.cols = cols;
    this.dense = dense;
    this.sparse = sparse;
    this.reached = reached;
  }

  static Gradient dense(Kernels kernels, DMatrixRMaj values) {
    return new Gradient(kernels, values.numRows, values.numCols, values, null, true);
  }

  static Gradient rowSparse(Kernels kernels, int rows, int cols, SparseRows values) {
    return new Gradient(kernels, rows, cols, null, values, true);
  }

  /** The gradient of what no path leads to: zeros, and known as such. */
  static Gradient unreached(Kernels kernels, int rows, int cols, SparseRows none) {
    return new Gradient(kernels, rows, cols, null, none, false);
  }

  /** Remembers which values of its parameter the gradient belongs to. */
  Gradient at(long parameterVersion) {
    version = parameterVersion;
    return this;
  }

  long version() {
    return version;
  }

  boolean isReached() {
    return reached;
  }

  /**
   * The shape, which is that of the parameter.
   *
   * @return rows × columns, stored or not
   */
  public Shape shape() {
    return new Shape(rows, cols);
  }

  /**
   * Whether only some rows are stored.
   *
   * @return false for a full matrix
   */
  public boolean isRowSparse() {
    return dense == null;
  }

  /**
   * How many rows are stored.
   *
   * @return the number of rows that may differ from 0; all rows of a full matrix
   */
  public int storedRows() {
    return sparse == null ? rows : live(sparse).count();
  }

  /**
   * Which row of the matrix is stored at a place.
   *
   * @param place from 0 to {@code storedRows() - 1}
   * @return the row's number in the matrix
   */
  public int rowAt(int place) {
    return sparse == null ? place : live(sparse).row(place);
  }

  /**
   * The stored numbers themselves, for update rules: row {@link #rowAt rowAt(k)} of the gradient
   * starts at {@code k * cols}. Not a copy: must be neither changed nor kept. The array may be
   * longer than what is stored.
   *
   * @return the backing array
   */
  public double[] data() {
    return sparse == null ? values().data : live(sparse).values();
  }

  /**
   * One entry.
   *
   * @param row from 0
   * @param col from 0
   * @return its value; 0 where nothing is stored
   */
  public double get(int row, int col) {
    Objects.checkIndex(row, rows);
    Objects.checkIndex(col, cols);
    if (sparse == null) {
      return values().data[row * cols + col];
    }
    int place = live(sparse).find(row);
    return place < 0 ? 0.0 : sparse.values()[place * cols + col];
  }

  /**
   * A copy as a full matrix.
   *
   * @return a new matrix of the parameter's shape
   */
  public DMatrixRMaj toMatrix() {
    if (sparse == null) {
      return values().copy();
    }
    DMatrixRMaj matrix = new DMatrixRMaj(rows, cols);
    Accumulator.scatter(live(sparse), matrix);
    return matrix;
  }

  /**
   * The sum of the squares of all entries.
   *
   * @return {@code ‖G‖²} (Frobenius)
   */
  public double squaredNorm() {
    double[] data = data();
    int n = storedRows() * cols;
    double sum = 0.0;
    for (int i = 0; i < n; i++) {
      sum += data[i] * data[i];
    }
    return sum;
  }

  /** The largest size of an entry; NaN if there is one. */
  double largest() {
    double[] data = data();
    int n = storedRows() * cols;
    double largest = 0.0;
    for (int i = 0; i < n; i++) {
      largest = Math.max(largest, Math.abs(data[i]));
    }
    return largest;
  }

  /** {@code Σ (|g|/unit)^p}. */
  double sumOfPowers(double p, double unit) {
    double[] data = data();
    int n = storedRows() * cols;
    double sum = 0.0;
    for (int i = 0; i < n; i++) {
      sum += StrictMath.pow(Math.abs(data[i]) / unit, p);
    }
    return sum;
  }

  /** {@code Σ (g/unit)²}. */
  double sumOfSquares(double unit) {
    double[] data = data();
    int n = storedRows() * cols;
    double sum = 0.0;
    for (int i = 0; i < n; i++) {
      double part = data[i] / unit;
      sum += part * part;
    }
    return sum;
  }

  /**
   * Whether no entry is NaN or infinite.
   *
   * @return true if all are finite
   */
  public boolean isFinite() {
    return kernels.isFinite(data(), storedRows() * cols);
  }

  /** The full matrix of a dense gradient. */
  DMatrixRMaj values() {
    return live(Objects.requireNonNull(dense));
  }

  @Nullable SparseRows sparse() {
    return sparse == null ? null : live(sparse);
  }

  /** Hands the buffers back; the gradient is of no use afterwards. */
  void release(Workspace workspace, Accumulator.SparseRowsPool sparsePool) {
    released = true;
    if (dense != null) {
      workspace.release(dense);
    }
    if (sparse != null) {
      sparsePool.give(sparse);
    }
  }

  private <T> T live(T store) {
    if (released) {
      throw Gradients.outdated();
    }
    return store;
  }

  @Override
  public String toString() {
    return "gradient "
        + shape()
        + (released ? " (released)" : isRowSparse() ? ", " + storedRows() + " rows stored" : "");
  }
}
