package io.github.backstay.nn;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Variable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the inputs of a {@link TreeLstm} add to the gates of its nodes: x·Wᵀ + b, and b alone for a
 * node without input. Leaves forget nothing, so the forget gate is computed only if another node
 * has an input.
 */
final class TreeInputs {

  private final int @Nullable [] rows; // of each node's input, or -1; null if that is its number
  private final Variable plainIuo;
  private final Variable plainF;
  private final Variable iuo; // of all inputs; below them the plain one, if a block needs both
  private final @Nullable Variable f;

  TreeInputs(
      Variable x,
      Variable weight,
      Variable bias,
      int @Nullable [] rows,
      List<TreeLevels.Block> blocks) {
    this.rows = rows;
    int hidden = bias.cols() / 4;
    boolean inner = false;
    boolean mixed = false;
    for (TreeLevels.Block block : blocks) {
      int inputs = inputs(block.nodes());
      inner |= inputs > 0 && block.parents().size() > 0;
      mixed |= inputs > 0 && inputs < block.size();
    }
    plainF = bias.slice(0, 1, hidden, 2 * hidden);
    plainIuo = bias.slice(0, 1, 0, hidden).concatCols(bias.slice(0, 1, 2 * hidden, 4 * hidden));
    Variable weightIuo =
        weight
            .slice(0, hidden, 0, weight.cols())
            .concatRows(weight.slice(2 * hidden, 4 * hidden, 0, weight.cols()));
    Variable allIuo = x.affine(weightIuo, plainIuo);
    iuo = mixed ? allIuo.concatRows(plainIuo) : allIuo;
    if (inner) {
      Variable allF = x.affine(weight.slice(hidden, 2 * hidden, 0, weight.cols()), plainF);
      f = mixed ? allF.concatRows(plainF) : allF;
    } else {
      f = null;
    }
  }

  private int inputs(Indices nodes) {
    if (rows == null) {
      return nodes.size();
    }
    int inputs = 0;
    for (int i = 0; i < nodes.size(); i++) {
      inputs += rows[nodes.get(i)] < 0 ? 0 : 1;
    }
    return inputs;
  }

  /** The gates i, u and o: one row per node of the block, or one for all of them. */
  Variable iuo(TreeLevels.Block block) {
    return of(block, iuo, plainIuo);
  }

  /** The forget gate: one row per node of the block, or one for all of them. */
  Variable forget(TreeLevels.Block block) {
    return of(block, f, plainF);
  }

  private Variable of(TreeLevels.Block block, @Nullable Variable all, Variable plain) {
    if (all == null || inputs(block.nodes()) == 0) {
      return plain;
    }
    if (rows == null) {
      return all.gatherRows(block.nodes());
    }
    int[] which = new int[block.size()];
    for (int i = 0; i < which.length; i++) {
      int row = rows[block.nodes().get(i)];
      which[i] = row < 0 ? all.rows() - 1 : row;
    }
    return all.gatherRows(Indices.of(which));
  }

  /** A matrix without rows, for a tree without nodes. */
  Variable none() {
    return iuo;
  }
}
