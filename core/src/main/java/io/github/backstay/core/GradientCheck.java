package io.github.backstay.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * Compares analytic derivatives with five-point central differences,
 *
 * <pre>{@code f'(x) ≈ (f(x−2h) − 8 f(x−h) + 8 f(x+h) − f(x+2h)) / 12h}</pre>
 *
 * for every entry of every input (Abramowitz and Stegun 1964, 25.3.6; the error is of order h⁴).
 * The output, of whatever shape, is contracted with a random cotangent, because a cotangent of ones
 * hides mistakes that cancel in a sum. Both forms of a rule are compared, the plain one and the one
 * in place ({@link Op.InPlace}). Where the two part, the report names input, entry, both values,
 * step and tolerance, and the op whose own rule fails, if one does.
 *
 * <pre>{@code
 * GradientCheck.of(x -> x[0].tanh().mult(x[1])).at(a, b).requirePassed();
 * }</pre>
 *
 * <p>A comparison with NaN on either side fails. Keep the point away from kinks. Immutable.
 *
 * @param function from variables of a fresh tape to a variable of it
 * @param step h for numbers up to 1; it grows with the size of larger numbers
 * @param tolerance the largest difference allowed, relative to the larger of 1 and both values
 * @param order 1 for the gradient, 2 for the gradient of the gradient's product with a random
 *     direction
 * @param seed of the random cotangents and directions
 */
public record GradientCheck(
    Function<Variable[], Variable> function, double step, double tolerance, int order, long seed) {

  /** h, unless said otherwise. */
  public static final double DEFAULT_STEP = 1e-3;

  /** The tolerance, unless said otherwise. */
  public static final double DEFAULT_TOLERANCE = 1e-9;

  /**
   * Checks the values.
   *
   * @param function from variables of a fresh tape to a variable of it
   * @param step h for numbers up to 1; it grows with the size of larger numbers
   * @param tolerance the largest difference allowed, relative to the larger of 1 and both values
   * @param order 1 for the gradient, 2 for the gradient of the gradient's product with a random
   *     direction
   * @param seed of the random cotangents and directions
   */
  public GradientCheck {
    if (!(step > 0.0 && step < Double.POSITIVE_INFINITY)
        || !(tolerance > 0.0 && tolerance < Double.POSITIVE_INFINITY)
        || order < 1
        || order > 2) {
      throw new IllegalArgumentException(
          "gradientCheck: step and tolerance must be positive and finite and the order 1 or 2, got step "
              + step
              + ", tolerance "
              + tolerance
              + ", order "
              + order
              + ".");
    }
  }

  /**
   * A check of first derivatives with the default settings.
   *
   * @param function from variables of a fresh tape to a variable of it
   * @return the check
   */
  public static GradientCheck of(Function<Variable[], Variable> function) {
    return new GradientCheck(function, DEFAULT_STEP, DEFAULT_TOLERANCE, 1, 1L);
  }

  /**
   * The same check with another step.
   *
   * @param newStep h
   * @return the check
   */
  public GradientCheck withStep(double newStep) {
    return new GradientCheck(function, newStep, tolerance, order, seed);
  }

  /**
   * The same check with another tolerance.
   *
   * @param newTolerance relative to the larger of 1 and both values
   * @return the check
   */
  public GradientCheck withTolerance(double newTolerance) {
    return new GradientCheck(function, step, newTolerance, order, seed);
  }

  /**
   * The same check of second derivatives: analytic second against differences of analytic first.
   *
   * @return the check
   */
  public GradientCheck secondOrder() {
    return new GradientCheck(function, step, tolerance, 2, seed);
  }

  /**
   * The same check with other random cotangents and directions.
   *
   * @param newSeed the seed
   * @return the check
   */
  public GradientCheck withSeed(long newSeed) {
    return new GradientCheck(function, step, tolerance, order, newSeed);
  }

  /**
   * One entry at which analytic and numeric derivative part.
   *
   * @param input which input, from 0
   * @param row the entry's row
   * @param col the entry's column
   * @param analytic the derivative by the rules
   * @param numeric the derivative by differences
   * @param step the step that was used
   * @param tolerance the difference that was allowed
   */
  public record Mismatch(
      int input, int row, int col, double analytic, double numeric, double step, double tolerance) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "input %d, entry (%d, %d): analytic %.12g, numeric %.12g, difference %.3g (step %.1e,"
              + " tolerance %.1e)",
          input,
          row,
          col,
          analytic,
          numeric,
          Math.abs(analytic - numeric),
          step,
          tolerance);
    }
  }

  /**
   * What a check has found.
   *
   * @param order 1 or 2
   * @param entries how many entries were compared
   * @param worst the largest difference, relative to the larger of 1 and both values
   * @param mismatches the entries that failed
   * @param op the name of the op whose own rule fails at this point, or null
   */
  public record Report(
      int order, int entries, double worst, List<Mismatch> mismatches, @Nullable String op) {

    /**
     * Checks the values.
     *
     * @param order 1 or 2
     * @param entries how many entries were compared
     * @param worst the largest difference, relative to the larger of 1 and both values
     * @param mismatches the entries that failed
     * @param op the name of the op whose own rule fails at this point, or null
     */
    public Report {
      mismatches = List.copyOf(mismatches);
    }

    /**
     * Whether every entry agrees.
     *
     * @return true if nothing failed
     */
    public boolean passed() {
      return mismatches.isEmpty();
    }

    /**
     * Fails loudly.
     *
     * @throws AssertionError with the whole report, if an entry failed
     */
    public void requirePassed() {
      if (!passed()) {
        throw new AssertionError(toString());
      }
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("gradientCheck, order ");
      text.append(order).append(": ").append(mismatches.size()).append(" of ").append(entries);
      text.append(" entries differ");
      if (op != null) {
        text.append("; the rule of op ").append(op).append(" fails by itself");
      }
      for (int i = 0; i < Math.min(8, mismatches.size()); i++) {
        text.append("\n  ").append(mismatches.get(i));
      }
      if (mismatches.size() > 8) {
        text.append("\n  and ").append(mismatches.size() - 8).append(" more");
      }
      return text.toString();
    }
  }

  /**
   * Checks at a point.
   *
   * @param inputs one matrix per input; not changed
   * @return what was found
   */
  public Report at(DMatrixRMaj... inputs) {
    Report report = compare(inputs);
    if (report.passed()) {
      return report;
    }
    return new Report(
        report.order, report.entries, report.worst, report.mismatches, culprit(inputs));
  }

  private Report compare(DMatrixRMaj[] inputs) {
    DMatrixRMaj[] point = new DMatrixRMaj[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      point[i] = inputs[i].copy();
    }
    DMatrixRMaj[] analytic;
    DMatrixRMaj[] recorded;
    try (Tape tape = Tape.create()) {
      Variable[] leaves = leaves(tape, point);
      Variable scalar = contracted(tape, leaves);
      analytic = derivatives(tape, scalar, leaves);
      recorded = recordedDerivatives(tape, scalar, leaves);
    }
    List<Mismatch> mismatches = new ArrayList<>();
    int entries = 0;
    double worst = 0.0;
    for (int input = 0; input < point.length; input++) {
      DMatrixRMaj x = point[input];
      for (int i = 0; i < x.getNumElements(); i++) {
        double numeric = difference(point, x, i);
        double exact = analytic[input].data[i];
        double error = error(exact, numeric);
        if (error <= tolerance) { // the plain rule, where the sweep has used the in-place form
          exact = recorded[input].data[i];
          error = Math.max(error, error(exact, numeric));
        }
        entries++;
        worst = Double.isNaN(error) ? Double.NaN : Math.max(worst, error);
        if (!(error <= tolerance)) {
          mismatches.add(
              new Mismatch(
                  input, i / x.numCols, i % x.numCols, exact, numeric, step(x.data[i]), tolerance));
        }
      }
    }
    return new Report(order, entries, worst, mismatches, null);
  }

  private static double error(double exact, double numeric) {
    double scale = Math.max(1.0, Math.max(Math.abs(exact), Math.abs(numeric)));
    return Math.abs(exact - numeric) / scale;
  }

  private double step(double x) {
    return step * Math.max(1.0, Math.abs(x));
  }

  private double difference(DMatrixRMaj[] point, DMatrixRMaj x, int i) {
    double at = x.data[i];
    double h = step(at);
    double sum = 0.0;
    double[] offsets = {-2.0, -1.0, 1.0, 2.0};
    double[] weights = {1.0, -8.0, 8.0, -1.0};
    for (int k = 0; k < offsets.length; k++) {
      x.data[i] = at + offsets[k] * h;
      try (Tape tape = Tape.create()) {
        sum += weights[k] * contracted(tape, leaves(tape, point)).toDouble();
      }
    }
    x.data[i] = at;
    return sum / (12.0 * h);
  }

  private static Variable[] leaves(Tape tape, DMatrixRMaj[] point) {
    Variable[] leaves = new Variable[point.length];
    for (int i = 0; i < point.length; i++) {
      leaves[i] = tape.variable(point[i]);
    }
    return leaves;
  }

  /** The scalar that is differentiated: the same random weights each time. */
  private Variable contracted(Tape tape, Variable[] leaves) {
    RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(seed);
    Variable output = function.apply(leaves);
    Variable scalar = output.dot(tape.constant(randomLike(random, output.value)));
    if (order == 1) {
      return scalar;
    }
    Variable sum = tape.zeros(1, 1);
    if (scalar.isTracked()) {
      for (Variable gradient : tape.recordedGradients(scalar, List.of(leaves))) {
        sum = sum.plus(gradient.dot(tape.constant(randomLike(random, gradient.value))));
      }
    }
    return sum;
  }

  private static DMatrixRMaj[] derivatives(Tape tape, Variable scalar, Variable[] leaves) {
    DMatrixRMaj[] derivatives = new DMatrixRMaj[leaves.length];
    Gradients gradients = scalar.isTracked() ? tape.gradients(scalar) : null;
    for (int i = 0; i < leaves.length; i++) {
      derivatives[i] =
          gradients == null
              ? new DMatrixRMaj(leaves[i].rows(), leaves[i].cols())
              : gradients.of(leaves[i]);
    }
    return derivatives;
  }

  private static DMatrixRMaj[] recordedDerivatives(Tape tape, Variable scalar, Variable[] leaves) {
    DMatrixRMaj[] derivatives = new DMatrixRMaj[leaves.length];
    List<Variable> recorded = tape.recordedGradients(scalar, List.of(leaves));
    for (int i = 0; i < leaves.length; i++) {
      derivatives[i] = recorded.get(i).toMatrix();
    }
    return derivatives;
  }

  private static DMatrixRMaj randomLike(RandomGenerator random, DMatrixRMaj like) {
    DMatrixRMaj matrix = new DMatrixRMaj(like.numRows, like.numCols);
    for (int i = 0; i < matrix.data.length; i++) {
      matrix.data[i] = random.nextGaussian();
    }
    return matrix;
  }

  /**
   * The first op of the computation whose own rule fails where the computation met it: by itself in
   * first order or, if all pass that, in the order of this check.
   */
  private @Nullable String culprit(DMatrixRMaj[] inputs) {
    try (Tape tape = Tape.create()) {
      int end = contracted(tape, leaves(tape, inputs)).index + 1;
      for (int ownOrder = 1; ownOrder <= order; ownOrder++) {
        for (int i = 0; i < end; i++) {
          Variable node = tape.node(i);
          Op op = node.op;
          if (op != null
              && node.tracked
              && !blocksAny(op, node.inputs.length)
              && !passesAlone(op, node.inputs, ownOrder)) {
            return op.name();
          }
        }
      }
    }
    return null;
  }

  private boolean passesAlone(Op op, Variable[] inputs, int ownOrder) {
    DMatrixRMaj[] operands = new DMatrixRMaj[inputs.length];
    for (int k = 0; k < operands.length; k++) {
      operands[k] = inputs[k].toMatrix();
    }
    Function<Variable[], Variable> alone = x -> x[0].tape().apply(op, x);
    return new GradientCheck(alone, step, tolerance, ownOrder, seed).compare(operands).passed();
  }

  private static boolean blocksAny(Op op, int inputs) {
    for (int k = 0; k < inputs; k++) {
      if (op.blocks(k)) {
        return true;
      }
    }
    return false;
  }
}
