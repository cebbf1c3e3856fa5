package io.github.backstay.regularizers;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.RowJournal;
import io.github.backstay.core.Shape;
import io.github.backstay.core.StateDict;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/** What one parameter is held at, and what that makes of a restraint. */
abstract class Held {

  final Parameter parameter;

  Held(Parameter parameter) {
    this.parameter = parameter;
  }

  /** The anchor as it is; null for zero. */
  abstract @Nullable DMatrixRMaj matrix();

  /** A copy of the anchor. */
  abstract DMatrixRMaj toMatrix();

  /** A copy of what {@link #moveTo} makes the anchor again, beside the weights as they are. */
  DMatrixRMaj toSave() {
    return toMatrix();
  }

  /** Whether the anchor is something of its own, that must be saved with a training. */
  abstract boolean isSaved();

  /** Adds what {@link #load} needs, under the parameter's name. */
  void save(StateDict.Builder state) {
    state.put(parameter.name(), toSave());
  }

  /** Adds to what must be there of a state what may be there. */
  void addOptional(StateDict saved, Map<String, Shape> needed) {}

  /** Holds the parameter at what was saved from now on. */
  void load(StateDict saved) {
    moveTo(saved.matrix(parameter.name()));
  }

  /** Holds the parameter at another matrix from now on. */
  abstract void moveTo(DMatrixRMaj newMatrix);

  /** Holds the parameter where it is from now on. */
  void moveHere() {
    moveTo(parameter.toMatrix());
  }

  /** Lets an anchor that moves take in what has changed, for the pull that comes next. */
  void follow() {}

  /** The same for whoever only looks: no later pull may be another one for it. */
  void look() {}

  /** The rows that are not at their anchors, if that is known. */
  @Nullable RowJournal journal() {
    return null;
  }

  /** The same, unless any row may be elsewhere. */
  final @Nullable RowJournal byRows() {
    RowJournal journal = journal();
    return journal != null && journal.isByRows() ? journal : null;
  }

  /** The anchor of one row. */
  abstract void copyRow(int row, double[] into);

  /** The penalty of the parameter. */
  Variable penalty(Penalty penalty, Tape tape) {
    DMatrixRMaj anchor = matrix();
    return penalty.of(parameter.on(tape), anchor == null ? null : tape.borrow(anchor));
  }

  /** {@code into += factor · ∇R(W)} for the whole weight. */
  void addGradient(Penalty penalty, DMatrixRMaj weight, double factor, DMatrixRMaj into) {
    penalty.addGradient(weight, matrix(), factor, into);
  }

  /** The proximal map of the whole weight. */
  void prox(Proximal map, DMatrixRMaj weight, double step) {
    map.prox(weight, matrix(), step);
  }

  /** {@code ‖W − A‖}, row by row. */
  double drift() {
    DMatrixRMaj values = parameter.toMatrix();
    double sum = 0.0;
    double[] anchor = new double[values.numCols];
    for (int i = 0; i < values.numRows; i++) {
      copyRow(i, anchor);
      for (int j = 0; j < anchor.length; j++) {
        double distance = values.data[i * anchor.length + j] - anchor[j];
        sum += distance * distance;
      }
    }
    return Math.sqrt(sum);
  }
}
