package io.github.backstay.benchmarks.embedding;

import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.L2;
import io.github.backstay.regularizers.Penalty;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * The squared distance as a library has it that knows nothing of rows: penalty, gradient and update
 * go over the whole table in every step.
 */
record DenseL2(L2 penalty) implements Penalty {

  @Override
  public Variable of(Variable weight, @Nullable Variable anchor) {
    return penalty.of(weight, anchor);
  }

  @Override
  public void addGradient(
      DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
    penalty.addGradient(weight, anchor, factor, into);
  }

  @Override
  public double largestRate() {
    return penalty.largestRate();
  }

  @Override
  public String formula(boolean anchored) {
    return penalty.formula(anchored);
  }
}
