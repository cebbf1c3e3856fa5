package io.github.backstay.benchmarks.steps;

import io.github.backstay.core.Indices;
import org.ejml.data.DMatrixRMaj;

/** {@code Y = X·Wᵀ + 1·b} and its gradient, and the two losses and maps that networks have. */
final class HandLayer {

  private final HandArithmetic arithmetic;
  final HandWeight weight;
  final HandWeight bias;
  final DMatrixRMaj out;
  final DMatrixRMaj outBar;

  HandLayer(HandArithmetic arithmetic, DMatrixRMaj initial, int batch) {
    this.arithmetic = arithmetic;
    weight = new HandWeight(initial);
    bias = HandWeight.zeros(1, initial.numRows);
    out = new DMatrixRMaj(batch, initial.numRows);
    outBar = new DMatrixRMaj(batch, initial.numRows);
  }

  void forward(DMatrixRMaj in) {
    fillRows(bias.value, out);
    arithmetic.mult(false, in, true, weight.value, true, out);
  }

  /** The gradients of weight and bias, from outBar. */
  void backward(DMatrixRMaj in) {
    arithmetic.mult(true, outBar, false, in, false, weight.bar);
    arithmetic.sumCols(outBar, bias.bar);
  }

  /** The cotangent of the input, from outBar. */
  void backwardInput(DMatrixRMaj inBar) {
    arithmetic.mult(false, outBar, false, weight.value, false, inBar);
  }

  void step(HandAdam adam) {
    weight.step(adam);
    bias.step(adam);
  }

  void relu() {
    double[] y = out.data;
    for (int i = 0; i < y.length; i++) {
      y[i] = Math.max(y[i], 0.0);
    }
  }

  /** {@code ȳ ← ȳ where y > 0, else 0}, without a branch that the processor would have to guess. */
  static void maskPositive(DMatrixRMaj y, DMatrixRMaj yBar) {
    double[] value = y.data;
    double[] bar = yBar.data;
    for (int i = 0; i < bar.length; i++) {
      bar[i] *= Math.min(value[i] * 0x1p1000, 1.0); // 0 or 1, as y is 0 or at least 2⁻¹⁰⁰⁰
    }
  }

  /** Copies a row to every row. */
  static void fillRows(DMatrixRMaj row, DMatrixRMaj to) {
    for (int i = 0; i < to.numRows; i++) {
      System.arraycopy(row.data, 0, to.data, i * to.numCols, to.numCols);
    }
  }

  /** Copies some columns of x, as many as y has. */
  static void takeCols(DMatrixRMaj x, int from, DMatrixRMaj y) {
    for (int i = 0; i < y.numRows; i++) {
      System.arraycopy(x.data, i * x.numCols + from, y.data, i * y.numCols, y.numCols);
    }
  }

  /** Copies x to some columns of y. */
  static void putCols(DMatrixRMaj x, DMatrixRMaj y, int from) {
    for (int i = 0; i < x.numRows; i++) {
      System.arraycopy(x.data, i * x.numCols, y.data, i * y.numCols + from, x.numCols);
    }
  }

  /** The mean cross-entropy of the softmax of the scores in out; its gradient goes to outBar. */
  double softmaxCrossEntropy(Indices classes) {
    int n = out.numRows;
    int cols = out.numCols;
    double[] x = out.data;
    double[] bar = outBar.data;
    double loss = 0.0;
    for (int i = 0; i < n; i++) {
      int from = i * cols;
      double sum = softmaxRow(arithmetic, x, from, bar, cols, n);
      loss += sum - x[from + classes.get(i)];
      bar[from + classes.get(i)] -= 1.0 / n;
    }
    return loss / n;
  }

  /** Puts the softmax of a row, divided by n, to p; returns the logarithm of the sum of eˣ. */
  private static double softmaxRow(
      HandArithmetic arithmetic, double[] x, int from, double[] p, int cols, int n) {
    double max = Double.NEGATIVE_INFINITY;
    for (int j = from; j < from + cols; j++) {
      max = Math.max(max, x[j]);
    }
    arithmetic.exp(x, from, max, p, cols);
    double sum = 0.0;
    for (int j = from; j < from + cols; j++) {
      sum += p[j];
    }
    double factor = 1.0 / (sum * n);
    for (int j = from; j < from + cols; j++) {
      p[j] *= factor;
    }
    return max + Math.log(sum);
  }
}
