package io.github.backstay.benchmarks.conformance;

import io.github.backstay.core.Axis;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.List;
import java.util.function.BinaryOperator;
import org.ejml.data.DMatrixRMaj;

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

  int integer(String name) {
    return attrs.integer(name);
  }

  Indices indices(String name) {
    return Indices.of(attrs.integers(name));
  }

  /** A list of numbers as a constant row. */
  DMatrixRMaj row(String name) {
    double[] numbers = attrs.numbers(name);
    return DMatrixRMaj.wrap(1, numbers.length, numbers);
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
