package io.github.backstay.core;

import java.util.Arrays;
import java.util.Objects;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * The engine's buffer for one cotangent: the sum of the contributions that have come so far. It
 * starts empty, stays row-sparse while only rows are added, and becomes dense when a whole matrix
 * is. Ops meet it in {@link Op.InPlace#accumulate}.
 */
public final class Accumulator {

  private final Workspace workspace;
  private final SparseRowsPool sparsePool;
  private int rows;
  private int cols;
  private @Nullable DMatrixRMaj dense;
  private @Nullable SparseRows sparse;
  private int start; // of the row that was found last, in the entries

  Accumulator(Workspace workspace, SparseRowsPool sparsePool) {
    this.workspace = workspace;
    this.sparsePool = sparsePool;
  }

  /** Prepares an empty accumulator for a cotangent of the given shape. */
  void open(int newRows, int newCols) {
    rows = newRows;
    cols = newCols;
  }

  /**
   * Whether nothing has been added yet.
   *
   * @return true before the first contribution
   */
  public boolean isEmpty() {
    return dense == null && sparse == null;
  }

  /**
   * The buffer of a cotangent that is still empty, to be filled completely by the caller: saves the
   * zeros that {@link #dense()} would write first.
   *
   * @return a matrix of undefined contents
   * @throws IllegalStateException if there is a contribution already
   */
  public DMatrixRMaj overwrite() {
    if (!isEmpty()) {
      throw new IllegalStateException(
          "accumulate: there is a contribution already. Add to dense() instead.");
    }
    dense = workspace.matrix(rows, cols);
    return dense;
  }

  /**
   * The buffer to add to, zeros at first.
   *
   * @return the sum so far, which the caller may add to
   */
  public DMatrixRMaj dense() {
    if (dense == null) {
      dense = workspace.zeros(rows, cols);
      if (sparse != null) {
        scatter(sparse, dense);
        sparsePool.give(sparse);
        sparse = null;
      }
    }
    return dense;
  }

  /**
   * Adds a matrix.
   *
   * @param contribution a matrix of the cotangent's shape
   */
  public void add(DMatrixRMaj contribution) {
    addScaled(1.0, contribution);
  }

  /**
   * Adds a multiple of a matrix.
   *
   * @param factor the factor
   * @param contribution a matrix of the cotangent's shape
   */
  public void addScaled(double factor, DMatrixRMaj contribution) {
    if (contribution.numRows != rows || contribution.numCols != cols) {
      throw new ShapeException(
          "accumulate: the contribution is "
              + Shape.of(contribution)
              + ", but the cotangent is "
              + new Shape(rows, cols)
              + " (both must have the same shape). Correct the op's accumulate.");
    }
    if (isEmpty()) {
      double[] to = overwrite().data;
      double[] from = contribution.data;
      if (factor == 1.0) {
        System.arraycopy(from, 0, to, 0, to.length);
      } else {
        for (int i = 0; i < to.length; i++) {
          to[i] = factor * from[i];
        }
      }
      return;
    }
    double[] to = dense().data;
    double[] from = contribution.data;
    if (factor == 1.0) {
      for (int i = 0; i < to.length; i++) {
        to[i] += from[i];
      }
    } else {
      for (int i = 0; i < to.length; i++) {
        to[i] += factor * from[i];
      }
    }
  }

  /**
   * Adds a multiple of one row of a matrix to one row of the cotangent.
   *
   * @param row which row of the cotangent
   * @param factor the factor
   * @param from a matrix as wide as the cotangent
   * @param fromRow which row of it
   */
  public void addRow(int row, double factor, DMatrixRMaj from, int fromRow) {
    boolean add = find(row);
    workspace.kernels().scale(factor, from.data, fromRow * cols, add, entries(), start, cols);
  }

  /**
   * Adds a multiple of the difference of two rows to one row of the cotangent.
   *
   * @param row which row of the cotangent
   * @param factor the factor
   * @param from a matrix as wide as the cotangent
   * @param fromRow which row of it
   * @param minus another one, which is subtracted
   * @param minusRow which row of that
   */
  public void addRowDifference(
      int row, double factor, DMatrixRMaj from, int fromRow, DMatrixRMaj minus, int minusRow) {
    double[] a = from.data;
    double[] b = minus.data;
    boolean add = find(row);
    workspace
        .kernels()
        .scaleDifference(
            factor, a, fromRow * cols, b, minusRow * cols, add, entries(), start, cols);
  }

  /** Finds where a row starts in the entries; false if it is new and has to be overwritten. */
  private boolean find(int row) {
    if (dense != null) {
      start = row * cols;
      return true;
    }
    if (sparse == null) {
      sparse = sparsePool.take(cols);
    }
    int count = sparse.count();
    int place = sparse.findOrAdd(row);
    start = place * cols;
    return place < count;
  }

  private double[] entries() {
    return dense != null ? dense.data : Objects.requireNonNull(sparse).values();
  }

  /** Notes that a path leads here even if it has added no row. */
  void touch() {
    if (isEmpty()) {
      sparse = sparsePool.take(cols);
    }
  }

  /** Takes over a matrix that came from the workspace and that nobody else uses. */
  void adopt(DMatrixRMaj contribution) {
    if (isEmpty()) {
      dense = contribution;
    } else {
      add(contribution);
      workspace.release(contribution);
    }
  }

  /** Gives the dense sum away and is empty again. */
  DMatrixRMaj takeDense() {
    DMatrixRMaj taken = dense();
    dense = null;
    return taken;
  }

  /** Gives the sum away as a gradient and is empty again. */
  Gradient takeGradient() {
    Gradient gradient =
        sparse == null
            ? Gradient.dense(workspace.kernels(), takeDense())
            : Gradient.rowSparse(workspace.kernels(), rows, cols, sparse);
    sparse = null;
    return gradient;
  }

  /** The gradient of what nothing has been added to. */
  Gradient zeroGradient() {
    return Gradient.unreached(workspace.kernels(), rows, cols, sparsePool.take(cols));
  }

  /** Adds a gradient of the same shape. */
  void addGradient(double factor, Gradient gradient) {
    SparseRows added = gradient.sparse();
    if (added == null) {
      addScaled(factor, gradient.values());
      return;
    }
    touch();
    for (int place = 0; place < added.count(); place++) {
      boolean add = find(added.row(place));
      double[] from = added.values();
      workspace.kernels().scale(factor, from, place * cols, add, entries(), start, cols);
    }
  }

  /** Multiplies what has been added. */
  void scale(double factor) {
    if (dense != null) {
      for (int i = 0; i < dense.data.length; i++) {
        dense.data[i] *= factor;
      }
    } else if (sparse != null) {
      int n = sparse.count() * cols;
      for (int i = 0; i < n; i++) {
        sparse.values()[i] *= factor;
      }
    }
  }

  /** Drops what has been added. */
  void clear() {
    if (dense != null) {
      workspace.release(dense);
      dense = null;
    }
    if (sparse != null) {
      sparsePool.give(sparse);
      sparse = null;
    }
  }

  /** Adds the rows that are kept to the full matrix. */
  static void scatter(SparseRows rows, DMatrixRMaj into) {
    int cols = into.numCols;
    double[] values = rows.values();
    for (int place = 0; place < rows.count(); place++) {
      System.arraycopy(values, place * cols, into.data, rows.row(place) * cols, cols);
    }
  }

  @Override
  public String toString() {
    return "cotangent "
        + new Shape(rows, cols)
        + (isEmpty() ? " (empty)" : dense != null ? " (dense)" : " (row-sparse)");
  }

  /** Row-sparse stores that are not in use. */
  static final class SparseRowsPool {
    private SparseRows[] free = new SparseRows[4];
    private int count;

    SparseRows take(int cols) {
      SparseRows rows = count > 0 ? free[--count] : new SparseRows();
      rows.clear(cols);
      return rows;
    }

    void give(SparseRows rows) {
      if (count == free.length) {
        free = Arrays.copyOf(free, 2 * count);
      }
      free[count++] = rows;
    }
  }
}
