package io.github.backstay.regularizers;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Parameterized;
import io.github.backstay.core.RowJournal;
import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.StateDict;
import io.github.backstay.core.Stateful;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * Holds weights near an anchor. Four choices that do not depend on each other, made in one
 * statement: a {@link Restraint}, an {@link Anchor}, a {@link Scope} and an {@link Application}. A
 * combination that has no meaning is refused with the reason.
 *
 * <pre>{@code
 * Regularizer pull =
 *     Regularizer.l2(1e-3).over(Scope.of(model).named("embedding.*")).towardsInitialValue().inLoss();
 *
 * Objective objective = Objective.of("data", loss).plus("anchor", pull.penalty(tape));
 * }</pre>
 *
 * <p>Anchors are deep copies made when the last of the four choices is; they never alias the live
 * weight, and nothing but {@link #load} replaces them, unless the anchor itself says that it moves
 * ({@link Anchor}). Make the regularizer after pre-trained values have been loaded and before the
 * first step. A training that is resumed must load the anchors too, or it would pull to where it
 * was interrupted.
 *
 * <p>The penalty is a {@link Variable}, so its gradient flows. There is no way to hand a
 * regularizer a plain number. Frozen parameters are skipped, and {@link #skipped()} says which.
 *
 * <p>Several tapes in several threads may take the penalty at the same time, as they may read the
 * parameters, unless the anchor moves with them ({@link Anchor#movingAverage}, {@link
 * Anchor#following}). Otherwise not thread-safe.
 */
public final class Regularizer implements Stateful {

  private final Restraint restraint;
  private final Anchor anchor;
  private final Application application;
  private final List<Parameter> parameters;
  private final Map<Parameter, Held> anchors;

  private Regularizer(
      Restraint restraint,
      Anchor anchor,
      Application application,
      List<Parameter> parameters,
      Map<Parameter, Held> anchors) {
    this.restraint = restraint;
    this.anchor = anchor;
    this.application = application;
    this.parameters = parameters;
    this.anchors = anchors;
  }

  /**
   * Starts from {@code (λ/2)·‖W − A‖²}.
   *
   * @param strength λ, finite and at least 0
   * @return the first of four choices
   */
  public static Builder l2(double strength) {
    return of(new L2(strength));
  }

  /**
   * Starts from {@code λ·Σ|W − A|} ({@link L1}).
   *
   * @param strength λ, finite and at least 0
   * @return the first of four choices
   */
  public static Builder l1(double strength) {
    return of(new L1(strength));
  }

  /**
   * Starts from {@code l1·Σ|W − A| + (l2/2)·‖W − A‖²} ({@link ElasticNet}).
   *
   * @param l1 the strength of the sum of absolute values, finite and at least 0
   * @param l2 the strength of the sum of squares, finite and at least 0
   * @return the first of four choices
   */
  public static Builder elasticNet(double l1, double l2) {
    return of(new ElasticNet(l1, l2));
  }

  /**
   * Starts from {@code λ·Σ‖group of W − A‖}, each group alike ({@link GroupLasso}).
   *
   * @param strength λ, finite and at least 0
   * @param groups which entries go to the anchor together
   * @return the first of four choices
   */
  public static Builder groupLasso(double strength, Groups groups) {
    return of(GroupLasso.of(strength, groups));
  }

  /**
   * Starts from {@code λ·Σ h(W − A)}, squares up to δ and straight beyond ({@link Huber}).
   *
   * @param strength λ, finite and at least 0
   * @param delta δ, finite and greater than 0
   * @return the first of four choices
   */
  public static Builder huber(double strength, double delta) {
    return of(new Huber(strength, delta));
  }

  /**
   * Starts from {@code (λ/2)·Σ F ⊙ (W − A)²}, a strength for every entry ({@link DiagonalL2}); the
   * scope must hold parameters of that shape.
   *
   * @param strength λ, finite and at least 0
   * @param diagonal F, of the shape of the weight, all entries finite and at least 0; copied
   * @return the first of four choices
   */
  public static Builder diagonalL2(double strength, DMatrixRMaj diagonal) {
    return of(new DiagonalL2(strength, diagonal));
  }

  /**
   * Starts from {@code (λ/2)·Σ rᵢ‖Wᵢ − Aᵢ‖²}, a strength for every row ({@link RowL2}); the scope
   * must hold parameters of that height.
   *
   * @param strength λ, finite and at least 0
   * @param rows r, a column with one number per row, all finite and at least 0; copied
   * @return the first of four choices
   */
  public static Builder rowL2(double strength, DMatrixRMaj rows) {
    return of(new RowL2(strength, rows));
  }

  /**
   * Starts from {@code λ·‖WᵀW − I‖²} or {@code λ·‖WWᵀ − I‖²}, which has no anchor ({@link
   * Orthogonality}).
   *
   * @param strength λ, finite and at least 0
   * @param side whether columns or rows are to be orthonormal
   * @return the first of four choices
   */
  public static Builder orthogonality(double strength, Orthogonality.Side side) {
    return of(new Orthogonality(strength, side));
  }

  /**
   * Starts from {@code λ·σ₁(W − A)}, the largest singular value ({@link SpectralNorm}).
   *
   * @param strength λ, finite and at least 0
   * @return the first of four choices
   */
  public static Builder spectralNorm(double strength) {
    return of(new SpectralNorm(strength));
  }

  /**
   * Starts from {@code (λ/2)·σ₁(W − A)²} ({@link SpectralNormSquared}).
   *
   * @param strength λ, finite and at least 0
   * @return the first of four choices
   */
  public static Builder spectralNormSquared(double strength) {
    return of(new SpectralNormSquared(strength));
  }

  /**
   * Starts from {@code λ·Σσ(W − A)}, the sum of the singular values ({@link NuclearNorm}).
   *
   * @param strength λ, finite and at least 0
   * @return the first of four choices
   */
  public static Builder nuclearNorm(double strength) {
    return of(new NuclearNorm(strength));
  }

  /**
   * Starts from the constraint {@code ‖W − A‖ ≤ r}, on the weight as a whole or on each of its rows
   * or columns ({@link Ball}), which is kept by projection and so has to be {@link
   * Builder#proximal()}.
   *
   * @param radius r, finite and at least 0
   * @param groups which entries are held together
   * @return the first of four choices
   */
  public static Builder ball(double radius, Groups groups) {
    return of(new Ball(radius, groups));
  }

  /**
   * Starts from any penalty or proximal map.
   *
   * @param restraint what holds the weights
   * @return the first of four choices
   */
  public static Builder of(Restraint restraint) {
    return new Builder(restraint);
  }

  /**
   * The choices made so far. The anchor is zero until another is chosen; the rest must be chosen.
   */
  public static final class Builder {
    private final Restraint restraint;
    private @Nullable Scope scope;
    private Anchor anchor = Anchor.zero();

    private Builder(Restraint restraint) {
      this.restraint = restraint;
    }

    /**
     * Chooses the parameters.
     *
     * @param sources a scope, modules, or parameters
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder over(Parameterized... sources) {
      scope = Scope.of(sources);
      return this;
    }

    /**
     * Anchors every parameter at the value that it has when the regularizer is made.
     *
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder towardsInitialValue() {
      return towards(Anchor.initialValue());
    }

    /**
     * Anchors at a given matrix; the scope must hold exactly one parameter.
     *
     * @param anchor a matrix of the parameter's shape, copied
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder towards(DMatrixRMaj anchor) {
      return towards(Anchor.at(anchor));
    }

    /**
     * Anchors at whatever an {@link Anchor} answers when the regularizer is made.
     *
     * @param newAnchor the second of the four choices
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder towards(Anchor newAnchor) {
      anchor = newAnchor;
      return this;
    }

    /**
     * Anchors at zero, which is also what holds if nothing is said.
     *
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder towardsZero() {
      return towards(Anchor.zero());
    }

    /**
     * To be added to the loss ({@link Application#IN_LOSS}).
     *
     * @return the regularizer, with its anchors taken now
     */
    public Regularizer inLoss() {
      return build(Application.IN_LOSS);
    }

    /**
     * To be given to a parameter group of the optimizer ({@link Application#COUPLED}).
     *
     * @return the regularizer, with its anchors taken now
     */
    public Regularizer coupled() {
      return build(Application.COUPLED);
    }

    /**
     * To be given to a parameter group of the optimizer ({@link Application#DECOUPLED}).
     *
     * @return the regularizer, with its anchors taken now
     */
    public Regularizer decoupled() {
      return build(Application.DECOUPLED);
    }

    /**
     * To be given to a parameter group of the optimizer ({@link Application#PROXIMAL}).
     *
     * @return the regularizer, with its anchors taken now
     */
    public Regularizer proximal() {
      return build(Application.PROXIMAL);
    }

    private Regularizer build(Application application) {
      if (scope == null) {
        throw new IllegalStateException(
            "regularizer: it is not said which parameters to hold. Call over(…) first.");
      }
      requireMeaning(application);
      List<Parameter> parameters = scope.parameters();
      if (anchor.isForOneParameter() && parameters.size() != 1) {
        throw new IllegalArgumentException(
            "regularizer: one anchor was given for "
                + parameters.size()
                + " parameters (need a scope of exactly one). Make one regularizer for each.");
      }
      Map<Parameter, Held> anchors = new LinkedHashMap<>();
      for (Parameter parameter : parameters) {
        restraint.requireFits(parameter.shape());
        anchors.put(parameter, held(parameter, parameters.size()));
      }
      return new Regularizer(restraint, anchor, application, parameters, anchors);
    }

    /** The two pairs of choices that exclude each other. */
    private void requireMeaning(Application application) {
      boolean has =
          switch (application) {
            case IN_LOSS, COUPLED, DECOUPLED -> restraint instanceof Penalty;
            case PROXIMAL -> restraint instanceof Proximal;
          };
      if (!has) {
        throw new IllegalArgumentException(
            "regularizer: "
                + restraint.formula(false)
                + (application == Application.PROXIMAL
                    ? " has no proximal map in closed form (need one to be applied so). Make it"
                        + " inLoss(), coupled() or decoupled()."
                    : " is a constraint and has no gradient (need one to be applied "
                        + application
                        + "). Make it proximal()."));
      }
    }

    private Held held(Parameter parameter, int count) {
      boolean byRows = restraint.isRowwise();
      boolean pulls = restraint.pullsToAnchor();
      if (pulls && byRows && anchor.isInitialValue()) {
        return heldAtOriginal(parameter);
      }
      DMatrixRMaj value = anchor.valueFor(parameter);
      if (value == null) {
        return new HeldAtMatrix(parameter, null);
      }
      if (!pulls) {
        throw new IllegalArgumentException(
            "regularizer: "
                + restraint.formula(false)
                + " pulls to no anchor, but one was given: "
                + anchor.describe(count)
                + ". Leave it out, or add a second regularizer that pulls to it.");
      }
      DMatrixRMaj copy = checkedCopy(parameter, value);
      if (anchor instanceof MovingAverageAnchor average) {
        return new HeldAtAverage(parameter, average.decay());
      }
      if (anchor instanceof ParameterAnchor following) {
        return new HeldAtParameter(parameter, following.other());
      }
      return byRows
          ? new HeldAtOriginal(parameter, parameter.journal(copy))
          : new HeldAtMatrix(parameter, copy);
    }

    private static DMatrixRMaj checkedCopy(Parameter parameter, DMatrixRMaj anchor) {
      if (anchor.numRows != parameter.rows() || anchor.numCols != parameter.cols()) {
        throw new ShapeException(
            "regularizer: parameter \""
                + parameter.name()
                + "\" is "
                + parameter.shape()
                + ", its anchor is "
                + Shape.of(anchor)
                + " (both must have the same shape).");
      }
      for (int i = 0; i < anchor.getNumElements(); i++) {
        requireFinite(parameter, anchor.data[i]);
      }
      return anchor.copy();
    }

    private static Held heldAtOriginal(Parameter parameter) {
      for (int i = 0; !parameter.isFinite() && i < parameter.rows(); i++) {
        for (int j = 0; j < parameter.cols(); j++) {
          requireFinite(parameter, parameter.get(i, j));
        }
      }
      return new HeldAtOriginal(parameter, parameter.journal());
    }

    private static void requireFinite(Parameter parameter, double value) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "regularizer: the anchor of \""
                + parameter.name()
                + "\" contains "
                + value
                + " (values must be finite).");
      }
    }
  }

  /**
   * The penalty of all trainable parameters in the scope as a node of the graph, marked as a
   * penalty ({@link Variable#isPenalty()}).
   *
   * @param tape the tape of this step
   * @return a 1×1 variable, the sum over the parameters
   * @throws IllegalStateException if all parameters are frozen ({@link #isActive()}), or this is
   *     not to be applied in the loss: the optimizer would apply it a second time
   */
  public Variable penalty(Tape tape) {
    if (application != Application.IN_LOSS) {
      throw new IllegalStateException(
          "regularizer: it is "
              + application
              + ", so the optimizer applies it, and in the loss it would act a second time ("
              + this
              + "). Give it to the optimizer's group, or make it inLoss(); value() is for logs.");
    }
    Penalty penalty = (Penalty) restraint;
    Variable sum = null;
    for (Parameter parameter : parameters) {
      if (!parameter.isFrozen()) {
        Held held = held(parameter);
        held.follow();
        Variable term = held.penalty(penalty, tape);
        sum = sum == null ? term : sum.plus(term);
      }
    }
    if (sum == null) {
      throw new IllegalStateException(
          "regularizer: all of its parameters are frozen ("
              + names(parameters)
              + "), so its penalty has no gradient. Thaw one, or leave the penalty out while isActive()"
              + " is false.");
    }
    return sum.asPenalty();
  }

  /**
   * The value of the penalty as a plain number, for logs. It has no gradient; {@link #penalty} has.
   *
   * @return the sum over the trainable parameters
   * @throws IllegalStateException if this is a constraint, which is kept and has no value
   */
  public double value() {
    if (!(restraint instanceof Penalty penalty)) {
      throw new IllegalStateException(
          "regularizer: "
              + restraint.formula(false)
              + " is a constraint and has no value. drift(parameter) is the distance to the anchor.");
    }
    double sum = 0.0;
    try (Tape tape = Tape.create()) {
      for (Parameter parameter : parameters) {
        if (!parameter.isFrozen()) {
          Held held = held(parameter);
          held.look();
          sum += held.penalty(penalty, tape).toDouble();
        }
      }
    }
    return sum;
  }

  /**
   * The parameters in the scope, frozen or not.
   *
   * @return an unmodifiable list
   */
  public List<Parameter> parameters() {
    return parameters;
  }

  /**
   * The parameters in the scope that are skipped because they are frozen at the moment.
   *
   * @return a new list
   */
  public List<Parameter> skipped() {
    List<Parameter> frozen = new ArrayList<>();
    for (Parameter parameter : parameters) {
      if (parameter.isFrozen()) {
        frozen.add(parameter);
      }
    }
    return frozen;
  }

  /**
   * Whether there is anything to hold: some parameter in the scope is not frozen at the moment.
   *
   * @return true if {@link #penalty(Tape)} would answer
   */
  public boolean isActive() {
    for (int i = 0; i < parameters.size(); i++) {
      if (!parameters.get(i).isFrozen()) {
        return true;
      }
    }
    return false;
  }

  /**
   * What holds the weights.
   *
   * @return the first choice
   */
  public Restraint restraint() {
    return restraint;
  }

  /**
   * Begins another task: from now on the parameters are anchored at the values that they have now.
   *
   * @throws IllegalStateException unless the anchor is {@link Anchor#previousTask()}; all others
   *     stay where they are
   */
  public void beginTask() {
    if (!(anchor instanceof PreviousTaskAnchor)) {
      throw new IllegalStateException(
          "regularizer: it is anchored at "
              + anchor.describe(parameters.size())
              + ", which a new task does not move. Make it towards(Anchor.previousTask()).");
    }
    anchors.values().forEach(Held::moveHere);
  }

  /**
   * How the penalty reaches the weights.
   *
   * @return the fourth choice
   */
  public Application application() {
    return application;
  }

  /**
   * Whether a parameter is in the scope.
   *
   * @param parameter any parameter
   * @return true if it is held by this regularizer
   */
  public boolean covers(Parameter parameter) {
    return anchors.containsKey(parameter);
  }

  /**
   * A copy of the anchor of a parameter, for checkpoints.
   *
   * @param parameter a parameter in the scope
   * @return a new matrix; zeros if the anchor is zero
   */
  public DMatrixRMaj anchorOf(Parameter parameter) {
    Held held = held(parameter);
    held.look();
    return held.toMatrix();
  }

  /**
   * The anchors, by the names of their parameters; those that are zero or another parameter are
   * left out. Of an anchor that is kept by rows the numbers of the rows that have moved, in the
   * order of their first move, are {@code name.moved}, 1×n: sums are taken in that order. A moving
   * average is saved as it was before it took in the weights as they are: they are saved with the
   * parameters, and taken in when both are back.
   *
   * @return a deep copy
   * @throws IllegalArgumentException if two parameters have the same name
   */
  @Override
  public StateDict stateDict() {
    requireDistinctNames();
    StateDict.Builder state = StateDict.builder();
    anchors.forEach(
        (parameter, anchor) -> {
          if (anchor.isSaved()) {
            anchor.look();
            anchor.save(state);
          }
        });
    return state.build();
  }

  private void requireDistinctNames() {
    Set<String> seen = new HashSet<>();
    for (Parameter parameter : parameters) {
      if (!seen.add(parameter.name())) {
        throw new IllegalArgumentException(
            "regularizer: two of its parameters are named \""
                + parameter.name()
                + "\", so their saved anchors cannot be told apart. Rename one of them.");
      }
    }
  }

  @Override
  public void requireFitting(StateDict saved) {
    requireDistinctNames();
    Map<String, Shape> needed = new LinkedHashMap<>();
    anchors.forEach(
        (parameter, anchor) -> {
          if (anchor.isSaved()) {
            needed.put(parameter.name(), parameter.shape());
            anchor.addOptional(saved, needed);
          }
        });
    saved.requireExactly(needed);
    saved.requireFinite(needed.keySet());
  }

  /**
   * Takes up saved anchors, so that a resumed training pulls to where the first one did; to the
   * same bits if the weights are back before. Penalties that are on a tape already keep the old
   * ones.
   *
   * @param saved a state that {@link #requireFitting} accepts, copied
   */
  @Override
  public void load(StateDict saved) {
    requireFitting(saved);
    anchors.forEach(
        (parameter, anchor) -> {
          if (anchor.isSaved()) {
            anchor.load(saved);
          }
        });
  }

  /**
   * How far a parameter has drifted: {@code ‖W − A‖} (Frobenius).
   *
   * @param parameter a parameter in the scope
   * @return the distance to its anchor
   */
  public double drift(Parameter parameter) {
    Held held = held(parameter);
    held.look();
    return held.drift();
  }

  /**
   * For optimizers: lets an anchor that moves take in what has changed, before the first weight of
   * a step is written. Costs nothing for anchors that stay.
   *
   * @param parameter a parameter in the scope
   */
  public void follow(Parameter parameter) {
    held(parameter).follow();
  }

  /**
   * For optimizers: adds a multiple of the gradient of the penalty, {@code into += factor · ∇R(W)}.
   * A coupled regularizer adds once to the gradient of the data; a decoupled one adds {@code −η}
   * times to a buffer that is then added to the weights.
   *
   * @param parameter a parameter in the scope
   * @param weight its values W, not changed
   * @param factor the multiple
   * @param into what to add to, of the same shape; never {@code weight} itself
   * @throws IllegalArgumentException if the parameter is not in the scope, or {@code into} is
   *     {@code weight}
   * @throws IllegalStateException if this is a constraint
   * @throws ShapeException if the shapes differ
   */
  public void addGradient(
      Parameter parameter, DMatrixRMaj weight, double factor, DMatrixRMaj into) {
    Held held = held(parameter);
    Penalty penalty = penalty();
    if (into.data == weight.data) {
      throw new IllegalArgumentException(
          "regularizer: the gradient of \""
              + parameter.name()
              + "\" cannot be added to the weight that it is computed from. Add it to a buffer"
              + " first.");
    }
    Shape.requireSame("regularizer (weight, into)", weight, into);
    held.addGradient(penalty, weight, factor, into);
  }

  /**
   * For optimizers: the proximal map of the whole weight, in place.
   *
   * @param parameter a parameter in the scope
   * @param weight its values, overwritten
   * @param step η
   */
  public void prox(Parameter parameter, DMatrixRMaj weight, double step) {
    held(parameter).prox(proximalMap(), weight, step);
  }

  /**
   * For optimizers: the original that the rows of a parameter are held at, if they are held one by
   * one. Rows that have not moved from it are where they are held: no pull acts on them.
   *
   * @param parameter a parameter in the scope
   * @return its journal; null if any row may be pulled
   */
  public @Nullable RowJournal heldAt(Parameter parameter) {
    return held(parameter).byRows();
  }

  /**
   * For optimizers: {@link #addGradient} for some rows, given by themselves with where they are
   * held, of parameters that have {@link #heldAt}.
   *
   * @param weight the rows, k×n, not changed
   * @param anchor where they are held, k×n, not changed
   * @param factor the multiple
   * @param into what to add to, k×n; neither of the two before
   */
  public void addRowsGradient(
      DMatrixRMaj weight, DMatrixRMaj anchor, double factor, DMatrixRMaj into) {
    penalty().addGradient(weight, anchor, factor, into);
  }

  /**
   * For optimizers: {@link #prox} for some rows, given by themselves with where they are held, of
   * parameters that have {@link #heldAt}.
   *
   * @param weight the rows, k×n, overwritten
   * @param anchor where they are held, k×n, not changed
   * @param step η
   */
  public void proxRows(DMatrixRMaj weight, DMatrixRMaj anchor, double step) {
    proximalMap().prox(weight, anchor, step);
  }

  private Penalty penalty() {
    if (restraint instanceof Penalty penalty) {
      return penalty;
    }
    throw new IllegalStateException(
        "regularizer: " + restraint.formula(false) + " is a constraint and has no gradient.");
  }

  private Proximal proximalMap() {
    if (restraint instanceof Proximal map) {
      return map;
    }
    throw new IllegalStateException(
        "regularizer: " + restraint.formula(false) + " has no proximal map.");
  }

  /**
   * For optimizers: the largest learning rate η whose decoupled step {@code W ← W − η·∇R(W)} does
   * not overshoot the anchor. Several regularizers of one parameter share it: the sum of {@code
   * 1/largestRate} must be at most {@code 1/η}.
   *
   * @return a positive number; infinite if there is no limit, or the regularizer is not decoupled
   */
  public double largestRate() {
    return switch (application) {
      case DECOUPLED -> penalty().largestRate();
      case IN_LOSS, COUPLED, PROXIMAL -> Double.POSITIVE_INFINITY;
    };
  }

  /**
   * For optimizers: refuses a learning rate whose decoupled step would overshoot the anchor.
   *
   * @param rate the learning rate η
   * @throws IllegalArgumentException if this is decoupled and {@code rate > largestRate}
   */
  public void requireStable(double rate) {
    if (rate > largestRate()) {
      throw new IllegalArgumentException(
          "regularizer: a decoupled step with learning rate "
              + rate
              + " would overshoot the anchor (at most "
              + largestRate()
              + " for "
              + restraint.formula(true)
              + "). Lower the rate or the strength.");
    }
  }

  Held held(Parameter parameter) {
    Held held = anchors.get(parameter);
    if (held == null) {
      throw new IllegalArgumentException(
          "regularizer: parameter \""
              + parameter.name()
              + "\" is not in its scope ("
              + names(parameters)
              + ").");
    }
    return held;
  }

  private static String names(List<Parameter> parameters) {
    return parameters.stream().map(Parameter::name).collect(Collectors.joining(", "));
  }

  @Override
  public String toString() {
    boolean anchored = anchors.values().stream().anyMatch(held -> held.matrix() != null);
    String remark = restraint.alsoKnownAs();
    List<Parameter> frozen = skipped();
    return restraint.formula(anchored)
        + " on "
        + names(parameters)
        + (restraint.pullsToAnchor() ? ", anchored at " + anchor.describe(parameters.size()) : "")
        + ", "
        + application
        + (remark.isEmpty() ? "" : "; " + remark)
        + (frozen.isEmpty() ? "" : "; skipped because frozen: " + names(frozen));
  }
}
