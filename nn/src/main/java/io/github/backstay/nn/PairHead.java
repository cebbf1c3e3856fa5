package io.github.backstay.nn;

import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Variable;
import java.util.random.RandomGenerator;

/**
 * Compares two texts by their vectors (Tai et al. 2015, section 4.2; Wieting et al. 2016, section
 * 4), 2·[n×in] → [n×classes]:
 *
 * <pre>
 * s = σ([h₁ ⊙ h₂, |h₁ − h₂|]·Wᵀ + b)       n×hidden
 * p̂ = softmax(s·Vᵀ + c)
 * </pre>
 *
 * <p>How near the vectors are in direction and in size is all that it sees, so the order of the two
 * does not matter. For similarity there is a class per rating, and {@link RatingScale} says what to
 * learn and what to predict; for entailment there are three classes (entailed, neutral,
 * contradicted), and {@code logits.crossEntropy(labels)} is the loss.
 *
 * <p>Children are {@code hidden} and {@code output}, both {@link Linear}, whose weights start
 * Glorot-uniform and whose biases start at 0, as in the program of Wieting et al.; W is the W⁽ˣ⁾
 * and W⁽⁺⁾ of Tai et al. beside one another. The derivative of |h₁ − h₂| at 0 is 0.
 *
 * <pre>{@code
 * PairHead head = new PairHead(4, 5, 5, random);
 * RatingScale scale = new RatingScale(5);
 * Variable logits = head.forward(first, second);
 * Variable loss = scale.loss(logits, new double[] {4.5, 1.0}, Reduction.MEAN);
 * Variable predicted = scale.predict(logits);
 * }</pre>
 */
public final class PairHead extends Module {

  private final int in;
  private final Linear hidden;
  private final Linear output;

  /**
   * A head.
   *
   * @param in columns of the vectors, at least 1
   * @param hidden columns of s, at least 1
   * @param classes how many classes, at least 1
   * @param random what the first values are drawn from
   * @throws IllegalArgumentException if a number is less than 1
   */
  public PairHead(int in, int hidden, int classes, RandomGenerator random) {
    if (in < 1) {
      throw new IllegalArgumentException(
          describe() + ": the width of the vectors must be at least 1, got " + in + ".");
    }
    this.in = in;
    Initializer glorot = Initializer.glorotUniform();
    this.hidden = child("hidden", new Linear(2 * in, hidden, glorot, random));
    this.output = child("output", new Linear(hidden, classes, glorot, random));
  }

  /**
   * The classes' scores before the softmax.
   *
   * @param first h₁, one row per pair, n×in
   * @param second h₂, one row per pair, n×in
   * @return n×classes
   * @throws ShapeException if a shape is not that
   */
  public Variable forward(Variable first, Variable second) {
    if (!first.shape().equals(second.shape()) || first.cols() != in) {
      throw new ShapeException(
          describe()
              + ": the vectors are "
              + first.shape()
              + " and "
              + second.shape()
              + " (need "
              + new Shape(first.rows(), in)
              + " both).");
    }
    Variable features = first.elementMult(second).concatCols(first.minus(second).abs());
    Pass pass = Pass.evaluation(); // a linear layer is the same in training
    return output.forward(hidden.forward(features, pass).sigmoid(), pass);
  }
}
