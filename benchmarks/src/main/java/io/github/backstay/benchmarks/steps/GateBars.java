package io.github.backstay.benchmarks.steps;

/** The cotangents of a memory cell's gates before their functions, on flat arrays. */
final class GateBars {

  private GateBars() {}

  /**
   * Takes the output's cotangent into the memory's, c̄, and gives those of input gate i, candidate
   * g and output gate o, where h = o ⊙ tanh(c) and c = i ⊙ g + what was kept.
   */
  static void of(
      double[] in,
      double[] candidate,
      double[] out,
      double[] tanhC,
      double[] hBar,
      double[] cBar,
      double[] inBar,
      double[] candidateBar,
      double[] outBar,
      int count) {
    for (int i = 0; i < count; i++) {
      cBar[i] += hBar[i] * out[i] * (1.0 - tanhC[i] * tanhC[i]);
    }
    for (int i = 0; i < count; i++) {
      outBar[i] = hBar[i] * tanhC[i] * out[i] * (1.0 - out[i]);
    }
    for (int i = 0; i < count; i++) {
      inBar[i] = cBar[i] * candidate[i] * in[i] * (1.0 - in[i]);
      candidateBar[i] = cBar[i] * in[i] * (1.0 - candidate[i] * candidate[i]);
    }
  }

  /** Gives the forget gate's cotangent and turns c̄ into that of the memory before. */
  static void ofForget(
      double[] forget, double[] before, double[] cBar, double[] forgetBar, int count) {
    for (int i = 0; i < count; i++) {
      double kept = cBar[i] * forget[i];
      forgetBar[i] = kept * before[i] * (1.0 - forget[i]);
      cBar[i] = kept;
    }
  }
}
