package io.github.backstay.benchmarks.conformance;

import io.github.backstay.optim.Adam;
import io.github.backstay.optim.Sgd;
import io.github.backstay.optim.UpdateRule;

/** Update rules from the hyper-parameters of a case, under the names that PyTorch gives them. */
final class Rules {

  private Rules() {}

  /**
   * The rule of a name.
   *
   * @param name for instance {@code adamw}
   * @param attrs its hyper-parameters; what is missing has PyTorch's default
   * @throws CaseException if there is no such rule
   */
  static UpdateRule of(String name, Fields attrs) {
    double rate = attrs.number("lr");
    return switch (name) {
      case "sgd" ->
          new Sgd(
              rate,
              attrs.number("momentum", 0.0),
              attrs.number("dampening", 0.0),
              attrs.flag("nesterov", false),
              attrs.number("weight_decay", 0.0));
      case "adam" -> adam(rate, attrs, false, 0.0);
      case "adamw" -> adam(rate, attrs, true, 0.01);
      default -> throw CaseException.unknown("rule", name);
    };
  }

  /** The rule of an object with {@code type}, with its weight decay taken out. */
  static UpdateRule withoutDecay(Fields settings) {
    return of(settings.text("type"), settings.withNumber("weight_decay", 0.0));
  }

  private static Adam adam(double rate, Fields attrs, boolean decoupled, double decay) {
    return new Adam(
        rate,
        beta(attrs, 0, Adam.DEFAULT.beta1()),
        beta(attrs, 1, Adam.DEFAULT.beta2()),
        attrs.number("eps", Adam.DEFAULT.epsilon()),
        attrs.number("weight_decay", decay),
        decoupled,
        attrs.flag("amsgrad", false));
  }

  private static double beta(Fields attrs, int index, double otherwise) {
    return attrs.has("betas") ? pair(attrs, "betas")[index] : otherwise;
  }

  private static double[] pair(Fields attrs, String name) {
    double[] pair = attrs.numbers(name);
    if (pair.length != 2) {
      throw CaseException.at(attrs.place(name), "has " + pair.length + " numbers (need 2).");
    }
    return pair;
  }
}
