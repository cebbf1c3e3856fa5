package io.github.backstay.regularizers;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.StateDict;
import org.ejml.data.DMatrixRMaj;

/** {@link Anchor#saved}. */
record SavedAnchor(StateDict state) implements Anchor {

  @Override
  public DMatrixRMaj valueFor(Parameter parameter) {
    return state.matrix(parameter.name());
  }

  @Override
  public String describe(int parameters) {
    return parameters == 1 ? "its saved value" : "saved values";
  }
}
