package io.github.backstay.regularizers;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Variable;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * A function of a weight and its anchor that is smallest at the anchor, in the two forms that are
 * needed: as a node of the graph, and as its gradient in closed form for optimizers. The two must
 * agree; the contract kit holds them against each other, for penalties of yours too. Where the
 * function has a kink, both give the same subgradient, which is 0 at the anchor and never NaN.
 *
 * <p>Both forms see whole matrices, so that entries may depend on each other: groups of rows or
 * columns, orthogonality, a spectral norm. A penalty that is rowwise is a sum over the rows of W.
 */
public interface Penalty extends Restraint {

  /**
   * The penalty as a node of the graph.
   *
   * @param weight W, the leaf of a parameter
   * @param anchor A, of the same shape, or null for zero
   * @return a 1×1 variable, marked as a penalty ({@link Variable#asPenalty()})
   */
  Variable of(Variable weight, @Nullable Variable anchor);

  /**
   * The penalty of some rows, each at an anchor of its own; asked for only if it is rowwise.
   *
   * @param table W, the leaf of a parameter
   * @param rows which rows of it
   * @param anchor one row for each of them
   * @return a 1×1 variable with the value and the gradient of {@link #of} these rows, up to
   *     rounding; that itself unless overridden
   */
  default Variable ofRows(Variable table, Indices rows, Variable anchor) {
    return of(table.gatherRows(rows), anchor);
  }

  /**
   * Adds a multiple of the gradient: {@code into += factor · ∇R(W)}.
   *
   * @param weight W, not changed
   * @param anchor A, of the same shape, not changed, or null for zero
   * @param factor the multiple
   * @param into what to add to, of the same shape; never {@code weight} or {@code anchor} itself
   */
  void addGradient(
      DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double factor, DMatrixRMaj into);

  /**
   * The largest rate η for which the explicit step {@code W ← W − η∇R(W)} does not overshoot the
   * anchor from afar, however far that is.
   *
   * <p>A kink at the anchor, as in norms that are not squared, does not count: its pull is no
   * weaker close by than far away, so near the anchor every rate overshoots, by no more than η
   * times that pull, and no rate diverges. Such weights end up jumping to and fro around the anchor
   * by that much; only {@link Proximal} brings them to rest on it.
   *
   * @return a positive number; infinite if there is no limit
   */
  double largestRate();

  /**
   * How a row that no gradient reaches is pulled over many explicit steps at once ({@link
   * Application#DECOUPLED}), if a closed form is known. Only asked of penalties that are rowwise.
   *
   * @return a new relaxation; null unless the penalty says otherwise, which is always safe
   */
  default @Nullable Relaxation explicitRelaxation() {
    return null;
  }
}
