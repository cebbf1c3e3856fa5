package io.github.backstay.regularizers;

import io.github.backstay.core.Parameter;
import org.ejml.data.DMatrixRMaj;

/** {@link Anchor#previousTask()}. */
record PreviousTaskAnchor() implements Anchor {

  @Override
  public DMatrixRMaj valueFor(Parameter parameter) {
    return parameter.toMatrix();
  }

  @Override
  public boolean isInitialValue() {
    return true;
  }

  @Override
  public String describe(int parameters) {
    return parameters == 1
        ? "its value after the previous task"
        : "the values after the previous task";
  }
}
