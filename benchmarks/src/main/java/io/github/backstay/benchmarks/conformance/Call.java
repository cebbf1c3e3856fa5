package io.github.backstay.benchmarks.conformance;

import io.github.backstay.core.Axis;
import io.github.backstay.core.CrossEntropyOptions;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Reduction;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * One application of an op: its operands and parameters.
 *
 * @param tape where the result goes
 * @param args the operands in order
 * @param attrs the parameters
 */
record Call(Tape tape, List<Variable> args, Fields attrs) {

  /** Copies the list. */
  Call {
    args = List.copyOf(args);
  }

  /** The first operand. */
  Variable x() {
    return args.get(0);
  }

  /** The second operand. */
  Variable y() {
    return args.get(1);
  }

  /** The third operand. */
  Variable z() {
    return args.get(2);
  }

  /** All operands but the first. */
  Variable[] others() {
    return args.subList(1, args.size()).toArray(Variable[]::new);
  }

  double number(String name) {
    return attrs.number(name);
  }

  double number(String name, double otherwise) {
    return attrs.number(name, otherwise);
  }

  int integer(String name) {
    return attrs.integer(name);
  }

  Indices indices(String name) {
    return Indices.of(attrs.integers(name));
  }

  /** The parameter {@code reduction} of a loss. */
  Reduction reduction() {
    String name = attrs.text("reduction", "mean");
    return switch (name) {
      case "mean" -> Reduction.MEAN;
      case "batchmean" -> Reduction.MEAN_OVER_ROWS;
      case "sum" -> Reduction.SUM;
      case "none" -> Reduction.NONE;
      default -> throw CaseException.unknown("reduction", name);
    };
  }

  /** The parameters {@code weight} and {@code label_smoothing} of a loss over classes. */
  CrossEntropyOptions classOptions() {
    CrossEntropyOptions options =
        CrossEntropyOptions.NONE.withLabelSmoothing(number("label_smoothing", 0.0));
    return attrs.has("weight") ? options.withWeights(attrs.numbers("weight")) : options;
  }

  /**
   * The parameter {@code target}: a class per row. Backstay counts from 0; rows to ignore, which
   * PyTorch marks with any number, −100 unless said otherwise, are marked with {@link #noClass}.
   */
  Indices targets() {
    int ignored = attrs.integer("ignore_index", -100);
    int[] targets = attrs.integers("target");
    for (int i = 0; i < targets.length; i++) {
      targets[i] = targets[i] == ignored ? noClass() : targets[i];
    }
    return Indices.of(targets);
  }

  /** The index of rows to ignore: one that is no class. */
  int noClass() {
    return x().cols();
  }

  /** The parameter {@code dim}: −1 for everything, 0 for columns, 1 for rows. */
  Axis axis() {
    int dim = attrs.integer("dim");
    return switch (dim) {
      case -1 -> Axis.ALL;
      case 0 -> Axis.COLS;
      case 1 -> Axis.ROWS;
      default -> throw CaseException.at(attrs.place("dim"), "is " + dim + " (need -1, 0 or 1).");
    };
  }

  /**
   * An op of two operands that stretch each other. Backstay refuses a column against a row, because
   * that is a mistake more often than not; where the case means it, it is said with {@code
   * broadcastTo}.
   */
  Variable stretched(BinaryOperator<Variable> op) {
    int rows = common(x().rows(), y().rows());
    int cols = common(x().cols(), y().cols());
    boolean columnAgainstRow = !hasShape(x(), rows, cols) && !hasShape(y(), rows, cols);
    return columnAgainstRow
        ? op.apply(x().broadcastTo(rows, cols), y().broadcastTo(rows, cols))
        : op.apply(x(), y());
  }

  /** The operand in the shape that all three have together. */
  Variable stretched(Variable operand) {
    int rows = common(x().rows(), common(y().rows(), z().rows()));
    int cols = common(x().cols(), common(y().cols(), z().cols()));
    return hasShape(operand, rows, cols) ? operand : operand.broadcastTo(rows, cols);
  }

  private static boolean hasShape(Variable x, int rows, int cols) {
    return x.rows() == rows && x.cols() == cols;
  }

  private static int common(int a, int b) {
    return a == 1 ? b : a;
  }
}
