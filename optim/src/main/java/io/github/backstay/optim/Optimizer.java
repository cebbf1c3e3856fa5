package io.github.backstay.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.backstay.core.Gradient;
import io.github.backstay.core.Gradients;
import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Parameterized;
import io.github.backstay.core.StateDict;
import io.github.backstay.core.Stateful;
import io.github.backstay.regularizers.L2;
import io.github.backstay.regularizers.Regularizer;
import io.github.backstay.regularizers.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * <p>A step goes, for every parameter that is not frozen and that a gradient reaches: coupled
 * regularizers add to the gradient, decoupled ones pull, the rule updates; the gradients of all
 * regularizers are taken at the weights that the loss was computed from. A parameter that no
 * gradient reaches and no regularizer covers is left alone, and its moments with it. Gradients that
 * are out of date or not finite are refused before the first weight is written. Row-sparse
 * gradients of rules that let untouched entries rest are applied to the rows that have ever been
 * touched, with the same bits as if all rows were visited. Not thread-safe.
 */
public final class Optimizer implements Stateful {

  private final Map<String, Group> groups = new LinkedHashMap<>();
  private final List<Group> order = new ArrayList<>(); // the same groups, walked without iterators
  private final IdentityHashMap<Parameter, ParameterState> states = new IdentityHashMap<>();

  private Optimizer(List<Specification> specifications) {
    for (Specification specification : specifications) {
      Group group = new Group(specification);
      groups.put(specification.name, group);
      order.add(group);
      for (ParameterState state : group.states) {
        states.put(state.parameter, state);
      }
    }
  }

  /** What a group is made from, as often as the builder is asked to. */
  private record Specification(
      String name, UpdateRule rule, List<Parameter> parameters, List<Regularizer> regularizers) {

    List<Regularizer> regularizersOf(Parameter parameter) {
      return regularizers.stream().filter(regularizer -> regularizer.covers(parameter)).toList();
    }

    /** Each decoupled pull may be stable by itself and all of them together overshoot. */
    void requireStable(double rate) {
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

    private Builder() {}

    /**
     * Adds a group.
     *
     * @param name its name, not used yet
     * @param parameters modules, scopes or parameters, none of which is in a group already
     * @param rule its update rule
     * @param regularizers coupled or decoupled ones; each acts on those of its parameters that are
     *     in this group, and must be given to the groups of the others as well
     * @return this builder
     * @throws IllegalArgumentException if a name or parameter is taken, or a regularizer belongs in
     *     the loss, or covers nothing here, or decoupled ones would overshoot at this rate
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
      Specification specification = new Specification(name, rule, List.copyOf(members), given);
      specification.requireStable(rule.learningRate());
      for (Parameter parameter : members) {
        owners.put(parameter, name);
      }
      groups.put(name, specification);
      return this;
    }

    private static void requireFitting(
        String group, List<Parameter> members, Regularizer regularizer) {
      boolean inLoss =
          switch (regularizer.application()) {
            case IN_LOSS -> true;
            case COUPLED, DECOUPLED -> false;
          };
      if (inLoss) {
        throw new IllegalArgumentException(
            "optimizer: group \""
                + group
                + "\" was given a regularizer that belongs in the loss ("
                + regularizer
                + "). Add regularizer.penalty(tape) to the objective, or make it coupled() or"
                + " decoupled().");
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
      List<Specification> specifications = new ArrayList<>(groups.values());
      requireAllHeld(specifications);
      return new Optimizer(specifications);
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
   *     frozen, and no regularizer acts: the step would change nothing
   * @throws IllegalStateException if all parameters are frozen, or one was written since its
   *     gradient was computed, as after a step along the same gradients; nothing has been changed
   * @throws ArithmeticException if a gradient contains NaN or infinity; nothing has been changed
   */
  public void step(Gradients gradients) {
    boolean acts = false;
    for (int i = 0; i < order.size(); i++) {
      acts |= order.get(i).check(gradients);
    }
    if (!acts) {
      throw refusal(gradients);
    }
    for (int i = 0; i < order.size(); i++) {
      order.get(i).step(gradients);
    }
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
   * The learning rate in force.
   *
   * @param group the name of a group
   * @return its η
   */
  public double learningRate(String group) {
    return group(group).learningRate;
  }

  /**
   * Changes the learning rate from the next step on.
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
   * The names of the groups in order.
   *
   * @return a new list
   */
  public List<String> groups() {
    return new ArrayList<>(groups.keySet());
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
   * the bit. Learning rates that were changed belong to the caller.
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
   * All that it remembers: the learning rate of each group under {@code learningRate.<group>}, the
   * step count of each parameter under {@code steps.<parameter>}, its slots under {@code
   * slots.<parameter>.<slot>}, and the anchors of the regularizers that it applies, in the order in
   * which they were first given, under {@code anchors.<number>.<parameter>}. Rules are not state:
   * the optimizer that this is loaded into must be built with the same ones.
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
   * regularizers, goes on as if it had not been interrupted, to the bit.
   *
   * @param saved a state that {@link #requireFitting} accepts, copied
   */
  @Override
  public void load(StateDict saved) {
    requireFitting(saved);
    OptimizerState state = whole();
    state.load(saved);
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
    return new OptimizerState(rates, parameters, List.copyOf(regularizers));
  }

  /**
   * What is allowed but seldom meant: parameters that several L2 terms pull at once, be it weight
   * decay of the rule and a regularizer, or two regularizers. Nothing is refused, because it may be
   * intended; their strengths add up if they pull to the same place.
   *
   * @return a sentence for each such parameter, naming the terms; empty if there is none
   */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (Group group : order) {
      Specification specification = group.specification;
      for (Parameter parameter : specification.parameters) {
        List<String> pulls = new ArrayList<>();
        double decay = specification.rule.weightDecay();
        if (decay > 0.0) {
          pulls.add("weightDecay " + decay + " of its rule, to 0");
        }
        for (Regularizer regularizer : specification.regularizersOf(parameter)) {
          if (regularizer.penaltyFunction() instanceof L2 l2 && l2.strength() > 0.0) {
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
    }
    return notes;
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
      throw new IllegalArgumentException(
          "optimizer: there is no group \"" + name + "\" (groups: " + groups() + ").");
    }
    return group;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("optimizer");
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
    private double learningRate;

    Group(Specification specification) {
      this.specification = specification;
      this.learningRate = specification.rule.learningRate();
      for (Parameter parameter : specification.parameters) {
        List<Regularizer> coupled = new ArrayList<>();
        List<Regularizer> decoupled = new ArrayList<>();
        for (Regularizer regularizer : specification.regularizersOf(parameter)) {
          List<Regularizer> acting =
              switch (regularizer.application()) {
                case COUPLED -> coupled;
                case DECOUPLED -> decoupled;
                case IN_LOSS -> throw new IllegalStateException("refused by the builder");
              };
          acting.add(regularizer);
        }
        states.add(new ParameterState(parameter, specification.rule, coupled, decoupled));
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

    void step(Gradients gradients) {
      for (int i = 0; i < states.size(); i++) {
        ParameterState state = states.get(i);
        if (state.parameter.isFrozen()) {
          continue;
        }
        if (gradients.reaches(state.parameter)) {
          state.step(gradients.of(state.parameter), learningRate);
        } else if (state.isRegularized()) {
          state.step(null, learningRate);
        }
      }
    }

    @Override
    public String toString() {
      return specification.name
          + ": "
          + states.size()
          + " parameters, "
          + specification.rule
          + (specification.regularizers.isEmpty() ? "" : ", " + specification.regularizers);
    }
  }
}
