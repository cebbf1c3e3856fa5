package io.github.backstay.core.kernels;

/** Whatever this JVM makes of the standard kernels: vectors, if their module is there. */
class StandardKernelsTest extends KernelsLaws {

  @Override
  Kernels make() {
    return Kernels.standard();
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
