package io.github.backstay.nn;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Variable;
import io.github.backstay.core.ops.Indexing;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * Attention by several heads at once (Vaswani et al. 2017, section 3.2.2), with biases and stored
 * as in PyTorch. With e the width, H heads and d = e/H,
 *
 * <pre>
 * Q = queries·W_qᵀ + b_q,  K = keys·W_kᵀ + b_k,  V = values·W_vᵀ + b_v
 * A_j = attention of columns j·d to (j + 1)·d of Q, K and V   ({@link Attention})
 * Y = [A_0, …, A_{H−1}]·weightOutᵀ + biasOut
 * </pre>
 *
 * <pre>{@code
 * MultiHeadAttention attention = new MultiHeadAttention(4, 2, random);
 * Variable x = words.lookUp(tape, Indices.of(3, 1, 4));
 * Variable seen = attention.forward(x, Attention.causalMask(tape, 3, 3)).output();
 * }</pre>
 *
 * <p>Parameters: {@code weightIn}, 3e×e, with W_q, W_k, W_v below one another, {@code biasIn},
 * 1×3e, {@code weightOut}, e×e, {@code biasOut}, 1×e. First values as in PyTorch: Glorot uniform
 * for weightIn as it stands, with fan-out 3e; {@code U[−1/√e, 1/√e)} for weightOut; biases 0.
 */
public final class MultiHeadAttention extends Module {

  private final int width;
  private final int heads;
  private final Parameter weightIn;
  private final Parameter biasIn;
  private final Parameter weightOut;
  private final Parameter biasOut;

  /**
   * An attention.
   *
   * @param width e, columns of queries, keys, values and output, at least 1
   * @param heads H, at least 1; must divide the width
   * @param random what the first values are drawn from
   * @throws IllegalArgumentException if a number is less than 1, or the heads do not divide the
   *     width
   */
  public MultiHeadAttention(int width, int heads, RandomGenerator random) {
    if (width < 1 || heads < 1 || width % heads != 0) {
      throw new IllegalArgumentException(
          "multiHeadAttention: got width "
              + width
              + " and "
              + heads
              + " heads (need both at least 1, and a width that the heads divide).");
    }
    this.width = width;
    this.heads = heads;
    weightIn = parameter("weightIn", 3 * width, width, Initializer.glorotUniform(), random);
    biasIn = parameter("biasIn", new DMatrixRMaj(1, 3 * width));
    weightOut = parameter("weightOut", width, width, Initializer.fanInUniform(), random);
    biasOut = parameter("biasOut", new DMatrixRMaj(1, width));
  }

  /**
   * What came out.
   *
   * @param output Y, one row per query, n×e
   * @param weights the weights of each head, n×m
   */
  public record Result(Variable output, List<Variable> weights) {

    /**
     * Copies the list.
     *
     * @param output Y, one row per query, n×e
     * @param weights the weights of each head, n×m
     */
    public Result {
      weights = List.copyOf(weights);
    }

    /**
     * The weights, averaged over the heads.
     *
     * @return n×m
     */
    public Variable meanWeights() {
      Variable sum = weights.get(0);
      for (Variable more : weights.subList(1, weights.size())) {
        sum = sum.plus(more);
      }
      return weights.size() == 1 ? sum : sum.divide(weights.size());
    }
  }

  /**
   * Attention of a sequence to itself.
   *
   * @param x queries, keys and values in one, n×e
   * @param mask n×n or 1×n, as in {@link Attention}; null for none
   * @return output and weights
   * @throws ShapeException if the shapes do not fit
   */
  public Result forward(Variable x, @Nullable Variable mask) {
    return forward(x, x, x, mask);
  }

  /**
   * Attention of a sequence to another.
   *
   * @param queries n×e
   * @param keys m×e
   * @param values m×e
   * @param mask n×m or 1×m, as in {@link Attention}; null for none
   * @return output and weights
   * @throws ShapeException if the shapes do not fit
   */
  public Result forward(Variable queries, Variable keys, Variable values, @Nullable Variable mask) {
    requireWidth("queries", queries);
    requireWidth("keys", keys);
    requireWidth("values", values);
    Attention.requireShapes(queries, keys, values, mask);
    Variable w = weightIn.on(queries.tape());
    Variable b = biasIn.on(queries.tape());
    Variable[] in = new Variable[3];
    int[] start = new int[3]; // where the columns of Q, K and V begin
    if (queries == keys && keys == values) {
      in[0] = in[1] = in[2] = queries.affine(w, b); // one product instead of three
      start = new int[] {0, width, 2 * width};
    } else {
      Variable[] given = {queries, keys, values};
      for (int k = 0; k < 3; k++) {
        int from = k * width;
        int to = from + width;
        in[k] = given[k].affine(w.slice(from, to, 0, width), b.slice(0, 1, from, to));
      }
    }
    Variable[] outputs = new Variable[heads];
    List<Variable> weights = new ArrayList<>();
    for (int j = 0; j < heads; j++) {
      Attention head =
          Attention.scaledDotProduct(
              head(in[0], start[0], j), head(in[1], start[1], j), head(in[2], start[2], j), mask);
      outputs[j] = head.output();
      weights.add(head.weights());
    }
    Variable all = queries.tape().apply(Indexing.ConcatCols.OP, outputs);
    Variable y = all.affine(weightOut.on(queries.tape()), biasOut.on(queries.tape()));
    return new Result(y, weights);
  }

  private Variable head(Variable projected, int start, int head) {
    int d = width / heads;
    return projected.slice(0, projected.rows(), start + head * d, start + (head + 1) * d);
  }

  private void requireWidth(String what, Variable x) {
    if (x.cols() != width) {
      throw new ShapeException(
          describe() + ": the " + what + " are " + x.shape() + " (need " + width + " columns).");
    }
  }

  /**
   * The weights of queries, keys and values.
   *
   * @return 3e×e
   */
  public Parameter weightIn() {
    return weightIn;
  }

  /**
   * The biases of queries, keys and values.
   *
   * @return 1×3e
   */
  public Parameter biasIn() {
    return biasIn;
  }

  /**
   * The weight of the output.
   *
   * @return e×e
   */
  public Parameter weightOut() {
    return weightOut;
  }

  /**
   * The bias of the output.
   *
   * @return 1×e
   */
  public Parameter biasOut() {
    return biasOut;
  }
}
