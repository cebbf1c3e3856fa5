package io.github.backstay.nn;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What a forward pass is for: training, with a generator for what layers draw (dropout), or
 * evaluation, in which nothing is random. It is handed from layer to layer; there is no mode that
 * could be forgotten in a model.
 *
 * <p>A training pass belongs to one thread, as its generator does; the evaluation pass may be
 * shared.
 */
public final class Pass {

  private static final Pass EVALUATION = new Pass(null);

  private final @Nullable RandomGenerator random;

  private Pass(@Nullable RandomGenerator random) {
    this.random = random;
  }

  /**
   * A pass in which nothing is random.
   *
   * @return always the same
   */
  public static Pass evaluation() {
    return EVALUATION;
  }

  /**
   * A training pass.
   *
   * @param random what layers draw from, for instance {@code seeds.generator(step, "dropout")}
   * @return the pass
   */
  public static Pass training(RandomGenerator random) {
    return new Pass(random);
  }

  /**
   * Whether this is training.
   *
   * @return false in evaluation
   */
  public boolean isTraining() {
    return random != null;
  }

  /**
   * Where a layer draws from.
   *
   * @return the generator of this training pass
   * @throws IllegalStateException in evaluation
   */
  public RandomGenerator random() {
    if (random == null) {
      throw new IllegalStateException(
          "pass: nothing is drawn in evaluation. Ask isTraining() first, or make the pass with"
              + " Pass.training(random).");
    }
    return random;
  }

  @Override
  public String toString() {
    return isTraining() ? "training pass" : "evaluation pass";
  }
}
