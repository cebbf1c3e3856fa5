package io.github.backstay.regularizers;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import org.ejml.data.DMatrixRMaj;

/**
 * Held at the moving average of what the parameter has been whenever it was pulled. Kept twice,
 * with and without the weights as they are, which are for good only when they have been pulled: so
 * whoever looks sees what a pull would now be to, and changes nothing.
 */
final class HeldAtAverage extends Held {

  private final double decay;
  private final DMatrixRMaj before; // without the weights of version seen
  private final DMatrixRMaj average; // with them
  private long seen;
  private boolean pulled; // since they were seen

  HeldAtAverage(Parameter parameter, double decay) {
    super(parameter);
    this.decay = decay;
    this.before = parameter.toMatrix();
    this.average = before.copy();
    this.seen = parameter.version();
  }

  @Override
  void follow() {
    look();
    pulled = true;
  }

  /** {@code A ← βA + (1 − β)W}; A stays the same to the bit where it is W. */
  @Override
  void look() {
    if (seen == parameter.version()) {
      return;
    }
    seen = parameter.version();
    if (pulled) {
      before.setTo(average);
      pulled = false;
    }
    parameter.copyTo(average);
    for (int i = 0; i < average.data.length; i++) {
      average.data[i] = before.data[i] + (1.0 - decay) * (average.data[i] - before.data[i]);
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

  /** Without the weights as they are, which are saved beside it and taken in once they are back. */
  @Override
  DMatrixRMaj toSave() {
    return before.copy();
  }

  @Override
  void moveTo(DMatrixRMaj newMatrix) {
    before.setTo(newMatrix);
    seen = -1;
    pulled = false;
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
