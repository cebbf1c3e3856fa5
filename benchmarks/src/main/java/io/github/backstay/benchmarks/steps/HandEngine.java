package io.github.backstay.benchmarks.steps;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * Gradients written by hand, without a tape: no allocation, loops fused, buffers made once. Over
 * Backstay's kernels they bound what an engine on the same kernels can reach. They work on the
 * calling thread only.
 */
final class HandEngine implements Engine {

  private final String name;
  private final Supplier<HandArithmetic> arithmetic;
  private final boolean wholeTables;

  private HandEngine(String name, Supplier<HandArithmetic> arithmetic, boolean wholeTables) {
    this.name = name;
    this.arithmetic = arithmetic;
    this.wholeTables = wholeTables;
  }

  /** EJML's products, {@link Math}'s functions, and tables as a whole. */
  static Engine ejml() {
    return new HandEngine("by hand, EJML", HandArithmetic::ejml, true);
  }

  /** Backstay's kernels for everything they have; of tables, the rows that have moved. */
  static Engine kernels() {
    return new HandEngine("by hand, our kernels", HandArithmetic::kernels, false);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public boolean visitsWholeTables() {
    return wholeTables;
  }

  @Override
  public Optional<Contestant> smallOps(SmallOps problem, int threads) {
    return Optional.of(new HandSmallOps(arithmetic.get(), problem));
  }

  @Override
  public Optional<Contestant> mlp(Mlp problem, int threads) {
    return Optional.of(new HandMlp(arithmetic.get(), problem));
  }

  @Override
  public Optional<Contestant> anchoredTable(AnchoredTable problem, int threads) {
    return Optional.of(
        wholeTables
            ? new HandWholeTable(arithmetic.get(), problem)
            : new HandMovedRows(arithmetic.get(), problem));
  }

  @Override
  public Optional<Contestant> trees(Trees problem, int threads) {
    return Optional.of(new HandTrees(arithmetic.get(), problem));
  }

  @Override
  public Optional<Contestant> lstmChain(LstmChain problem, int threads) {
    return Optional.of(new HandLstmChain(arithmetic.get(), problem));
  }

  @Override
  public Optional<Contestant> hessianVector(HessianVector problem, int threads) {
    return Optional.of(new HandHessianVector(arithmetic.get(), problem));
  }

  @Override
  public Optional<Contestant> inference(Inference problem, int threads) {
    return Optional.of(new HandInference(arithmetic.get(), problem));
  }

  @Override
  public Optional<Contestant> product(Product problem, int threads) {
    return Optional.of(new HandProduct(arithmetic.get(), problem));
  }
}
