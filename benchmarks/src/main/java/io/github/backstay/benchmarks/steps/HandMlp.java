package io.github.backstay.benchmarks.steps;

import io.github.backstay.core.Indices;
import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/** W2 and W6 by hand. */
final class HandMlp implements Contestant {

  private final HandArithmetic arithmetic;
  private final DMatrixRMaj input;
  private final Indices classes;
  private final double strength;
  private final List<HandLayer> layers = new ArrayList<>();
  private final HandAdam adam;

  HandMlp(HandArithmetic arithmetic, Mlp problem) {
    this.arithmetic = arithmetic;
    input = problem.input();
    classes = problem.classes();
    strength = problem.strength();
    for (DMatrixRMaj weight : problem.weights()) {
      layers.add(new HandLayer(arithmetic, weight, input.numRows));
    }
    adam = new HandAdam(problem.learningRate());
  }

  @Override
  public double step() {
    int last = layers.size() - 1;
    for (int l = 0; l <= last; l++) {
      layers.get(l).forward(in(l));
      if (l < last) {
        layers.get(l).relu();
      }
    }
    double loss = layers.get(last).softmaxCrossEntropy(classes);
    for (int l = last; l >= 0; l--) {
      HandLayer layer = layers.get(l);
      if (l < last) {
        HandLayer.maskPositive(layer.out, layer.outBar);
      }
      layer.backward(in(l));
      if (l > 0) {
        layer.backwardInput(layers.get(l - 1).outBar);
      }
    }
    adam.tick();
    for (int l = 0; l <= last; l++) {
      HandLayer layer = layers.get(l);
      if (strength == 0.0) {
        layer.weight.step(adam);
      } else {
        double[] w = layer.weight.value.data;
        loss += 0.5 * strength * arithmetic.squaredNorm(w, w.length);
        layer.weight.stepDecayed(adam, strength);
      }
      layer.bias.step(adam);
    }
    return loss;
  }

  private DMatrixRMaj in(int layer) {
    return layer == 0 ? input : layers.get(layer - 1).out;
  }
}
