package io.github.backstay.benchmarks.steps;

import io.github.backstay.core.Indices;
import org.ejml.data.DMatrixRMaj;

/** What of W3 is no table, by hand: from the means of texts to the loss and back. */
final class HandTextNetwork {

  private final HandArithmetic arithmetic;
  private final HandLayer hidden;
  private final HandLayer output;
  final DMatrixRMaj texts;
  final DMatrixRMaj textsBar;

  HandTextNetwork(HandArithmetic arithmetic, AnchoredTable problem) {
    this.arithmetic = arithmetic;
    hidden = new HandLayer(arithmetic, problem.hidden(), problem.texts());
    output = new HandLayer(arithmetic, problem.output(), problem.texts());
    texts = new DMatrixRMaj(problem.texts(), problem.width());
    textsBar = new DMatrixRMaj(problem.texts(), problem.width());
  }

  /** Puts the means of the texts' rows to {@code texts}; the row is scratch. */
  void average(double[] table, Indices tokens, int length, double[] row, double[] sum) {
    int width = texts.numCols;
    double share = 1.0 / length;
    for (int text = 0; text < texts.numRows; text++) {
      System.arraycopy(table, tokens.get(text * length) * width, sum, 0, width);
      for (int k = 1; k < length; k++) {
        System.arraycopy(table, tokens.get(text * length + k) * width, row, 0, width);
        for (int j = 0; j < width; j++) {
          sum[j] += row[j];
        }
      }
      for (int j = 0; j < width; j++) {
        sum[j] *= share;
      }
      System.arraycopy(sum, 0, texts.data, text * width, width);
    }
  }

  /** From {@code texts} to the loss, and back to {@code textsBar}; moves the layers. */
  double step(Indices classes, HandAdam adam) {
    hidden.forward(texts);
    arithmetic.sigmoid(hidden.out, hidden.out);
    output.forward(hidden.out);
    double loss = output.softmaxCrossEntropy(classes);
    output.backward(hidden.out);
    output.backwardInput(hidden.outBar);
    double[] y = hidden.out.data;
    double[] bar = hidden.outBar.data;
    for (int i = 0; i < bar.length; i++) {
      bar[i] *= y[i] * (1.0 - y[i]);
    }
    hidden.backward(texts);
    hidden.backwardInput(textsBar);
    hidden.step(adam);
    output.step(adam);
    return loss;
  }
}
