package io.github.backstay.benchmarks.steps;

import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/**
 * W7 by hand: every quantity of the forward and the backward pass and, beside it, its derivative
 * along the vector (Pearlmutter 1994), called its tangent here.
 */
final class HandHessianVector implements Contestant {

  private final HandArithmetic arithmetic;
  private final HessianVector problem;
  private final Mlp network;
  private final List<HandLayer> layers = new ArrayList<>();
  private final List<DMatrixRMaj> tangents = new ArrayList<>(); // of out
  private final List<DMatrixRMaj> barTangents = new ArrayList<>(); // of outBar
  private final List<DMatrixRMaj> weightProducts = new ArrayList<>();
  private final List<DMatrixRMaj> biasProducts = new ArrayList<>();

  HandHessianVector(HandArithmetic arithmetic, HessianVector problem) {
    this.arithmetic = arithmetic;
    this.problem = problem;
    network = problem.network();
    for (DMatrixRMaj weight : network.weights()) {
      HandLayer layer = new HandLayer(arithmetic, weight, network.input().numRows);
      layers.add(layer);
      tangents.add(layer.out.createLike());
      barTangents.add(layer.out.createLike());
      weightProducts.add(weight.createLike());
      biasProducts.add(new DMatrixRMaj(1, weight.numRows));
    }
  }

  @Override
  public double step() {
    int last = layers.size() - 1;
    for (int l = 0; l <= last; l++) {
      forward(l, l < last);
    }
    HandLayer top = layers.get(last);
    double ignored = top.softmaxCrossEntropy(network.classes());
    assert ignored >= 0.0;
    softmaxTangent(top.outBar, tangents.get(last), barTangents.get(last));
    double squares = 0.0;
    for (int l = last; l >= 0; l--) {
      squares += backward(l, l < last);
    }
    return squares;
  }

  private void forward(int l, boolean relu) {
    HandLayer layer = layers.get(l);
    DMatrixRMaj in = l == 0 ? network.input() : layers.get(l - 1).out;
    layer.forward(in);
    DMatrixRMaj tangent = tangents.get(l);
    HandLayer.fillRows(problem.biases().get(l), tangent);
    arithmetic.mult(false, in, true, problem.weights().get(l), true, tangent);
    if (l > 0) {
      arithmetic.mult(false, tangents.get(l - 1), true, layer.weight.value, true, tangent);
    }
    if (relu) {
      layer.relu();
      HandLayer.maskPositive(layer.out, tangent);
    }
  }

  /**
   * {@code p ⊙ (ẋ − Σ n·p ⊙ ẋ)} of each row, where p is the softmax divided by n, out of bar, which
   * is p less 1/n at the class.
   */
  private void softmaxTangent(DMatrixRMaj bar, DMatrixRMaj xTangent, DMatrixRMaj barTangent) {
    int n = bar.numRows;
    int cols = bar.numCols;
    double[] p = barTangent.data;
    System.arraycopy(bar.data, 0, p, 0, n * cols);
    for (int i = 0; i < n; i++) {
      int from = i * cols;
      p[from + network.classes().get(i)] += 1.0 / n;
      double mean = 0.0;
      for (int j = from; j < from + cols; j++) {
        mean += n * p[j] * xTangent.data[j];
      }
      for (int j = from; j < from + cols; j++) {
        p[j] *= xTangent.data[j] - mean;
      }
    }
  }

  /** Returns the sum of the squares of this layer's part of the product. */
  private double backward(int l, boolean relu) {
    HandLayer layer = layers.get(l);
    DMatrixRMaj in = l == 0 ? network.input() : layers.get(l - 1).out;
    DMatrixRMaj bar = layer.outBar;
    DMatrixRMaj barTangent = barTangents.get(l);
    if (relu) {
      HandLayer.maskPositive(layer.out, bar);
      HandLayer.maskPositive(layer.out, barTangent);
    }
    DMatrixRMaj ofWeight = weightProducts.get(l);
    DMatrixRMaj ofBias = biasProducts.get(l);
    arithmetic.mult(true, barTangent, false, in, false, ofWeight);
    arithmetic.sumCols(barTangent, ofBias);
    if (l > 0) {
      arithmetic.mult(true, bar, false, tangents.get(l - 1), true, ofWeight);
      layer.backwardInput(layers.get(l - 1).outBar);
      DMatrixRMaj below = barTangents.get(l - 1);
      arithmetic.mult(false, barTangent, false, layer.weight.value, false, below);
      arithmetic.mult(false, bar, false, problem.weights().get(l), true, below);
    }
    double[] product = ofWeight.data;
    double[] vector = problem.weights().get(l).data;
    if (network.strength() != 0.0) {
      double strength = network.strength();
      for (int i = 0; i < product.length; i++) {
        product[i] += strength * vector[i];
      }
    }
    return arithmetic.squaredNorm(product, product.length)
        + arithmetic.squaredNorm(ofBias.data, ofBias.data.length);
  }
}
