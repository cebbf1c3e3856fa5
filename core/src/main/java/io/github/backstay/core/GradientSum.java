package io.github.backstay.core;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.backstay.core.kernels.Kernels;
import java.util.LinkedHashMap;
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
  private final Map<Parameter, Accumulator> sums = new LinkedHashMap<>();
  private @Nullable Gradients issued;

  /** An empty sum. */
  public GradientSum() {
    this.workspace = new Workspace(Kernels.standard());
  }

  /**
   * Adds a multiple of some gradients. Parameters that the sweep did not reach add nothing.
   *
   * @param gradients what to add
   * @param factor the factor, for instance 1 / batch size
   * @return this sum
   * @throws IllegalStateException if the sum has been taken and not cleared
   */
  @CanIgnoreReturnValue
  public GradientSum add(Gradients gradients, double factor) {
    requireOpen();
    for (Parameter parameter : gradients.parameters()) {
      if (gradients.reaches(parameter)) {
        Accumulator sum = sums.get(parameter);
        if (sum == null) {
          sum = new Accumulator(workspace, sparsePool);
          sum.open(parameter.rows(), parameter.cols());
          sums.put(parameter, sum);
        }
        sum.addGradient(factor, gradients.of(parameter));
      }
    }
    return this;
  }

  /**
   * Multiplies what has been added so far.
   *
   * @param factor the factor, for instance 1 / number of examples
   * @return this sum
   */
  @CanIgnoreReturnValue
  public GradientSum scale(double factor) {
    requireOpen();
    for (Accumulator sum : sums.values()) {
      sum.scale(factor);
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
      issued = new Gradients(sums.size());
      for (Map.Entry<Parameter, Accumulator> entry : sums.entrySet()) {
        if (!entry.getValue().isEmpty()) {
          issued.put(entry.getKey(), entry.getValue().takeGradient());
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
    for (Accumulator sum : sums.values()) {
      sum.clear();
    }
  }

  private void requireOpen() {
    if (issued != null) {
      throw new IllegalStateException(
          "gradientSum: the sum has been taken with gradients(). Call clear() before adding more.");
    }
  }
}
