package io.github.backstay.nn;

import io.github.backstay.core.Axis;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Variable;
import java.util.OptionalDouble;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * {@code Y = (X − mean)/√(variance + ε) ⊙ weight + bias}, [n×width] → [n×width], each column for
 * itself (Ioffe and Szegedy 2015, algorithm 1). In training, mean and variance are those of the
 * batch, with divisor n, and part of what is differentiated. In evaluation they are the running
 * ones, constants; each row is then mapped by itself, and the map is affine.
 *
 * <p>Parameters {@code weight} and {@code bias}, both 1×width, start at 1 and 0 and may be left
 * out. Every training pass moves three statistics ({@link Statistic}): {@code runningMean} and
 * {@code runningVar}, both 1×width, which start at 0 and 1 and become {@code (1 − m)·running +
 * m·batch}, the batch's variance now with divisor n − 1; and {@code batches}, 1×1, the number of
 * training passes. The momentum m is the weight of the new batch, as in PyTorch. Forward passes in
 * training are the one place in this package where calling a layer changes it.
 */
public final class BatchNorm extends Module implements Layer {

  /** ε, unless said otherwise; PyTorch's. */
  public static final double DEFAULT_EPSILON = 1e-5;

  /** The momentum, unless said otherwise; PyTorch's. */
  public static final double DEFAULT_MOMENTUM = 0.1;

  /**
   * What may be chosen.
   *
   * @param epsilon ε, added to the variance under the root, at least 0 and finite
   * @param momentum m, the weight of the new batch in the running statistics, in [0, 1]; empty for
   *     1/(number of batches), which makes them plain averages over all batches
   * @param affine whether there are weight and bias
   */
  public record Options(double epsilon, OptionalDouble momentum, boolean affine) {

    /**
     * Checks the values.
     *
     * @param epsilon ε, added to the variance under the root, at least 0 and finite
     * @param momentum m, the weight of the new batch in the running statistics, in [0, 1]; empty
     *     for 1/(number of batches), which makes them plain averages over all batches
     * @param affine whether there are weight and bias
     * @throws IllegalArgumentException if a value is not in its range
     */
    public Options {
      Normalization.require("batchNorm", 1, epsilon);
      if (momentum.isPresent()
          && !(momentum.getAsDouble() >= 0.0 && momentum.getAsDouble() <= 1.0)) {
        throw new IllegalArgumentException(
            "batchNorm: momentum must be in [0, 1], got " + momentum.getAsDouble() + ".");
      }
    }

    /**
     * The defaults, with weight and bias.
     *
     * @return ε 10⁻⁵, momentum 0.1
     */
    public static Options standard() {
      return new Options(DEFAULT_EPSILON, OptionalDouble.of(DEFAULT_MOMENTUM), true);
    }

    /**
     * The same with another ε.
     *
     * @param newEpsilon at least 0 and finite
     * @return the options
     */
    public Options withEpsilon(double newEpsilon) {
      return new Options(newEpsilon, momentum, affine);
    }

    /**
     * The same with another momentum.
     *
     * @param newMomentum the weight of the new batch, in [0, 1]
     * @return the options
     */
    public Options withMomentum(double newMomentum) {
      return new Options(epsilon, OptionalDouble.of(newMomentum), affine);
    }

    /**
     * The same with running statistics that are plain averages over all batches.
     *
     * @return the options
     */
    public Options withPlainAverage() {
      return new Options(epsilon, OptionalDouble.empty(), affine);
    }

    /**
     * The same without weight and bias.
     *
     * @return the options
     */
    public Options withoutAffine() {
      return new Options(epsilon, momentum, false);
    }
  }

  private final int width;
  private final Options options;
  private final @Nullable Parameter weight;
  private final @Nullable Parameter bias;
  private final Statistic runningMean;
  private final Statistic runningVar;
  private final Statistic batches;

  /**
   * A layer with the default options.
   *
   * @param width columns of the input, at least 1
   * @throws IllegalArgumentException if the width is less than 1
   */
  public BatchNorm(int width) {
    this(width, Options.standard());
  }

  /**
   * A layer.
   *
   * @param width columns of the input, at least 1
   * @param options ε, momentum, and whether there are weight and bias
   * @throws IllegalArgumentException if the width is less than 1
   */
  public BatchNorm(int width, Options options) {
    Normalization.require("batchNorm", width, options.epsilon());
    this.width = width;
    this.options = options;
    weight = options.affine() ? parameter("weight", Normalization.ones(width)) : null;
    bias = options.affine() ? parameter("bias", new DMatrixRMaj(1, width)) : null;
    runningMean = statistic("runningMean", new DMatrixRMaj(1, width));
    runningVar = statistic("runningVar", Normalization.ones(width));
    batches = statistic("batches", new DMatrixRMaj(1, 1));
  }

  /**
   * Applies the layer; in training, moves the running statistics.
   *
   * @param x n×width; in training, n must be at least 2
   * @param pass whether this is training
   * @return n×width
   * @throws ShapeException if the input does not have the right width, or in training too few rows
   */
  @Override
  public Variable forward(Variable x, Pass pass) {
    if (x.cols() != width) {
      throw new ShapeException(
          describe() + ": the input is " + x.shape() + " (need " + width + " columns).");
    }
    if (!pass.isTraining()) {
      DMatrixRMaj factor = runningVar.toMatrix();
      for (int j = 0; j < width; j++) {
        factor.data[j] = 1.0 / Math.sqrt(factor.data[j] + options.epsilon());
      }
      Variable mean = x.tape().borrow(runningMean.toMatrix());
      Variable centered = x.minus(mean);
      return Normalization.affine(centered.elementMult(x.tape().borrow(factor)), weight, bias);
    }
    if (x.rows() < 2) {
      throw new ShapeException(
          describe()
              + ": the input is "
              + x.shape()
              + " (training needs at least 2 rows: a batch of one is its own mean and would train"
              + " nothing). Leave a last batch of one out, or put it to the batch before.");
    }
    Variable y = Normalization.affine(x.standardize(Axis.COLS, options.epsilon()), weight, bias);
    moveStatistics(x.toMatrix());
    return y;
  }

  private void moveStatistics(DMatrixRMaj x) {
    DMatrixRMaj mean = new DMatrixRMaj(1, width);
    DMatrixRMaj variance = new DMatrixRMaj(1, width);
    int n = x.numRows;
    for (int j = 0; j < width; j++) {
      double sum = 0.0;
      for (int i = 0; i < n; i++) {
        sum += x.data[i * width + j];
      }
      mean.data[j] = sum / n;
      double squares = 0.0;
      for (int i = 0; i < n; i++) {
        double d = x.data[i * width + j] - mean.data[j];
        squares += d * d;
      }
      variance.data[j] = squares / (n - 1);
    }
    synchronized (batches) {
      double count = batches.toMatrix().data[0] + 1.0;
      double momentum = options.momentum().orElse(1.0 / count);
      runningMean.moveTowards(mean, momentum);
      runningVar.moveTowards(variance, momentum);
      batches.set(new DMatrixRMaj(new double[][] {{count}}));
    }
  }

  /**
   * The scale.
   *
   * @return 1×width, or null for a layer without
   */
  public @Nullable Parameter weight() {
    return weight;
  }

  /**
   * The shift.
   *
   * @return 1×width, or null for a layer without
   */
  public @Nullable Parameter bias() {
    return bias;
  }

  /**
   * The mean that evaluation subtracts.
   *
   * @return 1×width
   */
  public Statistic runningMean() {
    return runningMean;
  }

  /**
   * The variance that evaluation divides by the root of.
   *
   * @return 1×width
   */
  public Statistic runningVar() {
    return runningVar;
  }

  /**
   * How many training passes there were.
   *
   * @return 1×1
   */
  public Statistic batches() {
    return batches;
  }
}
