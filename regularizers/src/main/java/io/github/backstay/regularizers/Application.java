package io.github.backstay.regularizers;

/**
 * How a restraint reaches the weights. Under plain SGD the first three agree, and the fourth in the
 * limit of small steps; under Adam they do not.
 */
public enum Application {
  /**
   * A node of the graph, added to the loss: {@code objective.plus("anchor", regularizer.penalty(
   * tape))}. The optimizer sees the sum of both gradients.
   */
  IN_LOSS("in the loss"),
  /**
   * The same gradient, added by the optimizer once per step: the same trajectory as {@link
   * #IN_LOSS}, without showing in the loss. PyTorch's {@code weight_decay} of SGD and Adam is this,
   * to zero.
   */
  COUPLED("coupled"),
  /**
   * A step of its own, {@code W ← W − η·∇R(W)}, at the weights before the optimizer's update and
   * past its normalization: every weight is pulled with the same strength, however strong its
   * gradients are. AdamW (Loshchilov and Hutter 2019) is this, to zero.
   */
  DECOUPLED("decoupled"),
  /**
   * The {@link Proximal} map, {@code W ← prox(W)} with step η, after the optimizer's update and
   * past its normalization: an implicit step, stable at any rate, that lands exactly on the anchor
   * where the penalty has a kink, and keeps constraints. With plain SGD this is proximal gradient
   * descent (forward-backward splitting, Duchi and Singer 2009).
   */
  PROXIMAL("proximal");

  private final String words;

  Application(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
