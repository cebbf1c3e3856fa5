package io.github.backstay.core.ops;

import io.github.backstay.core.Variable;
import org.ejml.data.DMatrixRMaj;

/**
 * A loss of scores and labels. A label is 1 or −1 and anything else is refused, because labels 0
 * and 1 would train something else in silence; no gradient passes to it.
 */
interface LabelledLoss extends PointwiseLoss {

  @Override
  default void check(DMatrixRMaj x, DMatrixRMaj t) {
    for (int i = 0; i < t.getNumElements(); i++) {
      if (Math.abs(t.data[i]) != 1.0) {
        throw new IllegalArgumentException(
            name()
                + ": the label at row "
                + i / t.numCols
                + ", column "
                + i % t.numCols
                + " is "
                + t.data[i]
                + " (must be 1 or -1). Labels 0 and 1 become these by 2·t − 1.");
      }
    }
  }

  @Override
  default boolean blocks(int input) {
    return input == 1;
  }

  @Override
  default Variable vjpRight(Variable x, Variable t, Variable y, Variable yBar) {
    return yBar.tape().zeros(t.rows(), t.cols());
  }
}
