package io.github.backstay.benchmarks.peers.djl;

import io.github.backstay.benchmarks.steps.AnchoredTable;
import io.github.backstay.benchmarks.steps.Contestant;
import io.github.backstay.benchmarks.steps.Engine;
import io.github.backstay.benchmarks.steps.Inference;
import io.github.backstay.benchmarks.steps.LstmChain;
import io.github.backstay.benchmarks.steps.Mlp;
import io.github.backstay.benchmarks.steps.Product;
import io.github.backstay.benchmarks.steps.SmallOps;
import io.github.backstay.benchmarks.steps.Trees;
import java.util.Optional;

/** LibTorch through DJL, operation by operation. */
public final class DjlEngine implements Engine {

  /** For the service loader. */
  public DjlEngine() {}

  @Override
  public String name() {
    return "LibTorch, DJL";
  }

  @Override
  public Optional<Contestant> smallOps(SmallOps problem, int threads) {
    return Optional.of(new DjlSmallOps(problem, threads));
  }

  @Override
  public Optional<Contestant> mlp(Mlp problem, int threads) {
    return Optional.of(new DjlMlp(problem, threads));
  }

  @Override
  public Optional<Contestant> anchoredTable(AnchoredTable problem, int threads) {
    return Optional.of(new DjlTable(problem, threads));
  }

  @Override
  public Optional<Contestant> trees(Trees problem, int threads) {
    return Optional.of(new DjlTrees(problem, threads));
  }

  @Override
  public Optional<Contestant> lstmChain(LstmChain problem, int threads) {
    return Optional.of(new DjlLstm(problem, threads, false));
  }

  @Override
  public Optional<Contestant> inference(Inference problem, int threads) {
    return Optional.of(new DjlInference(problem, threads));
  }

  @Override
  public Optional<Contestant> product(Product problem, int threads) {
    return Optional.of(new DjlProduct(problem, threads));
  }
}
