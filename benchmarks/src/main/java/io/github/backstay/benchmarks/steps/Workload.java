package io.github.backstay.benchmarks.steps;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** The kinds of steps that are measured, in their usual sizes. */
public enum Workload {
  /** Ten operations on 4×4. */
  W1,
  /** A network 784-256-128-10, batch 64, Adam, L2. */
  W2,
  /** Anchored tables of width 100, 25 texts of 20 tokens. */
  W3,
  /** 25 Child-Sum trees of about 20 nodes, 100/100. */
  W4,
  /** A long short-term memory, 20 steps, batch 25, 100/100. */
  W5,
  /** A network 1024-1024-1024-10, batch 256, Adam. */
  W6,
  /** A Hessian-vector product of the network of W2. */
  W7,
  /** One row through the network of W2. */
  INFERENCE,
  /** One product of square matrices, in three forms; measured only when it is asked for. */
  PRODUCT;

  private static final long SEED = 42L;
  private static final double STRENGTH = 1e-4;

  /**
   * Those that are measured when none is asked for.
   *
   * @return all but {@link #PRODUCT}
   */
  public static List<Workload> usual() {
    return Arrays.stream(values()).filter(workload -> workload != PRODUCT).toList();
  }

  /**
   * Draws the numbers, the same in every call.
   *
   * @param heights of the tables of W3; each is a problem of its own
   * @param touched how many rows of each its texts use, at most the least height
   * @param sizes rows and columns of the matrices of {@link #PRODUCT}
   * @return one problem; for W3 one per height, for {@link #PRODUCT} three per size
   */
  public List<Problem> problems(List<Integer> heights, int touched, List<Integer> sizes) {
    return switch (this) {
      case W1 -> List.of(SmallOps.random(random(), 4));
      case W2 -> List.of(network());
      case W3 ->
          heights.stream()
              .<Problem>map(height -> AnchoredTable.random(random(), height, 100, touched, 25, 20))
              .toList();
      case W4 -> List.of(Trees.random(random(), 25, 20, 100, 100));
      case W5 -> List.of(LstmChain.random(random(), 20, 25, 100, 100));
      case W6 -> List.of(Mlp.random(random(), 0.0, 256, 1024, 1024, 1024, 10));
      case W7 -> List.of(HessianVector.random(random(), network()));
      case INFERENCE -> List.of(Inference.random(random(), network()));
      case PRODUCT ->
          sizes.stream().<Problem>flatMap(size -> Product.forms(random(), size).stream()).toList();
    };
  }

  private static RandomGenerator random() {
    return RandomGeneratorFactory.of("SplittableRandom").create(SEED);
  }

  private static Mlp network() {
    return Mlp.random(random(), STRENGTH, 64, 784, 256, 128, 10);
  }

  @Override
  public String toString() {
    return this == INFERENCE || this == PRODUCT ? name().toLowerCase(Locale.ROOT) : name();
  }
}
