package io.github.backstay.benchmarks.micro;

import io.github.backstay.core.kernels.Kernels;
import io.github.backstay.optim.Adam;
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
import org.openjdk.jmh.annotations.Warmup;

/** Maps and sums of many numbers, and an update of as many weights. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class Maps {

  /** How many numbers. */
  @Param({"100", "10000", "1000000"})
  public int count = 1;

  private final Kernels kernels = Kernels.standard();
  private final Adam adam = Adam.DEFAULT;
  private long step;
  private DMatrixRMaj x = new DMatrixRMaj();
  private DMatrixRMaj y = new DMatrixRMaj();
  private double[] sums = {};
  private double[][] slots = {};

  /** Makes the operands. */
  @Setup
  public void prepare() {
    x = RandomMatrices.uniform(count / 10, 10);
    y = new DMatrixRMaj(count / 10, 10);
    sums = new double[10];
    slots = new double[2][count];
  }

  /**
   * The exponential.
   *
   * @return the result
   */
  @Benchmark
  public DMatrixRMaj exp() {
    kernels.exp(x, y);
    return y;
  }

  /**
   * The hyperbolic tangent.
   *
   * @return the result
   */
  @Benchmark
  public DMatrixRMaj tanh() {
    kernels.tanh(x, y);
    return y;
  }

  /**
   * The logistic function.
   *
   * @return the result
   */
  @Benchmark
  public DMatrixRMaj sigmoid() {
    kernels.sigmoid(x, y);
    return y;
  }

  /**
   * The sum.
   *
   * @return the result
   */
  @Benchmark
  public double sum() {
    return kernels.sum(x.data, 0, count);
  }

  /**
   * The sums of ten columns.
   *
   * @return the result
   */
  @Benchmark
  public double[] sumCols() {
    kernels.sumCols(x.data, count / 10, 10, sums);
    return sums;
  }

  /**
   * The squared distance.
   *
   * @return the result
   */
  @Benchmark
  public double squaredDistance() {
    return kernels.squaredDistance(x.data, y.data, count);
  }

  /**
   * Adam's update.
   *
   * @return the weights
   */
  @Benchmark
  public double[] adam() {
    step++;
    adam.update(y.data, x.data, slots, 0, count, step, 1e-3);
    return y.data;
  }
}
