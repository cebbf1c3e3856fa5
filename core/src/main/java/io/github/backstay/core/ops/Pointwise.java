package io.github.backstay.core.ops;

import io.github.backstay.core.Op;
import io.github.backstay.core.Workspace;
import org.ejml.data.DMatrixRMaj;

/** An op that applies one function of one number to every entry. */
interface Pointwise extends Op.Unary {

  /**
   * The function.
   *
   * @param x an entry
   * @return its image
   */
  double at(double x);

  @Override
  default DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
    DMatrixRMaj y = w.like(x);
    for (int i = 0; i < y.data.length; i++) {
      y.data[i] = at(x.data[i]);
    }
    return y;
  }
}
