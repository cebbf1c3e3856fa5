package io.github.backstay.benchmarks.overhead;

import org.ejml.data.DMatrixRMaj;

/** Adam written by hand for one matrix, with {@code λ/2·‖W‖²} in the gradient. */
final class HandAdam {

  private final double[] m;
  private final double[] v;
  private final double strength;
  private int t;

  HandAdam(DMatrixRMaj weight, double strength) {
    this.m = new double[weight.data.length];
    this.v = new double[weight.data.length];
    this.strength = strength;
  }

  /** Adds the penalty's gradient and steps; returns the penalty's value before the step. */
  double step(DMatrixRMaj weight, DMatrixRMaj gradient) {
    t++;
    double rate = 1e-3 / (1.0 - Math.pow(0.9, t));
    double correction = Math.sqrt(1.0 - Math.pow(0.999, t));
    double squares = 0.0;
    double[] w = weight.data;
    double[] g = gradient.data;
    if (strength != 0.0) {
      for (int i = 0; i < w.length; i++) {
        squares += w[i] * w[i];
        g[i] += strength * w[i];
      }
    }
    for (int i = 0; i < w.length; i++) {
      double mi = 0.9 * m[i] + (1.0 - 0.9) * g[i];
      double vi = 0.999 * v[i] + (1.0 - 0.999) * g[i] * g[i];
      m[i] = mi;
      v[i] = vi;
      w[i] -= rate * mi / (Math.sqrt(vi) / correction + 1e-8);
    }
    return 0.5 * strength * squares;
  }
}
