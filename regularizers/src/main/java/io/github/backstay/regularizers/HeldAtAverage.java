package io.github.backstay.regularizers;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import org.ejml.data.DMatrixRMaj;

/**
 * Held at the moving average of what the parameter has been. Kept twice, with and without the
 * weights that were seen last, so that whoever looks sees what a pull would now be to, and only a
 * pull takes anything in for good.
 */
final class HeldAtAverage extends Held {

  private final double decay;
  private final DMatrixRMaj before; // up to the last pull
  private final DMatrixRMaj average; // with the weights of version seen in it
  private long seen;
  private boolean loaded; // the weights of the next pull are in it already

  HeldAtAverage(Parameter parameter, double decay) {
    super(parameter);
    this.decay = decay;
    this.before = parameter.toMatrix();
    this.average = before.copy();
    this.seen = parameter.version();
  }

  /** {@code A ← βA + (1 − β)W}; A stays the same to the bit where it is W. */
  @Override
  void look() {
    if (loaded || seen == parameter.version()) {
      return;
    }
    seen = parameter.version();
    parameter.copyTo(average);
    for (int i = 0; i < average.data.length; i++) {
      average.data[i] = before.data[i] + (1.0 - decay) * (average.data[i] - before.data[i]);
    }
  }

  @Override
  void follow() {
    look();
    before.setTo(average);
    seen = parameter.version();
    loaded = false;
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

  /** A saved average has the weights in it that were saved with it. */
  @Override
  void moveTo(DMatrixRMaj newMatrix) {
    before.setTo(newMatrix);
    average.setTo(newMatrix);
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
