package io.github.backstay.nn;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.random.RandomGenerator;

/**
 * The Child-Sum Tree-LSTM (Tai et al. 2015, section 3.1, equations 2 to 8), for trees whose nodes
 * have any number of children in no particular order, such as dependency trees. With h̃ the sum of
 * the children's hidden states,
 *
 * <pre>
 * i, u, o:  children = h̃·Uᵀ
 * f_k:      children = h_k·U_fᵀ
 * </pre>
 *
 * <p>in the formulas of {@link TreeLstm}. Parameters: {@code weightIh}, (4·hidden)×in, {@code
 * weightHh}, (4·hidden)×hidden, {@code bias}, 1×(4·hidden), each with the gates i, f, u, o below
 * (or beside) one another. On a chain this is {@link LstmCell}, which has the same weights.
 */
public final class ChildSumTreeLstm extends TreeLstm {

  /**
   * A Tree-LSTM.
   *
   * @param in columns of the input, at least 1
   * @param hidden columns of hidden state and memory, at least 1
   * @param random what the first values are drawn from
   * @throws IllegalArgumentException if a width is less than 1
   */
  public ChildSumTreeLstm(int in, int hidden, RandomGenerator random) {
    super(in, hidden, 4, 1, random);
  }

  @Override
  Joining joining(Variable weight) {
    int hidden = hidden();
    Variable weightF = weight.slice(hidden, 2 * hidden, 0, hidden);
    Variable weightIuo =
        weight
            .slice(0, hidden, 0, hidden)
            .concatRows(weight.slice(2 * hidden, 4 * hidden, 0, hidden));
    return (block, h, c, iuo, f) -> {
      Tape tape = weight.tape();
      Indices parents = block.parents();
      Variable ofParent = f.rows() == 1 ? f : f.gatherRows(parents);
      Variable forget = block.children().of(h, tape).affine(weightF, ofParent).sigmoid();
      return state(
          block.sums().of(h, tape).affine(weightIuo, iuo),
          forget.elementMult(block.children().of(c, tape)).scatterRows(parents, block.size()));
    };
  }
}
