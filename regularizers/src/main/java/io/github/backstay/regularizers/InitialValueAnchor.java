package io.github.backstay.regularizers;

import io.github.backstay.core.Parameter;
import org.ejml.data.DMatrixRMaj;

/** {@link Anchor#initialValue()}. */
record InitialValueAnchor() implements Anchor {

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
    return parameters == 1 ? "its initial value" : "initial values";
  }
}
