package io.github.backstay.regularizers;

import io.github.backstay.core.Parameter;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/** Held at a matrix that is never written, or at zero. */
final class HeldAtMatrix extends Held {

  private @Nullable DMatrixRMaj matrix;

  HeldAtMatrix(Parameter parameter, @Nullable DMatrixRMaj matrix) {
    super(parameter);
    this.matrix = matrix;
  }

  @Override
  @Nullable DMatrixRMaj matrix() {
    return matrix;
  }

  @Override
  DMatrixRMaj toMatrix() {
    return matrix == null ? new DMatrixRMaj(parameter.rows(), parameter.cols()) : matrix.copy();
  }

  @Override
  boolean isSaved() {
    return matrix != null;
  }

  @Override
  void moveTo(DMatrixRMaj newMatrix) {
    matrix = newMatrix;
  }

  @Override
  void copyRow(int row, double[] into) {
    if (matrix == null) {
      Arrays.fill(into, 0.0);
    } else {
      System.arraycopy(matrix.data, row * into.length, into, 0, into.length);
    }
  }
}
