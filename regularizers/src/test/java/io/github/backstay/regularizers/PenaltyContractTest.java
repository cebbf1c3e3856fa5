package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Shape;
import io.github.backstay.regularizers.contract.PenaltyContract;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every penalty in the catalogue meets the contract of penalties, and what the library promises of
 * its own ones besides.
 */
@ParameterizedClass
@MethodSource("rows")
class PenaltyContractTest implements PenaltyContract {

  private final PenaltyCase row;

  PenaltyContractTest(PenaltyCase row) {
    this.row = row;
  }

  static List<PenaltyCase> rows() {
    return PenaltyCatalogue.ROWS;
  }

  @Override
  public Penalty restraint(Shape weight) {
    return row.penalty(weight.rows(), weight.cols());
  }

  @Override
  public double value(DMatrixRMaj weight, DMatrixRMaj anchor) {
    return row.formula().value(weight, anchor, row.strength());
  }

  @Override
  public boolean isKinked() {
    return row.kinked();
  }

  @Override
  public boolean mixesEntries() {
    return row.mixing();
  }

  @Override
  public double[] kinks() {
    return new double[] {0.0, PenaltyCatalogue.DELTA};
  }

  @Test
  void refusesStrengthsThatAreNotFiniteAndAtLeastZero() {
    for (double strength :
        List.of(-1e-9, -1.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)) {
      IllegalArgumentException refused =
          assertThrows(IllegalArgumentException.class, () -> row.maker().of(strength, 2, 3));
      String message = String.valueOf(refused.getMessage());
      assertTrue(message.startsWith(row.type().getSimpleName() + ": "), message);
      assertTrue(
          message.endsWith(" must be finite and at least 0, got " + strength + "."), message);
    }
  }

  @Test
  void strengthZeroOfEitherSignHoldsNothingAndAllowsEveryRate() {
    for (double zero : new double[] {0.0, -0.0}) {
      Penalty none = row.maker().of(zero, 1, 2);
      assertEquals(Double.POSITIVE_INFINITY, none.largestRate());
      DMatrixRMaj weight = new DMatrixRMaj(1, 2, true, 1.5, -2.0);
      DMatrixRMaj stepped = weight.copy();
      none.addGradient(weight, null, -1.0, stepped);
      assertArrayEquals(weight.data, stepped.data);
    }
  }

  @Test
  void formulaShowsTheStrength() {
    Penalty penalty = row.penalty(2, 3);
    String number = String.valueOf(row.strength());
    assertTrue(penalty.formula(true).contains(number), penalty.formula(true));
    assertTrue(penalty.formula(false).contains(number), penalty.formula(false));
  }
}
