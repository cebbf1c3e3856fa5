package io.github.backstay.benchmarks.overhead;

import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.optim.Adam;
import io.github.backstay.optim.Optimizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * W5: an LSTM over 20 steps, batch 25, input 100, hidden 100, written in ordinary operations; mean
 * squared last state, Adam.
 */
final class LstmChain {

  private static final int STEPS = 20;
  private static final int BATCH = 25;
  private static final int INPUT = 100;
  private static final int HIDDEN = 100;
  private static final int GATES = 4; // input, forget, candidate, output

  private LstmChain() {}

  static Workload workload(RandomGenerator random) {
    List<DMatrixRMaj> inputs = new ArrayList<>();
    for (int t = 0; t < STEPS; t++) {
      inputs.add(Matrices.gaussian(random, BATCH, INPUT, 1.0));
    }
    List<DMatrixRMaj> ofInput = new ArrayList<>();
    List<DMatrixRMaj> ofState = new ArrayList<>();
    for (int k = 0; k < GATES; k++) {
      ofInput.add(Matrices.gaussian(random, HIDDEN, INPUT, 0.1));
      ofState.add(Matrices.gaussian(random, HIDDEN, HIDDEN, 0.1));
    }
    return new Workload(
        "W5",
        "LSTM in ordinary operations, 20 steps, batch 25, 100/100, Adam",
        List.of(
            backstay(inputs, ofInput, ofState),
            new ByHand("by hand, EJML products", HandProduct.ejml(), inputs, ofInput, ofState),
            new ByHand("by hand, our kernels", HandProduct.kernels(), inputs, ofInput, ofState)));
  }

  private static Contestant backstay(
      List<DMatrixRMaj> inputs, List<DMatrixRMaj> ofInput, List<DMatrixRMaj> ofState) {
    Tape tape = Tape.builder().recycleVariables().build();
    Parameter[] w = new Parameter[GATES];
    Parameter[] u = new Parameter[GATES];
    Parameter[] b = new Parameter[GATES];
    List<Parameter> all = new ArrayList<>();
    for (int k = 0; k < GATES; k++) {
      w[k] = new Parameter("w" + k, ofInput.get(k));
      u[k] = new Parameter("u" + k, ofState.get(k));
      b[k] = new Parameter("b" + k, new DMatrixRMaj(1, HIDDEN));
      all.addAll(List.of(w[k], u[k], b[k]));
    }
    Optimizer optimizer = Optimizer.of(Adam.of(1e-3), () -> all);
    return new Contestant() {
      @Override
      public String name() {
        return "Backstay";
      }

      private Variable gate(int k, Variable x, Variable h) {
        return x.affine(w[k].on(tape), b[k].on(tape)).plus(h.multTransB(u[k].on(tape)));
      }

      @Override
      public double step() {
        Variable h = tape.zeros(BATCH, HIDDEN);
        Variable c = tape.zeros(BATCH, HIDDEN);
        for (int t = 0; t < STEPS; t++) {
          Variable x = tape.borrow(inputs.get(t));
          Variable i = gate(0, x, h).sigmoid();
          Variable f = gate(1, x, h).sigmoid();
          Variable g = gate(2, x, h).tanh();
          Variable o = gate(3, x, h).sigmoid();
          c = f.elementMult(c).plus(i.elementMult(g));
          h = o.elementMult(c.tanh());
        }
        Objective objective = Objective.of("data", h.square().mean());
        double value = objective.value();
        optimizer.step(objective);
        tape.reset();
        return value;
      }
    };
  }

  private static final class ByHand implements Contestant {
    private final String name;
    private final HandProduct product;
    private final List<DMatrixRMaj> x;
    private final DMatrixRMaj[] w = new DMatrixRMaj[GATES];
    private final DMatrixRMaj[] u = new DMatrixRMaj[GATES];
    private final DMatrixRMaj[] b = new DMatrixRMaj[GATES];
    private final DMatrixRMaj[] wBar = new DMatrixRMaj[GATES];
    private final DMatrixRMaj[] uBar = new DMatrixRMaj[GATES];
    private final DMatrixRMaj[] bBar = new DMatrixRMaj[GATES];
    private final HandAdam[] wAdam = new HandAdam[GATES];
    private final HandAdam[] uAdam = new HandAdam[GATES];
    private final HandAdam[] bAdam = new HandAdam[GATES];
    private final DMatrixRMaj[][] gate = new DMatrixRMaj[STEPS][GATES];
    private final DMatrixRMaj[] c = new DMatrixRMaj[STEPS + 1];
    private final DMatrixRMaj[] tanhC = new DMatrixRMaj[STEPS];
    private final DMatrixRMaj[] h = new DMatrixRMaj[STEPS + 1];
    private final DMatrixRMaj hBar = new DMatrixRMaj(BATCH, HIDDEN);
    private final DMatrixRMaj cBar = new DMatrixRMaj(BATCH, HIDDEN);
    private final DMatrixRMaj[] gateBar = new DMatrixRMaj[GATES];

    ByHand(
        String name,
        HandProduct product,
        List<DMatrixRMaj> inputs,
        List<DMatrixRMaj> ofInput,
        List<DMatrixRMaj> ofState) {
      this.name = name;
      this.product = product;
      this.x = inputs;
      for (int k = 0; k < GATES; k++) {
        w[k] = ofInput.get(k).copy();
        u[k] = ofState.get(k).copy();
        b[k] = new DMatrixRMaj(1, HIDDEN);
        wBar[k] = new DMatrixRMaj(HIDDEN, INPUT);
        uBar[k] = new DMatrixRMaj(HIDDEN, HIDDEN);
        bBar[k] = new DMatrixRMaj(1, HIDDEN);
        wAdam[k] = new HandAdam(w[k], 0.0);
        uAdam[k] = new HandAdam(u[k], 0.0);
        bAdam[k] = new HandAdam(b[k], 0.0);
        gateBar[k] = new DMatrixRMaj(BATCH, HIDDEN);
        for (int t = 0; t < STEPS; t++) {
          gate[t][k] = new DMatrixRMaj(BATCH, HIDDEN);
        }
      }
      for (int t = 0; t <= STEPS; t++) {
        h[t] = new DMatrixRMaj(BATCH, HIDDEN);
        c[t] = new DMatrixRMaj(BATCH, HIDDEN);
      }
      for (int t = 0; t < STEPS; t++) {
        tanhC[t] = new DMatrixRMaj(BATCH, HIDDEN);
      }
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public double step() {
      for (int t = 0; t < STEPS; t++) {
        forward(t);
      }
      int n = BATCH * HIDDEN;
      double loss = 0.0;
      for (int i = 0; i < n; i++) {
        double value = h[STEPS].data[i];
        loss += value * value;
        hBar.data[i] = 2.0 * value / n;
        cBar.data[i] = 0.0;
      }
      for (int t = STEPS - 1; t >= 0; t--) {
        backward(t, t < STEPS - 1);
      }
      for (int k = 0; k < GATES; k++) {
        double ignored =
            wAdam[k].step(w[k], wBar[k])
                + uAdam[k].step(u[k], uBar[k])
                + bAdam[k].step(b[k], bBar[k]);
        assert ignored == 0.0;
      }
      return loss / n;
    }

    private void forward(int t) {
      for (int k = 0; k < GATES; k++) {
        DMatrixRMaj z = gate[t][k];
        product.mult(false, x.get(t), true, w[k], false, z);
        product.mult(false, h[t], true, u[k], true, z);
        for (int i = 0; i < BATCH; i++) {
          int from = i * HIDDEN;
          for (int j = 0; j < HIDDEN; j++) {
            double a = z.data[from + j] + b[k].data[j];
            z.data[from + j] = k == 2 ? Math.tanh(a) : 1.0 / (1.0 + Math.exp(-a));
          }
        }
      }
      double[] in = gate[t][0].data;
      double[] forget = gate[t][1].data;
      double[] candidate = gate[t][2].data;
      double[] out = gate[t][3].data;
      for (int i = 0; i < BATCH * HIDDEN; i++) {
        double next = forget[i] * c[t].data[i] + in[i] * candidate[i];
        c[t + 1].data[i] = next;
        tanhC[t].data[i] = Math.tanh(next);
        h[t + 1].data[i] = out[i] * tanhC[t].data[i];
      }
    }

    private void backward(int t, boolean add) {
      double[] in = gate[t][0].data;
      double[] forget = gate[t][1].data;
      double[] candidate = gate[t][2].data;
      double[] out = gate[t][3].data;
      double[] tc = tanhC[t].data;
      for (int i = 0; i < BATCH * HIDDEN; i++) {
        double hb = hBar.data[i];
        double cb = cBar.data[i] + hb * out[i] * (1.0 - tc[i] * tc[i]);
        gateBar[3].data[i] = hb * tc[i] * out[i] * (1.0 - out[i]);
        gateBar[0].data[i] = cb * candidate[i] * in[i] * (1.0 - in[i]);
        gateBar[1].data[i] = cb * c[t].data[i] * forget[i] * (1.0 - forget[i]);
        gateBar[2].data[i] = cb * in[i] * (1.0 - candidate[i] * candidate[i]);
        cBar.data[i] = cb * forget[i];
      }
      for (int k = 0; k < GATES; k++) {
        DMatrixRMaj bar = gateBar[k];
        product.mult(true, bar, false, x.get(t), add, wBar[k]);
        product.mult(true, bar, false, h[t], add, uBar[k]);
        if (!add) {
          Arrays.fill(bBar[k].data, 0.0);
        }
        for (int i = 0; i < BATCH; i++) {
          int from = i * HIDDEN;
          for (int j = 0; j < HIDDEN; j++) {
            bBar[k].data[j] += bar.data[from + j];
          }
        }
        product.mult(false, bar, false, u[k], k > 0, hBar);
      }
    }
  }
}
