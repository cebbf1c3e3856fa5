package io.github.backstay.nn;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Variable;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * {@code Y = X·Wᵀ + 1·b}, [n×in] → [n×out]: a dense layer. The weight is stored out×in as in
 * PyTorch, parameter {@code weight}; the bias is 1×out, parameter {@code bias}, and may be left
 * out.
 */
public final class Linear extends Module implements Layer {

  private final Parameter weight;
  private final @Nullable Parameter bias;

  /**
   * A layer with PyTorch's first values: weight and bias from {@code U[−1/√in, 1/√in)}, the weight
   * drawn first.
   *
   * @param in columns of the input, at least 1
   * @param out columns of the output, at least 1
   * @param random what the first values are drawn from
   * @throws IllegalArgumentException if a width is less than 1
   */
  public Linear(int in, int out, RandomGenerator random) {
    requireWidths(in, out);
    weight = parameter("weight", out, in, Initializer.fanInUniform(), random);
    bias = parameter("bias", 1, out, Initializer.uniform(1.0 / Math.sqrt(in)), random);
  }

  /**
   * A layer whose bias starts at 0.
   *
   * @param in columns of the input, at least 1
   * @param out columns of the output, at least 1
   * @param initializer makes the weight
   * @param random what it is drawn from
   * @throws IllegalArgumentException if a width is less than 1
   */
  public Linear(int in, int out, Initializer initializer, RandomGenerator random) {
    this(in, out, initializer, random, true);
  }

  private Linear(
      int in, int out, Initializer initializer, RandomGenerator random, boolean withBias) {
    requireWidths(in, out);
    weight = parameter("weight", out, in, initializer, random);
    bias = withBias ? parameter("bias", new DMatrixRMaj(1, out)) : null;
  }

  private Linear(Parameter shared) {
    weight = share("weight", shared);
    bias = parameter("bias", new DMatrixRMaj(1, shared.rows()));
  }

  /**
   * A layer with given first values.
   *
   * @param weight out×in, copied
   * @param bias 1×out, copied
   * @throws ShapeException if they do not fit each other
   */
  public Linear(DMatrixRMaj weight, DMatrixRMaj bias) {
    if (bias.numRows != 1 || bias.numCols != weight.numRows) {
      throw new ShapeException(
          "linear: the bias is "
              + Shape.of(bias)
              + ", the weight is "
              + Shape.of(weight)
              + " (need a bias of 1×"
              + weight.numRows
              + "; the weight is stored out×in).");
    }
    this.weight = parameter("weight", weight);
    this.bias = parameter("bias", bias);
  }

  /**
   * {@code Y = X·Wᵀ}: a layer without bias.
   *
   * @param in columns of the input, at least 1
   * @param out columns of the output, at least 1
   * @param initializer makes the weight
   * @param random what it is drawn from
   * @return the layer
   * @throws IllegalArgumentException if a width is less than 1
   */
  public static Linear withoutBias(
      int in, int out, Initializer initializer, RandomGenerator random) {
    return new Linear(in, out, initializer, random, false);
  }

  /**
   * A layer that uses the weight of another module, with a bias of its own that starts at 0. With
   * an {@link Embedding}'s table (count×width) it maps a vector of the embedding's width to one
   * score per word (Press and Wolf 2017).
   *
   * @param weight out×in; its name remains what it is
   * @return the layer
   */
  public static Linear sharing(Parameter weight) {
    return new Linear(weight);
  }

  private static void requireWidths(int in, int out) {
    if (in < 1 || out < 1) {
      throw new IllegalArgumentException(
          "linear: both widths must be at least 1, got in " + in + " and out " + out + ".");
    }
  }

  @Override
  public Variable forward(Variable x, Pass pass) {
    if (x.cols() != weight.cols()) {
      throw new ShapeException(
          describe()
              + ": the input is "
              + x.shape()
              + ", the weight is "
              + weight.shape()
              + " (need input columns = weight columns; the weight is stored out×in)."
              + (x.rows() == weight.cols() ? " Transposing the input would fit." : ""));
    }
    Variable w = weight.on(x.tape());
    return bias == null ? x.multTransB(w) : x.affine(w, bias.on(x.tape()));
  }

  /**
   * The weight.
   *
   * @return out×in
   */
  public Parameter weight() {
    return weight;
  }

  /**
   * The bias.
   *
   * @return 1×out, or null for a layer without bias
   */
  public @Nullable Parameter bias() {
    return bias;
  }
}
