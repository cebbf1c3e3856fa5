package io.github.backstay.regularizers;

import io.github.backstay.core.Gradient;
import io.github.backstay.core.Gradients;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.RowJournal;
import io.github.backstay.core.RowSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Follows one parameter, such as a table of word vectors, through a training: which of its rows
 * moved from their start, and why. It is told the gradients of each step, before the step:
 *
 * <pre>{@code
 * DriftRecorder recorder = DriftRecorder.of(table);
 *
 * recorder.observe(tape.gradients(loss));
 * optimizer.step(objective);
 *
 * System.out.println(recorder.report(10, words::get));
 * }</pre>
 *
 * <p>A step touches a row if the row's gradient is not 0 there. Where a penalty is in the loss, its
 * pull would touch every row that has moved; to count what the data say, hand over the gradients of
 * the data term alone, as above. The report says so if a penalty was among them.
 *
 * <p>Memory grows with the rows that were touched or moved, not with the height of the parameter,
 * as long as the start is kept by rows: it is what the parameter was when the recorder was made, or
 * an anchor at the initial value. Nothing of the training is changed. Not thread-safe.
 */
public final class DriftRecorder {

  private final Parameter parameter;
  private final Held start;
  private final RowSet touched = new RowSet();
  private int[] touches = new int[8];
  private double[] lengths = new double[8]; // Σ‖g‖
  private double[] sums = new double[0]; // Σg, one row after the other
  private int steps;
  private boolean penalized;

  private DriftRecorder(Parameter parameter, Held start) {
    this.parameter = parameter;
    this.start = start;
  }

  /**
   * Measures from what a parameter is now, whether or not something holds it there.
   *
   * @param parameter the parameter, before its first step
   * @return a recorder that has seen nothing
   */
  public static DriftRecorder of(Parameter parameter) {
    return new DriftRecorder(parameter, new HeldAtOriginal(parameter, parameter.journal()));
  }

  /**
   * Measures from where a regularizer holds a parameter, also after {@link Regularizer#load}.
   *
   * @param regularizer what holds it
   * @param parameter a parameter in its scope
   * @return a recorder that has seen nothing
   * @throws IllegalArgumentException if the parameter is not in the scope
   */
  public static DriftRecorder of(Regularizer regularizer, Parameter parameter) {
    return new DriftRecorder(parameter, regularizer.held(parameter));
  }

  /**
   * Counts the gradients of one step. Those that do not reach the parameter, as when it is frozen,
   * count as a step that touches nothing.
   *
   * @param gradients of a loss, or of the data part of one
   * @throws IllegalStateException if their tape has been reset since
   */
  public void observe(Gradients gradients) {
    penalized |= gradients.containsPenalty();
    steps++;
    if (!gradients.reaches(parameter)) {
      return;
    }
    Gradient gradient = gradients.of(parameter);
    double[] data = gradient.data();
    int cols = parameter.cols();
    for (int stored = 0; stored < gradient.storedRows(); stored++) {
      double squares = 0.0;
      boolean zero = true;
      for (int i = stored * cols; i < (stored + 1) * cols; i++) {
        zero &= data[i] == 0.0;
        squares += data[i] * data[i];
      }
      if (!zero) {
        int place = place(gradient.rowAt(stored));
        touches[place]++;
        lengths[place] += Math.sqrt(squares);
        for (int j = 0; j < cols; j++) {
          sums[place * cols + j] += data[stored * cols + j];
        }
      }
    }
  }

  /** Where a row's record is, with room for it. */
  private int place(int row) {
    int place = touched.add(row);
    int cols = parameter.cols();
    if (place == touches.length) {
      touches = Arrays.copyOf(touches, 2 * place);
      lengths = Arrays.copyOf(lengths, 2 * place);
    }
    if ((place + 1) * cols > sums.length) {
      long wanted = Math.max(2L * sums.length, 8L * cols);
      sums = Arrays.copyOf(sums, (int) Math.min(wanted, (long) parameter.rows() * cols));
    }
    return place;
  }

  /**
   * What is known now.
   *
   * @param k how many of the rows that moved farthest are listed at most, at least 0
   * @param token what a row stands for, asked for the listed rows only
   * @return the report
   * @throws IllegalArgumentException if k is negative
   */
  public DriftReport report(int k, IntFunction<String> token) {
    DriftReport.requireCount(k);
    List<RowDrift> moved = movedRows();
    moved.sort(
        Comparator.comparingDouble(RowDrift::distance).reversed().thenComparingInt(RowDrift::row));
    double squares = 0.0;
    int movedAndTouched = 0;
    for (int i = moved.size() - 1; i >= 0; i--) { // the small ones first
      RowDrift row = moved.get(i);
      squares += row.distance() * row.distance();
      movedAndTouched += row.touches() > 0 ? 1 : 0;
    }
    List<RowDrift> top = new ArrayList<>();
    for (int i = 0; i < Math.min(k, moved.size()); i++) {
      top.add(moved.get(i).named(token.apply(moved.get(i).row())));
    }
    return new DriftReport(
        parameter.name(),
        parameter.rows(),
        parameter.cols(),
        steps,
        penalized,
        moved.size(),
        touched.size(),
        touched.size() - movedAndTouched,
        Math.sqrt(squares),
        quantile(moved, 0.5),
        quantile(moved, 0.9),
        quantile(moved, 0.99),
        top);
  }

  /** The rows that are not at their start, without tokens. */
  private List<RowDrift> movedRows() {
    start.follow();
    RowJournal journal = start.byRows();
    int count = journal == null ? parameter.rows() : journal.rows().size();
    double[] before = new double[parameter.cols()];
    List<RowDrift> moved = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int row = journal == null ? i : journal.rows().row(i);
      start.copyRow(row, before);
      RowDrift drift = drift(row, before);
      if (drift != null) {
        moved.add(drift);
      }
    }
    return moved;
  }

  private @Nullable RowDrift drift(int row, double[] before) {
    boolean same = true;
    double squares = 0.0;
    double ownSquares = 0.0;
    double startSquares = 0.0;
    double product = 0.0;
    for (int j = 0; j < before.length; j++) {
      double own = parameter.get(row, j);
      double d = own - before[j];
      same &= own == before[j];
      squares += d * d;
      ownSquares += own * own;
      startSquares += before[j] * before[j];
      product += own * before[j];
    }
    if (same) {
      return null;
    }
    int place = touched.find(row);
    double cosine = product / (Math.sqrt(ownSquares) * Math.sqrt(startSquares));
    return new RowDrift(
        row,
        "",
        Math.sqrt(squares),
        place < 0 ? 0 : touches[place],
        place < 0 ? 0.0 : lengths[place],
        place < 0 ? 0.0 : netGradient(place),
        Math.max(-1.0, Math.min(1.0, cosine)));
  }

  private double netGradient(int place) {
    double squares = 0.0;
    for (int i = place * parameter.cols(); i < (place + 1) * parameter.cols(); i++) {
      squares += sums[i] * sums[i];
    }
    return Math.sqrt(squares);
  }

  /** Of rows that are sorted by distance, the largest first. */
  private static double quantile(List<RowDrift> moved, double share) {
    int behind = (int) Math.ceil(share * moved.size());
    return moved.isEmpty() ? 0.0 : moved.get(moved.size() - Math.max(1, behind)).distance();
  }

  @Override
  public String toString() {
    return "drift of \""
        + parameter.name()
        + "\", "
        + touched.size()
        + " of "
        + parameter.rows()
        + " rows touched in "
        + steps
        + " steps";
  }
}
