package io.github.backstay.regularizers;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/** A relaxation that multiplies out what is left of a distance, without a mistake. */
class Product implements Relaxation {

  final List<Double> factors = new ArrayList<>();
  private final DoubleUnaryOperator left;

  Product(DoubleUnaryOperator left) {
    this.left = left;
  }

  @Override
  public void record(double rate) {
    factors.add(left.applyAsDouble(rate));
  }

  double product(int from, int to) {
    double product = 1.0;
    for (double factor : factors.subList(from, Math.min(to, factors.size()))) {
      product *= factor;
    }
    return product;
  }

  @Override
  public void relax(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, int from, int to) {
    double taken = 1.0 - product(from, to);
    for (int i = 0; i < weight.data.length; i++) {
      weight.data[i] -= taken * Right.distance(weight, anchor, i);
    }
  }

  @Override
  public void clear() {
    factors.clear();
  }
}
