package io.github.backstay.benchmarks.peers.djl;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.github.backstay.benchmarks.steps.Contestant;
import io.github.backstay.benchmarks.steps.Product;
import java.nio.ByteBuffer;
import org.ejml.data.DMatrixRMaj;

/** One product, into memory that is new in every step: DJL has no other. Transposes are views. */
final class DjlProduct implements Contestant {

  private final PtNDManager manager;
  private final int threads;
  private final PtNDArray left;
  private final PtNDArray right;
  private final int size;

  DjlProduct(Product problem, int threads) {
    manager = Djl.manager(threads);
    this.threads = threads;
    left = operand(problem.a(), problem.transA());
    right = operand(problem.b(), problem.transB());
    size = problem.a().numRows * problem.b().numCols;
  }

  private PtNDArray operand(DMatrixRMaj matrix, boolean transposed) {
    PtNDArray tensor = Djl.tensor(manager, matrix);
    return transposed ? JniUtils.transpose(tensor, 0, 1) : tensor;
  }

  @Override
  public double step() {
    try (PtNDArray c = JniUtils.matmul(left, right)) {
      return JniUtils.getByteBuffer(c, true).getDouble(Double.BYTES * (size - 1));
    }
  }

  /** Those of a step like the last one, which has not kept its own. */
  @Override
  public double[] result() {
    try (PtNDArray c = JniUtils.matmul(left, right)) {
      ByteBuffer bytes = JniUtils.getByteBuffer(c, true);
      double[] result = new double[size];
      bytes.asDoubleBuffer().get(result);
      return result;
    }
  }

  @Override
  public boolean usesOtherThreads() {
    return threads > 1;
  }

  @Override
  public void close() {
    manager.close();
  }
}
