package io.github.backstay.benchmarks.peers.javacpp;

import io.github.backstay.benchmarks.steps.Contestant;
import io.github.backstay.benchmarks.steps.Engine;
import io.github.backstay.benchmarks.steps.LstmChain;
import java.util.Optional;

/** LibTorch through JavaCPP where a whole recurrence is one operation. */
public final class TorchFusedEngine implements Engine {

  /** For the service loader. */
  public TorchFusedEngine() {}

  @Override
  public String name() {
    return "LibTorch, JavaCPP, its lstm";
  }

  @Override
  public Optional<Contestant> lstmChain(LstmChain problem, int threads) {
    return Optional.of(new TorchLstm(problem, threads, true));
  }
}
