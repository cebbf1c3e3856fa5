package io.github.backstay.benchmarks.conformance;

import io.github.backstay.benchmarks.conformance.Case.Input;
import io.github.backstay.benchmarks.conformance.Training.Loss;
import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.optim.Optimizer;
import io.github.backstay.optim.UpdateRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;

/**
 * One model trained with the penalty in the graph, with the penalty as a mere number, and without.
 * Each variant is trained twice: along its program as it is written, and along the program without
 * penalty with what Backstay offers for the variant: {@code plus(regularizer.penalty(tape))} for
 * {@code graph}, {@code plusDetached} for {@code detached}. The latter must leave every weight, to
 * the last bit, as no penalty at all leaves it.
 */
record GraphVersusDataRunner(Vocabulary vocabulary) implements Runner {

  private static final int MOST_STEPS = 10_000;

  @Override
  public Tolerance tolerance() {
    return Tolerance.TRAJECTORY;
  }

  @Override
  public void run(Case reference, Comparison check) {
    Map<String, Input> inputs = reference.inputs("inputs");
    Fields attrs = reference.attrs();
    int steps = attrs.count("steps", MOST_STEPS);
    UpdateRule rule = Rules.of(attrs.object("optimizer"));
    Fields variants = reference.fields().object("variants");
    Program data = Program.of(vocabulary, variants.object("unregularized"), inputs.keySet());
    List<Walk> unpulled = new ArrayList<>();
    for (String name : variants.names()) {
      Fields variant = variants.object(name);
      Program whole = Program.of(vocabulary, variant, inputs.keySet());
      Training written = training(inputs, attrs);
      Training offered = training(inputs, attrs);
      Loss asWritten = (tape, in) -> Objective.of("loss", whole.result(tape, in));
      Loss asOffered = (tape, in) -> offered(name, offered, tape, data.result(tape, in));
      attrs.requireAllRead("a training");
      for (Training training : List.of(written, offered)) {
        Loss loss = training == written ? asWritten : asOffered;
        replay(name, variant, training, loss, data, rule, steps, check);
        if (!name.equals("graph")) {
          unpulled.add(training.walk());
        }
      }
    }
    for (Walk walk : unpulled) {
      check.require(
          "trajectory",
          walk.equalsInEveryBit(unpulled.get(0)),
          "a penalty without gradient does not leave every weight as no penalty leaves it");
    }
  }

  private static Training training(Map<String, Input> inputs, Fields attrs) {
    return Training.of(inputs, attrs, (pull, anchor) -> pull.towards(anchor).inLoss());
  }

  /** The loss of a variant in Backstay's own words. */
  private static Objective offered(String name, Training training, Tape tape, Variable data) {
    Objective objective = Objective.of("data", data);
    return switch (name) {
      case "graph" -> objective.plus("anchor", training.penalty(tape));
      case "detached" -> objective.plusDetached("anchor", training.penalty(tape).detach());
      case "unregularized" -> objective;
      default -> throw CaseException.unknown("variant", name);
    };
  }

  private static void replay(
      String name,
      Fields variant,
      Training training,
      Loss loss,
      Program data,
      UpdateRule rule,
      int steps,
      Comparison check) {
    try (Tape tape = Tape.create()) {
      Map<String, Variable> in = training.walk().on(tape);
      check.number(name + ".loss", variant.number("loss"), loss.at(tape, in).value());
      double dataLoss = data.result(tape, in).toDouble();
      check.number(name + ".dataLoss", variant.number("dataLoss"), dataLoss);
    }
    Fields grads = variant.object("grads");
    Map<String, DMatrixRMaj> gradients = training.gradients(loss);
    gradients.forEach(
        (parameter, actual) -> {
          if (grads.has(parameter)) {
            check.matrix(name + ".grads", parameter, grads.matrix(parameter), actual);
          } else {
            check.unreached(name + ".grads", parameter, actual);
          }
        });
    boolean penalized = variant.has("penalty");
    if (penalized) {
      check.number(name + ".penalty", variant.number("penalty"), training.penaltyValue());
    }
    List<Double> dataLosses = new ArrayList<>();
    List<Double> penalties = new ArrayList<>();
    Loss observed =
        (tape, in) -> {
          dataLosses.add(data.result(tape, in).toDouble());
          penalties.add(training.penaltyValue());
          return loss.at(tape, in);
        };
    Parameter[] all = training.walk().parameters().values().toArray(Parameter[]::new);
    training.run(steps, observed, Optimizer.of(rule, all), () -> {});
    check.numbers(name + ".losses", "", variant.numbers("losses"), training.losses());
    if (penalized) {
      check.numbers(name + ".dataLosss", "", variant.numbers("dataLosss"), array(dataLosses));
      check.numbers(name + ".penaltys", "", variant.numbers("penaltys"), array(penalties));
    }
    training.walk().compare(check, name + ".trajectory", variant.object("trajectory"));
  }

  private static double[] array(List<Double> numbers) {
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
