package io.github.backstay.benchmarks.steps;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * One product {@code C = op(A)·op(B)} of square matrices, where {@code op} may transpose one of
 * them. The value is the last entry of C, and {@link Contestant#result} is C.
 *
 * @param transA whether A is used transposed
 * @param a A, n×n
 * @param transB whether B is used transposed
 * @param b B, n×n
 */
public record Product(boolean transA, DMatrixRMaj a, boolean transB, DMatrixRMaj b)
    implements Problem {

  /**
   * Refuses the form that gradients do not need.
   *
   * @param transA whether A is used transposed
   * @param a A, n×n
   * @param transB whether B is used transposed
   * @param b B, n×n
   * @throws IllegalArgumentException if both are
   */
  public Product {
    if (transA && transB) {
      throw new IllegalArgumentException(
          "product: A and B are both transposed (one of them may be). Transpose B·A instead.");
    }
  }

  /**
   * Draws two matrices with entries from 0 to 1: where nothing cancels, every entry of C is exact
   * to n roundings relative to itself, in whatever order it is added up (Higham 2002, §3.1).
   *
   * @param random where from
   * @param n rows and columns
   * @return A·B, Aᵀ·B and A·Bᵀ of the same two
   */
  public static List<Product> forms(RandomGenerator random, int n) {
    DMatrixRMaj a = Matrices.uniform(random, n, n);
    DMatrixRMaj b = Matrices.uniform(random, n, n);
    return List.of(
        new Product(false, a, false, b),
        new Product(true, a, false, b),
        new Product(false, a, true, b));
  }

  @Override
  public String description() {
    return (transA ? "Aᵀ·" : "A·") + (transB ? "Bᵀ" : "B") + ", " + a.numRows + "×" + a.numCols;
  }

  @Override
  public Optional<Contestant> by(Engine engine, int threads) {
    return engine.product(this, threads);
  }
}
