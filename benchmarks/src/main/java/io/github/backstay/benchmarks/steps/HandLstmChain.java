package io.github.backstay.benchmarks.steps;

import org.ejml.data.DMatrixRMaj;

/**
 * W5 by hand. Products are of all gates at once; before their functions the gates go to matrices of
 * their own, so that loops run over whole arrays. What does not wait for the step before is one
 * product for all steps: the inputs' part of the gates, and the gradients of the weights.
 */
final class HandLstmChain implements Contestant {

  private static final int GATES = 4; // input, forget, candidate, output

  private final HandArithmetic arithmetic;
  private final HandAdam adam;
  private final int steps;
  private final int block; // entries of a state
  private final DMatrixRMaj x; // of all steps below one another
  private final HandWeight w;
  private final HandWeight u;
  private final HandWeight bIh;
  private final HandWeight bHh;
  private final DMatrixRMaj bias;
  private final DMatrixRMaj ofInput; // all steps
  private final DMatrixRMaj z; // of one step
  private final DMatrixRMaj[][] gate; // by step
  private final DMatrixRMaj[] c; // c[t] is the memory before step t
  private final DMatrixRMaj[] tanhC;
  private final DMatrixRMaj[] h;
  private final DMatrixRMaj allH; // h[0] and so on, without the last
  private final DMatrixRMaj hBar;
  private final DMatrixRMaj cBar;
  private final DMatrixRMaj[] gateBar = new DMatrixRMaj[GATES];
  private final DMatrixRMaj zBar;
  private final DMatrixRMaj allBar; // of all steps

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
    w = new HandWeight(problem.weightIh());
    u = new HandWeight(problem.weightHh());
    bIh = HandWeight.zeros(1, GATES * hidden);
    bHh = HandWeight.zeros(1, GATES * hidden);
    bias = new DMatrixRMaj(1, GATES * hidden);
    ofInput = new DMatrixRMaj(steps * batch, GATES * hidden);
    allBar = new DMatrixRMaj(steps * batch, GATES * hidden);
    z = new DMatrixRMaj(batch, GATES * hidden);
    zBar = new DMatrixRMaj(batch, GATES * hidden);
    gate = new DMatrixRMaj[steps][GATES];
    for (int k = 0; k < GATES; k++) {
      gateBar[k] = new DMatrixRMaj(batch, hidden);
      for (int t = 0; t < steps; t++) {
        gate[t][k] = new DMatrixRMaj(batch, hidden);
      }
    }
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
    for (int j = 0; j < bias.data.length; j++) {
      bias.data[j] = bIh.value.data[j] + bHh.value.data[j];
    }
    HandLayer.fillRows(bias, ofInput);
    arithmetic.mult(false, x, true, w.value, true, ofInput);
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
    arithmetic.mult(true, allBar, false, x, false, w.bar);
    arithmetic.mult(true, allBar, false, allH, false, u.bar);
    arithmetic.sumCols(allBar, bIh.bar);
    System.arraycopy(bIh.bar.data, 0, bHh.bar.data, 0, bHh.bar.data.length);
    w.step(adam);
    u.step(adam);
    bIh.step(adam);
    bHh.step(adam);
    return arithmetic.squaredNorm(top, block) / block;
  }

  private void forward(int t) {
    System.arraycopy(h[t].data, 0, allH.data, t * block, block);
    System.arraycopy(ofInput.data, t * z.data.length, z.data, 0, z.data.length);
    arithmetic.mult(false, h[t], true, u.value, true, z);
    for (int k = 0; k < GATES; k++) {
      DMatrixRMaj own = gate[t][k];
      HandLayer.takeCols(z, k * own.numCols, own);
      if (k == 2) {
        arithmetic.tanh(own, own);
      } else {
        arithmetic.sigmoid(own, own);
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
      HandLayer.putCols(gateBar[k], zBar, k * gateBar[k].numCols);
    }
    System.arraycopy(zBar.data, 0, allBar.data, t * zBar.data.length, zBar.data.length);
    if (t > 0) {
      arithmetic.mult(false, zBar, false, u.value, false, hBar);
    }
  }
}
