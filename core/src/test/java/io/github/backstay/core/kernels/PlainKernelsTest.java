package io.github.backstay.core.kernels;

/** Plain loops. */
class PlainKernelsTest extends KernelsLaws {

  @Override
  Kernels make() {
    return Kernels.plain();
  }

  @Override
  double exp(double x) {
    return Elementary.exp(x);
  }

  @Override
  double tanh(double x) {
    return Elementary.tanh(x);
  }

  @Override
  double sigmoid(double x) {
    return Elementary.sigmoid(x);
  }
}
