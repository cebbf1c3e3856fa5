package io.github.backstay.nn;

import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * {@code y = fₖ(… f₁(mean of the words' vectors))}: a text as an unordered bag of words, [T] →
 * [B×width of the last layer]. Three models of Wieting et al. (2016, section 3) are of this kind:
 *
 * <ul>
 *   <li>The word average, without layers: {@code new AveragingEncoder(words)}.
 *   <li>The {@linkplain #projection projection}, with one linear layer.
 *   <li>The {@linkplain #deep deep averaging network} (Iyyer et al. 2015), with k layers and a
 *       function after each. For their word dropout see {@link Texts#dropWords}.
 * </ul>
 *
 * <p>The embedding is the child {@code words}, the layers are below {@code layers}, a {@link
 * Sequential}. The average of a text without words is 0.
 *
 * <pre>{@code
 * Encoder encoder = AveragingEncoder.deep(words, 2, 6, Activation.TANH, random);
 * Variable vectors = encoder.encode(tape, texts.dropWords(0.3, pass), pass);
 * }</pre>
 */
public final class AveragingEncoder extends Module implements Encoder {

  private final Embedding words;
  private final Sequential layers;

  /**
   * An encoder.
   *
   * @param words the words' vectors
   * @param layers what is applied to the averages, in this order; none for the averages themselves
   * @throws IllegalArgumentException if a layer has parameters and is no module
   */
  public AveragingEncoder(Embedding words, Layer... layers) {
    this(words, List.of(layers));
  }

  private AveragingEncoder(Embedding words, List<Layer> layers) {
    this.words = child("words", words);
    this.layers = child("layers", new Sequential(layers));
  }

  /**
   * {@code y = mean·Wᵀ + b}. W starts Glorot-uniform and b at 0, as in the authors' program.
   *
   * @param words the words' vectors
   * @param width columns of the result, at least 1
   * @param random what W is drawn from
   * @return the encoder
   * @throws IllegalArgumentException if the width is less than 1
   */
  public static AveragingEncoder projection(Embedding words, int width, RandomGenerator random) {
    return new AveragingEncoder(words, dense(words.weight().cols(), width, random));
  }

  /**
   * {@code zₗ = f(zₗ₋₁·Wₗᵀ + bₗ)} for l = 1 … k, with z₀ the mean and y = zₖ (Iyyer et al. 2015,
   * section 3, without the softmax). The weights start Glorot-uniform and the biases at 0.
   *
   * @param words the words' vectors
   * @param depth the number of layers k, at least 1
   * @param width columns of each z and of the result, at least 1
   * @param activation the function f
   * @param random what the weights are drawn from
   * @return the encoder
   * @throws IllegalArgumentException if depth or width is less than 1
   */
  public static AveragingEncoder deep(
      Embedding words, int depth, int width, Activation activation, RandomGenerator random) {
    if (depth < 1) {
      throw new IllegalArgumentException(
          "averaging encoder: there must be at least 1 layer, got " + depth + ".");
    }
    List<Layer> layers = new ArrayList<>();
    for (int l = 0; l < depth; l++) {
      layers.add(dense(l == 0 ? words.weight().cols() : width, width, random));
      layers.add(activation);
    }
    return new AveragingEncoder(words, layers);
  }

  private static Linear dense(int in, int out, RandomGenerator random) {
    return new Linear(in, out, Initializer.glorotUniform(), random);
  }

  @Override
  public Variable encode(Tape tape, Texts texts, Pass pass) {
    return layers.forward(words.lookUpMean(tape, texts.tokens(), texts.ends()), pass);
  }

  /**
   * The words' vectors.
   *
   * @return the child {@code words}
   */
  public Embedding words() {
    return words;
  }
}
