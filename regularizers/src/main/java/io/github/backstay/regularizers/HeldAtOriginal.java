package io.github.backstay.regularizers;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.RowJournal;
import io.github.backstay.core.RowSet;
import io.github.backstay.core.Shape;
import io.github.backstay.core.StateDict;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;

/**
 * Held at what the parameter was, row by row ({@link RowJournal}): a row that never moved is at its
 * anchor, where its penalty and gradient are 0, so that only rows that moved cost time and memory.
 * For restraints that are rowwise.
 */
final class HeldAtOriginal extends Held {

  private static final String ALL = "all";

  private RowJournal original;
  private Moved moved = new Moved(Indices.of(), new DMatrixRMaj(0, 0));

  /** The rows that moved and their originals, which is not a copy; of all rows, none are named. */
  private record Moved(Indices rows, DMatrixRMaj originals) {}

  HeldAtOriginal(Parameter parameter, RowJournal original) {
    super(parameter);
    this.original = original;
  }

  @Override
  RowJournal journal() {
    return original;
  }

  /** The originals of the rows that moved, or of all, as a matrix that is not a copy. */
  @Override
  DMatrixRMaj matrix() {
    return moved().originals;
  }

  /** Both at once, since several tapes in several threads may ask for them at the same time. */
  private Moved moved() {
    Moved known = moved;
    int count = original.isByRows() ? original.rows().size() : parameter.rows();
    if (known.originals.data != original.originals() || known.originals.numRows != count) {
      // A new header: an older tape may still hold the one before.
      DMatrixRMaj header = DMatrixRMaj.wrap(count, parameter.cols(), original.originals());
      known = new Moved(original.rows().toIndices(), header);
      moved = known;
    }
    return known;
  }

  @Override
  DMatrixRMaj toMatrix() {
    return original.toMatrix();
  }

  @Override
  boolean isSaved() {
    return true;
  }

  /** Which rows have moved and in which order is saved too: sums over them depend on it. */
  @Override
  void save(StateDict.Builder state) {
    super.save(state);
    if (!original.isByRows()) {
      state.text(movedName(), ALL);
    } else {
      RowSet rows = original.rows();
      state.put(
          movedName(),
          new Shape(1, rows.size()),
          list -> {
            for (int place = 0; place < rows.size(); place++) {
              list.data[place] = rows.row(place);
            }
          });
    }
  }

  private String movedName() {
    return parameter.name() + ".moved";
  }

  /** In files from elsewhere the rows are not there: those have moved that differ. */
  @Override
  void addOptional(StateDict saved, Map<String, Shape> needed) {
    if (saved.names().contains(movedName())) {
      DMatrixRMaj list = saved.matrix(movedName());
      needed.put(movedName(), new Shape(1, list.getNumElements()));
      for (double row : list.data) {
        if (!(row >= 0.0 && row < parameter.rows() && row == Math.rint(row))) {
          throw new IllegalArgumentException(
              "regularizer: \""
                  + movedName()
                  + "\" lists row "
                  + row
                  + " (must be whole numbers from 0 to "
                  + (parameter.rows() - 1)
                  + ").");
        }
      }
    }
  }

  @Override
  void load(StateDict saved) {
    if (ALL.equals(saved.texts().get(movedName()))) {
      original = parameter.journal(saved.matrix(parameter.name()), null);
    } else if (saved.names().contains(movedName())) {
      double[] list = saved.matrix(movedName()).data;
      int[] rows = new int[list.length];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = (int) list[i];
      }
      original = parameter.journal(saved.matrix(parameter.name()), Indices.of(rows));
    } else {
      super.load(saved);
    }
  }

  /** What is late is pulled to the old anchor first: a journal is opened of settled rows. */
  @Override
  void moveTo(DMatrixRMaj newMatrix) {
    original = parameter.journal(newMatrix);
  }

  @Override
  void moveHere() {
    original = parameter.journal();
  }

  @Override
  void copyRow(int row, double[] into) {
    original.copyRow(row, into, 0);
  }

  @Override
  Variable penalty(Penalty penalty, Tape tape) {
    Variable weight = parameter.on(tape);
    Moved now = moved();
    Variable anchor = tape.borrow(now.originals);
    return original.isByRows()
        ? penalty.ofRows(weight, now.rows, anchor)
        : penalty.of(weight, anchor);
  }

  @Override
  void addGradient(Penalty penalty, DMatrixRMaj weight, double factor, DMatrixRMaj into) {
    if (!original.isByRows()) {
      super.addGradient(penalty, weight, factor, into);
      return;
    }
    int cols = weight.numCols;
    DMatrixRMaj own = new DMatrixRMaj(1, cols);
    DMatrixRMaj anchor = new DMatrixRMaj(1, cols);
    DMatrixRMaj sum = new DMatrixRMaj(1, cols);
    for (int place = 0; place < original.rows().size(); place++) {
      int at = original.rows().row(place) * cols;
      System.arraycopy(weight.data, at, own.data, 0, cols);
      System.arraycopy(into.data, at, sum.data, 0, cols);
      System.arraycopy(original.originals(), place * cols, anchor.data, 0, cols);
      penalty.addGradient(own, anchor, factor, sum);
      System.arraycopy(sum.data, 0, into.data, at, cols);
    }
  }

  /** Of the rows that moved: the others stay at their anchors. */
  @Override
  void prox(Proximal map, DMatrixRMaj weight, double step) {
    if (!original.isByRows()) {
      super.prox(map, weight, step);
      return;
    }
    int cols = weight.numCols;
    DMatrixRMaj own = new DMatrixRMaj(1, cols);
    DMatrixRMaj anchor = new DMatrixRMaj(1, cols);
    for (int place = 0; place < original.rows().size(); place++) {
      int at = original.rows().row(place) * cols;
      System.arraycopy(weight.data, at, own.data, 0, cols);
      System.arraycopy(original.originals(), place * cols, anchor.data, 0, cols);
      map.prox(own, anchor, step);
      System.arraycopy(own.data, 0, weight.data, at, cols);
    }
  }
}
