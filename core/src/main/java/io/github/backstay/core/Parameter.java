package io.github.backstay.core;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * A named trainable matrix that outlives tapes. Nothing but the parameter itself writes its values:
 * reading gives copies, and every write goes through one of its methods, so that a tape can tell
 * when what it has recorded is out of date, and so that whoever keeps something by rows can tell
 * which of them moved ({@link #journal()}).
 *
 * <p>Several tapes in several threads may read a parameter at the same time; while one writes, no
 * other may use it.
 */
public final class Parameter implements Parameterized {

  private final DMatrixRMaj values;
  private String name;
  private boolean frozen;
  private long version;
  private final List<WeakReference<RowJournal>> journals = new ArrayList<>();
  private @Nullable WeakReference<RowJournal> latest; // opened at latestVersion
  private long latestVersion;
  private final Object settling = new Object();
  private volatile @Nullable DeferredRows deferred;

  /**
   * Creates a parameter.
   *
   * @param name how errors, reports and files call it; not blank
   * @param initial its first values, copied
   * @throws IllegalArgumentException if the name is blank or a value is NaN or infinite
   */
  public Parameter(String name, DMatrixRMaj initial) {
    this(plainCopy(initial), name);
  }

  private Parameter(DMatrixRMaj values, String name) {
    this.name = requireName(name);
    this.values = values;
    requireFinite();
  }

  private static DMatrixRMaj plainCopy(DMatrixRMaj matrix) {
    DMatrixRMaj copy = new DMatrixRMaj(matrix.numRows, matrix.numCols);
    System.arraycopy(matrix.data, 0, copy.data, 0, copy.data.length);
    return copy;
  }

  /**
   * Creates a parameter that takes a matrix over instead of copying it, for tables that fill half
   * the memory. The caller must not use the matrix again.
   *
   * @param name how errors, reports and files call it; not blank
   * @param values the first values, from now on the parameter's own
   * @return the parameter
   * @throws IllegalArgumentException if the name is blank, a value is NaN or infinite, or the
   *     matrix has a backing array of another length than its number of entries
   */
  public static Parameter adopting(String name, DMatrixRMaj values) {
    if (values.data.length != values.getNumElements()) {
      throw new IllegalArgumentException(
          "parameter \""
              + name
              + "\": the matrix has "
              + values.getNumElements()
              + " entries and a backing array of "
              + values.data.length
              + " (must be the same to be taken over). Use new Parameter(name, matrix), which"
              + " copies.");
    }
    return new Parameter(values, name);
  }

  private static String requireName(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("parameter: the name must not be blank.");
    }
    return name;
  }

  private void requireFinite() {
    for (int i = 0; i < values.data.length; i++) {
      if (!Double.isFinite(values.data[i])) {
        throw new IllegalArgumentException(
            "parameter \""
                + name
                + "\": entry ("
                + i / values.numCols
                + ", "
                + i % values.numCols
                + ") is "
                + values.data[i]
                + " (values must be finite).");
      }
    }
  }

  /**
   * This parameter as a variable of a tape: the leaf that gradients lead to. The same variable each
   * time, until the tape is reset. The leaf of a frozen parameter is a constant.
   *
   * @param tape the tape of this step
   * @return the leaf
   * @throws IllegalStateException if the parameter was changed since it came onto the tape
   */
  public Variable on(Tape tape) {
    return tape.on(this);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of(this);
  }

  /**
   * The name, with the path of modules it belongs to.
   *
   * @return for instance {@code encoder.weight}
   */
  public String name() {
    return name;
  }

  /**
   * Gives the parameter another name; modules use this to put their path in front.
   *
   * @param newName the new name, not blank
   */
  public void rename(String newName) {
    name = requireName(newName);
  }

  /**
   * The number of rows.
   *
   * @return at least 0
   */
  public int rows() {
    return values.numRows;
  }

  /**
   * The number of columns.
   *
   * @return at least 0
   */
  public int cols() {
    return values.numCols;
  }

  /**
   * The shape.
   *
   * @return rows × columns
   */
  public Shape shape() {
    return Shape.of(values);
  }

  /**
   * One entry.
   *
   * @param row from 0
   * @param col from 0
   * @return its value
   */
  public double get(int row, int col) {
    Objects.checkIndex(row, values.numRows);
    Objects.checkIndex(col, values.numCols);
    settle(row);
    return values.data[row * values.numCols + col];
  }

  /**
   * Whether no value is NaN or infinite, which only {@link #update} can make them.
   *
   * @return true if all are finite
   */
  public boolean isFinite() {
    settleAll();
    for (double value : values.data) {
      if (!Double.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /**
   * A copy of all values.
   *
   * @return a new matrix
   */
  public DMatrixRMaj toMatrix() {
    settleAll();
    return values.copy();
  }

  /**
   * Replaces all values. Rows that have their new values already, to the bit, count as not written.
   *
   * @param newValues a matrix of the parameter's shape, copied
   * @throws ShapeException if the shape differs
   * @throws IllegalArgumentException if a value is NaN or infinite; the parameter keeps its values
   */
  public void set(DMatrixRMaj newValues) {
    Shape.requireSame("parameter \"" + name + "\" (own values, new values)", values, newValues);
    for (int i = 0; i < values.data.length; i++) {
      if (!Double.isFinite(newValues.data[i])) {
        throw new IllegalArgumentException(
            "parameter \""
                + name
                + "\": the new value of entry ("
                + i / values.numCols
                + ", "
                + i % values.numCols
                + ") is "
                + newValues.data[i]
                + " (values must be finite).");
      }
    }
    settleAll();
    RowSet written = differing(newValues);
    version++;
    if (2L * written.size() > values.numRows) {
      journalAll();
      System.arraycopy(newValues.data, 0, values.data, 0, values.data.length);
      return;
    }
    int cols = values.numCols;
    for (int place = 0; place < written.size(); place++) {
      int row = written.row(place);
      journal(row);
      System.arraycopy(newValues.data, row * cols, values.data, row * cols, cols);
    }
  }

  /** The rows in which a matrix has other bits. */
  private RowSet differing(DMatrixRMaj other) {
    RowSet rows = new RowSet();
    for (int row = 0; row < values.numRows; row++) {
      if (differs(row, other)) {
        rows.add(row);
      }
    }
    return rows;
  }

  private boolean differs(int row, DMatrixRMaj other) {
    for (int i = row * values.numCols; i < (row + 1) * values.numCols; i++) {
      if (Double.doubleToRawLongBits(values.data[i]) != Double.doubleToRawLongBits(other.data[i])) {
        return true;
      }
    }
    return false;
  }

  /**
   * Replaces one entry.
   *
   * @param row from 0
   * @param col from 0
   * @param value the new value, finite
   */
  public void set(int row, int col, double value) {
    Objects.checkIndex(row, values.numRows);
    Objects.checkIndex(col, values.numCols);
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          "parameter \"" + name + "\": the new value is " + value + " (must be finite).");
    }
    settle(row);
    journal(row);
    version++;
    values.data[row * values.numCols + col] = value;
  }

  /**
   * Lets an update rule change the values in place. The matrix is the parameter's own and is lent
   * for the duration of the call only: it must not be kept, reshaped or replaced.
   *
   * @param edit what to do with the values
   */
  public void update(Consumer<DMatrixRMaj> edit) {
    beforeWritingAll();
    edit.accept(values);
  }

  /**
   * Like {@link #update}, for an edit that writes some rows only and says which before. Rows that
   * it may leave behind ({@link DeferredRows#rows()}) count as written.
   *
   * @param rows the rows that will be written; no other may be
   * @param edit what to do with the values
   */
  public void updateRows(RowSet rows, Consumer<DMatrixRMaj> edit) {
    settleRows(rows);
    DeferredRows behind = deferred;
    for (int i = 0; i < journals.size(); i++) {
      RowJournal journal = journals.get(i).get();
      if (journal != null) {
        for (int place = 0; place < rows.size(); place++) {
          journal.beforeWriting(rows.row(place));
        }
        if (behind != null) {
          journal.beforeOwing(behind.rows());
        }
      }
    }
    version++;
    edit.accept(values);
  }

  private void beforeWritingAll() {
    settleAll();
    journalAll();
    version++;
  }

  private void journal(int row) {
    for (int i = 0; i < journals.size(); i++) {
      RowJournal journal = journals.get(i).get();
      if (journal != null) {
        journal.beforeWriting(row);
      }
    }
  }

  private void journalAll() {
    for (int i = 0; i < journals.size(); i++) {
      RowJournal journal = journals.get(i).get();
      if (journal != null) {
        journal.beforeWritingAll();
      }
    }
  }

  /**
   * Opens a journal of the values as they are now, which from now on keeps the original of every
   * row that is written. Whoever asks again before the next write gets the same journal.
   *
   * @return the journal; it is kept up to date as long as somebody holds it
   */
  public RowJournal journal() {
    settleAll();
    RowJournal open = latest == null || latestVersion != version ? null : latest.get();
    if (open != null) {
      return open;
    }
    RowJournal journal = new RowJournal(this);
    latest = keep(journal);
    latestVersion = version;
    return journal;
  }

  /**
   * Opens a journal as if it had been opened when the values were other ones, as those that a
   * training began with before it was interrupted. Rows that differ from them have moved. Whoever
   * asks for the same original gets the same journal.
   *
   * @param original a matrix of the parameter's shape, copied as far as it differs
   * @return the journal; it is kept up to date as long as somebody holds it
   * @throws ShapeException if the shape differs
   */
  public RowJournal journal(DMatrixRMaj original) {
    requireOriginal(original);
    for (WeakReference<RowJournal> reference : journals) {
      RowJournal journal = reference.get();
      if (journal != null && journal.hasOriginal(original)) {
        return journal;
      }
    }
    return opened(original, differing(original));
  }

  /**
   * Opens a journal as it was when a training was interrupted, with its rows in their order: sums
   * over them have the same bits again.
   *
   * @param original a matrix of the parameter's shape, copied as far as it has moved
   * @param moved {@link RowJournal#rows()} as they were; other rows that differ from the original
   *     come after them. Null if the journal was not {@link RowJournal#isByRows()}
   * @return the journal; it is kept up to date as long as somebody holds it
   * @throws ShapeException if the shape differs
   * @throws IndexOutOfBoundsException if there is no such row
   */
  public RowJournal journal(DMatrixRMaj original, @Nullable Indices moved) {
    requireOriginal(original);
    RowSet rows = null;
    if (moved != null) {
      moved.requireBelow("parameter \"" + name + "\"", values.numRows, "rows");
      rows = new RowSet();
      for (int i = 0; i < moved.size(); i++) {
        rows.add(moved.get(i));
      }
      RowSet others = differing(original);
      for (int place = 0; place < others.size(); place++) {
        rows.add(others.row(place));
      }
    }
    for (WeakReference<RowJournal> reference : journals) {
      RowJournal journal = reference.get();
      if (journal != null && journal.hasMoved(rows) && journal.hasOriginal(original)) {
        return journal;
      }
    }
    return opened(original, rows);
  }

  private void requireOriginal(DMatrixRMaj original) {
    Shape.requireSame("parameter \"" + name + "\" (own values, original)", values, original);
    settleAll();
  }

  private RowJournal opened(DMatrixRMaj original, @Nullable RowSet rows) {
    RowJournal journal = new RowJournal(this, original, rows);
    keep(journal);
    return journal;
  }

  @CanIgnoreReturnValue
  private WeakReference<RowJournal> keep(RowJournal journal) {
    journals.removeIf(reference -> reference.get() == null);
    WeakReference<RowJournal> reference = new WeakReference<>(journal);
    journals.add(reference);
    return reference;
  }

  /**
   * For optimizers: from now on the rows may be behind, and are to be settled before anybody sees
   * them. Whoever deferred rows before is asked to settle all of its rows first.
   *
   * @param newDeferred who settles rows; null when nothing is behind any more
   */
  public void defer(@Nullable DeferredRows newDeferred) {
    DeferredRows before = deferred;
    if (before != newDeferred) {
      settleAll();
      deferred = newDeferred;
    }
  }

  /**
   * Brings all rows up to date, if some are behind. Reading does so by itself; this is for whoever
   * keeps something else that belongs to the rows.
   */
  public void settle() {
    settleAll();
  }

  /**
   * Brings all rows up to date and does something before anybody else can ask for one.
   *
   * @param then what to do; must not read the parameter
   */
  public void settleThen(Runnable then) {
    synchronized (settling) {
      settleAll();
      then.run();
    }
  }

  /** Brings one row up to date. */
  private void settle(int row) {
    DeferredRows behind = deferred;
    if (behind != null) {
      synchronized (settling) {
        behind.settle(row, values);
      }
    }
  }

  private void settleRows(RowSet rows) {
    DeferredRows behind = deferred;
    if (behind != null) {
      synchronized (settling) {
        for (int place = 0; place < rows.size(); place++) {
          behind.settle(rows.row(place), values);
        }
      }
    }
  }

  /** Brings the rows up to date that an op is about to read; null for all of them. */
  void settle(@Nullable Indices rows) {
    DeferredRows behind = deferred;
    if (behind != null) {
      synchronized (settling) {
        if (rows == null) {
          behind.settleAll(values);
        } else {
          for (int i = 0; i < rows.size(); i++) {
            behind.settle(rows.get(i), values);
          }
        }
      }
    }
  }

  private void settleAll() {
    settle(null);
  }

  /**
   * Copies all values into a matrix of the same shape, without allocating.
   *
   * @param to where to copy to
   * @throws ShapeException if the shape differs
   */
  public void copyTo(DMatrixRMaj to) {
    Shape.requireSame("parameter \"" + name + "\" (values, target)", values, to);
    settleAll();
    System.arraycopy(values.data, 0, to.data, 0, values.data.length);
  }

  /** Stops training: from now on its leaves are constants. */
  public void freeze() {
    frozen = true;
  }

  /** Takes up training again. */
  public void thaw() {
    frozen = false;
  }

  /**
   * Whether the parameter is left out of training.
   *
   * @return true between {@link #freeze()} and {@link #thaw()}
   */
  public boolean isFrozen() {
    return frozen;
  }

  /**
   * How often the values have been written.
   *
   * @return a number that grows with every write
   */
  public long version() {
    return version;
  }

  /** The parameter's own matrix; what is read from it must have been settled. */
  DMatrixRMaj values() {
    return values;
  }

  @Override
  public String toString() {
    return "parameter \"" + name + "\" " + shape() + (frozen ? " (frozen)" : "");
  }
}
