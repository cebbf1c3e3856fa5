package io.github.backstay.regularizers;

import io.github.backstay.core.Parameter;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/** {@link Anchor#zero()}. */
record ZeroAnchor() implements Anchor {

  @Override
  public @Nullable DMatrixRMaj valueFor(Parameter parameter) {
    return null;
  }

  @Override
  public String describe(int parameters) {
    return "0";
  }
}
