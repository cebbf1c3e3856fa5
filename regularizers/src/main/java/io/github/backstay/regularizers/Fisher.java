package io.github.backstay.regularizers;

import io.github.backstay.core.Gradient;
import io.github.backstay.core.Gradients;
import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Parameterized;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.ejml.data.DMatrixRMaj;

/**
 * The diagonal of the Fisher information, one matrix F per parameter, in its shape: how sharply the
 * likelihood of what was learnt depends on each entry, at the values that the parameters had when
 * it was taken. Elastic weight consolidation (Kirkpatrick et al. 2017, eq. 3) holds every entry
 * with its share of it while another task is learnt:
 *
 * <pre>{@code
 * Fisher fisher = Fisher.empirical(model, examples, (tape, example) -> loss(tape, example));
 * List<Regularizer> pulls = fisher.ewc(400.0);
 * }</pre>
 *
 * <p>Three makers, three quantities. {@link #empirical} is the mean of squared gradients, one
 * gradient per example and its own label; {@link #expected} takes the labels from the model, which
 * is what Fisher's definition says (Kunstner et al. 2019 on the difference); {@link #ofBatchMeans}
 * squares the gradients of whole batches, which is faster and much too small. A parameter that no
 * loss reads has F = 0. Parameters that are frozen are skipped, and {@link #skipped()} says which.
 *
 * <p>Row-sparse gradients are squared row by row: an example costs the rows that it looks up, not
 * the height of the table. Immutable; may be shared between threads.
 */
public final class Fisher implements Parameterized {

  /** F of one parameter, and which of its values that belongs to. */
  private record Diagonal(DMatrixRMaj values, long version) {}

  private final String words;
  private final long examples;
  private final Map<Parameter, Diagonal> diagonals;
  private final List<Parameter> skipped;

  private Fisher(
      String words, long examples, Map<Parameter, Diagonal> diagonals, List<Parameter> skipped) {
    this.words = words;
    this.examples = examples;
    this.diagonals = diagonals;
    this.skipped = skipped;
  }

  /**
   * The empirical Fisher information: {@code F = 1/N·Σ (∂ℓₙ/∂W)²}, squared entry by entry, where ℓₙ
   * = −ln p(yₙ|xₙ) is the loss of example n with its own label. Exact: one sweep per example.
   *
   * @param <E> what an example is
   * @param parameters a module, a scope or a parameter
   * @param examples at least one; gone through once
   * @param loss the negative log-likelihood of one example, 1×1: no mean over several, no penalty
   * @return the mean over the examples
   * @throws IllegalArgumentException if there are no examples or no trainable parameters, or if a
   *     loss is not finite, contains a penalty or reaches no parameter
   */
  public static <E> Fisher empirical(
      Parameterized parameters,
      Iterable<? extends E> examples,
      BiFunction<? super Tape, ? super E, Variable> loss) {
    return ofLosses("empirical", "example", parameters, examples, loss);
  }

  /**
   * An approximation of {@link #empirical}: {@code 1/M·Σ (∂Lₘ/∂W)²}, where Lₘ is the mean loss of
   * batch m. One sweep per batch, and therefore common, but of another size. If the gradients of
   * the examples are independent with mean μ and variance σ², each entry is {@code μ² + σ²/B} in
   * expectation for batches of B, where the exact mean is {@code μ² + σ²}. Where training has
   * converged μ is near 0, and the result is 1/B of the exact one: λ has to be B times as large.
   *
   * @param <B> what a batch is
   * @param parameters a module, a scope or a parameter
   * @param batches at least one, of one size; gone through once
   * @param meanLoss the mean of the negative log-likelihoods of one batch, 1×1, without a penalty
   * @return the mean over the batches
   * @throws IllegalArgumentException as {@link #empirical}
   */
  public static <B> Fisher ofBatchMeans(
      Parameterized parameters,
      Iterable<? extends B> batches,
      BiFunction<? super Tape, ? super B, Variable> meanLoss) {
    return ofLosses("batch-mean", "batch", parameters, batches, meanLoss);
  }

  private static <E> Fisher ofLosses(
      String words,
      String item,
      Parameterized parameters,
      Iterable<? extends E> items,
      BiFunction<? super Tape, ? super E, Variable> loss) {
    Squares squares = new Squares(item, parameters);
    try (Tape tape = Tape.create()) {
      for (E each : items) {
        Variable value = squares.requireNoPenalty("loss", loss.apply(tape, each));
        Objective objective = Objective.of("loss of " + squares.place(), value);
        squares.requireFinite("loss", objective.value());
        squares.add(1.0, objective.gradients());
        squares.next();
        tape.reset();
      }
    }
    return squares.mean(words);
  }

  /**
   * The Fisher information of a softmax over classes: {@code F = 1/N·Σₙ Σ_c p_c·(∂(−ln p_c)/∂W)²},
   * where p is what the model says about example n. The labels of the data are not used. Exact: one
   * sweep per example and class.
   *
   * @param <E> what an example is
   * @param parameters a module, a scope or a parameter
   * @param examples at least one; gone through once
   * @param logits the unnormalized log-probabilities of the classes for one example, 1×C
   * @return the mean over the examples
   * @throws IllegalArgumentException if there are no examples or no trainable parameters, or if
   *     logits give no probabilities, contain a penalty or reach no parameter
   * @throws ShapeException if logits are not one row of at least two columns
   */
  public static <E> Fisher expected(
      Parameterized parameters,
      Iterable<? extends E> examples,
      BiFunction<? super Tape, ? super E, Variable> logits) {
    Squares squares = new Squares("example", parameters);
    try (Tape tape = Tape.create()) {
      for (E example : examples) {
        Variable z = squares.requireNoPenalty("vector of logits", logits.apply(tape, example));
        if (z.rows() != 1 || z.cols() < 2) {
          throw new ShapeException(
              "fisher: the logits of "
                  + squares.place()
                  + " are "
                  + z.shape()
                  + " (need one row with a column per class, at least two). Hand over one example"
                  + " at a time; a single logit z is a row of 0 and z.");
        }
        double[] p = z.softmax().toMatrix().data;
        for (int c = 0; c < p.length; c++) {
          squares.requireFinite("probability of class " + c, p[c]);
          if (p[c] > 0.0) {
            DMatrixRMaj cotangent = new DMatrixRMaj(1, p.length, true, p.clone());
            cotangent.data[c] -= 1.0; // ∂(−ln p_c)/∂z = p − e_c
            squares.add(p[c], tape.gradients(z, cotangent));
          }
        }
        squares.next();
        tape.reset();
      }
    }
    return squares.mean("expected");
  }

  /** A running sum of squared gradients. */
  private static final class Squares {
    private final String item;
    private final Map<Parameter, DMatrixRMaj> sums = new LinkedHashMap<>();
    private final Map<Parameter, Long> versions = new LinkedHashMap<>();
    private final List<Parameter> skipped = new ArrayList<>();
    private long count;
    private boolean reached;

    Squares(String item, Parameterized parameters) {
      this.item = item;
      for (Parameter parameter : Scope.of(parameters).parameters()) {
        if (parameter.isFrozen()) {
          skipped.add(parameter);
        } else {
          sums.put(parameter, new DMatrixRMaj(parameter.rows(), parameter.cols()));
          versions.put(parameter, parameter.version());
        }
      }
      if (sums.isEmpty()) {
        throw new IllegalArgumentException(
            "fisher: all parameters are frozen (need one that is trained): "
                + Scope.of(parameters)
                + ". Take the Fisher information before they are frozen.");
      }
    }

    /** For messages: which example it is, counted from 0. */
    String place() {
      return item + " " + count;
    }

    Variable requireNoPenalty(String what, Variable value) {
      if (value.isPenalty()) {
        throw new IllegalArgumentException(
            "fisher: the "
                + what
                + " of "
                + place()
                + " contains a penalty (need the likelihood of the data alone). Leave the penalty"
                + " out.");
      }
      return value;
    }

    void requireFinite(String what, double value) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "fisher: the " + what + " of " + place() + " is " + value + " (must be finite).");
      }
    }

    void add(double weight, Gradients gradients) {
      for (Map.Entry<Parameter, DMatrixRMaj> entry : sums.entrySet()) {
        Parameter parameter = entry.getKey();
        if (gradients.reaches(parameter)) {
          reached = true;
          Gradient gradient = gradients.of(parameter);
          if (!gradient.isFinite()) {
            throw new IllegalArgumentException(
                "fisher: the gradient of "
                    + place()
                    + " with respect to \""
                    + parameter.name()
                    + "\" is not finite (need finite numbers).");
          }
          addSquares(weight, gradient, entry.getValue());
        }
      }
    }

    private static void addSquares(double weight, Gradient gradient, DMatrixRMaj sum) {
      int cols = sum.numCols;
      double[] g = gradient.data();
      for (int place = 0; place < gradient.storedRows(); place++) {
        int from = place * cols;
        int to = gradient.rowAt(place) * cols;
        for (int j = 0; j < cols; j++) {
          sum.data[to + j] += weight * g[from + j] * g[from + j];
        }
      }
    }

    void next() {
      count++;
    }

    Fisher mean(String words) {
      if (count == 0) {
        throw new IllegalArgumentException(
            "fisher: there are none to take a mean of (need at" + " least one " + item + ").");
      }
      if (!reached) {
        throw new IllegalArgumentException(
            "fisher: no "
                + item
                + " reads any of the parameters, so F would be 0 everywhere: "
                + names(List.copyOf(sums.keySet()))
                + ".");
      }
      Map<Parameter, Diagonal> diagonals = new LinkedHashMap<>();
      sums.forEach(
          (parameter, sum) -> {
            long version = versions.getOrDefault(parameter, 0L);
            requireUnchanged(parameter, version);
            diagonals.put(parameter, new Diagonal(scaled(1.0 / count, sum), version));
          });
      return new Fisher(words, count, diagonals, skipped);
    }
  }

  private static DMatrixRMaj scaled(double factor, DMatrixRMaj matrix) {
    DMatrixRMaj scaled = matrix.copy();
    for (int i = 0; i < scaled.getNumElements(); i++) {
      scaled.data[i] *= factor;
    }
    return scaled;
  }

  private static void requireUnchanged(Parameter parameter, long version) {
    if (parameter.version() != version) {
      throw new IllegalStateException(
          "fisher: parameter \""
              + parameter.name()
              + "\" was changed since (F belongs to the values it was taken at). Take F when a"
              + " task is learnt, and the penalty from it before the next one is trained.");
    }
  }

  /**
   * F of one parameter.
   *
   * @param parameter one of {@link #parameters()}
   * @return a new matrix of the parameter's shape, all entries at least 0
   * @throws IllegalArgumentException if there is none for the parameter
   */
  public DMatrixRMaj of(Parameter parameter) {
    Diagonal diagonal = diagonals.get(parameter);
    if (diagonal == null) {
      throw new IllegalArgumentException(
          "fisher: there is none for parameter \""
              + parameter.name()
              + "\""
              + (skipped.contains(parameter)
                  ? ", which was frozen when it was taken."
                  : " (there is for: " + names(parameters()) + ")."));
    }
    return diagonal.values.copy();
  }

  /**
   * The parameters that there is an F for.
   *
   * @return an unmodifiable list, in the order of the module or scope
   */
  @Override
  public List<Parameter> parameters() {
    return List.copyOf(diagonals.keySet());
  }

  /**
   * The parameters that were left out because they were frozen.
   *
   * @return an unmodifiable list
   */
  public List<Parameter> skipped() {
    return Collections.unmodifiableList(skipped);
  }

  /**
   * How many examples F is the mean of; batches, for {@link #ofBatchMeans}.
   *
   * @return at least 1; of a sum, those of both summands
   */
  public long examples() {
    return examples;
  }

  /**
   * {@code F + G}, for tasks learnt one after the other; what only one of them has counts as it is.
   * Held at the values after the last task this is one penalty for all of them (Huszár 2018);
   * {@code old.scale(γ).plus(latest)} is the running sum of online EWC (Schwarz et al. 2018).
   *
   * @param other G
   * @return the sum; it belongs to the later values of each parameter
   */
  public Fisher plus(Fisher other) {
    Map<Parameter, Diagonal> sum = new LinkedHashMap<>(diagonals);
    other.diagonals.forEach((parameter, diagonal) -> sum.merge(parameter, diagonal, Fisher::sum));
    List<Parameter> left = new ArrayList<>(skipped);
    left.addAll(other.skipped);
    List<Parameter> stillSkipped =
        left.stream().distinct().filter(parameter -> !sum.containsKey(parameter)).toList();
    String both = words.equals(other.words) ? words : words + " + " + other.words;
    return new Fisher(both, examples + other.examples, sum, stillSkipped);
  }

  private static Diagonal sum(Diagonal f, Diagonal g) {
    DMatrixRMaj sum = f.values.copy();
    for (int i = 0; i < sum.getNumElements(); i++) {
      sum.data[i] += g.values.data[i];
    }
    return new Diagonal(sum, Math.max(f.version, g.version));
  }

  /**
   * {@code c·F}.
   *
   * @param factor c, finite and at least 0
   * @return the multiple
   */
  public Fisher scale(double factor) {
    double c = Strengths.checked("fisher", "the factor", factor);
    Map<Parameter, Diagonal> scaled = new LinkedHashMap<>();
    diagonals.forEach(
        (parameter, diagonal) ->
            scaled.put(parameter, new Diagonal(scaled(c, diagonal.values), diagonal.version)));
    return new Fisher(words, examples, scaled, skipped);
  }

  /**
   * Elastic weight consolidation in the loss: {@code (λ/2)·Σ F ⊙ (W − W*)²}, W* the values now.
   *
   * @param strength λ, finite and at least 0
   * @return one regularizer per parameter; the penalty of EWC is the sum of theirs
   * @throws IllegalStateException if a parameter was changed since F was taken
   */
  public List<Regularizer> ewc(double strength) {
    return ewc(strength, Regularizer.Builder::inLoss);
  }

  /**
   * Elastic weight consolidation, applied as one says: {@code ewc(λ, Regularizer.Builder::coupled)}
   * for an optimizer's group.
   *
   * @param strength λ, finite and at least 0
   * @param application the last of the four choices
   * @return one {@link DiagonalL2} per parameter, anchored at its value now
   * @throws IllegalStateException if a parameter was changed since F was taken
   */
  public List<Regularizer> ewc(
      double strength, Function<Regularizer.Builder, Regularizer> application) {
    diagonals.forEach((parameter, diagonal) -> requireUnchanged(parameter, diagonal.version));
    List<Regularizer> pulls = new ArrayList<>();
    diagonals.forEach(
        (parameter, diagonal) ->
            pulls.add(
                application.apply(
                    Regularizer.diagonalL2(strength, diagonal.values)
                        .over(parameter)
                        .towardsInitialValue())));
    return Collections.unmodifiableList(pulls);
  }

  private static String names(List<Parameter> parameters) {
    return String.join(", ", parameters.stream().map(Parameter::name).toList());
  }

  @Override
  public String toString() {
    return words
        + " Fisher information of "
        + names(parameters())
        + ", mean of "
        + examples
        + (skipped.isEmpty() ? "" : "; skipped because frozen: " + names(skipped));
  }
}
