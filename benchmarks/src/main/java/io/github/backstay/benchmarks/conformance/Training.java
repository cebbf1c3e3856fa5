package io.github.backstay.benchmarks.conformance;

import io.github.backstay.benchmarks.conformance.Case.Input;
import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Parameterized;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.optim.Optimizer;
import io.github.backstay.regularizers.Regularizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.ejml.data.DMatrixRMaj;

/**
 * One whole training: parameters, the pull that goes with them, and what was written down at every
 * step. For one thread.
 */
final class Training {

  /** Makes the loss of a step from the inputs on its tape. */
  interface Loss {

    /**
     * The objective at the present values.
     *
     * @param tape the tape of this step
     * @param inputs parameters and constants on it
     */
    Objective at(Tape tape, Map<String, Variable> inputs);
  }

  private final Walk walk;
  private final List<Regularizer> pulls = new ArrayList<>();
  private final List<Double> losses = new ArrayList<>();

  private Training(Walk walk) {
    this.walk = walk;
  }

  /**
   * A training before its first step.
   *
   * @param inputs the case's inputs
   * @param attrs with {@code lambda}, {@code regularized} and {@code anchors}
   * @param application makes a regularizer of a started one, by choosing how it is applied
   */
  static Training of(
      Map<String, Input> inputs,
      Fields attrs,
      BiFunction<Regularizer.Builder, DMatrixRMaj, Regularizer> application) {
    Training training = new Training(Walk.from(inputs));
    double lambda = attrs.number("lambda");
    Fields anchors = attrs.object("anchors");
    for (String name : attrs.texts("regularized")) {
      Input anchor = inputs.get(anchors.text(name));
      if (anchor == null) {
        throw CaseException.at(anchors.place(name), "there is no input of this name.");
      }
      Parameter parameter = training.walk.parameter(name, attrs.place("regularized"));
      training.pulls.add(application.apply(Regularizer.l2(lambda).over(parameter), anchor.value()));
    }
    anchors.requireAllRead("\"regularized\"");
    return training;
  }

  /** The parameters on their way. */
  Walk walk() {
    return walk;
  }

  /** The regularizers of this training, one for each parameter that is held. */
  List<Regularizer> pulls() {
    return pulls;
  }

  /** The regularized parameters. */
  Parameterized[] held() {
    return pulls.stream().flatMap(pull -> pull.parameters().stream()).toArray(Parameterized[]::new);
  }

  /** The parameters that are not regularized. */
  Parameterized[] free() {
    return walk.parameters().values().stream()
        .filter(parameter -> pulls.stream().noneMatch(pull -> pull.covers(parameter)))
        .toArray(Parameterized[]::new);
  }

  /** The penalty as a node of the graph. */
  Variable penalty(Tape tape) {
    Variable sum = pulls.get(0).penalty(tape);
    for (Regularizer pull : pulls.subList(1, pulls.size())) {
      sum = sum.plus(pull.penalty(tape));
    }
    return sum;
  }

  /** The penalty as a plain number. */
  double penaltyValue() {
    return pulls.stream().mapToDouble(Regularizer::value).sum();
  }

  /** The gradients of a loss at the present values, by parameter. */
  Map<String, DMatrixRMaj> gradients(Loss loss) {
    Map<String, DMatrixRMaj> gradients = new LinkedHashMap<>();
    try (Tape tape = Tape.create()) {
      var found = loss.at(tape, walk.on(tape)).gradients();
      walk.parameters()
          .forEach((name, parameter) -> gradients.put(name, found.of(parameter).toMatrix()));
    }
    return gradients;
  }

  /**
   * Steps down a loss.
   *
   * @param after what else happens after each step
   */
  void run(int steps, Loss loss, Optimizer optimizer, Runnable after) {
    try (Tape tape = Tape.create()) {
      for (int t = 0; t < steps; t++) {
        Objective objective = loss.at(tape, walk.on(tape));
        losses.add(objective.value());
        optimizer.step(objective);
        tape.reset();
        after.run();
        walk.note();
      }
    }
  }

  /** The loss before each step. */
  double[] losses() {
    return losses.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
