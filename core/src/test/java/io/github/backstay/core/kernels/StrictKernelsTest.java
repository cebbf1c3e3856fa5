package io.github.backstay.core.kernels;

/** Kernels of the same bits everywhere. */
class StrictKernelsTest extends KernelsLaws {

  @Override
  Kernels make() {
    return Kernels.strict();
  }

  @Override
  double exp(double x) {
    return StrictMath.exp(x);
  }

  @Override
  double tanh(double x) {
    return StrictMath.tanh(x);
  }

  @Override
  double sigmoid(double x) {
    double e = StrictMath.exp(-Math.abs(x));
    return (x < 0.0 ? e : 1.0) / (1.0 + e);
  }
}
