package io.github.backstay.benchmarks.steps;

/** Adam written by hand: the clock of one contestant, and the arithmetic on flat arrays. */
final class HandAdam {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final double learningRate;
  private int t;
  private double rate;
  private double correction;

  HandAdam(double learningRate) {
    this.learningRate = learningRate;
  }

  /** Begins a step. */
  void tick() {
    t++;
    rate = learningRate / (1.0 - Math.pow(BETA1, t));
    correction = Math.sqrt(1.0 - Math.pow(BETA2, t));
  }

  /** Moves the first weights along the gradient g. */
  void move(double[] w, double[] g, double[] m, double[] v, int count) {
    double eta = rate;
    double root = correction;
    for (int i = 0; i < count; i++) {
      double gi = g[i];
      double mi = BETA1 * m[i] + (1.0 - BETA1) * gi;
      double vi = BETA2 * v[i] + (1.0 - BETA2) * gi * gi;
      m[i] = mi;
      v[i] = vi;
      w[i] -= eta * mi / (Math.sqrt(vi) / root + EPSILON);
    }
  }

  /** Moves the first weights along g + strength·w. */
  void moveDecayed(double[] w, double strength, double[] g, double[] m, double[] v, int count) {
    double eta = rate;
    double root = correction;
    for (int i = 0; i < count; i++) {
      double gi = g[i] + strength * w[i];
      double mi = BETA1 * m[i] + (1.0 - BETA1) * gi;
      double vi = BETA2 * v[i] + (1.0 - BETA2) * gi * gi;
      m[i] = mi;
      v[i] = vi;
      w[i] -= eta * mi / (Math.sqrt(vi) / root + EPSILON);
    }
  }

  /** Moves the first weights along g + strength·(w − anchor). */
  void moveHeld(
      double[] w, double strength, double[] anchor, double[] g, double[] m, double[] v, int count) {
    double eta = rate;
    double root = correction;
    for (int i = 0; i < count; i++) {
      double gi = g[i] + strength * (w[i] - anchor[i]);
      double mi = BETA1 * m[i] + (1.0 - BETA1) * gi;
      double vi = BETA2 * v[i] + (1.0 - BETA2) * gi * gi;
      m[i] = mi;
      v[i] = vi;
      w[i] -= eta * mi / (Math.sqrt(vi) / root + EPSILON);
    }
  }
}
