package io.github.backstay.benchmarks.micro;

import io.github.backstay.core.Gradients;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
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

/** Operations on a tape: forward, and forward and backward. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Fork(1)
public class Operations {

  /** Examples in a batch. */
  @Param({"1", "64"})
  public int batch = 1;

  /** Inputs and outputs of the layer. */
  @Param({"100", "256"})
  public int width = 1;

  private final Tape tape = Tape.create();
  private Parameter weight = new Parameter("weight", new DMatrixRMaj(1, 1));
  private Parameter bias = new Parameter("bias", new DMatrixRMaj(1, 1));
  private DMatrixRMaj x = new DMatrixRMaj();

  /** Makes the layer. */
  @Setup
  public void prepare() {
    weight = new Parameter("weight", RandomMatrices.uniform(width, width));
    bias = new Parameter("bias", RandomMatrices.uniform(1, width));
    x = RandomMatrices.uniform(batch, width);
  }

  /** Closes the tape. */
  @TearDown
  public void end() {
    tape.close();
  }

  private Variable layer() {
    return tape.constant(x).affine(weight.on(tape), bias.on(tape));
  }

  /**
   * An affine layer and a ramp.
   *
   * @return an entry of the result
   */
  @Benchmark
  public double affineRelu() {
    double entry = layer().relu().get(0, 0);
    tape.reset();
    return entry;
  }

  /**
   * An affine layer and a ramp, and the gradient of the sum.
   *
   * @return an entry of the gradient
   */
  @Benchmark
  public double affineReluGradient() {
    Gradients gradients = tape.gradients(layer().relu().sum());
    double entry = gradients.of(weight).get(0, 0);
    tape.reset();
    return entry;
  }

  /**
   * The softmax of each row of an affine layer.
   *
   * @return an entry of the result
   */
  @Benchmark
  public double affineSoftmax() {
    double entry = layer().softmax().get(0, 0);
    tape.reset();
    return entry;
  }

  /**
   * The softmax of each row of an affine layer, and the gradient of its squares.
   *
   * @return an entry of the gradient
   */
  @Benchmark
  public double affineSoftmaxGradient() {
    Gradients gradients = tape.gradients(layer().softmax().square().sum());
    double entry = gradients.of(weight).get(0, 0);
    tape.reset();
    return entry;
  }
}
