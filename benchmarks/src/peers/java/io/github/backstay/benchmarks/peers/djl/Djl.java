package io.github.backstay.benchmarks.peers.djl;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.github.backstay.core.Indices;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.LongBuffer;
import org.ejml.data.DMatrixRMaj;

/** Tensors of doubles on the processor. */
final class Djl {

  private Djl() {}

  /** A manager of its own, with so many threads for all of LibTorch. */
  static PtNDManager manager(int threads) {
    System.setProperty("ai.djl.offline", "true");
    PtNDManager manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
    JniUtils.setNumThreads(threads);
    return manager;
  }

  static PtNDArray tensor(PtNDManager manager, DMatrixRMaj matrix) {
    return tensor(manager, matrix, matrix.numRows, matrix.numCols);
  }

  /** A copy in memory that LibTorch has aligned. */
  static PtNDArray tensor(PtNDManager manager, DMatrixRMaj matrix, long... shape) {
    int size = matrix.getNumElements();
    try (PtNDArray borrowed =
        manager.create(
            DoubleBuffer.wrap(matrix.data, 0, size), new Shape(shape), DataType.FLOAT64)) {
      return JniUtils.clone(borrowed);
    }
  }

  static PtNDArray zeros(PtNDManager manager, long... shape) {
    return JniUtils.createZerosNdArray(
        manager, new Shape(shape), DataType.FLOAT64, Device.cpu(), SparseFormat.DENSE);
  }

  static PtNDArray scalar(PtNDManager manager, double value) {
    return JniUtils.full(
        manager, new Shape(), value, DataType.FLOAT64, Device.cpu(), SparseFormat.DENSE);
  }

  static PtNDArray indices(PtNDManager manager, Indices indices, long... shape) {
    long[] numbers = new long[indices.size()];
    for (int k = 0; k < numbers.length; k++) {
      numbers[k] = indices.get(k);
    }
    try (PtNDArray borrowed =
        manager.create(LongBuffer.wrap(numbers), new Shape(shape), DataType.INT64)) {
      return JniUtils.clone(borrowed);
    }
  }

  /** A row for each class, −1/n in its column and 0 elsewhere. */
  static PtNDArray targets(PtNDManager manager, Indices classes, int columns) {
    DMatrixRMaj targets = new DMatrixRMaj(classes.size(), columns);
    for (int row = 0; row < classes.size(); row++) {
      targets.set(row, classes.get(row), -1.0 / classes.size());
    }
    return tensor(manager, targets);
  }

  /** The mean cross-entropy of scores with the classes behind {@link #targets}. */
  static PtNDArray crossEntropy(PtNDArray scores, PtNDArray targets) {
    return JniUtils.sum(
        JniUtils.mul(JniUtils.logSoftmax(scores, 1, DataType.FLOAT64), targets));
  }

  static double number(PtNDArray tensor) {
    return JniUtils.getByteBuffer(tensor, false).getDouble(0);
  }

  static double sum(PtNDArray tensor) {
    ByteBuffer bytes = JniUtils.getByteBuffer(tensor, false);
    double sum = 0.0;
    for (int i = 0; i < bytes.limit(); i += Double.BYTES) {
      sum += bytes.getDouble(i);
    }
    return sum;
  }
}
