package io.github.backstay.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.backstay.core.Gradient;
import io.github.backstay.core.Gradients;
import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Parameterized;
import io.github.backstay.core.StateDict;
import io.github.backstay.core.Stateful;
import io.github.backstay.core.kernels.Parallel;
import io.github.backstay.regularizers.Application;
import io.github.backstay.regularizers.L2;
import io.github.backstay.regularizers.Regularizer;
import io.github.backstay.regularizers.Restraint;
import io.github.backstay.regularizers.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.ejml.data.DMatrixRMaj;

/**
 * Applies update rules to groups of parameters. Every group has its own rule, learning rate and
 * regularizers:
 *
 * <pre>{@code
 * Optimizer optimizer =
 *     Optimizer.builder()
 *         .group("network", Scope.of(network), Adam.of(1e-3), decay)
 *         .group("embedding", Scope.of(embedding), Sgd.of(0.1), anchor)
 *         .build();
 * optimizer.step(objective);
 * }</pre>
 *
 * <p>A step goes, for every parameter that is not frozen and that a gradient reaches: the gradient
 * is clipped if the builder was told to, coupled regularizers add to it, decoupled ones pull, the
 * rule updates, a proximal one maps what has come of it, all at the rate that the {@link Schedule}
 * of the group gives for this step; the gradients of all regularizers are taken at the weights that
 * the loss was computed from. A parameter that no gradient reaches and no regularizer covers is
 * left alone, and its moments with it. Gradients that are out of date or not finite are refused
 * before the first weight is written. Row-sparse gradients of rules that let untouched entries rest
 * are applied to the rows that they touch ({@link #visits}); what other rows are owed is made up
 * for before anybody sees them. Not thread-safe.
 */
public final class Optimizer implements Stateful {

  /** Rows from which on a table is tall enough that visiting all that have moved is felt. */
  private static final int LAZY_FROM = 1 << 16;

  private final Map<String, Group> groups = new LinkedHashMap<>();
  private final List<Group> order = new ArrayList<>(); // the same groups, walked without iterators
  private final IdentityHashMap<Parameter, ParameterState> states = new IdentityHashMap<>();
  private final Clipping clipping;
  private final Predicate<Parameter> clips = this::clips;
  private long steps;

  private Optimizer(
      List<Specification> specifications, Clipping clipping, int lazyFrom, Parallel parallel) {
    this.clipping = clipping;
    for (Specification specification : specifications) {
      Group group = new Group(specification, lazyFrom, parallel);
      groups.put(specification.name, group);
      order.add(group);
      for (ParameterState state : group.states) {
        states.put(state.parameter, state);
      }
    }
  }

  /** What a group is made from, as often as the builder is asked to. */
  private record Specification(
      String name,
      UpdateRule rule,
      Schedule schedule,
      List<Parameter> parameters,
      List<Regularizer> regularizers) {

    Specification with(Schedule newSchedule) {
      return new Specification(name, rule, newSchedule, parameters, regularizers);
    }

    List<Regularizer> regularizersOf(Parameter parameter) {
      return regularizers.stream().filter(regularizer -> regularizer.covers(parameter)).toList();
    }

    /** Each decoupled pull may be stable by itself and all of them together overshoot. */
    void requireStable(double rate) {
      if (regularizers.isEmpty()) {
        return;
      }
      for (Regularizer regularizer : regularizers) {
        regularizer.requireStable(rate);
      }
      for (Parameter parameter : parameters) {
        List<Regularizer> limited =
            regularizersOf(parameter).stream()
                .filter(regularizer -> Double.isFinite(regularizer.largestRate()))
                .toList();
        double sum = limited.stream().mapToDouble(pull -> 1.0 / pull.largestRate()).sum();
        if (limited.size() > 1 && rate * sum > 1.0) {
          throw new IllegalArgumentException(
              "optimizer: the decoupled regularizers of parameter \""
                  + parameter.name()
                  + "\" would together overshoot with learning rate "
                  + rate
                  + " (at most "
                  + 1.0 / sum
                  + " for "
                  + limited
                  + "). Lower the rate or the strengths.");
        }
      }
    }
  }

  /** What is done to the gradients first: nothing is where both limits are infinite. */
  private record Clipping(double maxNorm, double p, double maxValue) {
    private static final Clipping NONE =
        new Clipping(Double.POSITIVE_INFINITY, 2.0, Double.POSITIVE_INFINITY);

    @Override
    public String toString() {
      return maxValue < Double.POSITIVE_INFINITY
          ? "value " + maxValue
          : maxNorm < Double.POSITIVE_INFINITY ? "norm " + maxNorm + " (p " + p + ")" : "nothing";
    }
  }

  /**
   * One rule for all parameters, in a group named {@code all}.
   *
   * @param rule the update rule
   * @param parameters modules, scopes or parameters
   * @return the optimizer
   */
  public static Optimizer of(UpdateRule rule, Parameterized... parameters) {
    return builder().group("all", Scope.of(parameters), rule).build();
  }

  /**
   * Several groups.
   *
   * @return a builder without groups
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects the groups of an optimizer. May build several; they share nothing but parameters. */
  public static final class Builder {
    private final Map<String, Specification> groups = new LinkedHashMap<>();
    private final IdentityHashMap<Parameter, String> owners = new IdentityHashMap<>();
    private final Map<String, Schedule> schedules = new LinkedHashMap<>();
    private Schedule common = Schedule.constant();
    private Clipping clipping = Clipping.NONE;
    private int lazyFrom = LAZY_FROM;
    private Parallel parallel = Parallel.serial();

    private Builder() {}

    /**
     * Adds a group.
     *
     * @param name its name, not used yet
     * @param parameters modules, scopes or parameters, none of which is in a group already
     * @param rule its update rule
     * @param regularizers coupled, decoupled or proximal ones; each acts on those of its parameters
     *     that are in this group, and must be given to the groups of the others as well
     * @return this builder
     * @throws IllegalArgumentException if a name or parameter is taken, or a regularizer belongs in
     *     the loss, or covers nothing here, or decoupled ones would overshoot at this rate, or two
     *     proximal ones hold the same parameter
     */
    @CanIgnoreReturnValue
    public Builder group(
        String name, Parameterized parameters, UpdateRule rule, Regularizer... regularizers) {
      if (groups.containsKey(name)) {
        throw new IllegalArgumentException(
            "optimizer: there is a group \"" + name + "\" already. Give each its own name.");
      }
      List<Parameter> members = Scope.of(parameters).parameters();
      for (Parameter parameter : members) {
        String owner = owners.get(parameter);
        if (owner != null) {
          throw new IllegalArgumentException(
              "optimizer: parameter \""
                  + parameter.name()
                  + "\" is in group \""
                  + owner
                  + "\" already and would be stepped twice. Leave it out of group \""
                  + name
                  + "\".");
        }
      }
      List<Regularizer> given = List.of(regularizers);
      for (Regularizer regularizer : given) {
        if (given.indexOf(regularizer) != given.lastIndexOf(regularizer)) {
          throw new IllegalArgumentException(
              "optimizer: group \""
                  + name
                  + "\" was given the same regularizer twice ("
                  + regularizer
                  + ") and would pull twice as hard. Give it once.");
        }
        requireFitting(name, members, regularizer);
      }
      for (Parameter parameter : members) {
        var unused = Pulls.on(parameter, given); // refuses what does not go together
      }
      Specification specification =
          new Specification(name, rule, Schedule.constant(), List.copyOf(members), given);
      specification.requireStable(rule.learningRate());
      for (Parameter parameter : members) {
        owners.put(parameter, name);
      }
      groups.put(name, specification);
      return this;
    }

    /**
     * The schedule of all groups that are given none of their own. Each applies it to its own rate.
     *
     * @param schedule the rates of the steps
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder schedule(Schedule schedule) {
      common = schedule;
      return this;
    }

    /**
     * The schedule of one group.
     *
     * @param group the name of a group that has been added
     * @param schedule the rates of the steps
     * @return this builder
     * @throws IllegalArgumentException if there is no such group
     */
    @CanIgnoreReturnValue
    public Builder schedule(String group, Schedule schedule) {
      if (!groups.containsKey(group)) {
        throw unknown(group, groups);
      }
      schedules.put(group, schedule);
      return this;
    }

    /**
     * Clips gradients by their Euclidean norm: {@link #clipNorm(double, double)} with p = 2.
     *
     * @param maxNorm the largest norm, greater than 0
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder clipNorm(double maxNorm) {
      return clipNorm(maxNorm, 2.0);
    }

    /**
     * Clips gradients by their norm, as PyTorch's {@code clip_grad_norm_}: before each step they
     * are all multiplied by {@code min(1, maxNorm/(norm + 1e-6))}, where the norm is that of all
     * groups' gradients together, taken as one vector (Pascanu, Mikolov and Bengio 2013, algorithm
     * 1). Frozen parameters and those of other optimizers do not count. Weight decay and
     * regularizers come after it and are not clipped; what is in the loss is.
     *
     * @param maxNorm the largest norm, greater than 0
     * @param p {@code (Σ|g|ᵖ)^(1/p)}; greater than 0, infinity for the largest {@code |g|}
     * @return this builder
     * @throws IllegalStateException if clipping was chosen already
     */
    @CanIgnoreReturnValue
    public Builder clipNorm(double maxNorm, double p) {
      Hyper.requirePositive("optimizer", "maxNorm", maxNorm);
      if (!(p > 0.0)) {
        throw new IllegalArgumentException(
            "optimizer: p must be greater than 0, got " + p + " (infinity for the largest entry).");
      }
      return clip(new Clipping(maxNorm, p, Double.POSITIVE_INFINITY));
    }

    /**
     * Clips gradients entry by entry to {@code [−maxValue, maxValue]}, as PyTorch's {@code
     * clip_grad_value_}, before weight decay and regularizers.
     *
     * @param maxValue the largest size of an entry, greater than 0
     * @return this builder
     * @throws IllegalStateException if clipping was chosen already
     */
    @CanIgnoreReturnValue
    public Builder clipValue(double maxValue) {
      Hyper.requirePositive("optimizer", "maxValue", maxValue);
      return clip(new Clipping(Double.POSITIVE_INFINITY, 2.0, maxValue));
    }

    private Builder clip(Clipping chosen) {
      if (!clipping.equals(Clipping.NONE)) {
        throw new IllegalStateException(
            "optimizer: clipping by "
                + clipping
                + " was chosen already, so clipping by "
                + chosen
                + " would replace it. Choose one.");
      }
      clipping = chosen;
      return this;
    }

    /**
     * Makes up for rows that no gradient reaches when they are next looked at, in tables of any
     * height ({@link Visits#TOUCHED}). A step then costs what its own rows cost. Weights are those
     * of the dense algorithm within rounding; their last bits depend on when somebody has looked at
     * idle rows, be it only to print them. Otherwise this holds for tables of at least 65,536 rows.
     *
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder lazy() {
      lazyFrom = 0;
      return this;
    }

    /**
     * Visits every row that has ever moved in every step, in tables of any height ({@link
     * Visits#MOVED}). Steps then cost what the rows cost that have moved so far. Weights are those
     * of the dense algorithm to the bit, whoever has looked at which rows in between. Otherwise
     * this holds for tables of fewer than 65,536 rows.
     *
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder eager() {
      lazyFrom = Integer.MAX_VALUE;
      return this;
    }

    /**
     * Updates large parameters on several threads. Every entry is computed as by one thread, so
     * that weights are the same to the bit whatever the number of threads. Rules of one's own then
     * have to bear being called for several ranges at the same time.
     *
     * @param threads what helps the calling thread; {@link Parallel#serial()} otherwise
     * @return this builder
     */
    @CanIgnoreReturnValue
    public Builder parallel(Parallel threads) {
      parallel = Objects.requireNonNull(threads, "threads");
      return this;
    }

    private static void requireFitting(
        String group, List<Parameter> members, Regularizer regularizer) {
      boolean inLoss =
          switch (regularizer.application()) {
            case IN_LOSS -> true;
            case COUPLED, DECOUPLED, PROXIMAL -> false;
          };
      if (inLoss) {
        throw new IllegalArgumentException(
            "optimizer: group \""
                + group
                + "\" was given a regularizer that belongs in the loss ("
                + regularizer
                + "). Add regularizer.penalty(tape) to the objective, or make it coupled(),"
                + " decoupled() or proximal().");
      }
      if (members.stream().noneMatch(regularizer::covers)) {
        throw new IllegalArgumentException(
            "optimizer: the regularizer ("
                + regularizer
                + ") covers no parameter of group \""
                + group
                + "\" and would do nothing.");
      }
    }

    /**
     * Makes an optimizer.
     *
     * @return a new optimizer, in its first state
     * @throws IllegalStateException if there is no group
     * @throws IllegalArgumentException if a regularizer covers a parameter that it would not hold,
     *     because no group of that parameter was given it
     */
    public Optimizer build() {
      if (groups.isEmpty()) {
        throw new IllegalStateException("optimizer: there is no group. Call group(…) first.");
      }
      List<Specification> specifications = new ArrayList<>();
      groups.forEach(
          (name, group) -> specifications.add(group.with(schedules.getOrDefault(name, common))));
      requireAllHeld(specifications);
      return new Optimizer(specifications, clipping, lazyFrom, parallel);
    }

    private static void requireAllHeld(List<Specification> specifications) {
      Map<Regularizer, Set<Parameter>> held = new LinkedHashMap<>();
      for (Specification group : specifications) {
        for (Regularizer regularizer : group.regularizers) {
          held.computeIfAbsent(regularizer, r -> Collections.newSetFromMap(new IdentityHashMap<>()))
              .addAll(group.parameters);
        }
      }
      held.forEach(
          (regularizer, parameters) -> {
            List<Parameter> left =
                regularizer.parameters().stream().filter(p -> !parameters.contains(p)).toList();
            if (!left.isEmpty()) {
              throw new IllegalArgumentException(
                  "optimizer: the regularizer ("
                      + regularizer
                      + ") covers "
                      + names(left)
                      + ", but was given to no group with "
                      + (left.size() == 1 ? "that parameter" : "those parameters")
                      + " and would not hold "
                      + (left.size() == 1 ? "it" : "them")
                      + ". Give it to their group too, or narrow its scope.");
            }
          });
    }
  }

  private static String names(List<Parameter> parameters) {
    return parameters.isEmpty()
        ? "none"
        : parameters.stream().map(Parameter::name).collect(Collectors.joining(", "));
  }

  /**
   * One step down the gradient of an objective.
   *
   * @param objective the loss of this step
   * @throws ArithmeticException if its value is NaN or infinite; nothing has been changed then
   */
  public void step(Objective objective) {
    if (!Double.isFinite(objective.value())) {
      StringBuilder terms = new StringBuilder();
      for (Objective.Term term : objective.terms()) {
        terms.append(terms.length() == 0 ? "" : ", ");
        terms.append(term.name()).append(" = ").append(term.value().toDouble());
      }
      throw new ArithmeticException(
          "optimizer: the objective is "
              + objective.value()
              + " ("
              + terms
              + "), so its gradient would spoil the weights; nothing was changed. A debug tape shows"
              + " where the first NaN or infinity is made.");
    }
    step(objective.gradients());
  }

  /**
   * One step along gradients. Everything is checked before the first weight is written.
   *
   * @param gradients of the loss, from a tape or a sum
   * @throws IllegalArgumentException if they reach no parameter of this optimizer that is not
   *     frozen, and no regularizer acts: the step would change nothing; or a schedule gives a rate
   *     that is none, or at which decoupled regularizers would overshoot
   * @throws IllegalStateException if all parameters are frozen, or one was written since its
   *     gradient was computed, as after a step along the same gradients; nothing has been changed;
   *     or the parameters were restored and the count of steps that the schedules go by was not
   * @throws ArithmeticException if a gradient contains NaN or infinity, or is clipped by a norm
   *     that is too large for a double; nothing has been changed
   */
  public void step(Gradients gradients) {
    boolean acts = false;
    for (int i = 0; i < order.size(); i++) {
      order.get(i).requireRate(steps);
      acts |= order.get(i).check(gradients);
    }
    if (!acts) {
      throw refusal(gradients);
    }
    double factor = clippingFactor(gradients);
    for (int i = 0; i < order.size(); i++) {
      order.get(i).step(gradients, factor, clipping.maxValue);
    }
    steps++;
  }

  private double clippingFactor(Gradients gradients) {
    if (clipping.maxNorm == Double.POSITIVE_INFINITY) {
      return 1.0;
    }
    double norm = gradients.norm(clipping.p, clips);
    if (!Double.isFinite(norm)) {
      throw new ArithmeticException(
          "optimizer: the norm of the gradients is "
              + norm
              + " (p "
              + clipping.p
              + "), so they cannot be clipped to "
              + clipping.maxNorm
              + "; nothing was changed.");
    }
    return Math.min(1.0, clipping.maxNorm / (norm + 1e-6));
  }

  private boolean clips(Parameter parameter) {
    return !parameter.isFrozen() && states.containsKey(parameter);
  }

  private RuntimeException refusal(Gradients gradients) {
    List<Parameter> own = new ArrayList<>();
    order.forEach(group -> group.states.forEach(state -> own.add(state.parameter)));
    if (own.stream().allMatch(Parameter::isFrozen)) {
      return new IllegalStateException(
          "optimizer: all of its parameters are frozen ("
              + names(own)
              + "), so a step would change nothing. Thaw one before the forward pass.");
    }
    List<Parameter> reached = gradients.parameters().stream().filter(gradients::reaches).toList();
    return new IllegalArgumentException(
        "optimizer: the gradients reach none of its trainable parameters, so a step would change"
            + " nothing (they are of "
            + names(reached)
            + "; the optimizer holds "
            + names(own)
            + "). Compute the loss from parameter.on(tape) of these, or give the others to a"
            + " group.");
  }

  /**
   * Averages gradients of examples for one step ({@link Accumulation}): for losses of one example
   * each. With losses that are divided already, such as {@code loss/batchSize}, the mean would
   * divide a second time; use {@link #sumAccumulation()} for those.
   *
   * @return an empty accumulation that steps this optimizer along the mean of what is added
   */
  public Accumulation accumulation() {
    return new Accumulation(this, true);
  }

  /**
   * Sums gradients of examples for one step ({@link Accumulation}): for losses that are divided
   * already, such as {@code loss/batchSize}.
   *
   * @return an empty accumulation that steps this optimizer along the plain sum of what is added
   */
  public Accumulation sumAccumulation() {
    return new Accumulation(this, false);
  }

  /**
   * The learning rate in force in the next step: what the group's schedule makes of its own rate.
   *
   * @param group the name of a group
   * @return its η, scheduled
   */
  public double learningRate(String group) {
    Group asked = group(group);
    return asked.specification.schedule.rate(steps, asked.learningRate);
  }

  /**
   * The learning rate that the group's schedule starts from; without a schedule the one in force.
   *
   * @param group the name of a group
   * @return its η
   */
  public double baseLearningRate(String group) {
    return group(group).learningRate;
  }

  /**
   * Changes the group's own learning rate from the next step on; a schedule goes on from there.
   *
   * @param group the name of a group
   * @param rate η, finite and at least 0
   * @throws IllegalArgumentException if it is not, or decoupled regularizers would overshoot
   */
  public void setLearningRate(String group, double rate) {
    Hyper.requireNotNegative("optimizer", "learningRate", rate);
    Group changed = group(group);
    changed.specification.requireStable(rate);
    changed.learningRate = rate;
  }

  /**
   * Goes on with another rule that remembers the same slots, such as the same one with another
   * momentum. What is remembered and the group's learning rate stay as they are: that of the new
   * rule plays no part.
   *
   * @param group the name of a group
   * @param rule the rule from the next step on
   * @throws IllegalArgumentException if it remembers something else
   */
  public void setRule(String group, UpdateRule rule) {
    Group changed = group(group);
    List<Slot> slots = changed.rule.slots();
    if (!slots.equals(rule.slots())) {
      throw new IllegalArgumentException(
          "optimizer: group \""
              + group
              + "\" remembers "
              + slots
              + ", the new rule "
              + rule.slots()
              + " (both must be the same). Build a new optimizer for it.");
    }
    changed.rule = rule;
    for (ParameterState state : changed.states) {
      state.setRule(rule);
    }
  }

  /**
   * The names of the groups in order.
   *
   * @return a new list
   */
  public List<String> groups() {
    return new ArrayList<>(groups.keySet());
  }

  /**
   * How many steps the optimizer has made, by which the schedules go.
   *
   * @return 0 before the first
   */
  public long steps() {
    return steps;
  }

  /**
   * How many steps a parameter has made; steps that skipped it do not count.
   *
   * @param parameter a parameter of this optimizer
   * @return 0 before its first step
   */
  public long steps(Parameter parameter) {
    return state(parameter).steps;
  }

  /**
   * Which rows of a parameter the last step has visited. With row-sparse gradients these are the
   * rows that have ever moved. In tables of at least 65,536 rows, or of any height if the builder
   * was told {@link Builder#lazy()}, rows that no gradient reaches are left alone as long as it is
   * known what would have become of them: under all rules without weight decay of their own,
   * without regularizers, with decoupled {@link L2}, or with one proximal penalty whose steps add
   * up ({@link io.github.backstay.regularizers.Proximal#proximalRelaxation()}); under SGD also with
   * coupled L2, with momentum at rates that stay the same for some time. Their anchors must be kept
   * by rows. With a dense gradient, weight decay of the rule, an anchor that moves, or a step that
   * moves most rows, all rows are visited from then on, which is logged once for tables of at least
   * 10,000 rows.
   *
   * @param parameter a parameter of this optimizer
   * @return {@link Visits#MOVED} before the first step, unless the rule moves every row
   */
  public Visits visits(Parameter parameter) {
    return state(parameter).visits();
  }

  /**
   * What the rule remembers of a parameter, by slot name.
   *
   * @param parameter a parameter of this optimizer
   * @return copies
   */
  public Map<String, DMatrixRMaj> slots(Parameter parameter) {
    return state(parameter).slots();
  }

  /**
   * Takes up a saved state of one parameter: the inverse of {@link #steps} and {@link #slots}. A
   * training whose weights, steps and slots were saved, and restored into a new model and optimizer
   * with the same rules, regularizers and anchors, goes on as if it had not been interrupted, to
   * the bit. With schedules, {@link #restore(long)} belongs to it. Learning rates and rules that
   * were changed belong to the caller. {@link #load} does all of that at once.
   *
   * @param parameter a parameter of this optimizer
   * @param steps how many steps it had made
   * @param slots what its rule remembered of it, by slot name, copied
   * @throws IllegalArgumentException if the slots are not those of its rule, or steps is negative;
   *     nothing has been changed then
   */
  public void restore(Parameter parameter, long steps, Map<String, DMatrixRMaj> slots) {
    state(parameter).restore(steps, slots);
  }

  /**
   * Takes up the count of steps that the schedules go by: the inverse of {@link #steps()}. A
   * scheduled step is refused if a parameter was restored and has made more steps than this.
   *
   * @param steps how many steps the optimizer had made, at least 0
   */
  public void restore(long steps) {
    Hyper.requireAtLeast("optimizer", "steps", 0, steps);
    this.steps = steps;
  }

  /**
   * All that it remembers: the step that the schedules are at under {@code schedule.step}, the
   * learning rate that each group starts from under {@code learningRate.<group>}, the step count of
   * each parameter under {@code steps.<parameter>}, under {@code whole.<parameter>} a 1 if it is
   * stepped as a whole ({@link Visits#ALL}) or else 0, its slots under {@code
   * slots.<parameter>.<slot>}, and the anchors of the regularizers that it applies, in the order in
   * which they were first given, under {@code anchors.<number>.<parameter>}. Rules, schedules and
   * clipping are not state: the optimizer that this is loaded into must be built with the same
   * ones.
   *
   * @return a deep copy
   * @throws IllegalArgumentException if two parameters have the same name
   */
  @Override
  public StateDict stateDict() {
    return whole().stateDict();
  }

  @Override
  public void requireFitting(StateDict saved) {
    OptimizerState state = whole();
    state.requireFitting(saved);
    for (Group group : order) {
      double rate = state.learningRate(saved, group.specification.name);
      Hyper.requireNotNegative("optimizer", "learningRate", rate);
      group.specification.requireStable(rate);
    }
  }

  /**
   * Takes up a saved state, the anchors of the regularizers included. A training whose weights and
   * optimizer were saved, and loaded into a new model and a new optimizer with the same rules and
   * regularizers, goes on as if it had not been interrupted, to the bit. (Where idle rows are made
   * up for later, {@link Builder#lazy()}, saving makes up for them, and the one that goes on is the
   * one that was saved at the same step.)
   *
   * @param saved a state that {@link #requireFitting} accepts, copied
   */
  @Override
  public void load(StateDict saved) {
    requireFitting(saved);
    OptimizerState state = whole();
    state.load(saved);
    steps = state.step(saved);
    for (Group group : order) {
      group.learningRate = state.learningRate(saved, group.specification.name);
    }
  }

  private OptimizerState whole() {
    Map<String, Double> rates = new LinkedHashMap<>();
    List<ParameterState> parameters = new ArrayList<>();
    Set<Regularizer> regularizers = new LinkedHashSet<>();
    for (Group group : order) {
      rates.put(group.specification.name, group.learningRate);
      parameters.addAll(group.states);
      regularizers.addAll(group.specification.regularizers);
    }
    return new OptimizerState(steps, rates, parameters, List.copyOf(regularizers));
  }

  /**
   * What is allowed but seldom meant. First, parameters that several terms of the L2 type pull at
   * once, be it weight decay of the rule and a regularizer, or two regularizers ({@link
   * Restraint#isL2Type()}); their strengths add up if they pull to the same place. Second, coupled
   * regularizers of a rule that is adaptive ({@link UpdateRule#isAdaptive()}): where nothing but
   * the pull moves an entry, Adam pulls equally hard whatever the strength. Nothing is refused,
   * because it may be intended.
   *
   * @return a sentence for each such parameter and regularizer, naming the terms; empty if there is
   *     none
   */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (Group group : order) {
      for (Parameter parameter : group.specification.parameters) {
        noteSeveralPulls(group, parameter, notes);
      }
      if (group.rule.isAdaptive()) {
        noteScaledPulls(group, notes);
      }
    }
    return notes;
  }

  private static void noteSeveralPulls(Group group, Parameter parameter, List<String> notes) {
    List<String> pulls = new ArrayList<>();
    double decay = group.rule.weightDecay();
    if (decay > 0.0) {
      pulls.add("weightDecay " + decay + " of its rule, to 0");
    }
    for (Regularizer regularizer : group.specification.regularizersOf(parameter)) {
      if (regularizer.restraint().isL2Type()) {
        pulls.add("regularizer (" + regularizer + ")");
      }
    }
    if (pulls.size() > 1) {
      notes.add(
          "parameter \""
              + parameter.name()
              + "\" is pulled by "
              + pulls.size()
              + " terms: "
              + String.join("; and by ", pulls)
              + ".");
    }
  }

  private static void noteScaledPulls(Group group, List<String> notes) {
    for (Regularizer regularizer : group.specification.regularizers) {
      if (regularizer.application() == Application.COUPLED) {
        notes.add(
            "group \""
                + group.specification.name
                + "\": the rule scales every entry's gradient by its history, and with it the"
                + " strength of the coupled regularizer ("
                + regularizer
                + "). Make it decoupled() for one strength.");
      }
    }
  }

  private ParameterState state(Parameter parameter) {
    ParameterState state = states.get(parameter);
    if (state == null) {
      throw new IllegalArgumentException(
          "optimizer: parameter \"" + parameter.name() + "\" is in none of its groups.");
    }
    return state;
  }

  private Group group(String name) {
    Group group = groups.get(name);
    if (group == null) {
      throw unknown(name, groups);
    }
    return group;
  }

  private static IllegalArgumentException unknown(String group, Map<String, ?> groups) {
    return new IllegalArgumentException(
        "optimizer: there is no group \"" + group + "\" (groups: " + groups.keySet() + ").");
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("optimizer");
    if (!clipping.equals(Clipping.NONE)) {
      text.append(", gradients clipped by ").append(clipping);
    }
    for (Group group : order) {
      text.append("\n  ").append(group);
    }
    for (String note : notes()) {
      text.append("\n  note: ").append(note);
    }
    return text.toString();
  }

  /** Parameters that share a rule, a learning rate and regularizers, with what they remember. */
  private static final class Group {
    private final Specification specification;
    private final List<ParameterState> states = new ArrayList<>();
    private UpdateRule rule;
    private double learningRate;
    private double rate; // in force in this step
    private double stableUpTo;

    Group(Specification specification, int lazyFrom, Parallel parallel) {
      this.specification = specification;
      this.rule = specification.rule;
      this.learningRate = specification.rule.learningRate();
      this.stableUpTo = learningRate;
      for (Parameter parameter : specification.parameters) {
        Pulls pulls = Pulls.on(parameter, specification.regularizers);
        states.add(new ParameterState(parameter, specification.rule, pulls, lazyFrom, parallel));
      }
    }

    /** Finds the rate of this step and refuses one that must not be stepped at. */
    void requireRate(long step) {
      rate = specification.schedule.rate(step, learningRate);
      if (!(rate >= 0.0) || Double.isInfinite(rate)) {
        throw new IllegalArgumentException(
            "optimizer: the schedule of group \""
                + specification.name
                + "\" gives the rate "
                + rate
                + " in step "
                + step
                + " (must be finite and at least 0).");
      }
      if (rate > stableUpTo) {
        specification.requireStable(rate);
        stableUpTo = rate;
      }
      if (specification.schedule == Schedule.constant()) {
        return;
      }
      for (int i = 0; i < states.size(); i++) {
        if (states.get(i).steps > step) {
          throw new IllegalStateException(
              "optimizer: parameter \""
                  + states.get(i).parameter.name()
                  + "\" has made "
                  + states.get(i).steps
                  + " steps and the optimizer "
                  + step
                  + ", so the schedule of group \""
                  + specification.name
                  + "\" would start again. Call restore(steps) too.");
        }
      }
    }

    /** Refuses gradients that must not be stepped along; says whether a step would do anything. */
    boolean check(Gradients gradients) {
      boolean acts = false;
      for (int i = 0; i < states.size(); i++) {
        Parameter parameter = states.get(i).parameter;
        if (parameter.isFrozen()) {
          continue;
        }
        acts |= states.get(i).isRegularized();
        states.get(i).follow();
        if (gradients.reaches(parameter)) {
          acts = true;
          gradients.requireCurrent(parameter);
          Gradient gradient = gradients.of(parameter);
          if (!gradient.isFinite()) {
            throw new ArithmeticException(
                "optimizer: the gradient of parameter \""
                    + parameter.name()
                    + "\" contains NaN or infinity and would spoil the weights; nothing was changed."
                    + " A debug tape shows where the first NaN or infinity is made.");
          }
        }
      }
      return acts;
    }

    void step(Gradients gradients, double factor, double bound) {
      for (int i = 0; i < states.size(); i++) {
        ParameterState state = states.get(i);
        if (state.parameter.isFrozen()) {
          continue;
        }
        if (gradients.reaches(state.parameter)) {
          state.step(gradients.of(state.parameter), rate, factor, bound);
        } else if (state.isRegularized()) {
          state.step(null, rate, factor, bound);
        }
      }
    }

    @Override
    public String toString() {
      return specification.name
          + ": "
          + states.size()
          + " parameters, "
          + rule
          + (specification.schedule == Schedule.constant() ? "" : ", " + specification.schedule)
          + (specification.regularizers.isEmpty() ? "" : ", " + specification.regularizers);
    }
  }
}
