package io.github.backstay.regularizers;

import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * The relaxation of the elastic net. A proximal step takes η·l1 off a distance and divides the rest
 * by {@code 1 + η·l2}; after the steps k of a stretch there is {@code P·max(|d| − l1·Σ ηₖ/Pₖ, 0)}
 * left, where Pₖ is the product of the factors before step k and P that of all (forward-backward
 * steps of Duchi and Singer 2009, added up as in Lipton and Elkan 2015).
 */
final class Shrinkage implements Relaxation {

  /** The logarithm of 1/P beyond which one of the sums would soon overflow. */
  private static final double LARGEST = 200.0;

  private final double l1;
  private final double l2;
  private final RunningSum logarithms = new RunningSum(); // of the factors
  private final RunningSum lengths = new RunningSum(); // ηₖ/Pₖ, Pₖ since the last clear

  Shrinkage(double l1, double l2) {
    this.l1 = l1;
    this.l2 = l2;
  }

  @Override
  public void record(double rate) {
    lengths.add(rate * StrictMath.exp(-logarithms.between(0, logarithms.size())));
    logarithms.add(Math.max(Contraction.NOTHING, -StrictMath.log1p(rate * l2)));
  }

  @Override
  public void relax(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, int from, int to) {
    double threshold = l1 * lengths.between(from, to) * StrictMath.exp(logarithms.between(0, from));
    double taken = -StrictMath.expm1(logarithms.between(from, to));
    ElasticNet.shrink(weight, anchor, threshold, taken);
  }

  @Override
  public boolean isFull() {
    return -logarithms.between(0, logarithms.size()) > LARGEST;
  }

  @Override
  public void clear() {
    logarithms.clear();
    lengths.clear();
  }
}
