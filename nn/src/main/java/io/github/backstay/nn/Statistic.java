package io.github.backstay.nn;

import io.github.backstay.core.Shape;
import org.ejml.data.DMatrixRMaj;

/**
 * A named matrix that belongs to a module and is no parameter: nothing is differentiated by it, no
 * optimizer steps it and no penalty holds it. The module itself writes it while it is trained (the
 * running mean of {@link BatchNorm}), and it belongs into a file beside the parameters.
 *
 * <p>Reading and writing are synchronized, so that several threads may train the same module; the
 * order in which they write is then up to them.
 */
public final class Statistic {

  private final DMatrixRMaj values;
  private String name;

  Statistic(String name, DMatrixRMaj initial) {
    this.name = name;
    this.values = new DMatrixRMaj(initial.numRows, initial.numCols);
    set(initial);
  }

  /**
   * The name, with the path of modules it belongs to.
   *
   * @return for instance {@code encoder.runningMean}
   */
  public String name() {
    return name;
  }

  void rename(String newName) {
    name = newName;
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
   * A copy of all values.
   *
   * @return a new matrix
   */
  public synchronized DMatrixRMaj toMatrix() {
    return values.copy();
  }

  /**
   * Replaces all values, for instance by those from a file.
   *
   * @param newValues a matrix of the same shape, copied
   * @throws io.github.backstay.core.ShapeException if the shape differs
   * @throws IllegalArgumentException if a value is NaN or infinite; the old values stay
   */
  public synchronized void set(DMatrixRMaj newValues) {
    Shape.requireSame("statistic \"" + name + "\" (own values, new values)", values, newValues);
    for (int i = 0; i < values.data.length; i++) {
      if (!Double.isFinite(newValues.data[i])) {
        throw new IllegalArgumentException(
            "statistic \""
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
  }

  /** Moves all values towards others: {@code values ← (1 − rate)·values + rate·others}. */
  synchronized void moveTowards(DMatrixRMaj others, double rate) {
    DMatrixRMaj moved = values.copy();
    for (int i = 0; i < moved.data.length; i++) {
      moved.data[i] = (1.0 - rate) * values.data[i] + rate * others.data[i];
    }
    set(moved);
  }

  @Override
  public String toString() {
    return "statistic \"" + name + "\" " + shape();
  }
}
