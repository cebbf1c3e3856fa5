package io.github.backstay.benchmarks.steps;

import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/** One row through a network by hand. */
final class HandInference implements Contestant {

  private final DMatrixRMaj row;
  private final List<HandLayer> layers = new ArrayList<>();

  HandInference(HandArithmetic arithmetic, Inference problem) {
    row = problem.row();
    for (DMatrixRMaj weight : problem.weights()) {
      layers.add(new HandLayer(arithmetic, weight, 1));
    }
  }

  @Override
  public double step() {
    DMatrixRMaj x = row;
    for (int l = 0; l < layers.size(); l++) {
      HandLayer layer = layers.get(l);
      layer.forward(x);
      if (l < layers.size() - 1) {
        layer.relu();
      }
      x = layer.out;
    }
    double sum = 0.0;
    for (int j = 0; j < x.data.length; j++) {
      sum += x.data[j];
    }
    return sum;
  }
}
