package io.github.backstay.regularizers;

import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * The relaxation of proximal maps of which two in a row are one with the sum of their steps: those
 * of norms, which take a fixed length off each time, and of projections.
 */
final class SummedSteps implements Relaxation {

  private final Proximal map;
  private final RunningSum rates = new RunningSum();

  SummedSteps(Proximal map) {
    this.map = map;
  }

  @Override
  public void record(double rate) {
    rates.add(rate);
  }

  @Override
  public void relax(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, int from, int to) {
    if (from < to) { // a projection would not stay still for a step of 0
      map.prox(weight, anchor, rates.between(from, to));
    }
  }

  @Override
  public void clear() {
    rates.clear();
  }
}
