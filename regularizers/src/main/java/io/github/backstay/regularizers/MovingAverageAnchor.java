package io.github.backstay.regularizers;

import io.github.backstay.core.Parameter;
import org.ejml.data.DMatrixRMaj;

/** {@link Anchor#movingAverage}. */
record MovingAverageAnchor(double decay) implements Anchor {

  MovingAverageAnchor {
    if (!(decay >= 0.0 && decay < 1.0)) {
      throw new IllegalArgumentException(
          "anchor: the decay of a moving average must be in [0, 1), got " + decay + ".");
    }
  }

  @Override
  public DMatrixRMaj valueFor(Parameter parameter) {
    return parameter.toMatrix();
  }

  @Override
  public String describe(int parameters) {
    return (parameters == 1 ? "its moving average" : "moving averages") + " (decay " + decay + ")";
  }
}
