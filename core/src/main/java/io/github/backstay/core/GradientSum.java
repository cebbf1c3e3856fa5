package io.github.backstay.core;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.backstay.core.kernels.Kernels;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A running sum of gradients that outlives the tapes they came from: for accumulation over examples
 * and for data-parallel workers. Row-sparse gradients stay row-sparse. Contributions are added in
 * the order of the calls, so that the same calls give the same bits. Not thread-safe.
 */
public final class GradientSum {

  private final Workspace workspace;
  private final Accumulator.SparseRowsPool sparsePool = new Accumulator.SparseRowsPool();
  private final Map<Parameter, Sum> sums = new LinkedHashMap<>();
  private boolean penalty;
  private @Nullable Gradients issued;

  /** The sum of one parameter's gradients, all computed at the same values. */
  private static final class Sum {
    private final Accumulator accumulator;
    private long version;

    Sum(Accumulator accumulator) {
      this.accumulator = accumulator;
    }
  }

  /** An empty sum. */
  public GradientSum() {
    this.workspace = new Workspace(Kernels.standard());
  }

  /**
   * Adds a multiple of some gradients. Parameters that the sweep did not reach add nothing.
   *
   * <p>A penalty belongs to the parameters and counts once, however many summands there are: a
   * second summand that contains one is refused.
   *
   * @param gradients what to add
   * @param factor the factor, for instance 1 / batch size; finite
   * @return this sum
   * @throws IllegalStateException if the sum has been taken and not cleared, or contains a penalty
   *     already, or a parameter was changed since the first summand; nothing has been added then
   */
  @CanIgnoreReturnValue
  public GradientSum add(Gradients gradients, double factor) {
    requireOpen();
    requireFinite(factor);
    if (penalty && gradients.containsPenalty()) {
      throw new IllegalStateException(
          "gradientSum: a penalty is in the sum already and would count once per summand: over K"
              + " examples it would pull K times too hard. Differentiate the penalty by itself and"
              + " add it once per step.");
    }
    List<Parameter> parameters = gradients.parameters();
    for (Parameter parameter : parameters) {
      Sum sum = sums.get(parameter);
      if (sum != null
          && !sum.accumulator.isEmpty()
          && gradients.reaches(parameter)
          && sum.version != gradients.of(parameter).version()) {
        throw new IllegalStateException(
            "gradientSum: parameter \""
                + parameter.name()
                + "\" was changed between the summands (all must be computed at the same values)."
                + " Step only after the last one, then clear().");
      }
    }
    for (Parameter parameter : parameters) {
      if (gradients.reaches(parameter)) {
        Gradient gradient = gradients.of(parameter);
        Sum sum = sums.get(parameter);
        if (sum == null) {
          sum = new Sum(new Accumulator(workspace, sparsePool));
          sum.accumulator.open(parameter.rows(), parameter.cols());
          sums.put(parameter, sum);
        }
        sum.version = gradient.version();
        sum.accumulator.addGradient(factor, gradient);
      }
    }
    penalty |= gradients.containsPenalty();
    return this;
  }

  /**
   * Multiplies what has been added so far.
   *
   * @param factor the factor, for instance 1 / number of examples; finite
   * @return this sum
   */
  @CanIgnoreReturnValue
  public GradientSum scale(double factor) {
    requireOpen();
    requireFinite(factor);
    for (Sum sum : sums.values()) {
      sum.accumulator.scale(factor);
    }
    return this;
  }

  /**
   * The sum as gradients, for the optimizer's step. They are usable until {@link #clear()}.
   *
   * @return the sum; the same object when asked twice
   */
  public Gradients gradients() {
    if (issued == null) {
      issued = new Gradients(sums.size(), penalty);
      for (Map.Entry<Parameter, Sum> entry : sums.entrySet()) {
        Sum sum = entry.getValue();
        if (!sum.accumulator.isEmpty()) {
          issued.put(entry.getKey(), sum.accumulator.takeGradient().at(sum.version));
        }
      }
    }
    return issued;
  }

  /** Starts again from nothing; gradients that were taken become unusable. */
  public void clear() {
    if (issued != null) {
      issued.release(workspace, sparsePool);
      issued = null;
    }
    for (Sum sum : sums.values()) {
      sum.accumulator.clear();
    }
    penalty = false;
  }

  private static void requireFinite(double factor) {
    if (!Double.isFinite(factor)) {
      throw new IllegalArgumentException(
          "gradientSum: the factor must be finite, got " + factor + ".");
    }
  }

  private void requireOpen() {
    if (issued != null) {
      throw new IllegalStateException(
          "gradientSum: the sum has been taken with gradients(). Call clear() before adding more.");
    }
  }
}
