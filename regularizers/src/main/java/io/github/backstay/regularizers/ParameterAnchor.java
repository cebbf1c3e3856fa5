package io.github.backstay.regularizers;

import io.github.backstay.core.Parameter;
import org.ejml.data.DMatrixRMaj;

/** {@link Anchor#following}. */
record ParameterAnchor(Parameter other) implements Anchor {

  @Override
  public DMatrixRMaj valueFor(Parameter parameter) {
    if (parameter == other) {
      throw new IllegalArgumentException(
          "regularizer: parameter \""
              + parameter.name()
              + "\" would be anchored at itself, where every penalty is 0 for ever (need another"
              + " parameter). Use towardsInitialValue() or Anchor.movingAverage(…).");
    }
    return other.toMatrix();
  }

  @Override
  public String describe(int parameters) {
    return "what \"" + other.name() + "\" is";
  }

  @Override
  public boolean isForOneParameter() {
    return true;
  }
}
