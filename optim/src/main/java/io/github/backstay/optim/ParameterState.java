package io.github.backstay.optim;

import io.github.backstay.core.Gradient;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.StateDict;
import io.github.backstay.regularizers.Regularizer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * What an optimizer keeps of one parameter: the slots of its rule, how many steps it has made, and
 * which of its rows have ever been touched. A row that never was has its initial slots and, without
 * coupled regularizers, zero gradient: a rule that rests leaves it exactly where it is, so it is
 * not visited.
 */
final class ParameterState {

  final Parameter parameter;
  long steps;

  private UpdateRule rule;
  private final List<Slot> slotKinds;
  private final double[][] slots;
  private final List<Regularizer> coupled;
  private final List<Regularizer> decoupled;
  private final Consumer<DMatrixRMaj> edit = this::edit;
  private final int cols;
  private final boolean[] touched;
  private int[] touchedRows = new int[8];
  private int touchedCount;
  private boolean allTouched;
  private DMatrixRMaj full = new DMatrixRMaj(0, 0); // zeros between steps, as is the next
  private DMatrixRMaj pulls = new DMatrixRMaj(0, 0);
  private @Nullable Gradient gradient;
  private double rate;
  private double factor = 1.0;
  private double bound = Double.POSITIVE_INFINITY;

  ParameterState(
      Parameter parameter,
      UpdateRule rule,
      List<Regularizer> coupled,
      List<Regularizer> decoupled) {
    this.parameter = parameter;
    this.rule = rule;
    this.slotKinds = List.copyOf(rule.slots());
    this.coupled = coupled;
    this.decoupled = decoupled;
    this.cols = parameter.cols();
    this.touched = new boolean[parameter.rows()];
    this.allTouched = !rule.rests();
    this.slots = new double[slotKinds.size()][parameter.rows() * parameter.cols()];
    for (int i = 0; i < slots.length; i++) {
      Arrays.fill(slots[i], slotKinds.get(i).initial());
    }
  }

  boolean isRegularized() {
    return !coupled.isEmpty() || !decoupled.isEmpty();
  }

  Map<String, DMatrixRMaj> slots() {
    Map<String, DMatrixRMaj> copies = new LinkedHashMap<>();
    for (int i = 0; i < slots.length; i++) {
      copies.put(
          slotKinds.get(i).name(),
          DMatrixRMaj.wrap(parameter.rows(), parameter.cols(), slots[i].clone()));
    }
    return copies;
  }

  /** Adds a copy of every slot, under the parameter's name and the slot's. */
  void saveSlots(StateDict.Builder state) {
    for (int i = 0; i < slots.length; i++) {
      double[] slot = slots[i];
      state.put(
          savedName(slotKinds.get(i)),
          parameter.shape(),
          to -> System.arraycopy(slot, 0, to.data, 0, slot.length));
    }
  }

  /** The names and shapes of what {@link #saveSlots} adds. */
  Map<String, Shape> savedSlots() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    slotKinds.forEach(slot -> shapes.put(savedName(slot), parameter.shape()));
    return shapes;
  }

  /** Takes up what {@link #saveSlots} has added. */
  void load(long newSteps, StateDict saved) {
    Map<String, DMatrixRMaj> values = new LinkedHashMap<>();
    slotKinds.forEach(slot -> values.put(slot.name(), saved.matrix(savedName(slot))));
    restore(newSteps, values);
  }

  private String savedName(Slot slot) {
    return parameter.name() + "." + slot.name();
  }

  /**
   * The inverse of {@link #slots()}; a row whose slots are the initial ones counts as untouched.
   */
  void restore(long newSteps, Map<String, DMatrixRMaj> saved) {
    List<String> names = slotKinds.stream().map(Slot::name).toList();
    String place = "optimizer: the saved state of \"" + parameter.name() + "\" ";
    if (newSteps < 0) {
      throw new IllegalArgumentException(
          place + "has " + newSteps + " steps (must be at least 0).");
    }
    if (saved.size() != names.size() || !saved.keySet().containsAll(names)) {
      throw new IllegalArgumentException(
          place
              + "has the slots "
              + saved.keySet()
              + ", its rule remembers "
              + names
              + " (both must be the same). Restore it under the rule that it was saved under.");
    }
    DMatrixRMaj[] values = new DMatrixRMaj[slots.length];
    for (int i = 0; i < slots.length; i++) {
      DMatrixRMaj value = saved.get(names.get(i));
      if (value == null || value.numRows != parameter.rows() || value.numCols != parameter.cols()) {
        throw new ShapeException(
            place
                + "has a slot \""
                + names.get(i)
                + "\" of "
                + (value == null ? "nothing" : Shape.of(value).toString())
                + ", the parameter is "
                + parameter.shape()
                + " (both must have the same shape).");
      }
      values[i] = value;
    }
    steps = newSteps;
    allTouched = !rule.rests();
    touchedCount = 0;
    Arrays.fill(touched, false);
    for (int i = 0; i < slots.length; i++) {
      System.arraycopy(values[i].data, 0, slots[i], 0, slots[i].length);
      long initial = Double.doubleToRawLongBits(slotKinds.get(i).initial());
      for (int k = 0; k < slots[i].length; k++) {
        if (Double.doubleToRawLongBits(slots[i][k]) != initial) {
          touch(k / cols);
        }
      }
    }
  }

  /** Goes on with another rule that remembers the same. */
  void setRule(UpdateRule newRule) {
    rule = newRule;
    allTouched |= !rule.rests();
  }

  /** A step along the gradient times a factor, each entry then brought within ±bound. */
  void step(
      @Nullable Gradient newGradient, double learningRate, double newFactor, double newBound) {
    gradient = newGradient;
    rate = learningRate;
    factor = newFactor;
    bound = newBound;
    try {
      parameter.update(edit);
    } finally {
      gradient = null;
    }
  }

  /** All gradients are taken at the weights as they are; only then is the first of them written. */
  private void edit(DMatrixRMaj weight) {
    Gradient given = gradient;
    boolean moves = given != null || !coupled.isEmpty();
    boolean gathers = !coupled.isEmpty() || (given != null && (given.isRowSparse() || isClipped()));
    boolean done = false;
    try {
      double[] total = gathers ? gather(given, weight) : given == null ? full.data : given.data();
      if (!decoupled.isEmpty()) {
        pull(weight);
      }
      if (moves) {
        allTouched |= !coupled.isEmpty() || (given != null && !given.isRowSparse());
        update(weight, total);
      }
      done = true;
    } finally {
      if (gathers) {
        clear(done ? given : null);
      }
      if (!decoupled.isEmpty()) {
        Arrays.fill(pulls.data, 0.0);
      }
    }
  }

  private boolean isClipped() {
    return factor != 1.0 || bound != Double.POSITIVE_INFINITY;
  }

  private void update(DMatrixRMaj weight, double[] total) {
    if (allTouched || 2 * touchedCount > touched.length) {
      rule.update(weight.data, total, slots, 0, weight.getNumElements(), steps + 1, rate);
    } else {
      for (int k = 0; k < touchedCount; k++) {
        int from = touchedRows[k] * cols;
        rule.update(weight.data, total, slots, from, from + cols, steps + 1, rate);
      }
    }
    steps++;
  }

  /** {@code W ← W − η·Σ∇R(W)}, every gradient at the same W, so that their order is no matter. */
  private void pull(DMatrixRMaj weight) {
    if (pulls.numRows != weight.numRows || pulls.numCols != weight.numCols) {
      pulls = new DMatrixRMaj(weight.numRows, weight.numCols);
    }
    for (int i = 0; i < decoupled.size(); i++) {
      decoupled.get(i).addGradient(parameter, weight, -rate, pulls);
    }
    for (int i = 0; i < weight.getNumElements(); i++) {
      weight.data[i] += pulls.data[i];
    }
  }

  /** The gradient of the loss and that of the coupled regularizers in one full matrix. */
  private double[] gather(@Nullable Gradient given, DMatrixRMaj weight) {
    if (full.numRows != weight.numRows || full.numCols != weight.numCols) {
      full = new DMatrixRMaj(weight.numRows, weight.numCols);
    }
    if (given != null) {
      spread(given);
    }
    for (int i = 0; i < coupled.size(); i++) {
      coupled.get(i).addGradient(parameter, weight, rule.maximizes() ? -1.0 : 1.0, full);
    }
    return full.data;
  }

  /** Makes the full matrix zeros again: all of it, or only the rows that were written. */
  private void clear(@Nullable Gradient given) {
    if (given == null || !given.isRowSparse() || !coupled.isEmpty()) {
      Arrays.fill(full.data, 0.0);
    } else {
      for (int k = 0; k < given.storedRows(); k++) {
        int from = given.rowAt(k) * cols;
        Arrays.fill(full.data, from, from + cols, 0.0);
      }
    }
  }

  /**
   * Writes the gradient's rows, clipped, where they belong in the full matrix and marks them as
   * touched.
   */
  private void spread(Gradient given) {
    double[] data = given.data();
    boolean clipped = isClipped();
    for (int k = 0; k < given.storedRows(); k++) {
      int row = given.rowAt(k);
      if (clipped) {
        for (int j = 0; j < cols; j++) {
          double scaled = factor * data[k * cols + j];
          full.data[row * cols + j] = Math.max(-bound, Math.min(bound, scaled));
        }
      } else {
        System.arraycopy(data, k * cols, full.data, row * cols, cols);
      }
      touch(row);
    }
  }

  private void touch(int row) {
    if (!touched[row]) {
      touched[row] = true;
      if (touchedCount == touchedRows.length) {
        touchedRows = Arrays.copyOf(touchedRows, 2 * touchedCount);
      }
      touchedRows[touchedCount++] = row;
    }
  }
}
