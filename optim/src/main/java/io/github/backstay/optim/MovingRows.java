package io.github.backstay.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.backstay.core.Gradient;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.RowJournal;
import io.github.backstay.core.RowSet;
import io.github.backstay.regularizers.Regularizer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a parameter that have ever moved, and what a rule remembers of them. Every other row
 * has no gradient, sits at its anchors and has its initial slots: a rule that rests would leave it
 * where it is, so it is neither visited nor given memory. What is visited is treated as the whole
 * would be, entry by entry in the same order of operations, so that the bits are the same.
 */
final class MovingRows {

  private final Parameter parameter;
  private final List<Slot> slotKinds;
  private final List<Regularizer> coupled;
  private final List<Regularizer> decoupled;
  private final @Nullable Regularizer proximal;
  private final List<Regularizer> all;
  private final int cols;
  private final RowSet rows = new RowSet();
  private double[][][] slots = new double[8][][]; // by place and slot
  private int[] stored = filled(8); // by place: where the gradient of this step has the row, or −1
  private final int[] seen; // how many moved rows of each regularizer are here
  private final DMatrixRMaj weight;
  private final DMatrixRMaj total;
  private final DMatrixRMaj pull;
  private final DMatrixRMaj anchor;

  MovingRows(Parameter parameter, List<Slot> slotKinds, Pulls regularizers) {
    this.parameter = parameter;
    this.slotKinds = slotKinds;
    this.coupled = regularizers.coupled();
    this.decoupled = regularizers.decoupled();
    this.proximal = regularizers.proximal();
    this.all = regularizers.all();
    this.cols = parameter.cols();
    this.seen = new int[all.size()];
    this.weight = new DMatrixRMaj(1, cols);
    this.total = new DMatrixRMaj(1, cols);
    this.pull = new DMatrixRMaj(1, cols);
    this.anchor = new DMatrixRMaj(1, cols);
  }

  private static int[] filled(int length) {
    int[] none = new int[length];
    Arrays.fill(none, -1);
    return none;
  }

  RowSet rows() {
    return rows;
  }

  /** What is remembered of a row, one array per slot. */
  double[][] slots(int place) {
    return slots[place];
  }

  /** Where a row is, after making room for it with initial slots if it is new. */
  @CanIgnoreReturnValue
  int add(int row) {
    int size = rows.size();
    int place = rows.add(row);
    if (place == size) {
      if (place == slots.length) {
        slots = Arrays.copyOf(slots, 2 * place);
        stored = Arrays.copyOf(stored, 2 * place);
        Arrays.fill(stored, place, 2 * place, -1);
      }
      double[][] fresh = new double[slotKinds.size()][cols];
      for (int i = 0; i < fresh.length; i++) {
        Arrays.fill(fresh[i], slotKinds.get(i).initial());
      }
      slots[place] = fresh;
    }
    return place;
  }

  /**
   * Takes in the rows that a gradient has and those that have left their anchors.
   *
   * @return false if it is not known which rows those are, or they are most of all rows
   */
  boolean gather(@Nullable Gradient given) {
    if (given != null && !given.isRowSparse()) {
      return false;
    }
    for (int i = 0; i < seen.length; i++) {
      RowJournal journal = all.get(i).heldAt(parameter);
      if (journal == null) {
        return false;
      }
      RowSet moved = journal.rows();
      for (; seen[i] < moved.size(); seen[i]++) {
        add(moved.row(seen[i]));
      }
    }
    for (int k = 0; given != null && k < given.storedRows(); k++) {
      add(given.rowAt(k));
    }
    return 2L * rows.size() <= parameter.rows();
  }

  /** One step of all moving rows; without {@code moves} only the decoupled pulls. */
  void step(
      DMatrixRMaj values,
      @Nullable Gradient given,
      Clip clip,
      UpdateRule rule,
      boolean moves,
      long step,
      double rate) {
    for (int k = 0; given != null && k < given.storedRows(); k++) {
      stored[rows.find(given.rowAt(k))] = k;
    }
    try {
      for (int place = 0; place < rows.size(); place++) {
        int row = rows.row(place);
        System.arraycopy(values.data, row * cols, weight.data, 0, cols);
        if (moves) {
          gradient(row, stored[place], given, clip, rule.maximizes() ? -1.0 : 1.0);
        }
        pull(row, rate);
        if (moves) {
          rule.update(weight.data, total.data, slots[place], 0, cols, step, rate);
        }
        if (proximal != null) {
          anchor(proximal, row);
          proximal.proxRow(weight, anchor, rate);
        }
        System.arraycopy(weight.data, 0, values.data, row * cols, cols);
      }
    } finally {
      Arrays.fill(stored, 0, rows.size(), -1);
    }
  }

  private void gradient(int row, int place, @Nullable Gradient given, Clip clip, double sign) {
    if (place < 0) {
      Arrays.fill(total.data, 0.0);
    } else {
      clip.copy(Objects.requireNonNull(given).data(), place * cols, total.data, 0, cols);
    }
    for (int i = 0; i < coupled.size(); i++) {
      anchor(coupled.get(i), row);
      coupled.get(i).addRowGradient(weight, anchor, sign, total);
    }
  }

  private void anchor(Regularizer regularizer, int row) {
    Objects.requireNonNull(regularizer.heldAt(parameter)).copyRow(row, anchor.data, 0);
  }

  private void pull(int row, double rate) {
    if (decoupled.isEmpty()) {
      return;
    }
    Arrays.fill(pull.data, 0.0);
    for (int i = 0; i < decoupled.size(); i++) {
      anchor(decoupled.get(i), row);
      decoupled.get(i).addRowGradient(weight, anchor, -rate, pull);
    }
    for (int j = 0; j < cols; j++) {
      weight.data[j] += pull.data[j];
    }
  }
}
