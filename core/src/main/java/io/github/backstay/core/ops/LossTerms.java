package io.github.backstay.core.ops;

import io.github.backstay.core.ClassWeights;
import io.github.backstay.core.CrossEntropyOptions;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Op;
import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import io.github.backstay.core.kernels.Elementary;
import org.ejml.data.DMatrixRMaj;

/**
 * The terms of losses before they are reduced, one per entry or one per row. Most are used through
 * {@link Losses}. Where a derivative can be infinite, a cotangent of 0 still gives 0 ({@link
 * Arithmetic.ElementMultOrZero}).
 */
public final class LossTerms {

  private LossTerms() {}

  // ---- of a difference ----------------------------------------------------------------------

  /**
   * {@code y = ½e²} where |e| ≤ δ, else {@code δ(|e| − ½δ)} (Huber 1964). Rule: ē = ȳ ⊙ e where |e|
   * ≤ δ, else ȳ ⊙ δ·sign e.
   *
   * @param delta where the parabola ends, δ &gt; 0
   */
  public record Huber(double delta) implements Pointwise {
    /**
     * Checks the value.
     *
     * @param delta where the parabola ends, δ &gt; 0
     */
    public Huber {
      requirePositive("huber", "delta", delta);
    }

    @Override
    public double at(double e) {
      double size = Math.abs(e);
      return size <= delta ? 0.5 * e * e : delta * (size - 0.5 * delta);
    }

    @Override
    public Variable vjp(Variable e, Variable y, Variable yBar) {
      Variable beyond = e.abs().minus(delta).step();
      return yBar.elementMult(beyond.where(e.sign().scale(delta), e));
    }
  }

  /**
   * {@code y = ½e²/β} where |e| &lt; β, else {@code |e| − ½β} (Girshick 2015, §2.3, with β = 1):
   * the Huber loss divided by its δ. Rule: ē = ȳ ⊙ e/β where |e| &lt; β, else ȳ ⊙ sign e.
   *
   * @param beta where the parabola ends, β &gt; 0
   */
  public record SmoothL1(double beta) implements Pointwise {
    /**
     * Checks the value.
     *
     * @param beta where the parabola ends, β &gt; 0
     */
    public SmoothL1 {
      requirePositive("smoothL1", "beta", beta);
    }

    @Override
    public double at(double e) {
      double size = Math.abs(e);
      return size < beta ? 0.5 * size * (size / beta) : size - 0.5 * beta;
    }

    @Override
    public Variable vjp(Variable e, Variable y, Variable yBar) {
      Variable beyond = e.abs().minus(beta).step();
      return yBar.elementMult(beyond.where(e.sign(), e.divide(beta)));
    }
  }

  // ---- of probabilities ---------------------------------------------------------------------

  /**
   * {@code y = −(t·ln x + (1 − t)·ln(1 − x))}, each logarithm at least −100, so that a wrong
   * certainty costs 100 and not infinity. Rules: x̄ = ȳ ⊙ (x − t) ⊘ max(x(1 − x), 10⁻¹²), which
   * still pulls where the logarithm is cut off, as in PyTorch; t̄ = ȳ ⊙ (y(x, 1) − y(x, 0)).
   */
  public record BinaryCrossEntropy() implements PointwiseLoss {
    /** The one instance that is needed. */
    public static final BinaryCrossEntropy OP = new BinaryCrossEntropy();

    private static final double LOWEST_LOG = -100.0;
    private static final double SMALLEST_VARIANCE = 1e-12;

    @Override
    public void check(DMatrixRMaj x, DMatrixRMaj t) {
      for (int i = 0; i < x.getNumElements(); i++) {
        if (x.data[i] < 0.0 || x.data[i] > 1.0) {
          throw new IllegalArgumentException(
              "binaryCrossEntropy: the probability at row "
                  + i / x.numCols
                  + ", column "
                  + i % x.numCols
                  + " is "
                  + x.data[i]
                  + " (must be in [0, 1]). Give logits to binaryCrossEntropyWithLogits.");
        }
      }
    }

    @Override
    public double at(double x, double t) {
      return -t * Math.max(Elementary.log(x), LOWEST_LOG)
          - (1.0 - t) * Math.max(StrictMath.log1p(-x), LOWEST_LOG);
    }

    @Override
    public Variable vjpLeft(Variable x, Variable t, Variable y, Variable yBar) {
      Variable excess = x.elementMult(x.oneMinus()).minus(SMALLEST_VARIANCE).relu();
      return yBar.elementMult(x.minus(t)).elementDiv(excess.plus(SMALLEST_VARIANCE));
    }

    @Override
    public Variable vjpRight(Variable x, Variable t, Variable y, Variable yBar) {
      Variable zeros = yBar.tape().zeros(t.rows(), t.cols());
      return yBar.elementMult(x.apply(OP, zeros.oneMinus()).minus(x.apply(OP, zeros)));
    }
  }

  /**
   * {@code y = w·t·ln(1 + e⁻ˣ) + (1 − t)·ln(1 + eˣ)}: binary cross-entropy of σ(x), from the logits
   * x and without overflow, with a weight w for the positive targets of each column. Rules: x̄ = ȳ
   * ⊙ ((1 − t) ⊙ σ(x) − w·t ⊙ σ(−x)), t̄ = ȳ ⊙ (w·ln(1 + e⁻ˣ) − ln(1 + eˣ)).
   *
   * @param positiveWeights the weight w of each column
   */
  public record BinaryCrossEntropyWithLogits(ClassWeights positiveWeights) implements Op.Binary {
    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x, DMatrixRMaj t) {
      Shape.requireSame("binaryCrossEntropyWithLogits", x, t);
      positiveWeights.requireCount("binaryCrossEntropyWithLogits", x.numCols);
      DMatrixRMaj y = w.like(x);
      for (int i = 0; i < y.data.length; i++) {
        double weight = positiveWeights.get(i % x.numCols);
        y.data[i] =
            part(weight * t.data[i], Activations.Softplus.OP.at(-x.data[i]))
                + part(1.0 - t.data[i], Activations.Softplus.OP.at(x.data[i]));
      }
      return y;
    }

    /** The product, where nothing of infinity is nothing. */
    private static double part(double share, double cost) {
      return share == 0.0 && Double.isInfinite(cost) ? 0.0 : share * cost;
    }

    @Override
    public Variable vjpLeft(Variable x, Variable t, Variable y, Variable yBar) {
      Variable up = positiveWeights.times(t.elementMult(x.negative().sigmoid()));
      return yBar.elementMult(t.oneMinus().elementMult(x.sigmoid()).minus(up));
    }

    @Override
    public Variable vjpRight(Variable x, Variable t, Variable y, Variable yBar) {
      Variable ofPositive = positiveWeights.times(x.negative().softplus());
      return yBar.elementMultOrZero(ofPositive.minus(x.softplus()));
    }
  }

  /**
   * {@code y = t(ln t − x)} from log-probabilities x and probabilities t; 0 where t = 0. Rules: x̄
   * = −ȳ ⊙ t, t̄ = ȳ ⊙ (ln t + 1 − x), which is infinite at t = 0.
   */
  public record KlDivergence() implements PointwiseLoss {
    /** The one instance that is needed. */
    public static final KlDivergence OP = new KlDivergence();

    @Override
    public double at(double x, double t) {
      return t == 0.0 && !Double.isNaN(x) ? 0.0 : t * (Elementary.log(t) - x);
    }

    @Override
    public Variable vjpLeft(Variable x, Variable t, Variable y, Variable yBar) {
      return yBar.elementMult(t).negative();
    }

    @Override
    public Variable vjpRight(Variable x, Variable t, Variable y, Variable yBar) {
      return yBar.elementMultOrZero(t.log().minus(x).plus(1.0));
    }
  }

  /**
   * {@code y = eᵗ(t − x)} from log-probabilities x and t; 0 where eᵗ = 0. Rules: x̄ = −ȳ ⊙ eᵗ, t̄ =
   * ȳ ⊙ (y + eᵗ).
   */
  public record KlDivergenceOfLogs() implements PointwiseLoss {
    /** The one instance that is needed. */
    public static final KlDivergenceOfLogs OP = new KlDivergenceOfLogs();

    @Override
    public double at(double x, double t) {
      double p = Elementary.exp(t);
      return p == 0.0 && !Double.isNaN(x) ? 0.0 : p * (t - x);
    }

    @Override
    public Variable vjpLeft(Variable x, Variable t, Variable y, Variable yBar) {
      return yBar.elementMult(t.exp()).negative();
    }

    @Override
    public Variable vjpRight(Variable x, Variable t, Variable y, Variable yBar) {
      return yBar.elementMultOrZero(y.plus(t.exp()));
    }
  }

  // ---- of classes ---------------------------------------------------------------------------

  /**
   * {@code yᵢ = −w[tᵢ]·X[i, tᵢ]}, [n×C] → [n×1]; 0 for rows that are ignored. Rule: X̄ = −ȳᵢ·w[tᵢ]
   * at the entries [i, tᵢ], else 0.
   *
   * @param targets the class of each row
   * @param options weights and ignored index; no label smoothing
   */
  public record NegativeLogLikelihood(Indices targets, CrossEntropyOptions options)
      implements Op.Unary {
    /**
     * Checks the values.
     *
     * @param targets the class of each row
     * @param options weights and ignored index; no label smoothing
     */
    public NegativeLogLikelihood {
      if (options.labelSmoothing() != 0.0) {
        throw new IllegalArgumentException(
            "negativeLogLikelihood: the label smoothing is "
                + options.labelSmoothing()
                + " (must be 0). Give logits to crossEntropy.");
      }
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      requireTargets("negativeLogLikelihood", x.numRows, x.numCols, targets, options);
      DMatrixRMaj y = w.matrix(x.numRows, 1);
      for (int i = 0; i < x.numRows; i++) {
        double weight = options.weightOf(targets.get(i));
        y.data[i] = weight == 0.0 ? 0.0 : -weight * x.data[i * x.numCols + targets.get(i)];
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      return yBar.elementMult(distributions(yBar.tape(), x.cols(), targets, options)).negative();
    }
  }

  /**
   * {@code yᵢ = Σⱼ Q[i, j]·(ln Σₖ e^X[i, k] − X[i, j])}, [n×C], [n×C] → [n×1]: the cross-entropy of
   * each row of logits X against weights Q, which need not sum to 1; 0·∞ counts 0. Rules: X̄ =
   * (softmax(X) ⊙ Σⱼ Q[i, j] − Q) ⊙ ȳ, Q̄ = −log-softmax(X) ⊙ ȳ.
   */
  public record SoftCrossEntropy() implements Op.Binary {
    /** The one instance that is needed. */
    public static final SoftCrossEntropy OP = new SoftCrossEntropy();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x, DMatrixRMaj q) {
      Shape.requireSame("softCrossEntropy", x, q);
      DMatrixRMaj y = w.matrix(x.numRows, 1);
      DMatrixRMaj terms = w.matrix(1, x.numCols);
      for (int i = 0; i < x.numRows; i++) {
        int from = i * x.numCols;
        double logSum = Reductions.LogSumExp.of(w, x.data, from, 1, x.numCols, terms.data);
        double sum = 0.0;
        for (int j = from; j < from + x.numCols; j++) {
          sum += q.data[j] == 0.0 ? 0.0 : q.data[j] * (logSum - x.data[j]);
        }
        y.data[i] = sum;
      }
      w.release(terms);
      return y;
    }

    @Override
    public Variable vjpLeft(Variable x, Variable q, Variable y, Variable yBar) {
      return x.softmax().elementMult(q.sumRows()).minus(q).elementMult(yBar);
    }

    @Override
    public Variable vjpRight(Variable x, Variable q, Variable y, Variable yBar) {
      return x.logSoftmax().elementMultOrZero(yBar).negative();
    }
  }

  /**
   * {@code yᵢ = (1/C) Σ over j ≠ tᵢ of max(0, m − X[i, tᵢ] + X[i, j])ᵖ}, [n×C] → [n×1] (Crammer and
   * Singer 2001 for p = 1, with the sum in place of the maximum). Rule: with the slopes S[i, j] =
   * ȳᵢ·p·max(0, …)ᵖ⁻¹/C, X̄ = S[i, j] for j ≠ tᵢ and −Σ S[i, j] over them at tᵢ; for p = 1 the
   * slope at the hinge is 0.
   *
   * @param targets the class of each row
   * @param p 1 or 2
   * @param margin the margin m
   */
  public record MultiMargin(Indices targets, int p, double margin) implements Op.Unary {
    /**
     * Checks the values.
     *
     * @param targets the class of each row
     * @param p 1 or 2
     * @param margin the margin m
     */
    public MultiMargin {
      if (p != 1 && p != 2) {
        throw new IllegalArgumentException("multiMargin: p must be 1 or 2, got " + p + ".");
      }
      requireFinite("multiMargin", "margin", margin);
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      requireTargets("multiMargin", x.numRows, x.numCols, targets, CrossEntropyOptions.NONE);
      DMatrixRMaj y = w.matrix(x.numRows, 1);
      for (int i = 0; i < x.numRows; i++) {
        int from = i * x.numCols;
        int own = from + targets.get(i);
        double sum = 0.0;
        for (int j = from; j < from + x.numCols; j++) {
          double lack = j == own ? 0.0 : Math.max(0.0, margin - x.data[own] + x.data[j]);
          sum += p == 1 ? lack : lack * lack;
        }
        y.data[i] = sum / x.numCols;
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      Variable missing = x.minus(x.pickFromRows(targets)).plus(margin);
      Variable slopes = p == 1 ? missing.step() : missing.relu().scale(2.0);
      Variable all = slopes.elementMult(yBar).divide(x.cols());
      // what the target's own column holds is taken off again, because the sum contains it too
      return all.minus(all.sumRows().placeInCols(targets, x.cols()));
    }
  }

  // ---- of labels 1 and −1 -------------------------------------------------------------------

  /**
   * {@code y = max(0, m − t·x)} for labels t = ±1. Rule: x̄ = −ȳ ⊙ t where t·x ≤ m, else 0: at the
   * hinge it still pulls, so that a margin of 0 can be trained from scores that are all 0.
   *
   * @param margin the margin m
   */
  public record Hinge(double margin) implements LabelledLoss {
    /**
     * Checks the value.
     *
     * @param margin the margin m
     */
    public Hinge {
      requireFinite("hinge", "margin", margin);
    }

    @Override
    public double at(double x, double t) {
      return Math.max(0.0, margin - t * x);
    }

    @Override
    public Variable vjpLeft(Variable x, Variable t, Variable y, Variable yBar) {
      Variable active = x.elementMult(t).minus(margin).step().oneMinus();
      return yBar.elementMult(active).elementMult(t).negative();
    }
  }

  /**
   * {@code y = x} where the label t is 1, {@code max(0, m − x)} where it is −1. Rule: x̄ = ȳ where
   * t = 1, −ȳ where t = −1 and x ≤ m, else 0.
   *
   * @param margin the margin m
   */
  public record HingeEmbedding(double margin) implements LabelledLoss {
    /**
     * Checks the value.
     *
     * @param margin the margin m
     */
    public HingeEmbedding {
      requireFinite("hingeEmbedding", "margin", margin);
    }

    @Override
    public double at(double x, double t) {
      return t > 0.0 ? x : Math.max(0.0, margin - x);
    }

    @Override
    public Variable vjpLeft(Variable x, Variable t, Variable y, Variable yBar) {
      Variable active = x.minus(margin).step().oneMinus();
      return t.step().where(yBar, yBar.elementMult(active).negative());
    }
  }

  /**
   * {@code y = ln(1 + e^(−t·x))} for labels t = ±1, without overflow. Rule: x̄ = −ȳ ⊙ t ⊙ σ(−t·x).
   */
  public record SoftMargin() implements LabelledLoss {
    /** The one instance that is needed. */
    public static final SoftMargin OP = new SoftMargin();

    @Override
    public double at(double x, double t) {
      return Activations.Softplus.OP.at(-t * x);
    }

    @Override
    public Variable vjpLeft(Variable x, Variable t, Variable y, Variable yBar) {
      Variable down = t.negative();
      return yBar.elementMult(x.elementMult(down).sigmoid()).elementMult(down);
    }
  }

  // ---- what the losses above and their rules share ------------------------------------------

  /**
   * The targets as a constant that holds how much each class of each row counts: {@code (1 −
   * s)·w[t]} at the row's class, and {@code s/C·w[j]} everywhere; zeros for rows that are ignored.
   */
  static Variable distributions(
      Tape tape, int classes, Indices targets, CrossEntropyOptions options) {
    DMatrixRMaj q = new DMatrixRMaj(targets.size(), classes);
    double s = options.labelSmoothing();
    for (int i = 0; i < q.numRows; i++) {
      int target = targets.get(i);
      if (target == options.ignoredIndex()) {
        continue;
      }
      for (int j = 0; s > 0.0 && j < classes; j++) {
        q.data[i * classes + j] = s / classes * options.weights().get(j);
      }
      q.data[i * classes + target] += (1.0 - s) * options.weights().get(target);
    }
    return tape.borrow(q);
  }

  /** Refuses targets that do not fit logits or log-probabilities of a shape. */
  static void requireTargets(
      String operation, int rows, int classes, Indices targets, CrossEntropyOptions options) {
    if (rows != targets.size()) {
      throw new ShapeException(
          operation
              + ": the scores are "
              + new Shape(rows, classes)
              + ", but there are "
              + targets.size()
              + " targets (need one target per row).");
    }
    targets.requireBelow(operation, classes, "classes", options.ignoredIndex());
    options.weights().requireCount(operation, classes);
  }

  private static void requirePositive(String operation, String name, double value) {
    if (!(value > 0.0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          operation + ": " + name + " must be finite and above 0, got " + value + ".");
    }
  }

  private static void requireFinite(String operation, String name, double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(
          operation + ": " + name + " must be finite, got " + value + ".");
    }
  }
}
