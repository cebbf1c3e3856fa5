package io.github.backstay.regularizers;

import io.github.backstay.core.Variable;
import org.jspecify.annotations.Nullable;

/**
 * A function of a weight and its anchor that is smallest at the anchor, in the two forms that are
 * needed: as a node of the graph, and as its gradient in closed form for optimizers. The two must
 * agree; the contract test of penalties holds them against each other.
 */
public interface Penalty {

  /**
   * The penalty as a node of the graph.
   *
   * @param weight W, the leaf of a parameter
   * @param anchor A, of the same shape, or null for zero
   * @return a 1×1 variable
   */
  Variable of(Variable weight, @Nullable Variable anchor);

  /**
   * Adds a multiple of the gradient: {@code into += factor · ∇R(W)}, for a range of entries.
   *
   * @param weight the entries of W
   * @param anchor the entries of A, or null for zero
   * @param factor the multiple
   * @param into what to add to; may be {@code weight} itself
   * @param from the first entry
   * @param to the entry after the last
   */
  void addGradient(
      double[] weight, double @Nullable [] anchor, double factor, double[] into, int from, int to);

  /**
   * The largest rate η for which the explicit step {@code W ← W − η∇R(W)} does not overshoot the
   * anchor.
   *
   * @return a positive number; infinite if there is no limit
   */
  double largestRate();

  /**
   * The formula with its numbers.
   *
   * @param anchored whether the anchor is something else than zero
   * @return for instance {@code 0.003/2·‖W−W0‖²}
   */
  String formula(boolean anchored);

  /**
   * What the penalty is called elsewhere.
   *
   * @return a short remark for the printed sentence; may be empty
   */
  default String alsoKnownAs() {
    return "";
  }
}
