package io.github.backstay.benchmarks.conformance;

import io.github.backstay.optim.OneCycle;
import io.github.backstay.optim.ReduceOnPlateau;
import io.github.backstay.optim.Schedule;
import java.util.Arrays;
import java.util.List;

/** Schedules of the learning rate from the parameters of a case, under PyTorch's names. */
final class Rates {

  private Rates() {}

  /**
   * The schedule of an object with {@code type}.
   *
   * @throws CaseException if there is no such schedule, or it has other parameters
   */
  static Schedule of(Fields attrs) {
    String type = attrs.text("type");
    Schedule schedule =
        switch (type) {
          case "step" -> Schedule.stepwise(attrs.integer("step_size"), attrs.number("gamma", 0.1));
          case "multi_step" -> Schedule.milestones(attrs.number("gamma", 0.1), milestones(attrs));
          case "exponential" -> Schedule.exponential(attrs.number("gamma"));
          case "cosine_annealing" ->
              Schedule.cosine(attrs.integer("T_max"), attrs.number("eta_min", 0.0));
          case "cosine_warm_restarts" ->
              Schedule.cosineWithRestarts(
                  attrs.integer("T_0"), attrs.integer("T_mult", 1), attrs.number("eta_min", 0.0));
          case "linear" ->
              Schedule.linear(
                  attrs.number("start_factor", 1.0 / 3.0),
                  attrs.number("end_factor", 1.0),
                  attrs.integer("total_iters", 5));
          case "constant" ->
              Schedule.reduced(attrs.number("factor", 1.0 / 3.0), attrs.integer("total_iters", 5));
          case "polynomial" ->
              Schedule.polynomial(attrs.number("power", 1.0), attrs.integer("total_iters", 5));
          case "lambda" -> formula(attrs.text("formula"));
          case "one_cycle" -> oneCycle(attrs);
          case "reduce_on_plateau" -> plateau(attrs).start();
          case "sequential" -> sequential(attrs);
          default -> throw CaseException.unknown("schedule", type);
        };
    attrs.requireAllRead("\"" + type + "\"");
    return schedule;
  }

  private static Schedule formula(String formula) {
    return (step, base) -> base * Formula.at(formula, (double) step);
  }

  private static long[] milestones(Fields attrs) {
    return Arrays.stream(attrs.integers("milestones")).asLongStream().toArray();
  }

  /** Each schedule up to its milestone, then the next one, whose own steps start from 0. */
  private static Schedule sequential(Fields attrs) {
    List<Fields> parts = attrs.objects("schedulers");
    long[] milestones = milestones(attrs);
    if (parts.size() != milestones.length + 1) {
      throw CaseException.at(
          attrs.place("schedulers"),
          "has " + parts.size() + ", milestones has " + milestones.length + " (need one more).");
    }
    Schedule schedule = of(parts.get(milestones.length));
    for (int i = milestones.length - 1; i >= 0; i--) {
      long start = i == 0 ? 0 : milestones[i - 1];
      schedule = of(parts.get(i)).until(milestones[i] - start, schedule);
    }
    return schedule;
  }

  private static OneCycle oneCycle(Fields attrs) {
    String strategy = attrs.text("anneal_strategy", "cos");
    if (!strategy.equals("cos") && !strategy.equals("linear")) {
      throw CaseException.unknown("anneal_strategy", strategy);
    }
    return new OneCycle(
        attrs.integer("total_steps"),
        attrs.number("pct_start", 0.3),
        attrs.number("div_factor", 25.0),
        attrs.number("final_div_factor", 1e4),
        strategy.equals("linear"),
        attrs.flag("three_phase", false),
        attrs.number("base_momentum", 0.85),
        attrs.number("max_momentum", 0.95));
  }

  private static ReduceOnPlateau plateau(Fields attrs) {
    return new ReduceOnPlateau(
        choice(attrs, "mode", "min", "max"),
        attrs.number("factor", 0.1),
        attrs.integer("patience", 10),
        attrs.number("threshold", 1e-4),
        !choice(attrs, "threshold_mode", "rel", "abs"),
        attrs.integer("cooldown", 0),
        attrs.number("min_lr", 0.0),
        attrs.number("eps", 1e-8));
  }

  /** Whether the second of two words was chosen. */
  private static boolean choice(Fields attrs, String name, String first, String second) {
    String chosen = attrs.text(name, first);
    if (!chosen.equals(first) && !chosen.equals(second)) {
      throw CaseException.unknown(name, chosen);
    }
    return chosen.equals(second);
  }
}
