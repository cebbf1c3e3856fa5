package io.github.backstay.optim;

import io.github.backstay.core.Shape;
import io.github.backstay.core.StateDict;
import io.github.backstay.regularizers.Regularizer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;

/**
 * All that an optimizer remembers, as a state dict and back ({@link Optimizer#stateDict()} says
 * under which names).
 *
 * @param step how many steps it has made
 * @param rates the learning rate of each group
 * @param parameters what it keeps of each parameter
 * @param regularizers those that it applies, each once
 */
record OptimizerState(
    long step,
    Map<String, Double> rates,
    List<ParameterState> parameters,
    List<Regularizer> regularizers) {

  private static final String SCHEDULE = "schedule";
  private static final String STEP = "step";
  private static final String RATES = "learningRate";
  private static final String STEPS = "steps";
  private static final String WHOLE = "whole";
  private static final String SLOTS = "slots";
  private static final String ANCHORS = "anchors";
  private static final Shape NUMBER = new Shape(1, 1);
  private static final double MOST_STEPS = 0x1p53; // up to here a double counts exactly

  StateDict stateDict() {
    requireDistinctNames();
    StateDict.Builder state = StateDict.builder();
    state.put(SCHEDULE + "." + STEP, number((double) step));
    rates.forEach((group, rate) -> state.put(RATES + "." + group, number(rate)));
    StateDict.Builder slots = StateDict.builder();
    for (ParameterState parameter : parameters) {
      state.put(STEPS + "." + parameter.parameter.name(), number((double) parameter.steps));
      boolean whole = parameter.visits() == Visits.ALL;
      state.put(WHOLE + "." + parameter.parameter.name(), number(whole ? 1.0 : 0.0));
      parameter.saveSlots(slots);
    }
    state.putAll(SLOTS, slots.build());
    for (int i = 0; i < regularizers.size(); i++) {
      state.putAll(ANCHORS + "." + i, regularizers.get(i).stateDict());
    }
    return state.build();
  }

  private static DMatrixRMaj number(double value) {
    return new DMatrixRMaj(1, 1, true, value);
  }

  private void requireDistinctNames() {
    Set<String> seen = new HashSet<>();
    for (ParameterState parameter : parameters) {
      if (!seen.add(parameter.parameter.name())) {
        throw new IllegalArgumentException(
            "optimizer: two of its parameters are named \""
                + parameter.parameter.name()
                + "\", so their saved states cannot be told apart. Rename one of them.");
      }
    }
  }

  /** Refuses a state that {@link #load} would not take, except for what a rate may be. */
  void requireFitting(StateDict saved) {
    requireDistinctNames();
    saved.requireOnlyBelow(List.of(SCHEDULE, RATES, STEPS, WHOLE, SLOTS, ANCHORS));
    saved.below(SCHEDULE).requireExactly(Map.of(STEP, NUMBER));
    requireCount("of the schedules", saved.below(SCHEDULE).values(STEP).get(0));
    Map<String, Shape> groups = new LinkedHashMap<>();
    rates.keySet().forEach(group -> groups.put(group, NUMBER));
    saved.below(RATES).requireExactly(groups);

    Map<String, Shape> counts = new LinkedHashMap<>();
    Map<String, Shape> slots = new LinkedHashMap<>();
    for (ParameterState parameter : parameters) {
      counts.put(parameter.parameter.name(), NUMBER);
      slots.putAll(parameter.savedSlots());
    }
    StateDict steps = saved.below(STEPS);
    steps.requireExactly(counts);
    saved.below(WHOLE).requireExactly(counts);
    saved.below(SLOTS).requireExactly(slots);
    for (ParameterState parameter : parameters) {
      requireCount("of \"" + parameter.parameter.name() + "\"", count(steps, parameter));
    }

    StateDict anchors = saved.below(ANCHORS);
    anchors.requireOnlyBelow(numbers());
    for (int i = 0; i < regularizers.size(); i++) {
      regularizers.get(i).requireFitting(anchors.below(String.valueOf(i)));
    }
  }

  private List<String> numbers() {
    return IntStream.range(0, regularizers.size()).mapToObj(String::valueOf).toList();
  }

  private static void requireCount(String what, double steps) {
    if (!(steps >= 0.0 && steps <= MOST_STEPS && steps == Math.rint(steps))) {
      throw new IllegalArgumentException(
          "optimizer: the saved state "
              + what
              + " has "
              + steps
              + " steps (must be a whole number of at least 0).");
    }
  }

  private static double count(StateDict counts, ParameterState parameter) {
    return counts.values(parameter.parameter.name()).get(0);
  }

  /** The saved count of the optimizer's own steps. */
  long step(StateDict saved) {
    return (long) saved.below(SCHEDULE).values(STEP).get(0);
  }

  /** The saved learning rate of a group. */
  double learningRate(StateDict saved, String group) {
    return saved.below(RATES).values(group).get(0);
  }

  /** Takes up all but the learning rates. */
  void load(StateDict saved) {
    StateDict steps = saved.below(STEPS);
    StateDict whole = saved.below(WHOLE);
    StateDict slots = saved.below(SLOTS);
    for (ParameterState parameter : parameters) {
      parameter.load((long) count(steps, parameter), count(whole, parameter) != 0.0, slots);
    }
    for (int i = 0; i < regularizers.size(); i++) {
      regularizers.get(i).load(saved.below(ANCHORS).below(String.valueOf(i)));
    }
  }
}
