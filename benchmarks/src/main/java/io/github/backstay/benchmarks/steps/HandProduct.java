package io.github.backstay.benchmarks.steps;

import org.ejml.data.DMatrixRMaj;

/** One product into a matrix that is there. */
final class HandProduct implements Contestant {

  private final HandArithmetic arithmetic;
  private final Product problem;
  private final DMatrixRMaj c;

  HandProduct(HandArithmetic arithmetic, Product problem) {
    this.arithmetic = arithmetic;
    this.problem = problem;
    c = new DMatrixRMaj(problem.a().numRows, problem.b().numCols);
  }

  @Override
  public double step() {
    arithmetic.mult(problem.transA(), problem.a(), problem.transB(), problem.b(), false, c);
    return c.data[c.data.length - 1];
  }

  @Override
  public double[] result() {
    return c.data.clone();
  }
}
