package io.github.backstay.benchmarks.steps;

import java.util.Optional;

/**
 * What a step has to compute: plain numbers, the same for every engine. Weights are stored out×in;
 * losses are means over the batch; Adam is the one of Kingma and Ba (2015) with β1 = 0.9, β2 =
 * 0.999, ε = 1e-8 outside of the root and after the correction.
 */
public sealed interface Problem
    permits SmallOps, Mlp, AnchoredTable, Trees, LstmChain, HessianVector, Inference, Product {

  /**
   * What it is, with its sizes.
   *
   * @return a line
   */
  String description();

  /**
   * An engine's way to do it.
   *
   * @param engine who
   * @param threads how many threads may work, at least 1
   * @return nothing if the engine does not take part
   */
  Optional<Contestant> by(Engine engine, int threads);
}
