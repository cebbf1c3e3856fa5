package io.github.backstay.nn;

import io.github.backstay.core.Variable;
import java.util.List;

/**
 * {@code Y = fₖ(… f₂(f₁(X)))}: layers one after the other. Those that are modules are registered
 * under their positions among all layers, counted from 0, as in PyTorch: the second linear layer of
 * {@code new Sequential(linear, Activation.TANH, linear2)} has its weight at {@code 2.weight}. The
 * same layer may come more than once; its parameters are shared then. Without layers, Y = X.
 */
public final class Sequential extends Module implements Layer {

  private final List<Layer> layers;

  /**
   * Puts layers in a row.
   *
   * @param layers from the input to the output
   * @throws IllegalArgumentException if a layer has parameters and is no module
   */
  public Sequential(Layer... layers) {
    this(List.of(layers));
  }

  /**
   * Puts layers in a row.
   *
   * @param layers from the input to the output, copied
   * @throws IllegalArgumentException if a layer has parameters and is no module
   */
  public Sequential(List<? extends Layer> layers) {
    this.layers = List.copyOf(layers);
    for (int i = 0; i < this.layers.size(); i++) {
      Layer layer = this.layers.get(i);
      if (layer instanceof Module module) {
        child(String.valueOf(i), module);
      } else if (!layer.parameters().isEmpty()) {
        throw new IllegalArgumentException(
            "sequential: layer "
                + i
                + " ("
                + layer.getClass().getSimpleName()
                + ") has parameters but is no module, so they would have no names. Let it extend"
                + " Module.");
      }
    }
  }

  @Override
  public Variable forward(Variable x, Pass pass) {
    Variable y = x;
    for (Layer layer : layers) {
      y = layer.forward(y, pass);
    }
    return y;
  }

  /**
   * The layers.
   *
   * @return an unmodifiable list, from the input to the output
   */
  public List<Layer> layers() {
    return layers;
  }
}
