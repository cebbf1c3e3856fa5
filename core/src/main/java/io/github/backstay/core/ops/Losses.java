package io.github.backstay.core.ops;

import io.github.backstay.core.Accumulator;
import io.github.backstay.core.Axis;
import io.github.backstay.core.ClassWeights;
import io.github.backstay.core.CrossEntropyOptions;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Op;
import io.github.backstay.core.Reduction;
import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import org.ejml.data.DMatrixRMaj;

/**
 * Losses: what they compute, of whole matrices or row by row, and two fused forms. In general a
 * loss has one term per entry or one per row, and its {@link Reduction} says what becomes of them.
 * Rows are examples. Operands must have one shape, nothing is broadcast; gradients flow to the
 * targets too, where they are numbers and not labels. The formulas stand here, the rules in {@link
 * LossTerms}.
 *
 * <pre>{@code
 * Variable loss = Losses.huber(prediction, target, 1.0, Reduction.MEAN);
 * Variable smoothed =
 *     Losses.crossEntropy(
 *         logits, labels, CrossEntropyOptions.NONE.withLabelSmoothing(0.1), Reduction.SUM);
 * }</pre>
 */
public final class Losses {

  private Losses() {}

  // ---- of numbers ---------------------------------------------------------------------------

  /**
   * {@code (x − t)²} per entry; no factor ½. With {@link Reduction#MEAN} the fused {@link
   * MeanSquaredError}.
   *
   * @param input x, m×n
   * @param target t, m×n
   * @param reduction what becomes of the m×n terms
   * @return the loss
   * @throws ShapeException if the shapes differ
   */
  public static Variable squaredError(Variable input, Variable target, Reduction reduction) {
    return reduction == Reduction.MEAN
        ? input.meanSquaredError(target)
        : reduction.of(difference("squaredError", input, target).square());
  }

  /**
   * {@code |x − t|} per entry; the derivative at 0 is 0.
   *
   * @param input x, m×n
   * @param target t, m×n
   * @param reduction what becomes of the m×n terms
   * @return the loss
   * @throws ShapeException if the shapes differ
   */
  public static Variable absoluteError(Variable input, Variable target, Reduction reduction) {
    return reduction.of(difference("absoluteError", input, target).abs());
  }

  /**
   * {@code ½e²/β} where |e| &lt; β, else {@code |e| − ½β}, of e = x − t, per entry ({@link
   * LossTerms.SmoothL1}); the Huber loss divided by its δ. For β = 0 the absolute error.
   *
   * @param input x, m×n
   * @param target t, m×n
   * @param beta β, at least 0, often 1
   * @param reduction what becomes of the m×n terms
   * @return the loss
   * @throws ShapeException if the shapes differ
   */
  public static Variable smoothL1(
      Variable input, Variable target, double beta, Reduction reduction) {
    Variable e = difference("smoothL1", input, target);
    return reduction.of(beta == 0.0 ? e.abs() : e.apply(new LossTerms.SmoothL1(beta)));
  }

  /**
   * {@code ½e²} where |e| ≤ δ, else {@code δ(|e| − ½δ)}, of e = x − t, per entry ({@link
   * LossTerms.Huber}).
   *
   * @param input x, m×n
   * @param target t, m×n
   * @param delta δ, above 0, often 1
   * @param reduction what becomes of the m×n terms
   * @return the loss
   * @throws ShapeException if the shapes differ
   */
  public static Variable huber(Variable input, Variable target, double delta, Reduction reduction) {
    return reduction.of(difference("huber", input, target).apply(new LossTerms.Huber(delta)));
  }

  // ---- of probabilities ---------------------------------------------------------------------

  /**
   * {@code −(t·ln x + (1 − t)·ln(1 − x))} per entry, each logarithm at least −100 ({@link
   * LossTerms.BinaryCrossEntropy}). From logits, {@link #binaryCrossEntropyWithLogits} is exact at
   * both ends.
   *
   * @param input probabilities x, m×n, from 0 to 1
   * @param target t, m×n, usually from 0 to 1
   * @param reduction what becomes of the m×n terms
   * @return the loss
   * @throws ShapeException if the shapes differ
   * @throws IllegalArgumentException if a probability is below 0 or above 1
   */
  public static Variable binaryCrossEntropy(Variable input, Variable target, Reduction reduction) {
    return reduction.of(input.apply(LossTerms.BinaryCrossEntropy.OP, target));
  }

  /**
   * {@code t·ln(1 + e⁻ˣ) + (1 − t)·ln(1 + eˣ)} per entry, without overflow ({@link
   * LossTerms.BinaryCrossEntropyWithLogits}).
   *
   * @param logits x, m×n
   * @param target t, m×n, usually from 0 to 1
   * @param reduction what becomes of the m×n terms
   * @return the loss
   * @throws ShapeException if the shapes differ
   */
  public static Variable binaryCrossEntropyWithLogits(
      Variable logits, Variable target, Reduction reduction) {
    return binaryCrossEntropyWithLogits(logits, target, ClassWeights.EQUAL, reduction);
  }

  /**
   * {@code w·t·ln(1 + e⁻ˣ) + (1 − t)·ln(1 + eˣ)} per entry, without overflow ({@link
   * LossTerms.BinaryCrossEntropyWithLogits}). The mean divides by the number of entries, whatever
   * the weights.
   *
   * @param logits x, m×n
   * @param target t, m×n, usually from 0 to 1
   * @param positiveWeights w of each column; weighs its positive targets only
   * @param reduction what becomes of the m×n terms
   * @return the loss
   * @throws ShapeException if the shapes differ, or there is not one weight per column
   */
  public static Variable binaryCrossEntropyWithLogits(
      Variable logits, Variable target, ClassWeights positiveWeights, Reduction reduction) {
    return reduction.of(
        logits.apply(new LossTerms.BinaryCrossEntropyWithLogits(positiveWeights), target));
  }

  /**
   * The Kullback–Leibler divergence of the input from the target: {@code t(ln t − x)} per entry, 0
   * where t = 0 ({@link LossTerms.KlDivergence}). {@link Reduction#MEAN} divides by the number of
   * entries; {@link Reduction#MEAN_OVER_ROWS} is the mean divergence of the rows.
   *
   * @param input log-probabilities x, m×n
   * @param target probabilities t, m×n
   * @param reduction what becomes of the m×n terms
   * @return the loss
   * @throws ShapeException if the shapes differ
   */
  public static Variable klDivergence(Variable input, Variable target, Reduction reduction) {
    return reduction.of(input.apply(LossTerms.KlDivergence.OP, target));
  }

  /**
   * As {@link #klDivergence}, from the logarithms of the target: {@code eᵗ(t − x)} per entry
   * ({@link LossTerms.KlDivergenceOfLogs}).
   *
   * @param input log-probabilities x, m×n
   * @param target log-probabilities t, m×n
   * @param reduction what becomes of the m×n terms
   * @return the loss
   * @throws ShapeException if the shapes differ
   */
  public static Variable klDivergenceOfLogs(Variable input, Variable target, Reduction reduction) {
    return reduction.of(input.apply(LossTerms.KlDivergenceOfLogs.OP, target));
  }

  // ---- of classes ---------------------------------------------------------------------------

  /**
   * {@code −x[t]} per row: minus the log-probability of the row's class ({@link
   * LossTerms.NegativeLogLikelihood}).
   *
   * @param input log-probabilities, n×C
   * @param targets the class t of each row
   * @param reduction what becomes of the n terms
   * @return the loss
   * @throws ShapeException if there is not one target per row
   * @throws IndexOutOfBoundsException if a target is no class
   */
  public static Variable negativeLogLikelihood(
      Variable input, Indices targets, Reduction reduction) {
    return negativeLogLikelihood(input, targets, CrossEntropyOptions.NONE, reduction);
  }

  /**
   * {@code −w[t]·x[t]} per row, 0 for rows that are ignored ({@link
   * LossTerms.NegativeLogLikelihood}). {@link Reduction#MEAN} divides by the sum of the weights
   * w[t] of the rows that are not ignored; it is NaN, with gradient 0, if that sum is 0.
   *
   * @param input log-probabilities, n×C
   * @param targets the class t of each row, or the ignored index
   * @param options weights and ignored index; no label smoothing
   * @param reduction what becomes of the n terms
   * @return the loss
   * @throws ShapeException if there is not one target per row, or not one weight per column
   * @throws IndexOutOfBoundsException if a target is neither a class nor ignored
   */
  public static Variable negativeLogLikelihood(
      Variable input, Indices targets, CrossEntropyOptions options, Reduction reduction) {
    return weighted(
        input.apply(new LossTerms.NegativeLogLikelihood(targets, options)),
        targets,
        options,
        reduction);
  }

  /**
   * {@code −ln softmax(x)[t]} per row, by log-sum-exp. With {@link Reduction#MEAN} the fused {@link
   * CrossEntropy}.
   *
   * @param logits n×C
   * @param targets the class t of each row
   * @param reduction what becomes of the n terms
   * @return the loss
   * @throws ShapeException if there is not one target per row
   * @throws IndexOutOfBoundsException if a target is no class
   */
  public static Variable crossEntropy(Variable logits, Indices targets, Reduction reduction) {
    return crossEntropy(logits, targets, CrossEntropyOptions.NONE, reduction);
  }

  /**
   * {@code (1 − s)·w[t]·l[t] + s/C·Σⱼ w[j]·l[j]} per row, with {@code l = −ln softmax(x)} by
   * log-sum-exp and s the label smoothing; 0 for rows that are ignored ({@link
   * LossTerms.SoftCrossEntropy}). {@link Reduction#MEAN} divides by the sum of the weights w[t] of
   * the rows that are not ignored, also the part of the smoothing; it is NaN, with gradient 0, if
   * that sum is 0. All as in PyTorch.
   *
   * @param logits n×C
   * @param targets the class t of each row, or the ignored index
   * @param options weights, ignored index, label smoothing
   * @param reduction what becomes of the n terms
   * @return the loss
   * @throws ShapeException if there is not one target per row, or not one weight per column
   * @throws IndexOutOfBoundsException if a target is neither a class nor ignored
   */
  public static Variable crossEntropy(
      Variable logits, Indices targets, CrossEntropyOptions options, Reduction reduction) {
    if (reduction == Reduction.MEAN && options.equals(CrossEntropyOptions.NONE)) {
      return logits.crossEntropy(targets);
    }
    LossTerms.requireTargets("crossEntropy", logits.rows(), logits.cols(), targets, options);
    Variable q = LossTerms.distributions(logits.tape(), logits.cols(), targets, options);
    return weighted(logits.apply(LossTerms.SoftCrossEntropy.OP, q), targets, options, reduction);
  }

  /**
   * {@code −Σⱼ t[j]·ln softmax(x)[j]} per row, by log-sum-exp ({@link LossTerms.SoftCrossEntropy}):
   * the cross-entropy against a distribution instead of a class.
   *
   * @param logits x, n×C
   * @param target t, n×C; rows usually sum to 1
   * @param reduction what becomes of the n terms
   * @return the loss
   * @throws ShapeException if the shapes differ
   */
  public static Variable softCrossEntropy(Variable logits, Variable target, Reduction reduction) {
    return softCrossEntropy(logits, target, CrossEntropyOptions.NONE, reduction);
  }

  /**
   * {@code −Σⱼ w[j]·((1 − s)·t[j] + s/C)·ln softmax(x)[j]} per row, by log-sum-exp, with s the
   * label smoothing ({@link LossTerms.SoftCrossEntropy}). {@link Reduction#MEAN} divides by the
   * number of rows, whatever the weights, as in PyTorch.
   *
   * @param logits x, n×C
   * @param target t, n×C; rows usually sum to 1
   * @param options weights and label smoothing; no ignored index
   * @param reduction what becomes of the n terms
   * @return the loss
   * @throws ShapeException if the shapes differ, or there is not one weight per column
   */
  public static Variable softCrossEntropy(
      Variable logits, Variable target, CrossEntropyOptions options, Reduction reduction) {
    if (options.ignoredIndex() != CrossEntropyOptions.NOTHING_IGNORED) {
      throw new IllegalArgumentException(
          "softCrossEntropy: the ignored index is "
              + options.ignoredIndex()
              + ", but the targets are no indices. A row of zeros counts 0.");
    }
    requireSame("softCrossEntropy", logits, target);
    options.weights().requireCount("softCrossEntropy", logits.cols());
    double s = options.labelSmoothing();
    Variable q = s == 0.0 ? target : target.scale(1.0 - s).plus(s / logits.cols());
    return reduction.of(logits.apply(LossTerms.SoftCrossEntropy.OP, options.weights().times(q)));
  }

  /**
   * {@code (1/C) Σ over j ≠ t of max(0, m − x[t] + x[j])ᵖ} per row ({@link LossTerms.MultiMargin}).
   *
   * @param scores x, n×C
   * @param targets the class t of each row
   * @param p 1 or 2
   * @param margin m, often 1
   * @param reduction what becomes of the n terms
   * @return the loss
   * @throws ShapeException if there is not one target per row
   * @throws IndexOutOfBoundsException if a target is no class
   */
  public static Variable multiMargin(
      Variable scores, Indices targets, int p, double margin, Reduction reduction) {
    return reduction.of(scores.apply(new LossTerms.MultiMargin(targets, p, margin)));
  }

  // ---- of labels 1 and −1 -------------------------------------------------------------------

  /**
   * {@code max(0, m − t·x)} per entry; at the hinge the derivative is that of the active side
   * ({@link LossTerms.Hinge}).
   *
   * @param input scores x, m×n
   * @param labels t, m×n, each 1 or −1; without gradient
   * @param margin m, often 1
   * @param reduction what becomes of the m×n terms
   * @return the loss
   * @throws ShapeException if the shapes differ
   * @throws IllegalArgumentException if a label is neither 1 nor −1
   */
  public static Variable hinge(
      Variable input, Variable labels, double margin, Reduction reduction) {
    return reduction.of(input.apply(new LossTerms.Hinge(margin), labels));
  }

  /**
   * {@code ln(1 + e^(−t·x))} per entry, without overflow ({@link LossTerms.SoftMargin}).
   *
   * @param input scores x, m×n
   * @param labels t, m×n, each 1 or −1; without gradient
   * @param reduction what becomes of the m×n terms
   * @return the loss
   * @throws ShapeException if the shapes differ
   * @throws IllegalArgumentException if a label is neither 1 nor −1
   */
  public static Variable softMargin(Variable input, Variable labels, Reduction reduction) {
    return reduction.of(input.apply(LossTerms.SoftMargin.OP, labels));
  }

  /**
   * {@code max(0, m − t·(x₁ − x₂))} per entry: {@link #hinge} of a difference. Label 1 asks that
   * the first score be the higher one.
   *
   * @param first scores x₁, m×n
   * @param second scores x₂, m×n
   * @param labels t, m×n, each 1 or −1; without gradient
   * @param margin m, often 0
   * @param reduction what becomes of the m×n terms
   * @return the loss
   * @throws ShapeException if the shapes differ
   * @throws IllegalArgumentException if a label is neither 1 nor −1
   */
  public static Variable marginRanking(
      Variable first, Variable second, Variable labels, double margin, Reduction reduction) {
    requireSame("marginRanking", first, labels);
    return hinge(difference("marginRanking", first, second), labels, margin, reduction);
  }

  /**
   * {@code x} per entry where the label is 1, {@code max(0, m − x)} where it is −1; at the hinge
   * the derivative is that of the active side ({@link LossTerms.HingeEmbedding}).
   *
   * @param input distances x, m×n
   * @param labels m×n, each 1 or −1; without gradient
   * @param margin m, often 1
   * @param reduction what becomes of the m×n terms
   * @return the loss
   * @throws ShapeException if the shapes differ
   * @throws IllegalArgumentException if a label is neither 1 nor −1
   */
  public static Variable hingeEmbedding(
      Variable input, Variable labels, double margin, Reduction reduction) {
    return reduction.of(input.apply(new LossTerms.HingeEmbedding(margin), labels));
  }

  // ---- of rows as vectors -------------------------------------------------------------------

  /**
   * {@code u·v / (max(‖u‖, ε)·max(‖v‖, ε))} per row; not a loss but what some are made of. No
   * square overflows; 0 where a row is 0, with the gradient of the formula, which is large there.
   * The gradient is that of the formula also where a norm is below ε and the divisor therefore
   * constant, where PyTorch's is not.
   *
   * @param first one vector u per row, n×d
   * @param second one vector v per row, n×d
   * @param epsilon ε, above 0, often 1e-8
   * @return the similarities, n×1
   * @throws ShapeException if the shapes differ
   */
  public static Variable cosineSimilarity(Variable first, Variable second, double epsilon) {
    requireSame("cosineSimilarity", first, second);
    if (!(epsilon > 0.0) || Double.isInfinite(epsilon)) {
      throw new IllegalArgumentException(
          "cosineSimilarity: epsilon must be finite and above 0, got " + epsilon + ".");
    }
    return cosine(
        first,
        first.norm(Axis.ROWS, 2.0).clamp(epsilon, Double.POSITIVE_INFINITY),
        second,
        second.norm(Axis.ROWS, 2.0).clamp(epsilon, Double.POSITIVE_INFINITY));
  }

  /**
   * {@code 1 − cos(u, v)} per row where the label is 1, {@code max(0, cos(u, v) − m)} where it is
   * −1, with {@code cos(u, v) = u·v / √((‖u‖² + 10⁻¹²)(‖v‖² + 10⁻¹²))}, which is smooth at 0 and
   * not quite {@link #cosineSimilarity}, as in PyTorch. At the hinge the derivative is that of the
   * active side, as in {@link #hingeEmbedding}.
   *
   * @param first one vector u per row, n×d
   * @param second one vector v per row, n×d
   * @param labels n×1, each 1 or −1; without gradient
   * @param margin m, from −1 to 1, often 0
   * @param reduction what becomes of the n terms
   * @return the loss
   * @throws ShapeException if the shapes do not fit
   * @throws IllegalArgumentException if a label is neither 1 nor −1
   */
  public static Variable cosineEmbedding(
      Variable first, Variable second, Variable labels, double margin, Reduction reduction) {
    requireSame("cosineEmbedding", first, second);
    if (labels.rows() != first.rows() || labels.cols() != 1) {
      throw new ShapeException(
          "cosineEmbedding: the vectors are "
              + first.shape()
              + ", the labels are "
              + labels.shape()
              + " (need a column with one label per row).");
    }
    Variable cosine = cosine(first, smoothNorms(first, 1e-6), second, smoothNorms(second, 1e-6));
    return hingeEmbedding(cosine.oneMinus(), labels, 1.0 - margin, reduction);
  }

  /**
   * {@code max(0, d(a, p) − d(a, n) + m)} per row, with {@code d(u, v) = ‖u − v + ε‖}, where ε is
   * added to every coordinate (Schroff et al. 2015, without their squares). At the hinge the
   * derivative is that of the active side, as in {@link #hinge}; where a distance is 0 it is 0.
   *
   * @param anchor one vector a per row, n×d
   * @param positive one vector p per row, which should be close to a
   * @param negative one vector n per row, which should be far from a
   * @param margin m, often 1
   * @param epsilon ε, often 1e-6
   * @param reduction what becomes of the n terms
   * @return the loss
   * @throws ShapeException if the shapes differ
   */
  public static Variable tripletMargin(
      Variable anchor,
      Variable positive,
      Variable negative,
      double margin,
      double epsilon,
      Reduction reduction) {
    Variable near = difference("tripletMargin", anchor, positive).plus(epsilon);
    Variable far = difference("tripletMargin", anchor, negative).plus(epsilon);
    Variable excess = far.norm(Axis.ROWS, 2.0).minus(near.norm(Axis.ROWS, 2.0));
    Variable ones = anchor.tape().zeros(anchor.rows(), 1).oneMinus();
    return hinge(excess, ones, margin, reduction);
  }

  // ---- what they share ----------------------------------------------------------------------

  private static Variable cosine(
      Variable first, Variable firstNorms, Variable second, Variable secondNorms) {
    return first.elementDiv(firstNorms).elementMult(second.elementDiv(secondNorms)).sum(Axis.ROWS);
  }

  /** {@code √(‖xᵢ‖² + ε²)} of each row: its norm as if it had one entry ε more. */
  private static Variable smoothNorms(Variable x, double epsilon) {
    return x.pad(0, 1, 0, 0, epsilon).norm(Axis.ROWS, 2.0);
  }

  private static Variable difference(String loss, Variable left, Variable right) {
    requireSame(loss, left, right);
    return left.minus(right);
  }

  private static void requireSame(String loss, Variable left, Variable right) {
    if (!left.shape().equals(right.shape())) {
      throw new ShapeException(
          loss
              + ": shapes differ: left is "
              + left.shape()
              + ", right is "
              + right.shape()
              + " (both must have the same shape).");
    }
  }

  /** Reduces the terms of rows; their mean divides by what the rows weigh. */
  private static Variable weighted(
      Variable terms, Indices targets, CrossEntropyOptions options, Reduction reduction) {
    if (reduction != Reduction.MEAN) {
      return reduction.of(terms);
    }
    double total = 0.0;
    for (int i = 0; i < targets.size(); i++) {
      total += options.weightOf(targets.get(i));
    }
    Variable sum = terms.sum();
    // a mean of nothing is NaN, but dividing by 0 would make the gradient NaN as well
    return total == 0.0 ? sum.plus(sum.tape().constant(Double.NaN)) : sum.divide(total);
  }

  // ---- fused forms --------------------------------------------------------------------------

  /**
   * {@code y = −(1/n) Σᵢ ln softmax(xᵢ)[tᵢ]}, [n×C] → [1×1]: the mean over the rows of the negative
   * log-likelihood of each row's class, from logits, by log-sum-exp. NaN for no rows. Rule: x̄ =
   * ȳ/n · (softmax(x) − one-hot(t)).
   *
   * @param targets the class of each row, from 0 to C − 1
   */
  public record CrossEntropy(Indices targets) implements Op.Unary, Op.InPlace {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      LossTerms.requireTargets(
          "crossEntropy", x.numRows, x.numCols, targets, CrossEntropyOptions.NONE);
      double sum = 0.0;
      DMatrixRMaj terms = w.matrix(1, x.numCols);
      for (int i = 0; i < x.numRows; i++) {
        int from = i * x.numCols;
        double logSum = Reductions.LogSumExp.of(w, x.data, from, 1, x.numCols, terms.data);
        sum += logSum - x.data[from + targets.get(i)];
      }
      w.release(terms);
      return w.scalar(sum / x.numRows);
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      Variable oneHot = yBar.broadcastTo(x.rows(), 1).placeInCols(targets, x.cols());
      return x.softmax(Axis.ROWS).elementMult(yBar).minus(oneHot).scale(1.0 / x.rows());
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator xBar) {
      DMatrixRMaj x = inputs[0];
      double[] out = xBar.dense().data;
      double bar = yBar.data[0] / x.numRows;
      DMatrixRMaj terms = w.matrix(1, x.numCols);
      for (int i = 0; i < x.numRows; i++) {
        int from = i * x.numCols;
        double max = Reductions.LogSumExp.max(x.data, from, 1, x.numCols);
        double sum = Reductions.LogSumExp.sumExp(w, x.data, from, 1, x.numCols, max, terms.data);
        double factor = Double.isInfinite(max) ? bar : bar / sum;
        for (int j = 0; j < x.numCols; j++) {
          out[from + j] += factor * terms.data[j];
        }
        out[from + targets.get(i)] -= bar;
      }
      w.release(terms);
    }
  }

  /**
   * {@code y = (1/n) Σ (a − b)²} over all n entries, operands of one shape → [1×1]; no factor ½.
   * NaN for no entries. Rules: ā = ȳ·(2/n)·(a − b), b̄ = −ā.
   */
  public record MeanSquaredError() implements Op.Binary, Op.InPlace {
    /** The one instance that is needed. */
    public static final MeanSquaredError OP = new MeanSquaredError();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj a, DMatrixRMaj b) {
      Shape.requireSame("meanSquaredError", a, b);
      int n = a.getNumElements();
      return w.scalar(w.kernels().squaredDistance(a.data, b.data, n) / n);
    }

    @Override
    public Variable vjpLeft(Variable a, Variable b, Variable y, Variable yBar) {
      return a.minus(b).scale(2.0 / (a.rows() * a.cols())).elementMult(yBar);
    }

    @Override
    public Variable vjpRight(Variable a, Variable b, Variable y, Variable yBar) {
      return b.minus(a).scale(2.0 / (a.rows() * a.cols())).elementMult(yBar);
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator bar) {
      double[] own = inputs[input].data;
      double[] other = inputs[1 - input].data;
      double[] out = bar.dense().data;
      double factor = 2.0 / out.length * yBar.data[0];
      for (int i = 0; i < out.length; i++) {
        out[i] += factor * (own[i] - other[i]);
      }
    }
  }
}
