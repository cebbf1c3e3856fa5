package io.github.backstay.optim;

import java.util.Arrays;
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
          row("amsgradw", Adam.adamW(0.05, 0.1).withBetas(0.8, 0.95).withAmsgrad()),
          row("sgd maximize", Sgd.of(0.1).withMaximize().withWeightDecay(0.2)),
          row("sgd momentum maximize", Sgd.of(0.05).withMomentum(0.9).withMaximize()),
          row("adam maximize", Adam.of(0.05).withMaximize()),
          row("adam maximize decay", Adam.of(0.05).withMaximize().withWeightDecay(0.2)),
          row("adamw maximize", Adam.adamW(0.05, 0.1).withMaximize().withAmsgrad()),
          row("adagrad", Adagrad.of(0.5)),
          row("adagrad rate decay", Adagrad.of(0.5).withLearningRateDecay(1e-3)),
          row("adagrad initial", Adagrad.of(0.5).withInitialAccumulator(0.5).withEpsilon(0.01)),
          row("adagrad decay", Adagrad.of(0.5).withWeightDecay(0.2)),
          row("rmsprop", RmsProp.of(0.02)),
          row("rmsprop centered", RmsProp.of(0.02).withCentering().withEpsilon(0.1)),
          row("rmsprop momentum", RmsProp.of(0.01).withMomentum(0.9)),
          row(
              "rmsprop all",
              RmsProp.of(0.02)
                  .withAlpha(0.9)
                  .withEpsilon(0.1)
                  .withCentering()
                  .withMomentum(0.5)
                  .withWeightDecay(0.2)),
          row("adadelta", Adadelta.of(1.0)),
          row("adadelta epsilon decay", new Adadelta(1.0, 0.95, 1e-3, 0.2)),
          row("adamax", Adamax.of(0.05)),
          row("adamax decay", new Adamax(0.05, 0.8, 0.99, 1e-3, 0.2)),
          row("nadam", NAdam.of(0.05)),
          row("nadam fast", NAdam.of(0.05).withMomentumDecay(2.0).withBetas(0.7, 0.99)),
          row("nadam constant", NAdam.of(0.05).withMomentumDecay(0.0).withWeightDecay(0.2)),
          row("nadam without first moment", NAdam.of(0.05).withBetas(0.0, 0.99)),
          row("radam", RAdam.of(0.05)),
          row("radam decay", RAdam.of(0.05).withBetas(0.8, 0.99).withWeightDecay(0.2)),
          row("radam short", RAdam.of(0.05).withBetas(0.5, 0.6)),
          row("rprop", Rprop.of(0.05)),
          row("rprop bounded", Rprop.of(0.05).withEtas(0.4, 1.3).withStepSizes(1e-9, 0.2)));

  private static RuleCase row(String name, Sgd rule) {
    return new RuleCase(
        name, rule, (w, gradients, rates) -> path(rule, w, gradients, rates), false);
  }

  private static RuleCase row(String name, Adam rule) {
    return new RuleCase(
        name, rule, (w, gradients, rates) -> path(rule, w, gradients, rates), rule.decoupled());
  }

  private static RuleCase row(String name, Adagrad rule) {
    return new RuleCase(
        name, rule, (w, gradients, rates) -> path(rule, w, gradients, rates), false);
  }

  private static RuleCase row(String name, RmsProp rule) {
    return new RuleCase(
        name, rule, (w, gradients, rates) -> path(rule, w, gradients, rates), false);
  }

  private static RuleCase row(String name, Adadelta rule) {
    return new RuleCase(
        name, rule, (w, gradients, rates) -> path(rule, w, gradients, rates), false);
  }

  private static RuleCase row(String name, Adamax rule) {
    return new RuleCase(
        name, rule, (w, gradients, rates) -> path(rule, w, gradients, rates), false);
  }

  private static RuleCase row(String name, NAdam rule) {
    return new RuleCase(
        name, rule, (w, gradients, rates) -> path(rule, w, gradients, rates), false);
  }

  private static RuleCase row(String name, RAdam rule) {
    return new RuleCase(
        name, rule, (w, gradients, rates) -> path(rule, w, gradients, rates), false);
  }

  private static RuleCase row(String name, Rprop rule) {
    return new RuleCase(
        name, rule, (w, gradients, rates) -> path(rule, w, gradients, rates), false);
  }

  /** The momentum as what it is: {@code μᵗ⁻¹g₁ + (1−dampening)·Σ μᵗ⁻ˢgₛ}, s from 2 to t. */
  private static double[] path(Sgd rule, double start, double[] gradients, double[] rates) {
    double[] path = new double[gradients.length];
    double[] g = gradients.clone();
    double w = start;
    for (int t = 0; t < g.length; t++) {
      g[t] = rule.maximize() ? rule.weightDecay() * w - g[t] : g[t] + rule.weightDecay() * w;
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
      g[t] *= rule.maximize() ? -1.0 : 1.0;
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

  /** {@code Σ decayᵗ⁻ˢ·xₛ}, s from the first to t, which may be before the first. */
  private static double faded(double decay, double[] x, int t) {
    double sum = 0.0;
    for (int s = 0; s <= t; s++) {
      sum += Math.pow(decay, t - s) * x[s];
    }
    return sum;
  }

  private static double[] squares(double[] x) {
    return Arrays.stream(x).map(v -> v * v).toArray();
  }

  /** Every root is over all squares so far. */
  private static double[] path(Adagrad rule, double start, double[] gradients, double[] rates) {
    double[] path = new double[gradients.length];
    double[] g = gradients.clone();
    double w = start;
    for (int t = 0; t < g.length; t++) {
      g[t] += rule.weightDecay() * w;
      double sum = rule.initialAccumulator() + faded(1.0, squares(g), t);
      double rate = rates[t] / (1.0 + t * rule.learningRateDecay());
      w -= rate * g[t] / (Math.sqrt(sum) + rule.epsilon());
      path[t] = w;
    }
    return path;
  }

  /**
   * With weights p that sum to 1 − αᵗ, v − a² is {@code Σp(g − a)² + αᵗa²}: a sum of positive
   * numbers instead of a difference.
   */
  private static double[] path(RmsProp rule, double start, double[] gradients, double[] rates) {
    double[] path = new double[gradients.length];
    double[] g = gradients.clone();
    double[] scaled = new double[g.length];
    double w = start;
    for (int t = 0; t < g.length; t++) {
      g[t] += rule.weightDecay() * w;
      double centre = rule.centered() ? (1.0 - rule.alpha()) * faded(rule.alpha(), g, t) : 0.0;
      double[] off = Arrays.stream(g).map(x -> (x - centre) * (x - centre)).toArray();
      double spread =
          (1.0 - rule.alpha()) * faded(rule.alpha(), off, t)
              + Math.pow(rule.alpha(), t + 1) * centre * centre;
      scaled[t] = g[t] / (Math.sqrt(spread) + rule.epsilon());
      w -= rates[t] * faded(rule.momentum(), scaled, t);
      path[t] = w;
    }
    return path;
  }

  /** Both means from all that came before. */
  private static double[] path(Adadelta rule, double start, double[] gradients, double[] rates) {
    double[] path = new double[gradients.length];
    double[] g = gradients.clone();
    double[] moves = new double[g.length];
    double w = start;
    for (int t = 0; t < g.length; t++) {
      g[t] += rule.weightDecay() * w;
      double v = (1.0 - rule.rho()) * faded(rule.rho(), squares(g), t);
      double u = (1.0 - rule.rho()) * faded(rule.rho(), squares(moves), t - 1);
      moves[t] = g[t] * Math.sqrt((u + rule.epsilon()) / (v + rule.epsilon()));
      w -= rates[t] * moves[t];
      path[t] = w;
    }
    return path;
  }

  /** The largest of all gradients so far, each as far as it has faded. */
  private static double[] path(Adamax rule, double start, double[] gradients, double[] rates) {
    double[] path = new double[gradients.length];
    double[] g = gradients.clone();
    double[] ones = new double[g.length];
    Arrays.fill(ones, 1.0);
    double w = start;
    for (int t = 0; t < g.length; t++) {
      g[t] += rule.weightDecay() * w;
      double largest = 0.0;
      for (int s = 0; s <= t; s++) {
        double size = Math.pow(rule.beta2(), t - s) * (Math.abs(g[s]) + rule.epsilon());
        largest = Math.max(largest, size);
      }
      w -= rates[t] * faded(rule.beta1(), g, t) / faded(rule.beta1(), ones, t) / largest;
      path[t] = w;
    }
    return path;
  }

  /** The product of the momenta factor by factor. */
  private static double[] path(NAdam rule, double start, double[] gradients, double[] rates) {
    double[] path = new double[gradients.length];
    double[] g = gradients.clone();
    double[] ones = new double[g.length];
    Arrays.fill(ones, 1.0);
    double product = 1.0;
    double w = start;
    for (int t = 0; t < g.length; t++) {
      g[t] += rule.weightDecay() * w;
      double now = rule.beta1() * (1.0 - Math.pow(0.96, (t + 1) * rule.momentumDecay()) / 2.0);
      double next = rule.beta1() * (1.0 - Math.pow(0.96, (t + 2) * rule.momentumDecay()) / 2.0);
      product *= now;
      double m = (1.0 - rule.beta1()) * faded(rule.beta1(), g, t);
      double mean = faded(rule.beta2(), squares(g), t) / faded(rule.beta2(), ones, t);
      double ahead = (1.0 - now) / (1.0 - product) * g[t] + next / (1.0 - product * next) * m;
      w -= rates[t] * ahead / (Math.sqrt(mean) + rule.epsilon());
      path[t] = w;
    }
    return path;
  }

  /**
   * ρ from where the paper has it: a plain mean over ρ steps has the mean age (ρ + 1)/2, which must
   * be that of the faded mean, {@code Σk·β2ᵏ⁻¹/Σβ2ᵏ⁻¹}.
   */
  private static double[] path(RAdam rule, double start, double[] gradients, double[] rates) {
    double[] path = new double[gradients.length];
    double[] g = gradients.clone();
    double[] ones = new double[g.length];
    Arrays.fill(ones, 1.0);
    double limit = (1.0 + rule.beta2()) / (1.0 - rule.beta2());
    double w = start;
    for (int t = 0; t < g.length; t++) {
      g[t] += rule.weightDecay() * w;
      double ages = 0.0;
      for (int k = 1; k <= t + 1; k++) {
        ages += k * Math.pow(rule.beta2(), k - 1);
      }
      double rho = 2.0 * ages / faded(rule.beta2(), ones, t) - 1.0;
      double step = faded(rule.beta1(), g, t) / faded(rule.beta1(), ones, t);
      if (rho > 5.0) {
        double variance = (rho - 4.0) * (rho - 2.0) / rho;
        double ofLimit = (limit - 4.0) * (limit - 2.0) / limit;
        double seen = (1.0 - rule.beta2()) * faded(rule.beta2(), ones, t);
        double v = (1.0 - rule.beta2()) * faded(rule.beta2(), squares(g), t);
        step *= Math.sqrt(variance / ofLimit) * Math.sqrt(seen) / (Math.sqrt(v) + rule.epsilon());
      }
      w -= rates[t] * step;
      path[t] = w;
    }
    return path;
  }

  /** First which steps are made and which are left out, then how large they are. */
  private static double[] path(Rprop rule, double start, double[] gradients, double[] rates) {
    int steps = gradients.length;
    double[] made = new double[steps];
    double[] factors = new double[steps];
    for (int t = 0; t < steps; t++) {
      double before = t == 0 ? 0.0 : made[t - 1];
      boolean turned = gradients[t] < 0.0 ? before > 0.0 : gradients[t] > 0.0 && before < 0.0;
      boolean kept = gradients[t] < 0.0 ? before < 0.0 : gradients[t] > 0.0 && before > 0.0;
      made[t] = turned ? 0.0 : Math.signum(gradients[t]);
      factors[t] = turned ? rule.etaMinus() : kept ? rule.etaPlus() : 1.0;
    }
    double[] path = new double[steps];
    double w = start;
    double size = Double.NaN;
    for (int t = 0; t < steps; t++) {
      if (Double.isNaN(size) && gradients[t] != 0.0) {
        size = rates[t];
      }
      size *= factors[t];
      size = size < rule.smallestStep() ? rule.smallestStep() : size;
      size = size > rule.largestStep() ? rule.largestStep() : size;
      w -= made[t] == 0.0 ? 0.0 : made[t] * size;
      path[t] = w;
    }
    return path;
  }
}
