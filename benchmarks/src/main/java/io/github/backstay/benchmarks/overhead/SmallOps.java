package io.github.backstay.benchmarks.overhead;

import io.github.backstay.core.Gradients;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/** W1: ten operations on 4×4 matrices, forward and backward, nothing updated. */
final class SmallOps {

  private static final int N = 4;

  private SmallOps() {}

  static Workload workload(RandomGenerator random) {
    DMatrixRMaj a = Matrices.gaussian(random, N, N, 1.0);
    DMatrixRMaj b = Matrices.gaussian(random, N, N, 1.0);
    return new Workload(
        "W1",
        "ten operations on 4×4, forward and backward",
        List.of(
            backstay(a, b),
            byHand("by hand, EJML products", HandProduct.ejml(), a, b),
            byHand("by hand, our kernels", HandProduct.kernels(), a, b)));
  }

  private static Contestant backstay(DMatrixRMaj a, DMatrixRMaj b) {
    Tape tape = Tape.builder().recycleVariables().build();
    Parameter pa = new Parameter("a", a);
    Parameter pb = new Parameter("b", b);
    return new Contestant() {
      @Override
      public String name() {
        return "Backstay";
      }

      @Override
      public double step() {
        Variable u = pa.on(tape);
        Variable v = pb.on(tape);
        Variable y = u.mult(v).tanh().plus(u).elementMult(v).sigmoid().mult(u).minus(v);
        Variable z = y.square().relu().sum();
        Gradients gradients = tape.gradients(z);
        double result = z.toDouble() + 1e-3 * gradients.of(pa).get(1, 2);
        tape.reset();
        return result;
      }
    };
  }

  private static Contestant byHand(String name, HandProduct product, DMatrixRMaj u, DMatrixRMaj v) {
    DMatrixRMaj uv = new DMatrixRMaj(N, N);
    DMatrixRMaj t = new DMatrixRMaj(N, N);
    DMatrixRMaj s = new DMatrixRMaj(N, N);
    DMatrixRMaj p = new DMatrixRMaj(N, N);
    DMatrixRMaj sBar = new DMatrixRMaj(N, N);
    DMatrixRMaj pBar = new DMatrixRMaj(N, N);
    DMatrixRMaj tBar = new DMatrixRMaj(N, N);
    DMatrixRMaj uBar = new DMatrixRMaj(N, N);
    DMatrixRMaj vBar = new DMatrixRMaj(N, N);
    return new Contestant() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public double step() {
        product.mult(false, u, false, v, false, uv);
        for (int i = 0; i < N * N; i++) {
          t.data[i] = Math.tanh(uv.data[i]);
          s.data[i] = 1.0 / (1.0 + Math.exp(-(t.data[i] + u.data[i]) * v.data[i]));
        }
        product.mult(false, s, false, u, false, p);
        double z = 0.0;
        for (int i = 0; i < N * N; i++) {
          double y = p.data[i] - v.data[i];
          z += Math.max(y * y, 0.0);
          pBar.data[i] = y * y > 0.0 ? 2.0 * y : 0.0;
          vBar.data[i] = -pBar.data[i];
        }
        product.mult(false, pBar, true, u, false, sBar);
        product.mult(true, s, false, pBar, false, uBar);
        for (int i = 0; i < N * N; i++) {
          double inner = sBar.data[i] * s.data[i] * (1.0 - s.data[i]);
          vBar.data[i] += inner * (t.data[i] + u.data[i]);
          double sum = inner * v.data[i];
          uBar.data[i] += sum;
          tBar.data[i] = sum * (1.0 - t.data[i] * t.data[i]);
        }
        product.mult(false, tBar, true, v, true, uBar);
        product.mult(true, u, false, tBar, true, vBar);
        return z + 1e-3 * uBar.get(1, 2);
      }
    };
  }
}
