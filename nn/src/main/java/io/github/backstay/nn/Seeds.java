package io.github.backstay.nn;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Random generators derived from (seed, step, purpose): the same three give the same numbers, in
 * whatever order and from whatever thread they are asked for. So a run that is resumed at step
 * 1,000 draws what the uninterrupted run would have drawn, and a purpose that is added or left out
 * leaves the numbers of all others as they were.
 *
 * <pre>{@code
 * Seeds seeds = new Seeds(42);
 * Linear layer = new Linear(4, 2, seeds.generator(0, "layer"));
 * Pass pass = Pass.training(seeds.generator(step, "dropout"));
 * }</pre>
 *
 * <p>The three are mixed into 64 bits, one value v after the other, by {@code h ← mix((h ⊕ v) +
 * γ)}: first the seed (from h = 0), then the purpose's characters and their number, last the step;
 * mix is the finalizer "variant 13" of Stafford (2011) and γ = 0x9e3779b97f4a7c15, both as in
 * SplitMix64 (Steele, Lea and Flood 2014). Every turn is a bijection of h and of v, so two steps of
 * one seed and purpose never get the same 64 bits, nor do two seeds with the same step and purpose;
 * two purposes do with probability 2⁻⁶⁴. The generator is {@code new SplittableRandom(h).split()}:
 * the split gives each stream an increment of its own, without which all streams would be pieces of
 * one sequence.
 *
 * <p>Immutable.
 *
 * @param seed the seed of the whole run
 */
public record Seeds(long seed) {

  private static final long GAMMA = 0x9e3779b97f4a7c15L;

  /**
   * A generator for one purpose in one step.
   *
   * @param step the number of the training step, at least 0; 0 for what happens once
   * @param purpose what the numbers are for, such as {@code "dropout"}; not blank
   * @return a new generator, for one thread
   * @throws IllegalArgumentException if the step is negative or the purpose blank
   */
  public RandomGenerator generator(long step, String purpose) {
    if (step < 0) {
      throw new IllegalArgumentException("seeds: the step must be at least 0, got " + step + ".");
    }
    if (purpose.isBlank()) {
      throw new IllegalArgumentException("seeds: the purpose must not be blank.");
    }
    long h = absorb(0, seed);
    for (int i = 0; i < purpose.length(); i++) {
      h = absorb(h, purpose.charAt(i));
    }
    h = absorb(h, purpose.length());
    return new SplittableRandom(absorb(h, step)).split();
  }

  private static long absorb(long h, long v) {
    long z = (h ^ v) + GAMMA;
    z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
