package io.github.backstay.core;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * An immutable list of weights, one per class, that is, per column of a matrix of scores. Made
 * once, it can be used in every step. May be shared between threads.
 */
public final class ClassWeights {

  /** Weight 1 for every class, however many there are. */
  public static final ClassWeights EQUAL = new ClassWeights(new double[0]);

  private final DMatrixRMaj row;

  private ClassWeights(double[] values) {
    this.row = new DMatrixRMaj(1, values.length, true, values);
  }

  /**
   * Copies the given weights.
   *
   * @param weights one per class, each finite and at least 0
   * @return the list
   * @throws IllegalArgumentException if there are none, or one is negative, infinite or NaN
   */
  public static ClassWeights of(double... weights) {
    if (weights.length == 0) {
      throw new IllegalArgumentException(
          "classWeights: got no weights (need one per class). Use ClassWeights.EQUAL for none.");
    }
    for (int i = 0; i < weights.length; i++) {
      if (!(weights[i] >= 0.0) || Double.isInfinite(weights[i])) {
        throw new IllegalArgumentException(
            "classWeights: must be finite and at least 0, got "
                + weights[i]
                + " for class "
                + i
                + ".");
      }
    }
    return new ClassWeights(weights.clone());
  }

  /**
   * The weight of a class.
   *
   * @param index the class, from 0
   * @return its weight
   */
  public double get(int index) {
    return isEqual() ? 1.0 : row.data[index];
  }

  /**
   * Multiplies each column by the weight of its class.
   *
   * @param x one column per class
   * @return the product; {@code x} itself if all classes weigh the same
   * @throws ShapeException if there is not one weight per column
   */
  public Variable times(Variable x) {
    return isEqual() ? x : x.elementMult(x.tape().borrow(row));
  }

  /**
   * Refuses a number of classes that is not the number of weights.
   *
   * @param operation the name that the message starts with
   * @param classes how many classes there are
   * @throws ShapeException if there is not one weight per class
   */
  public void requireCount(String operation, int classes) {
    if (!isEqual() && row.numCols != classes) {
      throw new ShapeException(
          operation
              + ": there are "
              + row.numCols
              + " class weights, but "
              + classes
              + " classes (need one weight per column).");
    }
  }

  private boolean isEqual() {
    return row.numCols == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ClassWeights that && Arrays.equals(row.data, that.row.data);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(row.data);
  }

  @Override
  public String toString() {
    return isEqual() ? "equal" : Arrays.toString(row.data);
  }
}
