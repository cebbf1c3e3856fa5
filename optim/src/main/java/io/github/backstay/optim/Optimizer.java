package io.github.backstay.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.backstay.core.Gradients;
import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Parameterized;
import io.github.backstay.regularizers.Application;
import io.github.backstay.regularizers.Regularizer;
import io.github.backstay.regularizers.Scope;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * regularizers add to the gradient, decoupled ones pull, the rule updates. A parameter that no
 * gradient reaches and no regularizer covers is left alone, and its moments with it. Row-sparse
 * gradients of rules that let untouched entries rest are applied to the rows that have ever been
 * touched, with the same bits as if all rows were visited. Not thread-safe.
 */
public final class Optimizer {

  private final Map<String, Group> groups;

  private Optimizer(Map<String, Group> groups) {
    this.groups = groups;
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

  /** Collects the groups of an optimizer. */
  public static final class Builder {
    private final Map<String, Group> groups = new LinkedHashMap<>();
    private final Map<Parameter, String> owners = new LinkedHashMap<>();

    private Builder() {}

    /**
     * Adds a group.
     *
     * @param name its name, not used yet
     * @param parameters modules, scopes or parameters, none of which is in a group already
     * @param rule its update rule
     * @param regularizers coupled or decoupled ones; each acts on those of its parameters that are
     *     in this group
     * @return this builder
     * @throws IllegalArgumentException if a name or parameter is taken, or a regularizer belongs in
     *     the loss, or covers nothing here
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
        regularizer.requireStable(rule.learningRate());
      }
      for (Parameter parameter : members) {
        owners.put(parameter, name);
      }
      groups.put(name, new Group(name, rule, members, given));
      return this;
    }

    private static void requireFitting(
        String group, List<Parameter> members, Regularizer regularizer) {
      if (regularizer.application() == Application.IN_LOSS) {
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
     * Makes the optimizer.
     *
     * @return the optimizer, in its first state
     */
    public Optimizer build() {
      if (groups.isEmpty()) {
        throw new IllegalStateException("optimizer: there is no group. Call group(…) first.");
      }
      return new Optimizer(new LinkedHashMap<>(groups));
    }
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
   * One step along gradients.
   *
   * @param gradients of the loss, from a tape or a sum
   */
  public void step(Gradients gradients) {
    for (Group group : groups.values()) {
      group.step(gradients);
    }
  }

  /**
   * Sums gradients of examples for one step ({@link Accumulation}).
   *
   * @return an empty accumulation that steps this optimizer
   */
  public Accumulation accumulation() {
    return new Accumulation(this);
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
   */
  public void setLearningRate(String group, double rate) {
    Hyper.requireNotNegative("optimizer", "learningRate", rate);
    Group changed = group(group);
    for (Regularizer regularizer : changed.regularizers) {
      regularizer.requireStable(rate);
    }
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
    for (Group group : groups.values()) {
      ParameterState state = group.states.get(parameter);
      if (state != null) {
        Map<String, DMatrixRMaj> copies = new LinkedHashMap<>();
        for (int i = 0; i < state.slots.length; i++) {
          copies.put(
              group.rule.slots().get(i),
              DMatrixRMaj.wrap(parameter.rows(), parameter.cols(), state.slots[i].clone()));
        }
        return copies;
      }
    }
    throw unknown(parameter);
  }

  private ParameterState state(Parameter parameter) {
    for (Group group : groups.values()) {
      ParameterState state = group.states.get(parameter);
      if (state != null) {
        return state;
      }
    }
    throw unknown(parameter);
  }

  private Group group(String name) {
    Group group = groups.get(name);
    if (group == null) {
      throw new IllegalArgumentException(
          "optimizer: there is no group \"" + name + "\" (groups: " + groups() + ").");
    }
    return group;
  }

  private static IllegalArgumentException unknown(Parameter parameter) {
    return new IllegalArgumentException(
        "optimizer: parameter \"" + parameter.name() + "\" is in none of its groups.");
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("optimizer");
    for (Group group : groups.values()) {
      text.append("\n  ").append(group);
    }
    return text.toString();
  }

  /** Parameters that share a rule, a learning rate and regularizers. */
  private static final class Group {
    private final String name;
    private final UpdateRule rule;
    private final List<Regularizer> regularizers;
    private final IdentityHashMap<Parameter, ParameterState> states = new IdentityHashMap<>();
    private final List<Parameter> parameters;
    private double learningRate;

    Group(
        String name, UpdateRule rule, List<Parameter> parameters, List<Regularizer> regularizers) {
      this.name = name;
      this.rule = rule;
      this.parameters = parameters;
      this.regularizers = regularizers;
      this.learningRate = rule.learningRate();
      for (Parameter parameter : parameters) {
        List<Regularizer> coupled = new ArrayList<>();
        List<Regularizer> decoupled = new ArrayList<>();
        for (Regularizer regularizer : regularizers) {
          if (regularizer.covers(parameter)) {
            (regularizer.application() == Application.COUPLED ? coupled : decoupled)
                .add(regularizer);
          }
        }
        states.put(parameter, new ParameterState(parameter, rule, coupled, decoupled));
      }
    }

    void step(Gradients gradients) {
      for (int i = 0; i < parameters.size(); i++) {
        Parameter parameter = parameters.get(i);
        ParameterState state = states.get(parameter);
        if (state == null || parameter.isFrozen()) {
          continue;
        }
        if (gradients.reaches(parameter)) {
          state.step(gradients.of(parameter), learningRate);
        } else if (state.isRegularized()) {
          state.step(null, learningRate);
        }
      }
    }

    @Override
    public String toString() {
      return name
          + ": "
          + parameters.size()
          + " parameters, "
          + rule
          + (regularizers.isEmpty() ? "" : ", " + regularizers);
    }
  }
}
