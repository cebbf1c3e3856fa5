package io.github.backstay.core;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * The result of one reverse sweep: the gradient with respect to every trainable parameter and free
 * variable on the tape, in the order in which they came onto it. It is a value: nothing is added to
 * it behind the caller's back, there is nothing to set to zero, and asking twice gives the same
 * answer.
 *
 * <p>It lives as long as the tape's step: after {@link Tape#reset()} its methods throw. What must
 * live longer is added to a {@link GradientSum}, or copied with {@link Gradient#toMatrix()}.
 */
public final class Gradients {

  private final Object[] keys; // parameters and free or kept variables, in order
  private final Gradient[] values;
  private int count;
  private int cursor; // where the last look-up ended: optimizers ask in order
  private final boolean penalty;
  private boolean released;

  Gradients(int capacity, boolean penalty) {
    this.penalty = penalty;
    keys = new Object[capacity];
    values = new Gradient[capacity];
  }

  void put(Object parameterOrVariable, Gradient gradient) {
    keys[count] = parameterOrVariable;
    values[count++] = gradient;
  }

  private @Nullable Gradient find(Object key) {
    requireLive();
    for (int i = 0; i < count; i++) {
      int place = cursor + i < count ? cursor + i : cursor + i - count;
      if (keys[place] == key) {
        cursor = place;
        return values[place];
      }
    }
    return null;
  }

  /**
   * The gradient with respect to a parameter; zeros if the path to it is cut.
   *
   * @param parameter a trainable parameter that was used on the tape
   * @return its gradient
   * @throws IllegalArgumentException if the parameter was not used, or was frozen
   * @throws IllegalStateException if the tape has been reset since
   */
  public Gradient of(Parameter parameter) {
    Gradient gradient = find(parameter);
    if (gradient == null) {
      throw new IllegalArgumentException(
          "gradients: parameter \""
              + parameter.name()
              + "\" "
              + (parameter.isFrozen()
                  ? "is frozen. Thaw it before the forward pass to get its gradient."
                  : "was not used on this tape (used: "
                      + names()
                      + "). Call parameter.on(tape) in the forward pass."));
    }
    return gradient;
  }

  /**
   * The gradient with respect to a free variable ({@link Tape#variable}) or to one whose gradient
   * was asked for with {@link Variable#keepGradient()}.
   *
   * @param variable the variable
   * @return a new matrix of its shape; zeros if the path to it is cut
   * @throws IllegalArgumentException if no gradient of it was kept
   * @throws IllegalStateException if the tape has been reset since
   */
  public DMatrixRMaj of(Variable variable) {
    requireLive();
    Parameter parameter = variable.parameter();
    if (parameter != null) {
      return of(parameter).toMatrix();
    }
    Gradient gradient = find(variable);
    if (gradient == null) {
      throw new IllegalArgumentException(
          "gradients: no gradient was kept for "
              + variable.describe()
              + ". "
              + (variable.isTracked()
                  ? "Call keepGradient() on it before the sweep."
                  : "It is a constant; make it with tape.variable(…) to differentiate by it."));
    }
    return gradient.toMatrix();
  }

  /**
   * Whether any path leads from the parameter to the output. A gradient of zeros means two
   * different things: with {@code true} it vanishes, with {@code false} the path is cut.
   *
   * @param parameter any parameter
   * @return true if the sweep has reached it
   */
  public boolean reaches(Parameter parameter) {
    Gradient gradient = find(parameter);
    return gradient != null && gradient.isReached();
  }

  /**
   * Whether any path leads from the variable to the output.
   *
   * @param variable a free variable or a kept one
   * @return true if the sweep has reached it
   */
  public boolean reaches(Variable variable) {
    Parameter parameter = variable.parameter();
    Gradient gradient = find(parameter != null ? parameter : variable);
    return gradient != null && gradient.isReached();
  }

  /**
   * The Euclidean length of the gradients of all parameters taken as one vector.
   *
   * @return {@code √Σg²}
   */
  public double norm() {
    return norm(2.0, parameter -> true);
  }

  /**
   * A norm of the gradients of some parameters taken as one vector, without overflow or underflow
   * on the way. They are gone through in the order in which the parameters came onto the tape,
   * however they are grouped elsewhere. Free variables do not count.
   *
   * @param p {@code (Σ|g|ᵖ)^(1/p)}; greater than 0, infinity for the largest {@code |g|}
   * @param over which parameters count
   * @return the norm; 0 without any parameter
   */
  public double norm(double p, Predicate<? super Parameter> over) {
    requireLive();
    if (!(p > 0.0)) {
      throw new IllegalArgumentException("gradients: p must be greater than 0, got " + p + ".");
    }
    if (p == 2.0) {
      double squares = 0.0;
      for (int i = 0; i < count; i++) {
        squares += counts(i, over) ? values[i].squaredNorm() : 0.0;
      }
      if (squares > 1e-200 && squares < Double.POSITIVE_INFINITY) {
        return Math.sqrt(squares);
      }
    }
    double largest = 0.0;
    for (int i = 0; i < count; i++) {
      largest = Math.max(largest, counts(i, over) ? values[i].largest() : 0.0);
    }
    if (p == Double.POSITIVE_INFINITY || !(largest > 0.0) || Double.isInfinite(largest)) {
      return largest;
    }
    double sum = 0.0;
    for (int i = 0; i < count; i++) {
      if (counts(i, over)) {
        sum += p == 2.0 ? values[i].sumOfSquares(largest) : values[i].sumOfPowers(p, largest);
      }
    }
    return largest * (p == 2.0 ? Math.sqrt(sum) : StrictMath.pow(sum, 1.0 / p));
  }

  private boolean counts(int place, Predicate<? super Parameter> over) {
    return keys[place] instanceof Parameter parameter && over.test(parameter);
  }

  /**
   * Whether a penalty went into the output of the sweep ({@link Variable#isPenalty()}).
   *
   * @return true if so
   */
  public boolean containsPenalty() {
    requireLive();
    return penalty;
  }

  /**
   * Refuses a gradient that was computed at other values than the parameter has now.
   *
   * @param parameter a parameter that there is a gradient for
   * @throws IllegalStateException if the parameter was written since
   */
  public void requireCurrent(Parameter parameter) {
    if (of(parameter).version() != parameter.version()) {
      throw new IllegalStateException(
          "gradients: parameter \""
              + parameter.name()
              + "\" was changed after this gradient had been computed (a gradient belongs to the"
              + " values it was computed at). Compute it again.");
    }
  }

  /**
   * The parameters that there is a gradient for, in the order in which they came onto the tape.
   *
   * @return a new list
   */
  public List<Parameter> parameters() {
    requireLive();
    List<Parameter> parameters = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (keys[i] instanceof Parameter parameter) {
        parameters.add(parameter);
      }
    }
    return parameters;
  }

  /**
   * Whether there is a gradient for a parameter, reached or not.
   *
   * @param parameter any parameter
   * @return true if {@link #of(Parameter)} would answer
   */
  public boolean contains(Parameter parameter) {
    return find(parameter) != null;
  }

  /** Hands all buffers back to their owner. */
  void release(Workspace workspace, Accumulator.SparseRowsPool sparsePool) {
    for (int i = 0; i < count; i++) {
      values[i].release(workspace, sparsePool);
    }
    released = true;
  }

  static IllegalStateException outdated() {
    return new IllegalStateException(
        "gradients: the tape has been reset or closed since (gradients live as long as the step)."
            + " Use them before reset(), or add them to a GradientSum.");
  }

  private void requireLive() {
    if (released) {
      throw outdated();
    }
  }

  private String names() {
    StringBuilder names = new StringBuilder();
    for (Parameter parameter : parameters()) {
      names.append(names.length() == 0 ? "" : ", ").append(parameter.name());
    }
    return names.length() == 0 ? "none" : names.toString();
  }

  @Override
  public String toString() {
    return released ? "gradients (released)" : "gradients of " + names();
  }
}
