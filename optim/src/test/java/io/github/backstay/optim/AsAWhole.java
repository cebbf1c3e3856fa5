package io.github.backstay.optim;

import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.ProximalPenalty;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/** A penalty that does not say that it is rowwise, so that everything is done for all rows. */
record AsAWhole(ProximalPenalty penalty) implements ProximalPenalty {

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
  public void prox(DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double step) {
    penalty.prox(weight, anchor, step);
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
