package io.github.backstay.nn;

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
 *
 * <p>h̃·Uᵀ is computed as the sum of the children's products, because those are needed for f
 * anyway.
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
  LstmState parent(Variable gates, Variable[] h, Variable[] c, Variable weight) {
    Variable fromChildren = joinRows(h).multTransB(weight);
    Variable forget = part(fromChildren, 1).plus(part(gates, 1)).sigmoid();
    Variable kept = forget.elementMult(joinRows(c)).sumCols();
    return state(gates.plus(fromChildren.sumCols()), kept);
  }
}
