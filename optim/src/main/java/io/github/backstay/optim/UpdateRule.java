package io.github.backstay.optim;

import java.util.List;

/**
 * How one step changes a parameter: an immutable record of hyper-parameters with one method. What
 * it must remember from step to step is kept by the {@link Optimizer} in {@link Slot}s, one matrix
 * of the parameter's shape each. A rule works entry by entry, so that any range of entries can be
 * updated by itself. May be shared between threads.
 */
public interface UpdateRule {

  /**
   * The learning rate η that a group starts with.
   *
   * @return a number at least 0
   */
  double learningRate();

  /**
   * The matrices that the rule remembers per parameter.
   *
   * @return for instance {@code m} and {@code v}, each with the value that it starts from
   */
  List<Slot> slots();

  /**
   * Whether an entry whose gradient is 0 and whose slots all have their initial values stays
   * exactly where it is, and its slots with it. Then rows of an embedding that no example has
   * touched need not be visited, and the result is that of visiting them to the bit.
   *
   * @return true if such an entry rests
   */
  boolean rests();

  /**
   * After how many steps in a row without a gradient the weight of an entry no longer moves, to the
   * precision of a double, whatever its slots and the rates were. Rows of an embedding that no
   * example touches are then made up for when they are next looked at, instead of being visited in
   * every step.
   *
   * @return 0 if a gradient of 0 never moves a weight; −1, which is always safe, if it is not known
   */
  default int stepsToRest() {
    return -1;
  }

  /**
   * What further steps without a gradient make of the slots of entries that have come to rest.
   *
   * @param slots what the rule remembers, changed
   * @param from the first entry
   * @param to the entry after the last
   * @param steps how many steps, at least 1
   */
  default void rest(double[][] slots, int from, int to, long steps) {}

  /**
   * λ of a pull to zero that the rule itself applies, coupled or decoupled. An optimizer reports it
   * beside the regularizers of the same parameter ({@link Optimizer#notes()}).
   *
   * @return 0 unless the rule has one
   */
  default double weightDecay() {
    return 0.0;
  }

  /**
   * Whether the rule scales the gradient of every entry by the history of that entry's gradients. A
   * coupled pull is part of that gradient and is scaled with it, so that its strength is another
   * one in every entry; an optimizer reports it ({@link Optimizer#notes()}).
   *
   * @return false unless the rule says otherwise
   */
  default boolean isAdaptive() {
    return false;
  }

  /**
   * Whether the rule goes up the gradient that it is given. Coupled regularizers are handed to such
   * a rule with their sign turned, so that they pull all the same.
   *
   * @return false unless the rule maximizes
   */
  default boolean maximizes() {
    return false;
  }

  /**
   * Updates a range of entries in place. All arrays are indexed alike.
   *
   * @param weight the values, changed
   * @param gradient their gradient, not changed
   * @param slots what the rule remembers, in the order of {@link #slots()}, changed
   * @param from the first entry
   * @param to the entry after the last
   * @param step how many steps this parameter has made, this one included: 1 at first
   * @param rate η in force during this step, which need not be {@link #learningRate()}
   */
  void update(
      double[] weight,
      double[] gradient,
      double[][] slots,
      int from,
      int to,
      long step,
      double rate);
}
