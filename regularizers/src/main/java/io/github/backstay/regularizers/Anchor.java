package io.github.backstay.regularizers;

import io.github.backstay.core.Parameter;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * Where a penalty pulls to: the second of the four choices of a {@link Regularizer}. An anchor is
 * asked once per parameter, when the regularizer is made; what it answers is checked for shape and
 * finiteness and copied, so that it never moves with the weight.
 */
public interface Anchor {

  /**
   * The anchor of one parameter.
   *
   * @param parameter a parameter in the scope
   * @return a finite matrix of the parameter's shape, which will be copied; null for zero
   */
  @Nullable DMatrixRMaj valueFor(Parameter parameter);

  /**
   * The words after "anchored at" in the printed sentence.
   *
   * @param parameters how many parameters are anchored
   * @return for instance {@code its initial value}
   */
  String describe(int parameters);

  /**
   * Whether the anchor belongs to one single parameter. A scope of several is refused then, even if
   * all of them have its shape.
   *
   * @return false unless the anchor says otherwise
   */
  default boolean isForOneParameter() {
    return false;
  }

  /**
   * Whether the anchor is what the parameter is when it is asked. Such anchors are kept by rows:
   * copied when a row is first written, and not before.
   *
   * @return false unless the anchor says otherwise
   */
  default boolean isInitialValue() {
    return false;
  }

  /**
   * Zero for every parameter.
   *
   * @return the anchor of plain weight decay
   */
  static Anchor zero() {
    return new ZeroAnchor();
  }

  /**
   * For every parameter the value that it has when the regularizer is made.
   *
   * @return the anchor for fine-tuning
   */
  static Anchor initialValue() {
    return new InitialValueAnchor();
  }

  /**
   * A given matrix, for a scope of exactly one parameter.
   *
   * @param value a matrix of the parameter's shape, copied now
   * @return the anchor
   */
  static Anchor at(DMatrixRMaj value) {
    return new GivenAnchor(value);
  }
}
