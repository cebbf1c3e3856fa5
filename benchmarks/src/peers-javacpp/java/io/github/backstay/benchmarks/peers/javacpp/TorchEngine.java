package io.github.backstay.benchmarks.peers.javacpp;

import io.github.backstay.benchmarks.steps.AnchoredTable;
import io.github.backstay.benchmarks.steps.Contestant;
import io.github.backstay.benchmarks.steps.Engine;
import io.github.backstay.benchmarks.steps.HessianVector;
import io.github.backstay.benchmarks.steps.Inference;
import io.github.backstay.benchmarks.steps.LstmChain;
import io.github.backstay.benchmarks.steps.Mlp;
import io.github.backstay.benchmarks.steps.Product;
import io.github.backstay.benchmarks.steps.SmallOps;
import io.github.backstay.benchmarks.steps.Trees;
import java.util.Optional;

/** LibTorch through JavaCPP, operation by operation. */
public final class TorchEngine implements Engine {

  /** For the service loader. */
  public TorchEngine() {}

  @Override
  public String name() {
    return "LibTorch, JavaCPP";
  }

  @Override
  public Optional<Contestant> smallOps(SmallOps problem, int threads) {
    return Optional.of(new TorchSmallOps(problem, threads));
  }

  @Override
  public Optional<Contestant> mlp(Mlp problem, int threads) {
    return Optional.of(new TorchMlp(problem, threads));
  }

  @Override
  public Optional<Contestant> anchoredTable(AnchoredTable problem, int threads) {
    return Optional.of(new TorchTable(problem, threads));
  }

  @Override
  public Optional<Contestant> trees(Trees problem, int threads) {
    return Optional.of(new TorchTrees(problem, threads));
  }

  @Override
  public Optional<Contestant> lstmChain(LstmChain problem, int threads) {
    return Optional.of(new TorchLstm(problem, threads, false));
  }

  @Override
  public Optional<Contestant> hessianVector(HessianVector problem, int threads) {
    return Optional.of(new TorchHessianVector(problem, threads));
  }

  @Override
  public Optional<Contestant> inference(Inference problem, int threads) {
    return Optional.of(new TorchInference(problem, threads));
  }

  @Override
  public Optional<Contestant> product(Product problem, int threads) {
    return Optional.of(new TorchProduct(problem, threads));
  }
}
