package io.github.backstay.nn;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.core.ops.Indexing;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * A long short-term memory that goes up a tree, from the children to the parent (Tai et al. 2015).
 * {@link ChildSumTreeLstm} and {@link NaryTreeLstm} differ in how a node sees its children:
 *
 * <pre>
 * i = σ(x·W_iᵀ + children + b_i)       input
 * f = σ(x·W_fᵀ + children + b_f)       forget, one per child
 * u = tanh(x·W_uᵀ + children + b_u)    candidate
 * o = σ(x·W_oᵀ + children + b_o)       output
 * c = i ⊙ u + Σ f_k ⊙ c_k
 * h = o ⊙ tanh(c)
 * </pre>
 *
 * <p>Parameters {@code weightIh}, (4·hidden)×in, and {@code bias}, 1×(4·hidden), hold the gates in
 * the order i, f, u, o, which is that of {@link LstmCell}; {@code weightHh} is described at each of
 * the two. Both weights start at {@code U[−1/√hidden, 1/√hidden)}, as those of the cells do; the
 * bias starts at 0, as in the authors' program.
 *
 * <pre>{@code
 * NaryTreeLstm lstm = NaryTreeLstm.binary(4, 3, random);
 * int[] leaf = {};
 * Tree tree = Tree.of(leaf, leaf, leaf, new int[] {1, 2}, new int[] {0, 3});
 * Variable vectors = words.lookUp(tape, Indices.of(3, 1, 4)); // not, very, good
 * LstmState nodes = lstm.forward(tree, vectors, tree.leaves());
 * return nodes.hidden().gatherRows(tree.roots());
 * }</pre>
 *
 * <p>The part of x in all gates of all nodes is one product; then the nodes follow one by one, in
 * the order of the tree, without recursion.
 */
public abstract sealed class TreeLstm extends Module permits ChildSumTreeLstm, NaryTreeLstm {

  private final int hidden;
  private final Parameter weightIh;
  private final Parameter weightHh;
  private final Parameter bias;

  /** Makes the parameters; {@code rows} and {@code cols} of weightHh count in hidden widths. */
  TreeLstm(int in, int hidden, int rows, int cols, RandomGenerator random) {
    if (in < 1 || hidden < 1) {
      throw new IllegalArgumentException(
          describe()
              + ": both widths must be at least 1, got in "
              + in
              + " and hidden "
              + hidden
              + ".");
    }
    this.hidden = hidden;
    Initializer uniform = Initializer.uniform(1.0 / Math.sqrt(hidden));
    weightIh = parameter("weightIh", 4 * hidden, in, uniform, random);
    weightHh = parameter("weightHh", rows * hidden, cols * hidden, uniform, random);
    bias = parameter("bias", new DMatrixRMaj(1, 4 * hidden));
  }

  /**
   * Goes up a tree whose nodes all have an input.
   *
   * @param tree the tree, or several side by side
   * @param x one row per node, nodes×in
   * @return hidden state and memory of every node, nodes×hidden each; {@code
   *     state.hidden().gatherRows(tree.roots())} is what is left at the top
   * @throws ShapeException if there is not one row per node, or the width is wrong
   * @throws IllegalArgumentException if a node has more children than this module takes
   */
  public final LstmState forward(Tree tree, Variable x) {
    return forward(tree, x, null);
  }

  /**
   * Goes up a tree of which only some nodes have an input, such as the leaves; in the others x is
   * zero.
   *
   * @param tree the tree, or several side by side
   * @param x one row per node that has an input
   * @param nodes which node each row belongs to, each at most once; for instance {@code
   *     tree.leaves()}; null if row i belongs to node i
   * @return hidden state and memory of every node, nodes×hidden each
   * @throws ShapeException if there is not one row per number, or the width is wrong
   * @throws IndexOutOfBoundsException if the tree does not have a node
   * @throws IllegalArgumentException if a node is there twice, or has more children than this
   *     module takes
   */
  public final LstmState forward(Tree tree, Variable x, @Nullable Indices nodes) {
    requireInputs(tree, x, nodes);
    Tape tape = x.tape();
    int[] rows = rows(tree, nodes);
    Variable weight = weightHh.on(tape);
    Variable plain = bias.on(tape); // the gates of a node without input and children
    Variable fromInput = x.affine(weightIh.on(tape), plain);
    if (tree.size() == 0) {
      Variable none = part(fromInput, 0); // 0×hidden
      return new LstmState(none, none);
    }
    Variable[] h = new Variable[tree.size()];
    Variable[] c = new Variable[tree.size()];
    for (int node = 0; node < h.length; node++) {
      int row = rows[node];
      Variable gates = row < 0 ? plain : fromInput.slice(row, row + 1, 0, 4 * hidden);
      Indices below = tree.children(node);
      LstmState state =
          below.size() == 0
              ? leaf(gates)
              : parent(gates, choose(h, below), choose(c, below), weight);
      h[node] = state.hidden();
      c[node] = state.memory();
    }
    return new LstmState(joinRows(h), joinRows(c));
  }

  /** The node above these children, from 1×(4·hidden) of its own input. */
  abstract LstmState parent(Variable gates, Variable[] h, Variable[] c, Variable weight);

  /** Refuses a node with too many children. */
  void requireChildren(int node, int children) {}

  private LstmState leaf(Variable gates) {
    return state(gates, null);
  }

  /** From the sums of the gates i, f, u and o (f is not read) and Σ f_k ⊙ c_k. */
  final LstmState state(Variable gates, @Nullable Variable kept) {
    return state(part(gates, 0), part(gates, 2), part(gates, 3), kept);
  }

  /** From the sums before the functions. */
  final LstmState state(Variable i, Variable u, Variable o, @Nullable Variable kept) {
    Variable taken = i.sigmoid().elementMult(u.tanh());
    Variable memory = kept == null ? taken : taken.plus(kept);
    return new LstmState(o.sigmoid().elementMult(memory.tanh()), memory);
  }

  /** One gate of those beside one another, counted from 0. */
  final Variable part(Variable gates, int gate) {
    return gates.slice(0, gates.rows(), gate * hidden, (gate + 1) * hidden);
  }

  static Variable joinRows(Variable[] rows) {
    return rows.length == 1 ? rows[0] : rows[0].tape().apply(Indexing.ConcatRows.OP, rows);
  }

  private static Variable[] choose(Variable[] all, Indices which) {
    Variable[] chosen = new Variable[which.size()];
    for (int k = 0; k < chosen.length; k++) {
      chosen[k] = all[which.get(k)];
    }
    return chosen;
  }

  private void requireInputs(Tree tree, Variable x, @Nullable Indices nodes) {
    if (x.cols() != weightIh.cols()) {
      throw new ShapeException(
          describe()
              + ": the input is "
              + x.shape()
              + ", weightIh is "
              + weightIh.shape()
              + " (need input columns = weight columns).");
    }
    int needed = nodes == null ? tree.size() : nodes.size();
    if (x.rows() != needed) {
      throw new ShapeException(
          describe()
              + ": the input is "
              + x.shape()
              + ", but there are "
              + needed
              + (nodes == null
                  ? " nodes (need one row per node). Say which nodes have an input if not all do."
                  : " numbers of nodes (need one row per number)."));
    }
    for (int node = 0; node < tree.size(); node++) {
      requireChildren(node, tree.children(node).size());
    }
  }

  /** The row of each node's input, or −1. */
  private int[] rows(Tree tree, @Nullable Indices nodes) {
    int[] rows = new int[tree.size()];
    if (nodes == null) {
      Arrays.setAll(rows, node -> node);
      return rows;
    }
    nodes.requireBelow(describe(), tree.size(), "nodes");
    Arrays.fill(rows, -1);
    for (int row = 0; row < nodes.size(); row++) {
      int node = nodes.get(row);
      if (rows[node] >= 0) {
        throw new IllegalArgumentException(
            describe()
                + ": rows "
                + rows[node]
                + " and "
                + row
                + " of the input both belong to node "
                + node
                + " (a node has one input at most).");
      }
      rows[node] = row;
    }
    return rows;
  }

  /**
   * The width of hidden state and memory.
   *
   * @return at least 1
   */
  public final int hidden() {
    return hidden;
  }

  /**
   * The input's weight.
   *
   * @return (4·hidden)×in, gates i, f, u, o
   */
  public final Parameter weightIh() {
    return weightIh;
  }

  /**
   * The weight of the children's hidden states.
   *
   * @return for the shape, see the class
   */
  public final Parameter weightHh() {
    return weightHh;
  }

  /**
   * The bias.
   *
   * @return 1×(4·hidden), gates i, f, u, o
   */
  public final Parameter bias() {
    return bias;
  }
}
