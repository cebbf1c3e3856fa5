package io.github.backstay.core.ops;

import io.github.backstay.core.Op;
import io.github.backstay.core.Shape;
import io.github.backstay.core.Workspace;
import org.ejml.data.DMatrixRMaj;

/** An op that applies one function to each pair of entries of two operands of one shape. */
interface PointwiseLoss extends Op.Binary {

  /**
   * The function.
   *
   * @param x an entry of the left operand
   * @param t the same entry of the right one
   * @return the loss
   */
  double at(double x, double t);

  /**
   * Refuses operands whose entries are not what the loss is made for.
   *
   * @param x the left operand
   * @param t the right operand, of the same shape
   */
  default void check(DMatrixRMaj x, DMatrixRMaj t) {}

  @Override
  default DMatrixRMaj forward(Workspace w, DMatrixRMaj x, DMatrixRMaj t) {
    if (!Broadcast.same(x, t)) {
      Shape.requireSame(name(), x, t);
    }
    check(x, t);
    DMatrixRMaj y = w.like(x);
    for (int i = 0; i < y.data.length; i++) {
      y.data[i] = at(x.data[i], t.data[i]);
    }
    return y;
  }
}
