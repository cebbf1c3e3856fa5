package io.github.backstay.benchmarks.steps;

import org.ejml.data.DMatrixRMaj;

/** W1 by hand: fused loops around five products. */
final class HandSmallOps implements Contestant {

  private final HandArithmetic arithmetic;
  private final DMatrixRMaj u;
  private final DMatrixRMaj v;
  private final DMatrixRMaj t;
  private final DMatrixRMaj s;
  private final DMatrixRMaj p;
  private final DMatrixRMaj sBar;
  private final DMatrixRMaj pBar;
  private final DMatrixRMaj tBar;
  private final DMatrixRMaj uBar;
  private final DMatrixRMaj vBar;

  HandSmallOps(HandArithmetic arithmetic, SmallOps problem) {
    this.arithmetic = arithmetic;
    u = problem.u();
    v = problem.v();
    t = u.createLike();
    s = u.createLike();
    p = u.createLike();
    sBar = u.createLike();
    pBar = u.createLike();
    tBar = u.createLike();
    uBar = u.createLike();
    vBar = u.createLike();
  }

  @Override
  public double step() {
    int n = u.data.length;
    arithmetic.mult(false, u, false, v, false, t);
    arithmetic.tanh(t, t);
    for (int i = 0; i < n; i++) {
      s.data[i] = (t.data[i] + u.data[i]) * v.data[i];
    }
    arithmetic.sigmoid(s, s);
    arithmetic.mult(false, s, false, u, false, p);
    double z = 0.0;
    for (int i = 0; i < n; i++) {
      double y = p.data[i] - v.data[i];
      z += Math.max(y * y, 0.0);
      pBar.data[i] = y * y > 0.0 ? 2.0 * y : 0.0;
      vBar.data[i] = -pBar.data[i];
    }
    arithmetic.mult(false, pBar, true, u, false, sBar);
    arithmetic.mult(true, s, false, pBar, false, uBar);
    for (int i = 0; i < n; i++) {
      double inner = sBar.data[i] * s.data[i] * (1.0 - s.data[i]);
      vBar.data[i] += inner * (t.data[i] + u.data[i]);
      double sum = inner * v.data[i];
      uBar.data[i] += sum;
      tBar.data[i] = sum * (1.0 - t.data[i] * t.data[i]);
    }
    arithmetic.mult(false, tBar, true, v, true, uBar);
    arithmetic.mult(true, u, false, tBar, true, vBar);
    return z + 1e-3 * uBar.get(1, 2);
  }
}
