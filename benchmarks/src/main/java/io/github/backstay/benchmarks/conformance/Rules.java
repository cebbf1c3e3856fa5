package io.github.backstay.benchmarks.conformance;

import io.github.backstay.optim.Adadelta;
import io.github.backstay.optim.Adagrad;
import io.github.backstay.optim.Adam;
import io.github.backstay.optim.Adamax;
import io.github.backstay.optim.NAdam;
import io.github.backstay.optim.RAdam;
import io.github.backstay.optim.RmsProp;
import io.github.backstay.optim.Rprop;
import io.github.backstay.optim.Sgd;
import io.github.backstay.optim.UpdateRule;

/** Update rules from the hyper-parameters of a case, under the names that PyTorch gives them. */
final class Rules {

  private Rules() {}

  /**
   * The rule of a name.
   *
   * @param name for instance {@code adamw}
   * @param attrs its hyper-parameters; what is missing has PyTorch's default, which is Backstay's
   * @throws CaseException if there is no such rule
   */
  static UpdateRule of(String name, Fields attrs) {
    double rate = attrs.has("lr") ? attrs.number("lr") : defaultRate(name);
    double decay = attrs.number("weight_decay", name.equals("adamw") ? 0.01 : 0.0);
    return switch (name) {
      case "sgd" ->
          new Sgd(
              rate,
              attrs.number("momentum", 0.0),
              attrs.number("dampening", 0.0),
              attrs.flag("nesterov", false),
              decay,
              attrs.flag("maximize", false));
      case "adam", "adamw" ->
          new Adam(
              rate,
              first(attrs, "betas", Adam.DEFAULT.beta1()),
              second(attrs, "betas", Adam.DEFAULT.beta2()),
              attrs.number("eps", Adam.DEFAULT.epsilon()),
              decay,
              name.equals("adamw"),
              attrs.flag("amsgrad", false),
              attrs.flag("maximize", false));
      case "adagrad" ->
          new Adagrad(
              rate,
              attrs.number("lr_decay", 0.0),
              attrs.number("initial_accumulator_value", 0.0),
              attrs.number("eps", Adagrad.DEFAULT.epsilon()),
              decay);
      case "rmsprop" ->
          new RmsProp(
              rate,
              attrs.number("alpha", RmsProp.DEFAULT.alpha()),
              attrs.number("eps", RmsProp.DEFAULT.epsilon()),
              attrs.flag("centered", false),
              attrs.number("momentum", 0.0),
              decay);
      case "adadelta" ->
          new Adadelta(
              rate,
              attrs.number("rho", Adadelta.DEFAULT.rho()),
              attrs.number("eps", Adadelta.DEFAULT.epsilon()),
              decay);
      case "adamax" ->
          new Adamax(
              rate,
              first(attrs, "betas", Adamax.DEFAULT.beta1()),
              second(attrs, "betas", Adamax.DEFAULT.beta2()),
              attrs.number("eps", Adamax.DEFAULT.epsilon()),
              decay);
      case "nadam" ->
          new NAdam(
              rate,
              first(attrs, "betas", NAdam.DEFAULT.beta1()),
              second(attrs, "betas", NAdam.DEFAULT.beta2()),
              attrs.number("eps", NAdam.DEFAULT.epsilon()),
              attrs.number("momentum_decay", NAdam.DEFAULT.momentumDecay()),
              decay);
      case "radam" ->
          new RAdam(
              rate,
              first(attrs, "betas", RAdam.DEFAULT.beta1()),
              second(attrs, "betas", RAdam.DEFAULT.beta2()),
              attrs.number("eps", RAdam.DEFAULT.epsilon()),
              decay);
      case "rprop" ->
          new Rprop(
              rate,
              first(attrs, "etas", Rprop.DEFAULT.etaMinus()),
              second(attrs, "etas", Rprop.DEFAULT.etaPlus()),
              first(attrs, "step_sizes", Rprop.DEFAULT.smallestStep()),
              second(attrs, "step_sizes", Rprop.DEFAULT.largestStep()));
      default -> throw CaseException.unknown("rule", name);
    };
  }

  /** Whether the rule itself can go up; the others go up along negated gradients. */
  static boolean canMaximize(String name) {
    return name.equals("sgd") || name.equals("adam") || name.equals("adamw");
  }

  private static double defaultRate(String name) {
    return switch (name) {
      case "sgd", "adam", "adamw", "radam" -> Adam.DEFAULT.learningRate();
      case "adagrad" -> Adagrad.DEFAULT.learningRate();
      case "rmsprop" -> RmsProp.DEFAULT.learningRate();
      case "adadelta" -> Adadelta.DEFAULT.learningRate();
      case "adamax", "nadam" -> Adamax.DEFAULT.learningRate();
      case "rprop" -> Rprop.DEFAULT.learningRate();
      default -> throw CaseException.unknown("rule", name);
    };
  }

  /** The rule of an object with {@code type}. */
  static UpdateRule of(Fields settings) {
    String type = settings.text("type");
    UpdateRule rule = of(type, settings);
    settings.requireAllRead("\"" + type + "\"");
    return rule;
  }

  /** The rule of an object with {@code type}, with its weight decay taken out. */
  static UpdateRule withoutDecay(Fields settings) {
    return of(settings.withNumber("weight_decay", 0.0));
  }

  private static double first(Fields attrs, String name, double otherwise) {
    return attrs.has(name) ? pair(attrs, name)[0] : otherwise;
  }

  private static double second(Fields attrs, String name, double otherwise) {
    return attrs.has(name) ? pair(attrs, name)[1] : otherwise;
  }

  private static double[] pair(Fields attrs, String name) {
    double[] pair = attrs.numbers(name);
    if (pair.length != 2) {
      throw CaseException.at(attrs.place(name), "has " + pair.length + " numbers (need 2).");
    }
    return pair;
  }
}
