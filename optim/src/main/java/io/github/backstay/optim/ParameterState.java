package io.github.backstay.optim;

import io.github.backstay.core.Gradient;
import io.github.backstay.core.Parameter;
import io.github.backstay.regularizers.Regularizer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * What an optimizer keeps of one parameter: the slots of its rule, how many steps it has made, and
 * which of its rows have ever been touched. A row that never was has zero slots and, without
 * regularizers, zero gradient: a rule that rests leaves it exactly where it is, so it is not
 * visited.
 */
final class ParameterState {

  final double[][] slots;
  long steps;

  private final Parameter parameter;
  private final UpdateRule rule;
  private final List<Regularizer> coupled;
  private final List<Regularizer> decoupled;
  private final Consumer<DMatrixRMaj> edit = this::edit;
  private final int cols;
  private final boolean[] touched;
  private int[] touchedRows = new int[8];
  private int touchedCount;
  private boolean allTouched;
  private double[] full = new double[0];
  private @Nullable Gradient gradient;
  private double rate;

  ParameterState(
      Parameter parameter,
      UpdateRule rule,
      List<Regularizer> coupled,
      List<Regularizer> decoupled) {
    this.parameter = parameter;
    this.rule = rule;
    this.coupled = coupled;
    this.decoupled = decoupled;
    this.cols = parameter.cols();
    this.touched = new boolean[parameter.rows()];
    this.allTouched = !rule.rests();
    this.slots = new double[rule.slots().size()][parameter.rows() * parameter.cols()];
  }

  boolean isRegularized() {
    return !coupled.isEmpty() || !decoupled.isEmpty();
  }

  void step(@Nullable Gradient newGradient, double learningRate) {
    gradient = newGradient;
    rate = learningRate;
    parameter.update(edit);
    gradient = null;
  }

  private void edit(DMatrixRMaj weight) {
    Gradient given = gradient;
    int size = weight.getNumElements();
    double @Nullable [] total = null;
    if (given != null && !given.isRowSparse() && coupled.isEmpty()) {
      allTouched = true;
      total = given.data();
    } else if (given != null || !coupled.isEmpty()) {
      total = gather(given, weight);
    }
    for (int i = 0; i < decoupled.size(); i++) {
      decoupled.get(i).pull(parameter, weight, rate);
    }
    if (total == null) {
      return;
    }
    steps++;
    if (allTouched || 2 * touchedCount > touched.length) {
      rule.update(weight.data, total, slots, 0, size, steps, rate);
    } else {
      for (int k = 0; k < touchedCount; k++) {
        int from = touchedRows[k] * cols;
        rule.update(weight.data, total, slots, from, from + cols, steps, rate);
      }
    }
    if (total == full) {
      clear(given);
    }
  }

  /**
   * The whole gradient in one full matrix: that of the loss, and that of the coupled regularizers
   * at the weights that the loss was computed from, which is before any decoupled pull.
   */
  private double[] gather(@Nullable Gradient given, DMatrixRMaj weight) {
    if (full.length != weight.getNumElements()) {
      full = new double[weight.getNumElements()];
    }
    if (given != null) {
      spread(given);
    }
    if (!coupled.isEmpty()) {
      allTouched = true;
      for (int i = 0; i < coupled.size(); i++) {
        coupled.get(i).addGradient(parameter, weight, full);
      }
    }
    return full;
  }

  /** Makes the full matrix zeros again. */
  private void clear(@Nullable Gradient given) {
    if (given == null || !given.isRowSparse() || !coupled.isEmpty()) {
      Arrays.fill(full, 0.0);
    } else {
      for (int k = 0; k < given.storedRows(); k++) {
        int from = given.rowAt(k) * cols;
        Arrays.fill(full, from, from + cols, 0.0);
      }
    }
  }

  /** Writes the gradient's rows where they belong in the full matrix and marks them as touched. */
  private void spread(Gradient given) {
    double[] data = given.data();
    for (int k = 0; k < given.storedRows(); k++) {
      int row = given.rowAt(k);
      System.arraycopy(data, k * cols, full, row * cols, cols);
      if (!touched[row]) {
        touched[row] = true;
        if (touchedCount == touchedRows.length) {
          touchedRows = Arrays.copyOf(touchedRows, 2 * touchedCount);
        }
        touchedRows[touchedCount++] = row;
      }
    }
  }
}
