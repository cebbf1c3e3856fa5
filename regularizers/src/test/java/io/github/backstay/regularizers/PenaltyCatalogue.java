package io.github.backstay.regularizers;

import java.util.List;

/**
 * All penalties of the library, one statement each. {@link PenaltyContractTest} holds every row to
 * the contract of a penalty, and fails when a penalty has no row.
 */
final class PenaltyCatalogue {

  private PenaltyCatalogue() {}

  static final List<PenaltyCase> ROWS =
      List.of(
          new PenaltyCase("L2 weak", L2.class, L2::new, 0.03, PenaltyCatalogue::halfSquares),
          new PenaltyCase("L2", L2.class, L2::new, 0.7, PenaltyCatalogue::halfSquares),
          new PenaltyCase("L2 strong", L2.class, L2::new, 40.0, PenaltyCatalogue::halfSquares));

  private static double halfSquares(double[] weight, double[] anchor, double strength) {
    double sum = 0.0;
    for (int i = 0; i < weight.length; i++) {
      sum += strength * Math.pow(weight[i] - anchor[i], 2.0) / 2.0;
    }
    return sum;
  }
}
