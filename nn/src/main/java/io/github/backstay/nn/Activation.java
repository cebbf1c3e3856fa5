package io.github.backstay.nn;

import io.github.backstay.core.Op;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Variable;
import io.github.backstay.core.ops.Activations;
import io.github.backstay.core.ops.Arithmetic;
import java.util.List;

/**
 * {@code Y = f(X)}, entry by entry, as a layer: the same in training and in evaluation. Outside of
 * a {@link Sequential}, {@code x.tanh()} and its siblings do the same.
 *
 * <p>Immutable; may be shared between threads.
 *
 * @param op the function f; the formulas and rules stand in {@link Activations}
 */
public record Activation(Op.Unary op) implements Layer {

  /** x itself, for cells and networks of which one wants no function ({@link Arithmetic.Scale}). */
  public static final Activation IDENTITY = new Activation(new Arithmetic.Scale(1.0));

  /** The hyperbolic tangent ({@link Activations.Tanh}). */
  public static final Activation TANH = new Activation(Activations.Tanh.OP);

  /** 1/(1 + e⁻ˣ) ({@link Activations.Sigmoid}). */
  public static final Activation SIGMOID = new Activation(Activations.Sigmoid.OP);

  /** max(x, 0), with derivative 0 at 0 ({@link Activations.Relu}). */
  public static final Activation RELU = new Activation(Activations.Relu.OP);

  /** x·σ(x) ({@link Activations.Silu}). */
  public static final Activation SILU = new Activation(Activations.Silu.OP);

  /** x·Φ(x) ({@link Activations.Gelu}). */
  public static final Activation GELU = new Activation(Activations.Gelu.OP);

  /** ln(1 + eˣ) ({@link Activations.Softplus}). */
  public static final Activation SOFTPLUS = new Activation(Activations.Softplus.OP);

  /** ln σ(x) ({@link Activations.LogSigmoid}). */
  public static final Activation LOG_SIGMOID = new Activation(Activations.LogSigmoid.OP);

  /**
   * x where x &gt; 0, else slope·x ({@link Activations.LeakyRelu}).
   *
   * @param slope the slope on the negative side
   * @return the layer
   */
  public static Activation leakyRelu(double slope) {
    return new Activation(new Activations.LeakyRelu(slope));
  }

  /**
   * x where x &gt; 0, else α(eˣ − 1) ({@link Activations.Elu}).
   *
   * @param alpha the factor α
   * @return the layer
   */
  public static Activation elu(double alpha) {
    return new Activation(new Activations.Elu(alpha));
  }

  @Override
  public Variable forward(Variable x, Pass pass) {
    return x.apply(op);
  }

  @Override
  public List<Parameter> parameters() {
    return List.of();
  }
}
