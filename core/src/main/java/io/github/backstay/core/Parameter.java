package io.github.backstay.core;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.ejml.data.DMatrixRMaj;

/**
 * A named trainable matrix that outlives tapes. Nothing but the parameter itself writes its values:
 * reading gives copies, and every write goes through one of its methods, so that a tape can tell
 * when what it has recorded is out of date.
 *
 * <p>Several tapes in several threads may read a parameter at the same time; while one writes, no
 * other may use it.
 */
public final class Parameter implements Parameterized {

  private final DMatrixRMaj values;
  private String name;
  private boolean frozen;
  private long version;

  /**
   * Creates a parameter.
   *
   * @param name how errors, reports and files call it; not blank
   * @param initial its first values, copied
   * @throws IllegalArgumentException if the name is blank or a value is NaN or infinite
   */
  public Parameter(String name, DMatrixRMaj initial) {
    this.name = requireName(name);
    this.values = new DMatrixRMaj(initial.numRows, initial.numCols);
    System.arraycopy(initial.data, 0, values.data, 0, values.data.length);
    requireFinite();
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
    return values.data[row * values.numCols + col];
  }

  /**
   * A copy of all values.
   *
   * @return a new matrix
   */
  public DMatrixRMaj toMatrix() {
    return values.copy();
  }

  /**
   * Replaces all values.
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
    System.arraycopy(newValues.data, 0, values.data, 0, values.data.length);
    version++;
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
    values.data[row * values.numCols + col] = value;
    version++;
  }

  /**
   * Lets an update rule change the values in place. The matrix is the parameter's own and is lent
   * for the duration of the call only: it must not be kept, reshaped or replaced.
   *
   * @param edit what to do with the values
   */
  public void update(Consumer<DMatrixRMaj> edit) {
    version++;
    edit.accept(values);
  }

  /**
   * Copies all values into a matrix of the same shape, without allocating.
   *
   * @param to where to copy to
   * @throws ShapeException if the shape differs
   */
  public void copyTo(DMatrixRMaj to) {
    Shape.requireSame("parameter \"" + name + "\" (values, target)", values, to);
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

  DMatrixRMaj values() {
    return values;
  }

  @Override
  public String toString() {
    return "parameter \"" + name + "\" " + shape() + (frozen ? " (frozen)" : "");
  }
}
