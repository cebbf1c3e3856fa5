package io.github.backstay.optim;

import io.github.backstay.regularizers.Contraction;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * Adam with a decoupled squared pull, or none. Without a gradient both moments decay geometrically,
 * {@code m β1ʲ} and {@code v β2ʲ} after j steps, so that the steps of a stretch add up to
 *
 * <pre>{@code
 * d ← P·d − m·Σⱼ Pⱼ·ηⱼ/(1 − β1^tⱼ)·β1ʲ / (√v·hⱼ + ε)      hⱼ = β2^(j/2)/√(1 − β2^tⱼ)
 * }</pre>
 *
 * <p>with P the product of all factors 1 − ηλ, Pⱼ of those after step j. The quotient is expanded
 * in powers of ε/(√v·hⱼ), which is small wherever an entry has had gradients well above ε; the sums
 * over j are then the same for all entries of all rows that fell behind at the same time. Rows in
 * which an entry's ε counts for more are taken step by step.
 */
final class AdamDrift implements Drift {

  /** Powers of the expansion. */
  private static final int TERMS = 8;

  /** What is left out then is this to the eighth, 3e-14, of the motion. */
  private static final double LARGEST_RATIO = 0.02;

  private final Adam rule;
  private final int stepsToRest;
  private final double strength;
  private final @Nullable Contraction contraction;
  private double[] rates = new double[64];
  private double[] scales = new double[64]; // η/(1 − β1ᵗ)
  private double[] corrections = new double[64]; // √(1 − β2ᵗ)
  private int size;
  private double[][] sums = new double[64][]; // by the first step of a stretch
  private int[] sumsUpTo = new int[64]; // the step after the last of that stretch

  /**
   * Creates a drift without steps.
   *
   * @param rule Adam without weight decay of its own
   * @param strength λ of the decoupled pull, 0 for none
   * @param contraction the same as a relaxation; null for none
   */
  AdamDrift(Adam rule, double strength, @Nullable Contraction contraction) {
    this.rule = rule;
    this.stepsToRest = rule.stepsToRest();
    this.strength = strength;
    this.contraction = contraction;
  }

  @Override
  public boolean takes(double rate) {
    return true;
  }

  @Override
  public void record(long step, double rate) {
    if (size == rates.length) {
      rates = Arrays.copyOf(rates, 2 * size);
      scales = Arrays.copyOf(scales, 2 * size);
      corrections = Arrays.copyOf(corrections, 2 * size);
      sums = Arrays.copyOf(sums, 2 * size);
      sumsUpTo = Arrays.copyOf(sumsUpTo, 2 * size);
    }
    rates[size] = rate;
    scales[size] = rate / (1.0 - StrictMath.pow(rule.beta1(), (double) step));
    corrections[size] = Math.sqrt(1.0 - StrictMath.pow(rule.beta2(), (double) step));
    size++;
  }

  @Override
  public void clear() {
    size = 0;
    Arrays.fill(sumsUpTo, 0);
  }

  @Override
  public boolean carry(
      DMatrixRMaj weight, @Nullable DMatrixRMaj anchor, double[][] slots, int from, int to) {
    int n = weight.getNumElements();
    double[] m = slots[0];
    double[] v = slots[1];
    double[] u = slots[rule.amsgrad() ? 2 : 1];
    double[] sum = sums(from, to);
    boolean isSummed = Double.isFinite(sum[TERMS - 1]); // the highest power overflows first
    double limit = isSummed ? LARGEST_RATIO / sum[TERMS] : 0.0; // the last is the largest 1/h
    for (int i = 0; i < n; i++) {
      if (m[i] != 0.0 && !(rule.epsilon() <= limit * Math.sqrt(u[i]))) {
        return false;
      }
    }
    double taken = contraction == null ? 0.0 : -StrictMath.expm1(contraction.logarithm(from, to));
    double keptM = StrictMath.pow(rule.beta1(), (double) (to - from));
    double keptV = StrictMath.pow(rule.beta2(), (double) (to - from));
    for (int i = 0; i < n; i++) {
      double root = Math.sqrt(u[i]);
      double ratio = m[i] == 0.0 ? 0.0 : -rule.epsilon() / root;
      double series = sum[TERMS - 1];
      for (int k = TERMS - 2; k >= 0; k--) {
        series = sum[k] + ratio * series;
      }
      double d = anchor == null ? 0.0 : weight.data[i] - anchor.data[i];
      double motion = m[i] == 0.0 ? 0.0 : m[i] / root * series;
      weight.data[i] -= taken * d + motion;
      m[i] *= keptM;
      v[i] *= keptV;
    }
    return true;
  }

  /** The sums over the steps of a stretch, one for each power, and the largest 1/h. */
  private double[] sums(int from, int to) {
    double[] sum = sums[from];
    if (sum == null) {
      sum = new double[TERMS + 1];
      sums[from] = sum;
    }
    if (sumsUpTo[from] == to) {
      return sum;
    }
    Arrays.fill(sum, 0.0);
    double momentum = 1.0; // β1ʲ
    double growth = 1.0; // β2^(−j/2), or 1 where the denominator does not decay
    double perStep = rule.amsgrad() ? 1.0 : 1.0 / Math.sqrt(rule.beta2());
    int last = from + Math.min(stepsToRest, to - from);
    for (int step = from; step < last; step++) {
      momentum *= rule.beta1();
      growth *= perStep;
      double inverse = growth * corrections[step];
      double kept = 1.0 - rates[step] * strength;
      double term = scales[step] * momentum;
      for (int k = 0; k < TERMS; k++) {
        term *= inverse;
        sum[k] = kept * sum[k] + term;
      }
      sum[TERMS] = Math.max(sum[TERMS], inverse);
    }
    if (contraction != null && last < to) {
      double kept = StrictMath.exp(contraction.logarithm(last, to));
      for (int k = 0; k < TERMS; k++) {
        sum[k] *= kept;
      }
    }
    sumsUpTo[from] = to;
    return sum;
  }
}
