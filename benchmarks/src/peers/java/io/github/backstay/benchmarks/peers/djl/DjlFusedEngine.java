package io.github.backstay.benchmarks.peers.djl;

import io.github.backstay.benchmarks.steps.Contestant;
import io.github.backstay.benchmarks.steps.Engine;
import io.github.backstay.benchmarks.steps.LstmChain;
import java.util.Optional;

/** LibTorch through DJL where a whole recurrence is one operation. */
public final class DjlFusedEngine implements Engine {

  /** For the service loader. */
  public DjlFusedEngine() {}

  @Override
  public String name() {
    return "LibTorch, DJL, its lstm";
  }

  @Override
  public Optional<Contestant> lstmChain(LstmChain problem, int threads) {
    return Optional.of(new DjlLstm(problem, threads, true));
  }
}
