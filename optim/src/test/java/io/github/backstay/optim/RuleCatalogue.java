package io.github.backstay.optim;

import java.util.List;

/**
 * All update rules of the library with their options. {@link UpdateRuleContractTest} holds every
 * row to the contract of a rule, and fails when a rule has no row.
 */
final class RuleCatalogue {

  private RuleCatalogue() {}

  static final List<RuleCase> ROWS =
      List.of(
          row("sgd", Sgd.of(0.1)),
          row("sgd momentum", Sgd.of(0.05).withMomentum(0.9)),
          row("sgd dampening", Sgd.of(0.05).withMomentum(0.8).withDampening(0.4)),
          row("sgd nesterov", Sgd.of(0.05).withMomentum(0.9).withNesterov()),
          row("sgd decay", Sgd.of(0.1).withWeightDecay(0.3)),
          row("sgd momentum decay", Sgd.of(0.05).withMomentum(0.7).withWeightDecay(0.1)),
          row(
              "sgd nesterov decay",
              Sgd.of(0.05).withMomentum(0.7).withNesterov().withWeightDecay(0.1)),
          row("adam", Adam.of(0.05)),
          row("adam betas", Adam.of(0.05).withBetas(0.5, 0.9)),
          row("adam without first moment", Adam.of(0.05).withBetas(0.0, 0.99)),
          row("adam epsilon", Adam.of(0.05).withEpsilon(0.1)),
          row("adam decay", Adam.of(0.05).withWeightDecay(0.2)),
          row("adamw", Adam.adamW(0.05, 0.1)),
          row("amsgrad", Adam.of(0.05).withBetas(0.9, 0.9).withAmsgrad()),
          row("amsgrad decay", Adam.of(0.05).withAmsgrad().withWeightDecay(0.2)),
          row("amsgradw", Adam.adamW(0.05, 0.1).withBetas(0.8, 0.95).withAmsgrad()));

  private static RuleCase row(String name, Sgd rule) {
    return new RuleCase(
        name,
        rule,
        (w, gradients, rates) -> path(rule, w, gradients, rates),
        rule.weightDecay(),
        false);
  }

  private static RuleCase row(String name, Adam rule) {
    return new RuleCase(
        name,
        rule,
        (w, gradients, rates) -> path(rule, w, gradients, rates),
        rule.weightDecay(),
        rule.decoupled());
  }

  /** The momentum as what it is: {@code μᵗ⁻¹g₁ + (1−dampening)·Σ μᵗ⁻ˢgₛ}, s from 2 to t. */
  private static double[] path(Sgd rule, double start, double[] gradients, double[] rates) {
    double[] path = new double[gradients.length];
    double[] g = gradients.clone();
    double w = start;
    for (int t = 0; t < g.length; t++) {
      g[t] += rule.weightDecay() * w;
      double b = 0.0;
      for (int s = 0; s <= t; s++) {
        double kept = Math.pow(rule.momentum(), t - s);
        b += kept * g[s] * (s == 0 ? 1.0 : 1.0 - rule.dampening());
      }
      w -= rates[t] * (rule.nesterov() ? g[t] + rule.momentum() * b : b);
      path[t] = w;
    }
    return path;
  }

  /** The bias-corrected moments as what they are: means of g and g², weighted by {@code βᵗ⁻ˢ}. */
  private static double[] path(Adam rule, double start, double[] gradients, double[] rates) {
    double[] path = new double[gradients.length];
    double[] g = gradients.clone();
    double w = start;
    double largest = 0.0;
    for (int t = 0; t < g.length; t++) {
      if (rule.decoupled()) {
        w -= rates[t] * rule.weightDecay() * w;
      } else {
        g[t] += rule.weightDecay() * w;
      }
      double first = 0.0;
      double firstWeights = 0.0;
      double second = 0.0;
      double secondWeights = 0.0;
      for (int s = 0; s <= t; s++) {
        double p = Math.pow(rule.beta1(), t - s);
        double q = Math.pow(rule.beta2(), t - s);
        first += p * g[s];
        firstWeights += p;
        second += q * g[s] * g[s];
        secondWeights += q;
      }
      largest = rule.amsgrad() ? Math.max(largest, second) : second;
      w -=
          rates[t] * (first / firstWeights) / (Math.sqrt(largest / secondWeights) + rule.epsilon());
      path[t] = w;
    }
    return path;
  }
}
