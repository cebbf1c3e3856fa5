package io.github.backstay.benchmarks.steps;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Variable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;

/** One size of a training step that grows while all others stay, and how cost should grow. */
public enum Sweep {
  /** A chain of operations on 4×4, forward and backward. */
  OPS("operations on 4×4", 1.0),
  /** An MLP of three layers, batch 64. */
  WIDTH("columns of every layer, batch 64", 2.0),
  /** The MLP of W2. */
  BATCH("rows of a batch, MLP 784-256-128-10", 1.0),
  /** The anchored table of W3, 400 rows of which are touched. */
  VOCABULARY("rows of an anchored table, 400 of them touched", 0.0),
  /** The LSTM of W5. */
  LENGTH("steps of an LSTM, batch 25, 100/100", 1.0),
  /** The MLP of W6. */
  THREADS("threads, MLP 1024-1024-1024-10, batch 256", -1.0);

  private final String unit;
  private final double exponent;

  Sweep(String unit, double exponent) {
    this.unit = unit;
    this.exponent = exponent;
  }

  /**
   * What is counted.
   *
   * @return a few words
   */
  public String unit() {
    return unit;
  }

  /**
   * The power of the size with which cost grows, once the size dominates.
   *
   * @return the exponent
   */
  public double exponent() {
    return exponent;
  }

  /**
   * The usual sizes.
   *
   * @return ascending
   */
  public List<Integer> sizes() {
    return switch (this) {
      case OPS -> List.of(10, 30, 100, 300, 1_000, 3_000, 10_000);
      case WIDTH -> List.of(32, 64, 128, 256, 512, 1_024, 2_048);
      case BATCH -> List.of(1, 4, 16, 64, 256, 1_024);
      case VOCABULARY -> List.of(1_000, 10_000, 100_000, 1_000_000);
      case LENGTH -> List.of(5, 10, 20, 40, 80, 160);
      case THREADS ->
          IntStream.rangeClosed(1, Runtime.getRuntime().availableProcessors()).boxed().toList();
    };
  }

  /**
   * Beyond this no machine would end.
   *
   * @return the largest size
   */
  public int most() {
    return switch (this) {
      case OPS, VOCABULARY -> 10_000_000;
      case WIDTH -> 16_384;
      case BATCH -> 100_000;
      case LENGTH -> 10_000;
      case THREADS -> 1_024;
    };
  }

  /** Backstay's way to do a step of that size. */
  Contestant contestant(int size) {
    RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(42L);
    Engine engine = new BackstayEngine();
    Optional<Contestant> contestant =
        switch (this) {
          case OPS -> Optional.of(chain(size, random));
          case WIDTH -> engine.mlp(Mlp.random(random, 0.0, 64, size, size, size, 10), 1);
          case BATCH -> engine.mlp(Mlp.random(random, 1e-4, size, 784, 256, 128, 10), 1);
          case VOCABULARY ->
              engine.anchoredTable(
                  AnchoredTable.random(random, size, 100, Math.min(400, size), 25, 20), 1);
          case LENGTH -> engine.lstmChain(LstmChain.random(random, size, 25, 100, 100), 1);
          case THREADS -> engine.mlp(Mlp.random(random, 0.0, 256, 1024, 1024, 1024, 10), size);
        };
    return contestant.orElseThrow();
  }

  private static Contestant chain(int ops, RandomGenerator random) {
    Parameter start = new Parameter("start", Matrices.gaussian(random, 4, 4, 1.0));
    return new BackstayEngine.OnTape(1) {
      @Override
      public double step() {
        Variable x = start.on(tape);
        for (int k = 0; k < ops; k++) {
          x = k % 2 == 0 ? x.scale(0.9999) : x.plus(1e-3); // numbers stay numbers
        }
        double value = tape.gradients(x.sum()).of(start).get(0, 0);
        tape.reset();
        return value;
      }
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
