package io.github.backstay.core;

import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * An operation: the check of its shapes, its forward kernel, and one rule per input, in one small
 * immutable record. A rule (vector-Jacobian product, vjp) turns the cotangent of the output into
 * the cotangent of an input. It is written with the operations of {@link Variable}, so that it is
 * an ordinary computation: for a first-order gradient the engine hands it constants and nothing is
 * recorded; for higher orders it is handed the recorded variables. The rule cannot tell, and need
 * not.
 *
 * <p>{@code forward} throws {@link ShapeException} before it computes anything, never changes its
 * operands, and returns a matrix from the workspace (or one of its operands, where the value is the
 * same).
 *
 * <p>Ops are used through {@link Variable#apply(Op.Unary)} and its siblings; the library's own have
 * a fluent method each. An op holds no state and may be shared between threads and tapes.
 */
public sealed interface Op permits Op.Unary, Op.Binary, Op.Nary {

  /**
   * The name that errors and reports use.
   *
   * @return the record's name with a small first letter, unless overridden
   */
  default String name() {
    String name = getClass().getSimpleName();
    return name.isEmpty()
        ? getClass().getName()
        : Character.toLowerCase(name.charAt(0)) + name.substring(1);
  }

  /**
   * The value.
   *
   * @param workspace where the result comes from
   * @param inputs the operands' values, not to be changed and not to be kept
   * @return the result
   * @throws ShapeException if the shapes do not fit
   */
  DMatrixRMaj forward(Workspace workspace, DMatrixRMaj[] inputs);

  /**
   * The rule of one input.
   *
   * @param input which input, from 0
   * @param inputs the operands, not to be kept
   * @param output the result
   * @param outputBar the cotangent of the result, in its shape
   * @return the cotangent of that input, in that input's shape
   */
  Variable vjp(int input, Variable[] inputs, Variable output, Variable outputBar);

  /**
   * Whether, by definition, no gradient passes to an input (the operand of {@code detach}, a mask).
   *
   * @param input which input, from 0
   * @return true if the rule of that input must never be asked
   */
  default boolean blocks(int input) {
    return false;
  }

  /**
   * The rows of an operand that are all that forward and rules read of it. Rows of a parameter that
   * nobody reads need not be up to date ({@link Parameter#defer}).
   *
   * @param input which input, from 0
   * @return those rows, or null for the whole operand
   */
  default @Nullable Indices rowsRead(int input) {
    return null;
  }

  /**
   * Whether the result is a penalty, that is, belongs to the parameters and not to an example.
   * Whatever is computed from a penalty is marked as well ({@link Variable#isPenalty()}).
   *
   * @return true for penalties
   */
  default boolean isPenalty() {
    return false;
  }

  /** An op with one operand. */
  non-sealed interface Unary extends Op {
    /**
     * The value.
     *
     * @param workspace where the result comes from
     * @param x the operand
     * @return the result
     */
    DMatrixRMaj forward(Workspace workspace, DMatrixRMaj x);

    /**
     * The rule.
     *
     * @param x the operand
     * @param y the result
     * @param yBar the cotangent of the result
     * @return the cotangent of the operand
     */
    Variable vjp(Variable x, Variable y, Variable yBar);

    @Override
    default DMatrixRMaj forward(Workspace workspace, DMatrixRMaj[] inputs) {
      return forward(workspace, inputs[0]);
    }

    @Override
    default Variable vjp(int input, Variable[] inputs, Variable output, Variable outputBar) {
      return vjp(inputs[0], output, outputBar);
    }
  }

  /** An op with two operands. */
  non-sealed interface Binary extends Op {
    /**
     * The value.
     *
     * @param workspace where the result comes from
     * @param a the left operand
     * @param b the right operand
     * @return the result
     */
    DMatrixRMaj forward(Workspace workspace, DMatrixRMaj a, DMatrixRMaj b);

    /**
     * The rule of the left operand.
     *
     * @param a the left operand
     * @param b the right operand
     * @param c the result
     * @param cBar the cotangent of the result
     * @return the cotangent of {@code a}
     */
    Variable vjpLeft(Variable a, Variable b, Variable c, Variable cBar);

    /**
     * The rule of the right operand.
     *
     * @param a the left operand
     * @param b the right operand
     * @param c the result
     * @param cBar the cotangent of the result
     * @return the cotangent of {@code b}
     */
    Variable vjpRight(Variable a, Variable b, Variable c, Variable cBar);

    @Override
    default DMatrixRMaj forward(Workspace workspace, DMatrixRMaj[] inputs) {
      return forward(workspace, inputs[0], inputs[1]);
    }

    @Override
    default Variable vjp(int input, Variable[] inputs, Variable output, Variable outputBar) {
      return input == 0
          ? vjpLeft(inputs[0], inputs[1], output, outputBar)
          : vjpRight(inputs[0], inputs[1], output, outputBar);
    }
  }

  /** An op with any number of operands. */
  non-sealed interface Nary extends Op {}

  /**
   * A second form of an op's rules for the first-order sweep, where the plain form would make
   * needless temporaries: it adds the same cotangent straight into the engine's buffer. The
   * contract test holds both forms against each other.
   */
  interface InPlace {
    /**
     * Whether this form is to be used; some ops have it for operands of the same shape only.
     *
     * @param inputs the operands' values
     * @return false if the plain rules shall be asked instead; true unless overridden
     */
    default boolean covers(DMatrixRMaj[] inputs) {
      return true;
    }

    /**
     * Adds the cotangent of one input to what is there already.
     *
     * @param input which input, from 0
     * @param workspace for temporaries
     * @param inputs the operands' values, not to be changed
     * @param output the result's value, not to be changed
     * @param outputBar the cotangent of the result, not to be changed
     * @param inputBar where the cotangent of that input is summed
     */
    void accumulate(
        int input,
        Workspace workspace,
        DMatrixRMaj[] inputs,
        DMatrixRMaj output,
        DMatrixRMaj outputBar,
        Accumulator inputBar);
  }
}
