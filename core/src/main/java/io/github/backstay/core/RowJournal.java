package io.github.backstay.core;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * What a parameter was when the journal was opened, kept by copying a row when it is first written:
 * a row that never moved is where it was, and costs nothing. So the original of an embedding of a
 * million rows takes the memory of the rows that training has touched. Opened by {@link
 * Parameter#journal()}; never changes what it says the original is, and never aliases the values.
 *
 * <p>As soon as the whole matrix is written at once the journal copies all of it. Reading is safe
 * wherever reading the parameter is.
 */
public final class RowJournal {

  private final Parameter parameter;
  private final int cols;
  private final RowSet moved = new RowSet();
  private double[] originals = new double[0];
  private @Nullable DMatrixRMaj all;
  private @Nullable RowSet owed; // whose first rows have been kept already
  private int ofOwed; // how many

  RowJournal(Parameter parameter) {
    this.parameter = parameter;
    this.cols = parameter.cols();
  }

  /** The journal of an original of which some rows have moved, in this order; null if all have. */
  RowJournal(Parameter parameter, DMatrixRMaj original, @Nullable RowSet rows) {
    this(parameter);
    if (rows == null) {
      all = original.copy();
      return;
    }
    for (int place = 0; place < rows.size(); place++) {
      keep(rows.row(place), original.data);
    }
  }

  /** Whether it says that these rows have moved, in this order; null if all have. */
  boolean hasMoved(@Nullable RowSet rows) {
    if (rows == null || all != null) {
      return rows == null && all != null;
    }
    boolean same = rows.size() == moved.size();
    for (int place = 0; same && place < rows.size(); place++) {
      same = rows.row(place) == moved.row(place);
    }
    return same;
  }

  /** Whether this is the original, to the bit. */
  boolean hasOriginal(DMatrixRMaj other) {
    double[] row = new double[cols];
    for (int i = 0; i < other.numRows; i++) {
      copyRow(i, row, 0);
      for (int j = 0; j < cols; j++) {
        if (Double.doubleToRawLongBits(row[j])
            != Double.doubleToRawLongBits(other.data[i * cols + j])) {
          return false;
        }
      }
    }
    return true;
  }

  /** Called by the parameter before it writes a row. */
  void beforeWriting(int row) {
    if (all == null) {
      keep(row, parameter.values().data);
    }
  }

  /**
   * Called by the parameter before a step that may leave rows behind: they are up to date until
   * then, and what is made up for later is not written but read.
   */
  void beforeOwing(RowSet rows) {
    if (owed != rows) {
      owed = rows;
      ofOwed = 0;
    }
    for (; ofOwed < rows.size(); ofOwed++) {
      beforeWriting(rows.row(ofOwed));
    }
  }

  private void keep(int row, double[] values) {
    int size = moved.size();
    int place = moved.add(row);
    if (place == size) {
      if ((size + 1) * cols > originals.length) {
        long wanted = Math.max(2L * originals.length, 8L * cols);
        originals =
            Arrays.copyOf(originals, (int) Math.min(wanted, (long) parameter.rows() * cols));
      }
      System.arraycopy(values, row * cols, originals, size * cols, cols);
    }
  }

  /** Called by the parameter before it writes anything anywhere. */
  void beforeWritingAll() {
    if (all == null) {
      all = toMatrix();
      moved.clear();
      originals = new double[0];
    }
  }

  /**
   * Whether the journal knows which rows have been written. If not, take every row as written.
   *
   * @return false after the whole matrix has been written at once
   */
  public boolean isByRows() {
    return all == null;
  }

  /**
   * The rows that have been written since the journal was opened, in the order of their first
   * write.
   *
   * @return the journal's own set, not to be changed; empty unless {@link #isByRows()}
   */
  public RowSet rows() {
    return moved;
  }

  /**
   * The originals of {@link #rows()}, one after the other, or of all rows unless {@link
   * #isByRows()}. Not a copy: must be neither changed nor kept beyond the next write of the
   * parameter.
   *
   * @return the backing array, possibly longer than what it holds
   */
  public double[] originals() {
    return all == null ? originals : all.data;
  }

  /**
   * Copies the original of one row.
   *
   * @param row which row of the parameter
   * @param into where to
   * @param at the first index to write
   */
  public void copyRow(int row, double[] into, int at) {
    int place = all == null ? moved.find(row) : row;
    double[] from = place < 0 ? parameter.values().data : originals();
    System.arraycopy(from, (place < 0 ? row : place) * cols, into, at, cols);
  }

  /**
   * The whole original.
   *
   * @return a new matrix
   */
  public DMatrixRMaj toMatrix() {
    if (all != null) {
      return all.copy();
    }
    DMatrixRMaj matrix = parameter.values().copy();
    for (int place = 0; place < moved.size(); place++) {
      System.arraycopy(originals, place * cols, matrix.data, moved.row(place) * cols, cols);
    }
    return matrix;
  }

  /**
   * How much memory the originals take.
   *
   * @return bytes, without the values of the parameter itself
   */
  public long bytes() {
    return 8L * originals().length;
  }

  @Override
  public String toString() {
    return "original of \""
        + parameter.name()
        + "\", "
        + (isByRows() ? moved.size() + " of " + parameter.rows() + " rows moved" : "all rows kept");
  }
}
