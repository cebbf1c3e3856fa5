package io.github.backstay.benchmarks.micro;

import io.github.backstay.core.kernels.Kernels;
import io.github.backstay.core.kernels.Parallel;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.ejml.data.DMatrixRMaj;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** One product, of the shapes of the workloads and in every form, on one thread or more. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class Products {

  /** Rows of C, depth, columns of C. */
  @Param({"16x16x16", "64x64x64", "256x256x256", "64x784x256", "25x100x400", "1x784x256"})
  public String shape = "";

  /** What is transposed: N nothing, T the operand. */
  @Param({"NN", "NT", "TN", "TT"})
  public String form = "";

  /** How many threads share a product. */
  @Param("1")
  public int threads = 1;

  private final ForkJoinPool pool = new ForkJoinPool();
  private Kernels kernels = Kernels.standard();
  private boolean transA;
  private boolean transB;
  private DMatrixRMaj a = new DMatrixRMaj();
  private DMatrixRMaj b = new DMatrixRMaj();
  private DMatrixRMaj c = new DMatrixRMaj();

  /** Makes the operands. */
  @Setup
  public void prepare() {
    String[] sides = shape.split("x", -1);
    int m = Integer.parseInt(sides[0]);
    int depth = Integer.parseInt(sides[1]);
    int n = Integer.parseInt(sides[2]);
    transA = form.charAt(0) == 'T';
    transB = form.charAt(1) == 'T';
    kernels = Kernels.standard(Parallel.on(pool, threads));
    a = transA ? RandomMatrices.uniform(depth, m) : RandomMatrices.uniform(m, depth);
    b = transB ? RandomMatrices.uniform(n, depth) : RandomMatrices.uniform(depth, n);
    c = new DMatrixRMaj(m, n);
  }

  /** Ends the threads. */
  @TearDown
  public void end() {
    pool.shutdown();
  }

  /**
   * The product.
   *
   * @return its result
   */
  @Benchmark
  public DMatrixRMaj mult() {
    kernels.mult(transA, a, transB, b, false, c);
    return c;
  }
}
