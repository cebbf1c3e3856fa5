package io.github.backstay.regularizers;

/** How a penalty reaches the weights. Under plain SGD all three agree; under Adam they do not. */
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
  DECOUPLED("decoupled");

  private final String words;

  Application(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
