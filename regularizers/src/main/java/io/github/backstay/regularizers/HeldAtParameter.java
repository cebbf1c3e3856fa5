package io.github.backstay.regularizers;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import org.ejml.data.DMatrixRMaj;

/** Held at what another parameter is, which is copied when it has changed. */
final class HeldAtParameter extends Held {

  private final Parameter other;
  private final DMatrixRMaj copy;
  private long seen;

  HeldAtParameter(Parameter parameter, Parameter other) {
    super(parameter);
    this.other = other;
    this.copy = other.toMatrix();
    this.seen = other.version();
  }

  @Override
  void follow() {
    if (seen != other.version()) {
      seen = other.version();
      other.copyTo(copy);
    }
  }

  /** What is copied too often is copied again before the pull. */
  @Override
  void look() {
    follow();
  }

  @Override
  DMatrixRMaj matrix() {
    return copy;
  }

  @Override
  DMatrixRMaj toMatrix() {
    return copy.copy();
  }

  /** False: it is saved where the other parameter is. */
  @Override
  boolean isSaved() {
    return false;
  }

  @Override
  void moveTo(DMatrixRMaj newMatrix) {
    throw new IllegalStateException("regularizer: the anchor is another parameter.");
  }

  @Override
  void copyRow(int row, double[] into) {
    System.arraycopy(copy.data, row * into.length, into, 0, into.length);
  }

  @Override
  Variable penalty(Penalty penalty, Tape tape) {
    return penalty.of(parameter.on(tape), tape.constant(copy));
  }
}
