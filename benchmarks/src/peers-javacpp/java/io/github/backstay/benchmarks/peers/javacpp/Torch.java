package io.github.backstay.benchmarks.peers.javacpp;

import io.github.backstay.core.Indices;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/** Tensors that live as long as a contestant. */
final class Torch implements AutoCloseable {

  private final List<Tensor> kept = new ArrayList<>();

  /** So many threads for all of LibTorch, and for the OpenBLAS below it, which counts its own. */
  Torch(int threads) {
    torch.set_num_threads(threads);
    openblas_nolapack.blas_set_num_threads(threads);
  }

  Tensor tensor(DMatrixRMaj matrix) {
    return tensor(matrix, matrix.numRows, matrix.numCols);
  }

  /** A copy in memory of LibTorch's own. */
  Tensor tensor(DMatrixRMaj matrix, long... shape) {
    try (PointerScope scope = new PointerScope()) {
      DoublePointer numbers = new DoublePointer(matrix.getNumElements());
      numbers.put(matrix.data, 0, matrix.getNumElements());
      TensorOptions doubles = new TensorOptions(torch.ScalarType.Double);
      return keep(torch.from_blob(numbers, shape, doubles).clone(), scope);
    }
  }

  /** A view of a copy. */
  Tensor transposed(DMatrixRMaj matrix) {
    try (PointerScope scope = new PointerScope()) {
      return keep(tensor(matrix).t(), scope);
    }
  }

  /** The matrices below one another, all of the same width. */
  Tensor stacked(List<DMatrixRMaj> matrices, long... shape) {
    DMatrixRMaj all =
        new DMatrixRMaj(
            matrices.stream().mapToInt(matrix -> matrix.numRows).sum(), matrices.get(0).numCols);
    int row = 0;
    for (DMatrixRMaj matrix : matrices) {
      CommonOps_DDRM.insert(matrix, all, row, 0);
      row += matrix.numRows;
    }
    return shape.length == 0 ? tensor(all) : tensor(all, shape);
  }

  Tensor zeros(int rows, int columns) {
    return tensor(new DMatrixRMaj(rows, columns));
  }

  Tensor indices(Indices indices, long... shape) {
    try (PointerScope scope = new PointerScope()) {
      LongPointer numbers = new LongPointer(indices.size());
      for (int k = 0; k < indices.size(); k++) {
        numbers.put(k, indices.get(k));
      }
      TensorOptions longs = new TensorOptions(torch.ScalarType.Long);
      return keep(torch.from_blob(numbers, shape, longs).clone(), scope);
    }
  }

  private Tensor keep(Tensor tensor, PointerScope scope) {
    tensor.retainReference();
    scope.detach(tensor);
    kept.add(tensor);
    return tensor;
  }

  static void copy(Tensor from, double[] to) {
    from.data_ptr_double().get(to, 0, (int) from.numel());
  }

  @Override
  public void close() {
    kept.forEach(Tensor::close);
    kept.clear();
  }
}
