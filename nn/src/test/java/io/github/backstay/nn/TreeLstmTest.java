package io.github.backstay.nn;

import static io.github.backstay.nn.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.backstay.core.GradientCheck;
import io.github.backstay.core.Gradients;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/** {@link ChildSumTreeLstm} and {@link NaryTreeLstm}. */
class TreeLstmTest {

  private static final int[] LEAF = {};

  private static Tree chain(int length) {
    int[][] children = new int[length][];
    for (int node = 0; node < length; node++) {
      children[node] = node == 0 ? LEAF : new int[] {node - 1};
    }
    return Tree.of(children);
  }

  @Property(tries = 100)
  void onAChainTheChildSumIsAnLstm(
      @ForAll @IntRange(min = 1, max = 6) int length, @ForAll long seed) {
    ChildSumTreeLstm tree = Draw.all(new ChildSumTreeLstm(2, 3, Draw.random(seed)), seed);
    LstmCell cell = new LstmCell(2, 3, Draw.random(seed));
    cell.parameters().get(0).set(tree.weightIh().toMatrix());
    cell.parameters().get(1).set(tree.weightHh().toMatrix());
    cell.parameters().get(2).set(tree.bias().toMatrix());
    cell.parameters().get(3).set(new DMatrixRMaj(1, 12));
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(Draw.normal(length, 2, seed));
      LstmState up = tree.forward(chain(length), x);
      LstmState state = cell.zeroState(tape, 1);
      for (int t = 0; t < length; t++) {
        state = cell.step(x.slice(t, t + 1, 0, 2), state);

        assertRow(state.hidden(), up.hidden(), t);
        assertRow(state.memory(), up.memory(), t);
      }
    }
  }

  private static void assertRow(Variable expected, Variable all, int row) {
    assertArrayEquals(
        expected.toMatrix().data, all.slice(row, row + 1, 0, all.cols()).toMatrix().data, 1e-13);
  }

  /** The module written out for one node, children first, with a weight for every gate. */
  private static final class ByNode {
    private final TreeLstm lstm;
    private final Tree tree;
    private final Variable x;
    private final int[] rows; // of each node's input, or -1
    private final LstmState[] states;

    ByNode(TreeLstm lstm, Tree tree, Variable x, Indices nodes) {
      this.lstm = lstm;
      this.tree = tree;
      this.x = x;
      rows = new int[tree.size()];
      Arrays.fill(rows, -1);
      for (int i = 0; i < nodes.size(); i++) {
        rows[nodes.get(i)] = i;
      }
      states = new LstmState[tree.size()];
      for (int i = 0; i < tree.roots().size(); i++) {
        compute(tree.roots().get(i));
      }
    }

    private Variable block(Parameter weight, int down, int across, int width) {
      int hidden = lstm.hidden();
      return weight
          .on(x.tape())
          .slice(down * hidden, (down + 1) * hidden, across * width, (across + 1) * width);
    }

    private Variable fromInput(int node, int gate) {
      int hidden = lstm.hidden();
      Variable bias = lstm.bias().on(x.tape()).slice(0, 1, gate * hidden, (gate + 1) * hidden);
      return rows[node] < 0
          ? bias
          : x.row(rows[node]).multTransB(block(lstm.weightIh(), gate, 0, x.cols())).plus(bias);
    }

    private void compute(int node) {
      List<LstmState> below = new ArrayList<>();
      for (int k = 0; k < tree.children(node).size(); k++) {
        compute(tree.children(node).get(k));
        below.add(states[tree.children(node).get(k)]);
      }
      Variable[] sums = new Variable[4];
      for (int gate = 0; gate < 4; gate++) {
        sums[gate] = fromInput(node, gate);
      }
      int hidden = lstm.hidden();
      int arity = lstm instanceof NaryTreeLstm nary ? nary.arity() : 0;
      for (int l = 0; l < below.size(); l++) {
        for (int gate : new int[] {0, 2, 3}) {
          int down = arity == 0 || gate == 0 ? gate : gate + arity - 1;
          Variable weight = block(lstm.weightHh(), down, arity == 0 ? 0 : l, hidden);
          sums[gate] = sums[gate].plus(below.get(l).hidden().multTransB(weight));
        }
      }
      Variable memory = sums[0].sigmoid().elementMult(sums[2].tanh());
      for (int k = 0; k < below.size(); k++) {
        Variable forget = sums[1];
        if (arity == 0) {
          Variable weight = block(lstm.weightHh(), 1, 0, hidden);
          forget = forget.plus(below.get(k).hidden().multTransB(weight));
        }
        for (int l = 0; arity > 0 && l < below.size(); l++) {
          Variable weight = block(lstm.weightHh(), 1 + k, l, hidden);
          forget = forget.plus(below.get(l).hidden().multTransB(weight));
        }
        memory = memory.plus(forget.sigmoid().elementMult(below.get(k).memory()));
      }
      states[node] = new LstmState(sums[3].sigmoid().elementMult(memory.tanh()), memory);
    }
  }

  /** Trees side by side, of random shapes, each node above up to so many others. */
  static Tree forest(int size, int most, java.util.Random random) {
    List<Integer> tops = new ArrayList<>();
    int[][] children = new int[size][];
    boolean tall = random.nextBoolean();
    for (int node = 0; node < size; node++) {
      int count = Math.min(random.nextInt(most + 1), tops.size());
      children[node] = new int[count];
      for (int k = 0; k < count; k++) {
        int at = tall ? tops.size() - 1 : random.nextInt(tops.size());
        children[node][k] = tops.remove(at);
      }
      tops.add(node);
    }
    return Tree.of(children);
  }

  @Property(tries = 150)
  void aForestGivesWhatItsNodesGiveOneByOne(
      @ForAll @IntRange(min = 1, max = 250) int size,
      @ForAll @IntRange(min = 0, max = 3) int arity,
      @ForAll long seed) {
    java.util.Random random = new java.util.Random(seed);
    TreeLstm lstm =
        Draw.all(
            arity == 0 ? new ChildSumTreeLstm(2, 3, random) : new NaryTreeLstm(2, 3, arity, random),
            seed);
    Tree tree = forest(size, arity == 0 ? 5 : arity, random);
    List<Integer> nodes = new ArrayList<>();
    int rarely = 1 + random.nextInt(4);
    for (int node = 0; node < size; node++) {
      if (random.nextInt(rarely) == 0) {
        nodes.add(node);
      }
    }
    Collections.shuffle(nodes, random);
    int[] some = nodes.stream().mapToInt(Integer::intValue).toArray();
    Indices inputs = random.nextInt(4) == 0 ? tree.leaves() : Indices.of(some);
    DMatrixRMaj values = Draw.normal(inputs.size(), 2, seed);
    DMatrixRMaj pull = Draw.normal(size, 6, seed + 1); // another weight for every entry
    List<DMatrixRMaj> expected = new ArrayList<>();
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(values);
      Variable loss = x.sum().scale(0.0); // of what is not used the gradient is 0
      for (Parameter parameter : lstm.parameters()) {
        loss = loss.plus(parameter.on(tape).sum().scale(0.0));
      }
      for (LstmState state : new ByNode(lstm, tree, x, inputs).states) {
        Variable both = state.hidden().concatCols(state.memory());
        loss = loss.plus(both.elementMult(tape.constant(pull).row(expected.size())).sum());
        expected.add(both.toMatrix());
      }
      Gradients gradients = tape.gradients(loss);
      expected.add(gradients.of(x));
      for (Parameter parameter : lstm.parameters()) {
        expected.add(gradients.of(parameter).toMatrix());
      }
    }
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(values);
      LstmState state = lstm.forward(tree, x, inputs);
      Variable both = state.hidden().concatCols(state.memory());
      Gradients gradients = tape.gradients(both.elementMult(tape.constant(pull)).sum());
      for (int node = 0; node < size; node++) {
        assertRow(tape.constant(expected.get(node)), both, node);
      }
      assertClose(expected.get(size), gradients.of(x));
      for (int k = 0; k < 3; k++) {
        assertClose(expected.get(size + 1 + k), gradients.of(lstm.parameters().get(k)).toMatrix());
      }
    }
  }

  private static void assertClose(DMatrixRMaj expected, DMatrixRMaj actual) {
    double largest = 1.0; // sums of some hundred terms: rounding goes with the largest
    for (double entry : expected.data) {
      largest = Math.max(largest, Math.abs(entry));
    }
    assertArrayEquals(expected.data, actual.data, 1e-12 * largest);
  }

  @Property(tries = 60)
  void aTreeGivesTheSameInAnyForest(
      @ForAll @IntRange(min = 1, max = 40) int size,
      @ForAll @IntRange(min = 0, max = 200) int before,
      @ForAll @IntRange(min = 0, max = 200) int after,
      @ForAll long seed) {
    java.util.Random random = new java.util.Random(seed);
    Tree tree = forest(size, 2, random);
    int[][] children = new int[before + size + after][];
    Tree first = forest(before, 2, random);
    Tree last = forest(after, 2, random);
    for (int node = 0; node < children.length; node++) {
      Tree of = node < before ? first : node < before + size ? tree : last;
      int start = node < before ? 0 : node < before + size ? before : before + size;
      Indices below = of.children(node - start);
      children[node] = new int[below.size()];
      Arrays.setAll(children[node], k -> start + below.get(k));
    }
    for (TreeLstm lstm :
        List.of(
            Draw.all(new ChildSumTreeLstm(2, 3, Draw.random(1)), seed),
            Draw.all(NaryTreeLstm.binary(2, 3, Draw.random(1)), seed))) {
      try (Tape tape = Tape.create()) {
        Variable x = tape.constant(Draw.normal(children.length, 2, seed));
        LstmState all = lstm.forward(Tree.of(children), x);
        LstmState alone = lstm.forward(tree, x.slice(before, before + size, 0, 2));
        for (int node = 0; node < size; node++) {
          assertRow(alone.hidden().row(node), all.hidden(), before + node);
          assertRow(alone.memory().row(node), all.memory(), before + node);
        }
      }
    }
  }

  @Test
  void aTreeWithoutNodesGivesNothing() {
    for (TreeLstm lstm :
        List.of(
            new ChildSumTreeLstm(2, 3, Draw.random(1)),
            NaryTreeLstm.binary(2, 3, Draw.random(1)))) {
      try (Tape tape = Tape.create()) {
        LstmState none = lstm.forward(Tree.of(), tape.zeros(0, 2));

        assertEquals("0×3", none.hidden().shape().toString());
        assertEquals("0×3", none.memory().shape().toString());
      }
    }
  }

  @Test
  void derivativesMatchDifferencesWhereChildrenAreMissingAndSomeNodesHaveInputs() {
    Tree forest =
        Tree.of(LEAF, new int[] {0}, LEAF, LEAF, new int[] {3, 1}, LEAF, new int[] {5, 4}, LEAF);
    Indices inputs = Indices.of(4, 0, 7, 3);
    for (TreeLstm lstm :
        List.of(
            Draw.all(new ChildSumTreeLstm(2, 2, Draw.random(1)), 1),
            Draw.all(new NaryTreeLstm(2, 2, 3, Draw.random(1)), 1))) {
      GradientCheck check =
          GradientCheck.of(
              x -> {
                LstmState state = lstm.forward(forest, x[0], inputs);
                return state.hidden().concatCols(state.memory());
              });
      check.at(Draw.normal(4, 2, 4)).requirePassed();
      check.secondOrder().at(Draw.normal(4, 2, 4)).requirePassed();
    }
  }

  @Property(tries = 100)
  void theOrderOfChildrenDoesNotMatterToTheChildSum(
      @ForAll @IntRange(min = 1, max = 6) int children, @ForAll long seed) {
    ChildSumTreeLstm lstm = Draw.all(new ChildSumTreeLstm(2, 3, Draw.random(seed)), seed);
    List<Integer> order = new ArrayList<>();
    for (int k = 0; k < children; k++) {
      order.add(k);
    }
    int[][] inOrder = new int[children + 1][0];
    inOrder[children] = order.stream().mapToInt(Integer::intValue).toArray();
    Collections.shuffle(order, new java.util.Random(seed));
    int[][] shuffled = inOrder.clone();
    shuffled[children] = order.stream().mapToInt(Integer::intValue).toArray();
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(Draw.normal(children + 1, 2, seed));

      assertArrayEquals(
          lstm.forward(Tree.of(inOrder), x).hidden().toMatrix().data,
          lstm.forward(Tree.of(shuffled), x).hidden().toMatrix().data,
          1e-14);
    }
  }

  @Test
  void withOneChildAtMostTheNaryIsTheChildSum() {
    NaryTreeLstm nary = Draw.all(new NaryTreeLstm(2, 3, 1, Draw.random(1)), 1);
    ChildSumTreeLstm sum = new ChildSumTreeLstm(2, 3, Draw.random(1));
    for (int k = 0; k < 3; k++) {
      sum.parameters().get(k).set(nary.parameters().get(k).toMatrix());
    }
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(Draw.normal(4, 2, 3));

      assertArrayEquals(
          sum.forward(chain(4), x).memory().toMatrix().data,
          nary.forward(chain(4), x).memory().toMatrix().data,
          1e-15);
    }
  }

  @Test
  void aMissingChildIsOneWithZeros() {
    NaryTreeLstm lstm = Draw.all(NaryTreeLstm.binary(2, 2, Draw.random(1)), 1);
    DMatrixRMaj table = lstm.weightHh().toMatrix();
    for (int i = 0; i < table.numRows; i++) { // what a second child would add
      table.set(i, 2, 99.0);
      table.set(i, 3, -99.0);
    }
    Tree onlyLeft = Tree.of(LEAF, new int[] {0});
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(Draw.normal(2, 2, 3));
      double[] before = lstm.forward(onlyLeft, x).hidden().toMatrix().data;
      lstm.weightHh().set(table);
      tape.reset();

      assertArrayEquals(
          before,
          lstm.forward(onlyLeft, tape.constant(Draw.normal(2, 2, 3))).hidden().toMatrix().data);
    }
  }

  @Test
  void inputsOfSomeNodesAreZerosInTheOthers() {
    Tree tree = Tree.of(LEAF, LEAF, new int[] {0, 1}, LEAF, new int[] {2, 3});
    for (TreeLstm lstm :
        List.of(
            Draw.all(new ChildSumTreeLstm(2, 3, Draw.random(1)), 1),
            Draw.all(NaryTreeLstm.binary(2, 3, Draw.random(1)), 1))) {
      DMatrixRMaj some = Draw.normal(3, 2, 5);
      DMatrixRMaj all = new DMatrixRMaj(5, 2);
      int[] rows = {3, 0, 1}; // the leaves, in another order
      for (int i = 0; i < 3; i++) {
        all.set(rows[i], 0, some.get(i, 0));
        all.set(rows[i], 1, some.get(i, 1));
      }
      try (Tape tape = Tape.create()) {
        assertArrayEquals(
            lstm.forward(tree, tape.constant(all)).hidden().toMatrix().data,
            lstm.forward(tree, tape.constant(some), Indices.of(rows)).hidden().toMatrix().data,
            1e-15);
      }
    }
  }

  @Test
  void gradientsMatchDifferencesWhereOnlyLeavesHaveInputs() {
    Tree tree = Tree.of(LEAF, LEAF, new int[] {0, 1}, LEAF, new int[] {2, 3});
    for (TreeLstm lstm :
        List.of(
            Draw.all(new ChildSumTreeLstm(2, 2, Draw.random(1)), 1),
            Draw.all(NaryTreeLstm.binary(2, 2, Draw.random(1)), 1))) {
      GradientCheck check =
          GradientCheck.of(
              x -> {
                LstmState state = lstm.forward(tree, x[0], tree.leaves());
                return state.hidden().concatCols(state.memory());
              });
      check.at(Draw.normal(3, 2, 4)).requirePassed();
      check.secondOrder().at(Draw.normal(3, 2, 4)).requirePassed();
    }
  }

  @Test
  void treesSideBySideDoNotSeeOneAnother() {
    ChildSumTreeLstm lstm = new ChildSumTreeLstm(2, 3, Draw.random(1));
    Tree one = Tree.of(LEAF, LEAF, new int[] {0, 1});
    Tree two = Tree.of(LEAF, LEAF, new int[] {0, 1}, LEAF, LEAF, new int[] {3, 4});
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(Draw.normal(6, 2, 3));
      Variable roots = lstm.forward(two, x).hidden().gatherRows(two.roots());
      Variable first = lstm.forward(one, x.slice(0, 3, 0, 2)).hidden().gatherRows(one.roots());
      Variable second = lstm.forward(one, x.slice(3, 6, 0, 2)).hidden().gatherRows(one.roots());

      assertArrayEquals(first.concatRows(second).toMatrix().data, roots.toMatrix().data, 1e-15);
    }
  }

  @Test
  void aTreeOfAnyDepthNeedsNoRecursion() {
    int depth = 20_000;
    ChildSumTreeLstm lstm = new ChildSumTreeLstm(1, 1, Draw.random(1));
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(Draw.normal(depth, 1, 3));
      Variable top = lstm.forward(chain(depth), x).hidden().slice(depth - 1, depth, 0, 1);

      assertEquals(
          depth, Arrays.stream(tape.gradients(top).of(x).data).filter(Double::isFinite).count());
    }
  }

  @Test
  void parameterShapes() {
    ChildSumTreeLstm sum = new ChildSumTreeLstm(5, 2, Draw.random(1));
    NaryTreeLstm nary = new NaryTreeLstm(5, 2, 3, Draw.random(1));

    assertEquals("8×5", sum.weightIh().shape().toString());
    assertEquals("8×2", sum.weightHh().shape().toString());
    assertEquals("1×8", sum.bias().shape().toString());
    assertEquals("8×5", nary.weightIh().shape().toString());
    assertEquals("12×6", nary.weightHh().shape().toString());
    assertEquals("1×8", nary.bias().shape().toString());
    assertEquals(3, nary.arity());
  }

  @Test
  void rejectsWhatDoesNotFit() {
    assertMessage(
        IllegalArgumentException.class,
        "module ChildSumTreeLstm: both widths must be at least 1, got in 0 and hidden 2.",
        () -> new ChildSumTreeLstm(0, 2, Draw.random(1)));
    assertMessage(
        IllegalArgumentException.class,
        "module NaryTreeLstm: the arity must be at least 1, got 0.",
        () -> new NaryTreeLstm(3, 2, 0, Draw.random(1)));
    NaryTreeLstm lstm = NaryTreeLstm.binary(2, 3, Draw.random(1));
    Tree pair = Tree.of(LEAF, LEAF, new int[] {0, 1});
    try (Tape tape = Tape.create()) {
      assertMessage(
          ShapeException.class,
          "module NaryTreeLstm: the input is 3×4, weightIh is 12×2 (need input columns = weight"
              + " columns).",
          () -> lstm.forward(pair, tape.zeros(3, 4)).hidden().shape());
      assertMessage(
          ShapeException.class,
          "module NaryTreeLstm: the input is 2×2, but there are 3 nodes (need one row per node). Say"
              + " which nodes have an input if not all do.",
          () -> lstm.forward(pair, tape.zeros(2, 2)).hidden().shape());
      assertMessage(
          ShapeException.class,
          "module NaryTreeLstm: the input is 3×2, but there are 2 numbers of nodes (need one row per"
              + " number).",
          () -> lstm.forward(pair, tape.zeros(3, 2), pair.leaves()).hidden().shape());
      assertMessage(
          IllegalArgumentException.class,
          "module NaryTreeLstm: rows 0 and 1 of the input both belong to node 1 (a node has one"
              + " input at most).",
          () -> lstm.forward(pair, tape.zeros(2, 2), Indices.of(1, 1)).hidden().shape());
      assertMessage(
          IndexOutOfBoundsException.class,
          "module NaryTreeLstm: index 3 at position 0 is out of range (there are 3 nodes, counted"
              + " from 0).",
          () -> lstm.forward(pair, tape.zeros(1, 2), Indices.of(3)).hidden().shape());
      assertMessage(
          IllegalArgumentException.class,
          "module NaryTreeLstm: node 3 has 3 children (at most 2 here).",
          () ->
              lstm.forward(Tree.of(LEAF, LEAF, LEAF, new int[] {0, 1, 2}), tape.zeros(4, 2))
                  .hidden()
                  .shape());
    }
  }
}
