package io.github.backstay.regularizers;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.StateDict;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * Where a penalty pulls to: the second of the four choices of a {@link Regularizer}. An anchor is
 * asked once per parameter, when the regularizer is made; what it answers is checked for shape and
 * finiteness and copied, so that it never moves with the weight. Three move by a rule that their
 * names say: {@link #previousTask()}, {@link #movingAverage} and {@link #following}; they too are
 * copies, through which no gradient flows.
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

  /**
   * For every parameter what a saved model has under its name, as in fine-tuning where everything
   * is held at a model that was trained before (L2-SP, Li et al. 2018).
   *
   * @param state a state with a matrix of the right shape under the name of every parameter
   * @return the anchor
   */
  static Anchor saved(StateDict state) {
    return new SavedAnchor(state);
  }

  /**
   * For every parameter the value that it had when the present task began: that of the moment when
   * the regularizer is made, until {@link Regularizer#beginTask()} takes the next one (elastic
   * weight consolidation over a sequence of tasks; the global model of a round in FedProx, Li et
   * al. 2020).
   *
   * @return the anchor for continual learning
   */
  static Anchor previousTask() {
    return new PreviousTaskAnchor();
  }

  /**
   * For every parameter the moving average of its values, {@code A ← βA + (1 − β)W}, from its value
   * when the regularizer is made (mean teacher, Tarvainen and Valpola 2017). W is taken in once for
   * every step, when its pull is computed and before; looking at the anchor takes nothing in, and a
   * frozen parameter's waits. It moves, so parameters are held as a whole.
   *
   * @param decay β, in [0, 1)
   * @return the anchor
   */
  static Anchor movingAverage(double decay) {
    return new MovingAverageAnchor(decay);
  }

  /**
   * The value that another parameter has whenever the pull is computed, for a scope of exactly one
   * parameter. The other one may be trained; the pull is on this one only. For a copy that stays
   * what it is, use {@code Anchor.at(other.toMatrix())}.
   *
   * @param other another parameter of the same shape
   * @return the anchor
   */
  static Anchor following(Parameter other) {
    return new ParameterAnchor(other);
  }
}
