package io.github.backstay.benchmarks.steps;

import org.ejml.data.DMatrixRMaj;

/**
 * W5 by hand. Every gate has matrices of its own, so that loops run over whole arrays. What does
 * not wait for the step before is one product for all steps: the inputs' part of the gates, and the
 * gradients of the weights.
 */
final class HandLstmChain implements Contestant {

  private static final int GATES = 4; // input, forget, candidate, output

  private final HandArithmetic arithmetic;
  private final HandAdam adam;
  private final int steps;
  private final int block; // entries of a state
  private final DMatrixRMaj x; // of all steps below one another
  private final HandWeight[] w = new HandWeight[GATES];
  private final HandWeight[] u = new HandWeight[GATES];
  private final HandWeight[] bIh = new HandWeight[GATES];
  private final HandWeight[] bHh = new HandWeight[GATES];
  private final DMatrixRMaj bias;
  private final DMatrixRMaj[] ofInput = new DMatrixRMaj[GATES]; // all steps
  private final DMatrixRMaj[][] gate; // by step
  private final DMatrixRMaj[] c; // c[t] is the memory before step t
  private final DMatrixRMaj[] tanhC;
  private final DMatrixRMaj[] h;
  private final DMatrixRMaj allH; // h[0] and so on, without the last
  private final DMatrixRMaj hBar;
  private final DMatrixRMaj cBar;
  private final DMatrixRMaj[] gateBar = new DMatrixRMaj[GATES];
  private final DMatrixRMaj[] allBar = new DMatrixRMaj[GATES];

  HandLstmChain(HandArithmetic arithmetic, LstmChain problem) {
    this.arithmetic = arithmetic;
    adam = new HandAdam(problem.learningRate());
    steps = problem.inputs().size();
    int batch = problem.batch();
    int hidden = problem.hidden();
    block = batch * hidden;
    int in = problem.weightIh().numCols;
    x = new DMatrixRMaj(steps * batch, in);
    for (int t = 0; t < steps; t++) {
      System.arraycopy(problem.inputs().get(t).data, 0, x.data, t * batch * in, batch * in);
    }
    gate = new DMatrixRMaj[steps][GATES];
    for (int k = 0; k < GATES; k++) {
      w[k] = HandWeight.rows(problem.weightIh(), k * hidden, hidden);
      u[k] = HandWeight.rows(problem.weightHh(), k * hidden, hidden);
      bIh[k] = HandWeight.zeros(1, hidden);
      bHh[k] = HandWeight.zeros(1, hidden);
      ofInput[k] = new DMatrixRMaj(steps * batch, hidden);
      allBar[k] = new DMatrixRMaj(steps * batch, hidden);
      gateBar[k] = new DMatrixRMaj(batch, hidden);
      for (int t = 0; t < steps; t++) {
        gate[t][k] = new DMatrixRMaj(batch, hidden);
      }
    }
    bias = new DMatrixRMaj(1, hidden);
    c = states(steps + 1, batch, hidden);
    h = states(steps + 1, batch, hidden);
    tanhC = states(steps, batch, hidden);
    allH = new DMatrixRMaj(steps * batch, hidden);
    hBar = new DMatrixRMaj(batch, hidden);
    cBar = new DMatrixRMaj(batch, hidden);
  }

  private static DMatrixRMaj[] states(int count, int batch, int hidden) {
    DMatrixRMaj[] states = new DMatrixRMaj[count];
    for (int t = 0; t < count; t++) {
      states[t] = new DMatrixRMaj(batch, hidden);
    }
    return states;
  }

  @Override
  public double step() {
    for (int k = 0; k < GATES; k++) {
      for (int j = 0; j < bias.data.length; j++) {
        bias.data[j] = bIh[k].value.data[j] + bHh[k].value.data[j];
      }
      HandLayer.fillRows(bias, ofInput[k]);
      arithmetic.mult(false, x, true, w[k].value, true, ofInput[k]);
    }
    for (int t = 0; t < steps; t++) {
      forward(t);
    }
    double[] top = h[steps].data;
    for (int i = 0; i < block; i++) {
      hBar.data[i] = 2.0 * top[i] / block;
      cBar.data[i] = 0.0;
    }
    for (int t = steps - 1; t >= 0; t--) {
      backward(t);
    }
    adam.tick();
    for (int k = 0; k < GATES; k++) {
      arithmetic.mult(true, allBar[k], false, x, false, w[k].bar);
      arithmetic.mult(true, allBar[k], false, allH, false, u[k].bar);
      arithmetic.sumCols(allBar[k], bIh[k].bar);
      System.arraycopy(bIh[k].bar.data, 0, bHh[k].bar.data, 0, bHh[k].bar.data.length);
      w[k].step(adam);
      u[k].step(adam);
      bIh[k].step(adam);
      bHh[k].step(adam);
    }
    return arithmetic.squaredNorm(top, block) / block;
  }

  private void forward(int t) {
    System.arraycopy(h[t].data, 0, allH.data, t * block, block);
    for (int k = 0; k < GATES; k++) {
      DMatrixRMaj z = gate[t][k];
      System.arraycopy(ofInput[k].data, t * block, z.data, 0, block);
      arithmetic.mult(false, h[t], true, u[k].value, true, z);
      if (k == 2) {
        arithmetic.tanh(z, z);
      } else {
        arithmetic.sigmoid(z, z);
      }
    }
    double[] in = gate[t][0].data;
    double[] forget = gate[t][1].data;
    double[] candidate = gate[t][2].data;
    double[] out = gate[t][3].data;
    double[] before = c[t].data;
    double[] after = c[t + 1].data;
    for (int i = 0; i < block; i++) {
      after[i] = forget[i] * before[i] + in[i] * candidate[i];
    }
    arithmetic.tanh(c[t + 1], tanhC[t]);
    double[] tc = tanhC[t].data;
    double[] hidden = h[t + 1].data;
    for (int i = 0; i < block; i++) {
      hidden[i] = out[i] * tc[i];
    }
  }

  private void backward(int t) {
    GateBars.of(
        gate[t][0].data,
        gate[t][2].data,
        gate[t][3].data,
        tanhC[t].data,
        hBar.data,
        cBar.data,
        gateBar[0].data,
        gateBar[2].data,
        gateBar[3].data,
        block);
    GateBars.ofForget(gate[t][1].data, c[t].data, cBar.data, gateBar[1].data, block);
    for (int k = 0; k < GATES; k++) {
      System.arraycopy(gateBar[k].data, 0, allBar[k].data, t * block, block);
      if (t > 0) {
        arithmetic.mult(false, gateBar[k], false, u[k].value, k > 0, hBar);
      }
    }
  }
}
