package io.github.backstay.regularizers;

import io.github.backstay.core.Shape;
import io.github.backstay.regularizers.contract.ProximalContract;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Every penalty in the catalogue that has a proximal map meets the contract of such maps. */
@ParameterizedClass
@MethodSource("rows")
class ProximalContractTest implements ProximalContract {

  private final PenaltyCase row;

  ProximalContractTest(PenaltyCase row) {
    this.row = row;
  }

  static List<PenaltyCase> rows() {
    return PenaltyCatalogue.ROWS.stream()
        .filter(row -> ProximalPenalty.class.isAssignableFrom(row.type()))
        .toList();
  }

  @Override
  public Proximal restraint(Shape weight) {
    return (ProximalPenalty) row.penalty(weight.rows(), weight.cols());
  }

  @Override
  public double value(DMatrixRMaj weight, DMatrixRMaj anchor) {
    return row.formula().value(weight, anchor, row.strength());
  }

  @Override
  public boolean mixesEntries() {
    return row.mixing();
  }
}
