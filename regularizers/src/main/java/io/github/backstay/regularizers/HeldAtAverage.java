package io.github.backstay.regularizers;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import org.ejml.data.DMatrixRMaj;

/** Held at the moving average of what the parameter has been, written in place. */
final class HeldAtAverage extends Held {

  private final double decay;
  private final DMatrixRMaj average;
  private final DMatrixRMaj weight;
  private long seen;
  private boolean loaded; // the average has the weights in it that will be seen next

  HeldAtAverage(Parameter parameter, double decay) {
    super(parameter);
    this.decay = decay;
    this.average = parameter.toMatrix();
    this.weight = new DMatrixRMaj(parameter.rows(), parameter.cols());
    this.seen = parameter.version();
  }

  /** {@code A ← βA + (1 − β)W}, once for every state of W that is seen. */
  @Override
  void follow() {
    if (seen == parameter.version()) {
      return;
    }
    seen = parameter.version();
    if (loaded) {
      loaded = false;
      return;
    }
    parameter.copyTo(weight);
    for (int i = 0; i < average.data.length; i++) {
      average.data[i] += (1.0 - decay) * (weight.data[i] - average.data[i]);
    }
  }

  @Override
  DMatrixRMaj matrix() {
    return average;
  }

  @Override
  DMatrixRMaj toMatrix() {
    return average.copy();
  }

  @Override
  boolean isSaved() {
    return true;
  }

  @Override
  void moveTo(DMatrixRMaj newMatrix) {
    average.setTo(newMatrix);
    seen = -1;
    loaded = true;
  }

  @Override
  void copyRow(int row, double[] into) {
    System.arraycopy(average.data, row * into.length, into, 0, into.length);
  }

  @Override
  Variable penalty(Penalty penalty, Tape tape) {
    return penalty.of(parameter.on(tape), tape.constant(average));
  }
}
