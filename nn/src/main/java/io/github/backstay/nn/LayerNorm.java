package io.github.backstay.nn;

import io.github.backstay.core.Axis;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Variable;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * {@code Y = (X − mean)/√(variance + ε) ⊙ weight + bias}, [n×width] → [n×width], mean and variance
 * of each row over its own entries, divisor width (Ba et al. 2016, equations 3 and 4): the same in
 * training and in evaluation, and independent of the other rows. Parameters {@code weight} and
 * {@code bias}, both 1×width, start at 1 and 0 and may be left out.
 */
public final class LayerNorm extends Module implements Layer {

  /** ε, unless said otherwise; PyTorch's. */
  public static final double DEFAULT_EPSILON = 1e-5;

  private final int width;
  private final double epsilon;
  private final @Nullable Parameter weight;
  private final @Nullable Parameter bias;

  /**
   * A layer with the default ε.
   *
   * @param width columns of the input, at least 1
   * @throws IllegalArgumentException if the width is less than 1
   */
  public LayerNorm(int width) {
    this(width, DEFAULT_EPSILON);
  }

  /**
   * A layer with another ε.
   *
   * @param width columns of the input, at least 1
   * @param epsilon added to the variance under the root, at least 0 and finite
   * @throws IllegalArgumentException if the width or ε is not in its range
   */
  public LayerNorm(int width, double epsilon) {
    this(width, epsilon, true);
  }

  private LayerNorm(int width, double epsilon, boolean affine) {
    Normalization.require("layerNorm", width, epsilon);
    this.width = width;
    this.epsilon = epsilon;
    weight = affine ? parameter("weight", Normalization.ones(width)) : null;
    bias = affine ? parameter("bias", new DMatrixRMaj(1, width)) : null;
  }

  /**
   * A layer without weight and bias.
   *
   * @param width columns of the input, at least 1
   * @param epsilon added to the variance under the root, at least 0 and finite
   * @return the layer
   * @throws IllegalArgumentException if the width or ε is not in its range
   */
  public static LayerNorm withoutAffine(int width, double epsilon) {
    return new LayerNorm(width, epsilon, false);
  }

  @Override
  public Variable forward(Variable x, Pass pass) {
    if (x.cols() != width) {
      throw new ShapeException(
          describe() + ": the input is " + x.shape() + " (need " + width + " columns).");
    }
    return Normalization.affine(x.standardize(Axis.ROWS, epsilon), weight, bias);
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
}
