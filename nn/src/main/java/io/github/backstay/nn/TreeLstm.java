package io.github.backstay.nn;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.core.ops.Gates;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
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
 * the two. All three start as {@link Linear} does, at {@code U[−1/√n, 1/√n)} with n the columns of
 * the weight, and of weightIh for the bias.
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
 * <p>The part of x in all gates of all nodes is one product. Then the nodes follow level by level,
 * from the leaves up, all nodes of the same height at once, without recursion: the fewer levels and
 * the more trees side by side, the faster. What a node gives depends on the nodes below it only,
 * but for the last bits, which products of other sizes may round in another way.
 */
public abstract sealed class TreeLstm extends Module permits ChildSumTreeLstm, NaryTreeLstm {

  private static final Gates.Activate ACTIVATE = new Gates.Activate(3, 1);
  private static final Gates.FirstMemory FIRST = new Gates.FirstMemory(3, 0, 1);
  private static final Gates.Memory REMEMBER = new Gates.Memory(3, 0, 1, 0, 0);
  private static final Gates.Show SHOW = new Gates.Show(3, 2);

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
    Initializer ofInput = Initializer.uniform(1.0 / Math.sqrt(in));
    Initializer ofChildren = Initializer.uniform(1.0 / Math.sqrt(cols * hidden));
    weightIh = parameter("weightIh", 4 * hidden, in, ofInput, random);
    weightHh = parameter("weightHh", rows * hidden, cols * hidden, ofChildren, random);
    bias = parameter("bias", 1, 4 * hidden, ofInput, random);
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
    List<TreeLevels.Block> blocks = tree.levels().blocks();
    TreeInputs inputs =
        new TreeInputs(x, weightIh.on(tape), bias.on(tape), rows(tree, nodes), blocks);
    Joining joining = joining(weightHh.on(tape));
    if (blocks.isEmpty()) {
      Variable none = part(inputs.none(), 0); // 0×hidden
      return new LstmState(none, none);
    }
    Variable[] h = new Variable[blocks.size()];
    Variable[] c = new Variable[blocks.size()];
    for (int k = 0; k < h.length; k++) {
      TreeLevels.Block block = blocks.get(k);
      Variable iuo = inputs.iuo(block);
      LstmState state =
          block.parents().size() == 0
              ? state(iuo.broadcastTo(block.size(), 3 * hidden), null)
              : joining.join(block, h, c, iuo, inputs.forget(block));
      h[k] = state.hidden();
      c[k] = state.memory();
    }
    TreeLevels.Rows all = tree.levels().nodes();
    return new LstmState(all.of(h, tape), all.of(c, tape));
  }

  /** What nodes become whose children are known. */
  interface Joining {

    /**
     * Computes a block.
     *
     * @param block which nodes, m
     * @param h the hidden states of the blocks before it
     * @param c their memories
     * @param iuo what the input adds to the gates i, u and o, m×(3·hidden), or 1×(3·hidden) if it
     *     is the same for all
     * @param f what it adds to the forget gates, m×hidden or 1×hidden
     * @return the states of the nodes, m×hidden each
     */
    LstmState join(TreeLevels.Block block, Variable[] h, Variable[] c, Variable iuo, Variable f);
  }

  /** Prepares what all blocks have in common. */
  abstract Joining joining(Variable weight);

  /** Refuses a node with too many children. */
  void requireChildren(int node, int children) {}

  /** From the sums of the gates i, u and o beside one another and Σ f_k ⊙ c_k, if there is any. */
  final LstmState state(Variable iuo, @Nullable Variable kept) {
    Variable gates = iuo.apply(ACTIVATE);
    return state(gates, kept == null ? gates.apply(FIRST) : gates.apply(REMEMBER, kept), SHOW);
  }

  /** From activated gates, one of which shows the memory. */
  static LstmState state(Variable gates, Variable memory, Gates.Show show) {
    return new LstmState(gates.apply(show, memory.tanh()), memory);
  }

  /** One gate of those beside one another, counted from 0. */
  final Variable part(Variable gates, int gate) {
    return parts(gates, gate, gate + 1);
  }

  /** Some gates of those beside one another. */
  final Variable parts(Variable gates, int from, int to) {
    return gates.slice(0, gates.rows(), from * hidden, to * hidden);
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
  private int @Nullable [] rows(Tree tree, @Nullable Indices nodes) {
    if (nodes == null) {
      return null;
    }
    int[] rows = new int[tree.size()];
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
