package io.github.backstay.benchmarks.steps;

import java.util.Optional;

/**
 * Who does steps: a library, or code written by hand. Others than this module's own are found as
 * services ({@link java.util.ServiceLoader}). A method that is not overridden means that the engine
 * does not take part; an engine with two ways to do a problem is two engines.
 *
 * <p>A contestant must not write to the problem: all are given the same one.
 */
public interface Engine {

  /**
   * What the table calls it.
   *
   * @return a few words
   */
  String name();

  /**
   * Whether a step of {@link AnchoredTable} takes time and memory for every row of the table: then
   * it is left out for the highest tables.
   *
   * @return true unless overridden
   */
  default boolean visitsWholeTables() {
    return true;
  }

  /**
   * W1.
   *
   * @param problem the numbers
   * @param threads how many threads may work, at least 1
   * @return nothing if the engine does not take part
   */
  default Optional<Contestant> smallOps(SmallOps problem, int threads) {
    return Optional.empty();
  }

  /**
   * W2 and W6.
   *
   * @param problem the numbers
   * @param threads how many threads may work, at least 1
   * @return nothing if the engine does not take part
   */
  default Optional<Contestant> mlp(Mlp problem, int threads) {
    return Optional.empty();
  }

  /**
   * W3.
   *
   * @param problem the numbers
   * @param threads how many threads may work, at least 1
   * @return nothing if the engine does not take part
   */
  default Optional<Contestant> anchoredTable(AnchoredTable problem, int threads) {
    return Optional.empty();
  }

  /**
   * W4.
   *
   * @param problem the numbers
   * @param threads how many threads may work, at least 1
   * @return nothing if the engine does not take part
   */
  default Optional<Contestant> trees(Trees problem, int threads) {
    return Optional.empty();
  }

  /**
   * W5.
   *
   * @param problem the numbers
   * @param threads how many threads may work, at least 1
   * @return nothing if the engine does not take part
   */
  default Optional<Contestant> lstmChain(LstmChain problem, int threads) {
    return Optional.empty();
  }

  /**
   * W7.
   *
   * @param problem the numbers
   * @param threads how many threads may work, at least 1
   * @return nothing if the engine does not take part
   */
  default Optional<Contestant> hessianVector(HessianVector problem, int threads) {
    return Optional.empty();
  }

  /**
   * One row through a network.
   *
   * @param problem the numbers
   * @param threads how many threads may work, at least 1
   * @return nothing if the engine does not take part
   */
  default Optional<Contestant> inference(Inference problem, int threads) {
    return Optional.empty();
  }

  /**
   * One product.
   *
   * @param problem the numbers
   * @param threads how many threads may work, at least 1
   * @return nothing if the engine does not take part
   */
  default Optional<Contestant> product(Product problem, int threads) {
    return Optional.empty();
  }
}
