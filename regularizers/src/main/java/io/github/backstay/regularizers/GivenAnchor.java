package io.github.backstay.regularizers;

import io.github.backstay.core.Parameter;
import org.ejml.data.DMatrixRMaj;

/** {@link Anchor#at}. Not a record: it would hand out the matrix that must not change. */
final class GivenAnchor implements Anchor {

  private final DMatrixRMaj value;

  GivenAnchor(DMatrixRMaj value) {
    this.value = value.copy();
  }

  @Override
  public DMatrixRMaj valueFor(Parameter parameter) {
    return value.copy();
  }

  @Override
  public String describe(int parameters) {
    return "a given matrix";
  }

  @Override
  public boolean isForOneParameter() {
    return true;
  }
}
