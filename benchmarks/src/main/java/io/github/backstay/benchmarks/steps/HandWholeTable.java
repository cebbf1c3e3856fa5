package io.github.backstay.benchmarks.steps;

import io.github.backstay.core.Indices;
import java.util.Arrays;

/** W3 by hand, every row of the table in every step. */
final class HandWholeTable implements Contestant {

  private final HandArithmetic arithmetic;
  private final AnchoredTable problem;
  private final HandAdam adam;
  private final HandTextNetwork network;
  private final double[] w;
  private final double[] anchor;
  private final double[] bar;
  private final double[] m;
  private final double[] v;
  private final double[] row;
  private final double[] sum;
  private int next;

  HandWholeTable(HandArithmetic arithmetic, AnchoredTable problem) {
    this.arithmetic = arithmetic;
    this.problem = problem;
    adam = new HandAdam(problem.learningRate());
    network = new HandTextNetwork(arithmetic, problem);
    w = problem.table().data;
    anchor = w.clone();
    bar = new double[w.length];
    m = new double[w.length];
    v = new double[w.length];
    row = new double[problem.width()];
    sum = new double[problem.width()];
  }

  @Override
  public double step() {
    int width = problem.width();
    int length = problem.length();
    Indices tokens = problem.batches().get(next);
    network.average(w, tokens, length, row, sum);
    adam.tick();
    double loss = network.step(problem.classes().get(next), adam);
    double share = 1.0 / length;
    for (int k = 0; k < tokens.size(); k++) {
      int from = k / length * width;
      int to = tokens.get(k) * width;
      for (int j = 0; j < width; j++) {
        bar[to + j] += share * network.textsBar.data[from + j];
      }
    }
    loss += 0.5 * problem.strength() * arithmetic.squaredDistance(w, anchor, w.length);
    adam.moveHeld(w, problem.strength(), anchor, bar, m, v, w.length);
    for (int k = 0; k < tokens.size(); k++) {
      int from = tokens.get(k) * width;
      Arrays.fill(bar, from, from + width, 0.0);
    }
    next = (next + 1) % problem.batches().size();
    return loss;
  }
}
