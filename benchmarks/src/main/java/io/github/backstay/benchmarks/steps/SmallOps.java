package io.github.backstay.benchmarks.steps;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * W1: {@code z = Σ relu((σ((tanh(U·V) + U) ⊙ V)·U − V)²)}, ten operations on small square matrices,
 * and its gradient by U and V; nothing is updated. The value is {@code z + 10⁻³·∂z/∂U₁₂}, with rows
 * and columns counted from 0.
 *
 * @param u U, n×n
 * @param v V, n×n
 */
public record SmallOps(DMatrixRMaj u, DMatrixRMaj v) implements Problem {

  /**
   * Draws the matrices.
   *
   * @param random where from
   * @param n rows and columns, at least 3
   * @return the problem
   */
  public static SmallOps random(RandomGenerator random, int n) {
    return new SmallOps(Matrices.gaussian(random, n, n, 1.0), Matrices.gaussian(random, n, n, 1.0));
  }

  @Override
  public String description() {
    return "ten operations on " + u.numRows + "×" + u.numCols + ", forward and backward";
  }

  @Override
  public Optional<Contestant> by(Engine engine, int threads) {
    return engine.smallOps(this, threads);
  }
}
