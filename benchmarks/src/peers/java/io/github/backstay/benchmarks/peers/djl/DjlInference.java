package io.github.backstay.benchmarks.peers.djl;

import ai.djl.Device;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.github.backstay.benchmarks.steps.Contestant;
import io.github.backstay.benchmarks.steps.Inference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/** One row, without gradients, from an array of Java to numbers in Java. */
final class DjlInference implements Contestant {

  private final PtNDManager manager;
  private final DMatrixRMaj row;
  private final Shape shape;
  private final ByteBuffer bytes;
  private final List<PtNDArray> layers = new ArrayList<>();

  DjlInference(Inference problem, int threads) {
    manager = Djl.manager(threads);
    row = problem.row();
    shape = new Shape(row.numRows, row.numCols);
    bytes =
        ByteBuffer.allocateDirect(Double.BYTES * row.getNumElements())
            .order(ByteOrder.nativeOrder());
    for (DMatrixRMaj weight : problem.weights()) {
      layers.add(Djl.tensor(manager, weight));
      layers.add(Djl.zeros(manager, 1, weight.numRows));
    }
  }

  @Override
  public double step() {
    try (PtNDManager step = manager.newSubManager(Device.cpu())) {
      bytes.asDoubleBuffer().put(row.data, 0, row.getNumElements());
      PtNDArray input = step.create(bytes, shape, DataType.FLOAT64);
      return Djl.sum(DjlMlp.scores(input, layers));
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
