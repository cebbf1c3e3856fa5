package io.github.backstay.benchmarks.steps;

import io.github.backstay.core.Indices;
import io.github.backstay.nn.Tree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;

/**
 * W4 by hand: all nodes of one height of all trees at once, and the gates i, u and o in one
 * product; before their functions they go to matrices of their own. The inputs' part and the
 * gradients of the weights are one product for all nodes. Inner nodes come first, by height, then
 * the leaves.
 */
final class HandTrees implements Contestant {

  private static final int INPUT = 0;
  private static final int CANDIDATE = 1;
  private static final int OUTPUT = 2;
  private static final int GATES = 3; // without the forget gates, which edges have

  /** The nodes of one height. */
  private static final class Level {
    final int start; // the first of them among all
    final int firstEdge; // the first edge to a child among all
    final int[] parents; // of each edge, counted from start
    final int[] children; // of each edge, counted among all
    final DMatrixRMaj[] gate = new DMatrixRMaj[GATES];
    final DMatrixRMaj[] gateBar = new DMatrixRMaj[GATES];
    final DMatrixRMaj z; // the gates beside one another
    final DMatrixRMaj zBar;
    final DMatrixRMaj forget; // by edge
    final DMatrixRMaj forgetBar;
    final DMatrixRMaj c;
    final DMatrixRMaj tanhC;
    final DMatrixRMaj h;
    final DMatrixRMaj hBar;
    final DMatrixRMaj cBar;
    final DMatrixRMaj hSum; // of the children's
    final DMatrixRMaj hSumBar;
    final DMatrixRMaj hChild; // by edge
    final DMatrixRMaj cChild;
    final DMatrixRMaj hChildBar;
    final DMatrixRMaj cChildBar;

    Level(int start, int firstEdge, int nodes, int[] parents, int[] children, int hidden) {
      this.start = start;
      this.firstEdge = firstEdge;
      this.parents = parents;
      this.children = children;
      for (int k = 0; k < GATES; k++) {
        gate[k] = new DMatrixRMaj(nodes, hidden);
        gateBar[k] = new DMatrixRMaj(nodes, hidden);
      }
      z = new DMatrixRMaj(nodes, GATES * hidden);
      zBar = z.createLike();
      forget = new DMatrixRMaj(parents.length, hidden);
      forgetBar = forget.createLike();
      c = new DMatrixRMaj(nodes, hidden);
      tanhC = c.createLike();
      h = c.createLike();
      hBar = c.createLike();
      cBar = c.createLike();
      hSum = c.createLike();
      hSumBar = c.createLike();
      hChild = new DMatrixRMaj(parents.length, hidden);
      cChild = hChild.createLike();
      hChildBar = hChild.createLike();
      cChildBar = hChild.createLike();
    }

    int entries() {
      return c.data.length;
    }
  }

  private final HandArithmetic arithmetic;
  private final HandAdam adam;
  private final int hidden;
  private final List<Level> levels = new ArrayList<>(); // from the leaves up
  private final int[] roots;
  private final Indices classes;
  private final DMatrixRMaj x;
  private final DMatrixRMaj xInner;
  private final HandWeight w;
  private final HandWeight u;
  private final HandWeight b;
  private final HandWeight wForget;
  private final HandWeight uForget;
  private final HandWeight bForget;
  private final DMatrixRMaj ofInput; // of all nodes
  private final DMatrixRMaj forgetOfInput; // of all inner nodes
  private final double[] h; // of all nodes
  private final double[] c;
  private final double[] hBar;
  private final double[] cBar;
  private final DMatrixRMaj allBar; // of the gates i, u, o of all nodes
  private final DMatrixRMaj innerBar; // the first rows of the same
  private final DMatrixRMaj forgetSum; // of all inner nodes, summed over the children
  private final DMatrixRMaj hSum; // of all inner nodes
  private final DMatrixRMaj hChild; // of all edges
  private final DMatrixRMaj forgetBar; // of all edges
  private final DMatrixRMaj rootH;
  private final DMatrixRMaj rootBar;
  private final HandLayer output;

  HandTrees(HandArithmetic arithmetic, Trees problem) {
    this.arithmetic = arithmetic;
    adam = new HandAdam(problem.learningRate());
    hidden = problem.hidden();
    classes = problem.classes();
    int in = problem.weightIh().numCols;
    int nodes = problem.trees().stream().mapToInt(Tree::size).sum();
    int inner = nodes - problem.trees().stream().mapToInt(tree -> tree.leaves().size()).sum();
    x = new DMatrixRMaj(nodes, in);
    xInner = DMatrixRMaj.wrap(inner, in, x.data);
    roots = new int[problem.trees().size()];
    arrange(problem, inner);
    w = new HandWeight(withoutForget(problem.weightIh()));
    u = new HandWeight(withoutForget(problem.weightHh()));
    b = HandWeight.zeros(1, GATES * hidden);
    wForget = HandWeight.rows(problem.weightIh(), hidden, hidden);
    uForget = HandWeight.rows(problem.weightHh(), hidden, hidden);
    bForget = HandWeight.zeros(1, hidden);
    ofInput = new DMatrixRMaj(nodes, GATES * hidden);
    forgetOfInput = new DMatrixRMaj(inner, hidden);
    allBar = new DMatrixRMaj(nodes, GATES * hidden);
    innerBar = DMatrixRMaj.wrap(inner, GATES * hidden, allBar.data);
    forgetSum = new DMatrixRMaj(inner, hidden);
    h = new double[nodes * hidden];
    c = new double[nodes * hidden];
    hBar = new double[nodes * hidden];
    cBar = new double[nodes * hidden];
    hSum = new DMatrixRMaj(inner, hidden);
    hChild = new DMatrixRMaj(nodes - roots.length, hidden);
    forgetBar = new DMatrixRMaj(nodes - roots.length, hidden);
    rootH = new DMatrixRMaj(roots.length, hidden);
    rootBar = new DMatrixRMaj(roots.length, hidden);
    output = new HandLayer(arithmetic, problem.output(), roots.length);
  }

  /** The rows of i, u and o. */
  private DMatrixRMaj withoutForget(DMatrixRMaj weight) {
    int part = hidden * weight.numCols;
    DMatrixRMaj rest = new DMatrixRMaj(GATES * hidden, weight.numCols);
    System.arraycopy(weight.data, 0, rest.data, 0, part);
    System.arraycopy(weight.data, 2 * part, rest.data, part, 2 * part);
    return rest;
  }

  /** Numbers all nodes by height, puts their inputs in this order, and makes the levels. */
  private void arrange(Trees problem, int inner) {
    List<int[]> heights = problem.trees().stream().map(HandTrees::heights).toList();
    int highest = heights.stream().flatMapToInt(Arrays::stream).max().orElse(0);
    int[][] places = new int[heights.size()][];
    for (int k = 0; k < places.length; k++) {
      places[k] = new int[heights.get(k).length];
    }
    int nextInner = 0;
    int firstEdge = 0;
    for (int height = 0; height <= highest; height++) {
      int start = height == 0 ? inner : nextInner;
      int next = start;
      List<Integer> parents = new ArrayList<>();
      List<Integer> children = new ArrayList<>();
      for (int k = 0; k < places.length; k++) {
        Tree tree = problem.trees().get(k);
        for (int node = 0; node < tree.size(); node++) {
          if (heights.get(k)[node] == height) {
            places[k][node] = next;
            for (int e = 0; e < tree.children(node).size(); e++) {
              parents.add(next - start);
              children.add(places[k][tree.children(node).get(e)]);
            }
            int cols = x.numCols;
            System.arraycopy(problem.inputs().get(k).data, node * cols, x.data, next * cols, cols);
            next++;
          }
        }
      }
      levels.add(
          new Level(start, firstEdge, next - start, array(parents), array(children), hidden));
      firstEdge += parents.size();
      nextInner = height == 0 ? 0 : next;
    }
    for (int k = 0; k < places.length; k++) {
      roots[k] = places[k][places[k].length - 1];
    }
  }

  private static int[] array(List<Integer> list) {
    return list.stream().mapToInt(Integer::intValue).toArray();
  }

  private static int[] heights(Tree tree) {
    int[] heights = new int[tree.size()];
    for (int node = 0; node < heights.length; node++) {
      for (int e = 0; e < tree.children(node).size(); e++) {
        heights[node] = Math.max(heights[node], 1 + heights[tree.children(node).get(e)]);
      }
    }
    return heights;
  }

  @Override
  public double step() {
    HandLayer.fillRows(b.value, ofInput);
    arithmetic.mult(false, x, true, w.value, true, ofInput);
    HandLayer.fillRows(bForget.value, forgetOfInput);
    arithmetic.mult(false, xInner, true, wForget.value, true, forgetOfInput);
    for (int l = 0; l < levels.size(); l++) {
      forward(levels.get(l), l > 0);
    }
    for (int r = 0; r < roots.length; r++) {
      System.arraycopy(h, roots[r] * hidden, rootH.data, r * hidden, hidden);
    }
    output.forward(rootH);
    double loss = output.softmaxCrossEntropy(classes);
    output.backward(rootH);
    output.backwardInput(rootBar);
    for (int r = 0; r < roots.length; r++) {
      int at = roots[r] * hidden;
      System.arraycopy(rootBar.data, r * hidden, hBar, at, hidden);
      Arrays.fill(cBar, at, at + hidden, 0.0);
    }
    for (int l = levels.size() - 1; l >= 0; l--) {
      backward(levels.get(l), l > 0);
    }
    adam.tick();
    arithmetic.mult(true, allBar, false, x, false, w.bar);
    arithmetic.mult(true, innerBar, false, hSum, false, u.bar);
    arithmetic.sumCols(allBar, b.bar);
    arithmetic.mult(true, forgetSum, false, xInner, false, wForget.bar);
    arithmetic.mult(true, forgetBar, false, hChild, false, uForget.bar);
    arithmetic.sumCols(forgetSum, bForget.bar);
    w.step(adam);
    u.step(adam);
    b.step(adam);
    wForget.step(adam);
    uForget.step(adam);
    bForget.step(adam);
    output.step(adam);
    return loss;
  }

  private void forward(Level level, boolean inner) {
    int from = level.start * hidden;
    System.arraycopy(ofInput.data, GATES * from, level.z.data, 0, level.z.data.length);
    if (inner) {
      meetChildren(level);
      arithmetic.mult(false, level.hSum, true, u.value, true, level.z);
      arithmetic.mult(false, level.hChild, true, uForget.value, true, level.forget);
      arithmetic.sigmoid(level.forget, level.forget);
    }
    for (int k = 0; k < GATES; k++) {
      HandLayer.takeCols(level.z, k * hidden, level.gate[k]);
    }
    arithmetic.sigmoid(level.gate[INPUT], level.gate[INPUT]);
    arithmetic.tanh(level.gate[CANDIDATE], level.gate[CANDIDATE]);
    arithmetic.sigmoid(level.gate[OUTPUT], level.gate[OUTPUT]);
    double[] in = level.gate[INPUT].data;
    double[] candidate = level.gate[CANDIDATE].data;
    double[] out = level.gate[OUTPUT].data;
    double[] memory = level.c.data;
    for (int i = 0; i < memory.length; i++) {
      memory[i] = in[i] * candidate[i];
    }
    if (inner) {
      double[] forget = level.forget.data;
      double[] ofChild = level.cChild.data;
      for (int e = 0; e < level.parents.length; e++) {
        int to = level.parents[e] * hidden;
        int at = e * hidden;
        for (int j = 0; j < hidden; j++) {
          memory[to + j] += forget[at + j] * ofChild[at + j];
        }
      }
    }
    arithmetic.tanh(level.c, level.tanhC);
    double[] tanhC = level.tanhC.data;
    double[] shown = level.h.data;
    for (int i = 0; i < shown.length; i++) {
      shown[i] = out[i] * tanhC[i];
    }
    System.arraycopy(shown, 0, h, from, shown.length);
    System.arraycopy(memory, 0, c, from, memory.length);
  }

  /** Gathers what the children show and keep, and the forget gates' part of the inputs. */
  private void meetChildren(Level level) {
    double[] sums = level.hSum.data;
    Arrays.fill(sums, 0.0);
    for (int e = 0; e < level.parents.length; e++) {
      int child = level.children[e] * hidden;
      int parent = level.parents[e] * hidden;
      int at = e * hidden;
      System.arraycopy(h, child, level.hChild.data, at, hidden);
      System.arraycopy(c, child, level.cChild.data, at, hidden);
      System.arraycopy(
          forgetOfInput.data, level.start * hidden + parent, level.forget.data, at, hidden);
      for (int j = 0; j < hidden; j++) {
        sums[parent + j] += h[child + j];
      }
    }
    System.arraycopy(sums, 0, hSum.data, level.start * hidden, sums.length);
    double[] shown = level.hChild.data;
    System.arraycopy(shown, 0, hChild.data, level.firstEdge * hidden, shown.length);
  }

  private void backward(Level level, boolean inner) {
    int from = level.start * hidden;
    int n = level.entries();
    double[] memoryBar = level.cBar.data;
    System.arraycopy(hBar, from, level.hBar.data, 0, n);
    System.arraycopy(cBar, from, memoryBar, 0, n);
    GateBars.of(
        level.gate[INPUT].data,
        level.gate[CANDIDATE].data,
        level.gate[OUTPUT].data,
        level.tanhC.data,
        level.hBar.data,
        memoryBar,
        level.gateBar[INPUT].data,
        level.gateBar[CANDIDATE].data,
        level.gateBar[OUTPUT].data,
        n);
    for (int k = 0; k < GATES; k++) {
      HandLayer.putCols(level.gateBar[k], level.zBar, k * hidden);
    }
    System.arraycopy(level.zBar.data, 0, allBar.data, GATES * from, level.zBar.data.length);
    if (inner) {
      arithmetic.mult(false, level.zBar, false, u.value, false, level.hSumBar);
      tellChildren(level, from);
    }
  }

  /** Every child has one parent: what it is told is all there is. */
  private void tellChildren(Level level, int from) {
    int edges = level.parents.length;
    double[] ofChild = level.cChildBar.data;
    double[] shownBar = level.hChildBar.data;
    for (int e = 0; e < edges; e++) {
      System.arraycopy(level.cBar.data, level.parents[e] * hidden, ofChild, e * hidden, hidden);
      System.arraycopy(level.hSumBar.data, level.parents[e] * hidden, shownBar, e * hidden, hidden);
    }
    double[] bars = level.forgetBar.data;
    GateBars.ofForget(level.forget.data, level.cChild.data, ofChild, bars, edges * hidden);
    arithmetic.mult(false, level.forgetBar, false, uForget.value, true, level.hChildBar);
    System.arraycopy(bars, 0, forgetBar.data, level.firstEdge * hidden, bars.length);
    double[] summed = forgetSum.data;
    Arrays.fill(summed, from, from + level.entries(), 0.0);
    for (int e = 0; e < edges; e++) {
      int child = level.children[e] * hidden;
      int parent = from + level.parents[e] * hidden;
      int at = e * hidden;
      System.arraycopy(shownBar, at, hBar, child, hidden);
      System.arraycopy(ofChild, at, cBar, child, hidden);
      for (int j = 0; j < hidden; j++) {
        summed[parent + j] += bars[at + j];
      }
    }
  }
}
