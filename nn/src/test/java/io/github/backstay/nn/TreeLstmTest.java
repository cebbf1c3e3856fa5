package io.github.backstay.nn;

import static io.github.backstay.nn.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.backstay.core.GradientCheck;
import io.github.backstay.core.Indices;
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
