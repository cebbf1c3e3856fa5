package io.github.backstay.optim;

/** What becomes of a gradient's entries in this step: times a factor, then within ±bound. */
final class Clip {

  private double factor = 1.0;
  private double bound = Double.POSITIVE_INFINITY;

  void set(double newFactor, double newBound) {
    factor = newFactor;
    bound = newBound;
  }

  boolean isNone() {
    return factor == 1.0 && bound == Double.POSITIVE_INFINITY;
  }

  /** Copies a range, clipped. */
  void copy(double[] from, int fromIndex, double[] to, int toIndex, int count) {
    if (isNone()) {
      System.arraycopy(from, fromIndex, to, toIndex, count);
    } else {
      for (int j = 0; j < count; j++) {
        double scaled = factor * from[fromIndex + j];
        to[toIndex + j] = Math.max(-bound, Math.min(bound, scaled));
      }
    }
  }
}
