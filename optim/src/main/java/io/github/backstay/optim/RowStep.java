package io.github.backstay.optim;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.RowJournal;
import io.github.backstay.regularizers.Regularizer;
import java.util.Arrays;
import java.util.Objects;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * A step of some rows of a parameter, copied next to each other: pull, update, map, in the order
 * and with the bits of the whole. Rows are held one by one, at journals of the parameter.
 */
final class RowStep {

  final DMatrixRMaj weight;
  final DMatrixRMaj gradient;
  final DMatrixRMaj anchor;

  private final Parameter parameter;
  private final Pulls pulls;
  private final int cols;
  private final int[] rows;
  private final DMatrixRMaj pull;
  private int count;
  private @Nullable RowJournal anchored; // whose originals of these rows are in anchor

  RowStep(Parameter parameter, Pulls pulls, int most) {
    this.parameter = parameter;
    this.pulls = pulls;
    this.cols = parameter.cols();
    this.rows = new int[most];
    this.weight = new DMatrixRMaj(most, cols);
    this.gradient = new DMatrixRMaj(most, cols);
    this.anchor = new DMatrixRMaj(most, cols);
    this.pull = new DMatrixRMaj(most, cols);
  }

  /** Starts with no rows. */
  void begin() {
    count = 0;
    anchored = null;
  }

  /** Copies one more row. */
  void add(int row, DMatrixRMaj values) {
    System.arraycopy(values.data, row * cols, weight.data, count * cols, cols);
    rows[count++] = row;
  }

  /** Copies all rows back. */
  void end(DMatrixRMaj values) {
    for (int k = 0; k < count; k++) {
      System.arraycopy(weight.data, k * cols, values.data, rows[k] * cols, cols);
    }
  }

  /** A step along {@link #gradient}, to which coupled pulls are added; or, without, pulls only. */
  void step(UpdateRule rule, double[][] slots, boolean moves, long step, double rate) {
    weight.reshape(count, cols);
    gradient.reshape(count, cols);
    if (moves) {
      for (int i = 0; i < pulls.coupled().size(); i++) {
        Regularizer coupled = pulls.coupled().get(i);
        anchorAt(coupled);
        coupled.addRowsGradient(weight, anchor, rule.maximizes() ? -1.0 : 1.0, gradient);
      }
    }
    if (!pulls.decoupled().isEmpty()) {
      pull(rate);
    }
    if (moves) {
      rule.update(weight.data, gradient.data, slots, 0, count * cols, step, rate);
    }
    Regularizer proximal = pulls.proximal();
    if (proximal != null) {
      anchorAt(proximal);
      proximal.proxRows(weight, anchor, rate);
    }
  }

  private void pull(double rate) {
    pull.reshape(count, cols);
    Arrays.fill(pull.data, 0, count * cols, 0.0);
    for (int i = 0; i < pulls.decoupled().size(); i++) {
      anchorAt(pulls.decoupled().get(i));
      pulls.decoupled().get(i).addRowsGradient(weight, anchor, -rate, pull);
    }
    for (int i = 0; i < count * cols; i++) {
      weight.data[i] += pull.data[i];
    }
  }

  private void anchorAt(Regularizer regularizer) {
    anchorAt(Objects.requireNonNull(regularizer.heldAt(parameter)));
  }

  /** Copies the originals of the rows into {@link #anchor}. */
  void anchorAt(RowJournal journal) {
    anchor.reshape(count, cols);
    if (anchored != journal) {
      anchored = journal;
      for (int k = 0; k < count; k++) {
        journal.copyRow(rows[k], anchor.data, k * cols);
      }
    }
  }
}
