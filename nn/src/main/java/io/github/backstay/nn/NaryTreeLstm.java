package io.github.backstay.nn;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.core.ops.Gates;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The N-ary Tree-LSTM (Tai et al. 2015, section 3.2, equations 9 to 14), for trees whose nodes have
 * at most N children in an order that matters, such as constituency trees with N = 2:
 *
 * <pre>
 * i, u, o:  children = Σ_l h_l·U_lᵀ
 * f_k:      children = Σ_l h_l·U_klᵀ
 * </pre>
 *
 * <p>in the formulas of {@link TreeLstm}; all f_k have the same W_f and b_f. A child that is not
 * there has h = c = 0. Parameters: {@code weightIh}, (4·hidden)×in, and {@code bias}, 1×(4·hidden),
 * with the gates i, f, u, o; {@code weightHh}, ((3 + N)·hidden)×(N·hidden), with the gates i, f_1,
 * …, f_N, u, o below one another and the children from the first to the last beside one another, so
 * that U_kl is its block (k, l − 1), counted from 0.
 */
public final class NaryTreeLstm extends TreeLstm {

  private final int arity;
  private final Gates.Activate activate;
  private final Gates.Memory remember;
  private final Gates.Show show;

  /**
   * A Tree-LSTM.
   *
   * @param in columns of the input, at least 1
   * @param hidden columns of hidden state and memory, at least 1
   * @param arity N, the most children that a node may have, at least 1
   * @param random what the first values are drawn from
   * @throws IllegalArgumentException if a number is less than 1
   */
  public NaryTreeLstm(int in, int hidden, int arity, RandomGenerator random) {
    super(in, hidden, 3 + requireArity(arity), arity, random);
    this.arity = arity;
    int gates = 3 + arity; // i, one f per child, u, o
    activate = new Gates.Activate(gates, 1 + arity);
    remember = new Gates.Memory(gates, 0, 1 + arity, 1, arity);
    show = new Gates.Show(gates, 2 + arity);
  }

  private static int requireArity(int arity) {
    if (arity < 1) {
      throw new IllegalArgumentException(
          "module NaryTreeLstm: the arity must be at least 1, got " + arity + ".");
    }
    return arity;
  }

  /**
   * A Tree-LSTM for binary trees, N = 2.
   *
   * @param in columns of the input, at least 1
   * @param hidden columns of hidden state and memory, at least 1
   * @param random what the first values are drawn from
   * @return the module
   * @throws IllegalArgumentException if a width is less than 1
   */
  public static NaryTreeLstm binary(int in, int hidden, RandomGenerator random) {
    return new NaryTreeLstm(in, hidden, 2, random);
  }

  @Override
  void requireChildren(int node, int children) {
    if (children > arity) {
      throw new IllegalArgumentException(
          describe()
              + ": node "
              + node
              + " has "
              + children
              + " children (at most "
              + arity
              + " here).");
    }
  }

  @Override
  Joining joining(Variable weight) {
    return (block, h, c, iuo, f) -> {
      Tape tape = weight.tape();
      Variable input = part(iuo, 0).concatCols(f.tile(1, arity), parts(iuo, 1, 3));
      Variable below = beside(block, block.children().of(h, tape));
      Variable gates = below.affine(weight, input).apply(activate);
      Variable memories = beside(block, block.children().of(c, tape));
      return state(gates, gates.apply(remember, memories), show);
    };
  }

  /** The children of each node beside one another, zeros for those that are not there. */
  private Variable beside(TreeLevels.Block block, Variable children) {
    int places = block.size() * arity;
    Variable all = children;
    if (children.rows() < places) {
      int[] place = new int[children.rows()];
      Arrays.setAll(place, k -> block.parents().get(k) * arity + block.places().get(k));
      all = children.scatterRows(Indices.of(place), places);
    }
    return all.reshape(block.size(), arity * hidden());
  }

  /**
   * The most children that a node may have.
   *
   * @return at least 1
   */
  public int arity() {
    return arity;
  }
}
