package io.github.backstay.benchmarks.peers.djl;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import org.ejml.data.DMatrixRMaj;

/**
 * A weight with its moments. DJL's own fused Adam takes its numbers as floats, which differ from
 * those of the problems in the eighth digit, so the step is made of operations in place: with {@code
 * m' = m/(1 − β1)} and {@code v' = v/(1 − β2)} it has ten, one fewer than DJL's.
 */
final class DjlWeight {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final PtNDArray value;
  private final PtNDArray first;
  private final PtNDArray second;

  DjlWeight(PtNDManager manager, DMatrixRMaj initial) {
    value = Djl.tensor(manager, initial);
    first = Djl.zeros(manager, initial.numRows, initial.numCols);
    second = Djl.zeros(manager, initial.numRows, initial.numCols);
  }

  /** A leaf of a step's graph over the same numbers, which has no gradient yet. */
  PtNDArray leaf(PtNDManager step) {
    PtNDArray leaf = JniUtils.detachGradient(value);
    leaf.attach(step);
    JniUtils.attachGradient(leaf, true);
    return leaf;
  }

  /** The numbers that all weights share in one step of Adam. */
  record Rates(PtNDArray beta1, PtNDArray beta2, PtNDArray epsilon, PtNDArray rate) {

    static Rates of(PtNDManager step, double learningRate, int t) {
      double correction = Math.sqrt(1.0 - Math.pow(BETA2, t)) / Math.sqrt(1.0 - BETA2);
      double rate = learningRate * (1.0 - BETA1) / (1.0 - Math.pow(BETA1, t));
      return new Rates(
          Djl.scalar(step, BETA1),
          Djl.scalar(step, BETA2),
          Djl.scalar(step, EPSILON * correction),
          Djl.scalar(step, rate * correction));
    }
  }

  /** Steps along the leaf's gradient, whose numbers are used up. */
  void update(PtNDArray leaf, Rates rates) {
    PtNDArray gradient = JniUtils.getGradient(leaf);
    JniUtils.muli(first, rates.beta1());
    JniUtils.addi(first, gradient);
    JniUtils.muli(gradient, gradient);
    JniUtils.muli(second, rates.beta2());
    JniUtils.addi(second, gradient);
    PtNDArray root = JniUtils.sqrt(second);
    JniUtils.addi(root, rates.epsilon());
    PtNDArray quotient = JniUtils.div(first, root);
    JniUtils.muli(quotient, rates.rate());
    JniUtils.subi(value, quotient);
    root.close();
    quotient.close();
    gradient.close();
  }
}
