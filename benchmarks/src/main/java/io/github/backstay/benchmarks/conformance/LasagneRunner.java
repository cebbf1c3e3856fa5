package io.github.backstay.benchmarks.conformance;

import io.github.backstay.core.Axis;
import io.github.backstay.core.GradientSum;
import io.github.backstay.core.Indices;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.optim.Accumulation;
import io.github.backstay.optim.Optimizer;
import io.github.backstay.optim.UpdateRule;
import io.github.backstay.regularizers.Regularizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * The training that Backstay exists for: an averaging text classifier, the gradients of single
 * examples accumulated, and cost = mean cross-entropy + ½·LC·Σ‖network parameters‖² + ½·LW·‖We −
 * initial We‖².
 */
record LasagneRunner() implements Runner {

  /** A classifier and its penalties; a penalty that a variant leaves out is null. */
  private record Model(
      Walk walk,
      List<int[]> documents,
      Indices labels,
      @Nullable Regularizer network,
      @Nullable Regularizer words,
      boolean wordsDetached) {

    Variable crossEntropy(Tape tape, int example) {
      Variable x = on(tape, "We").gatherRows(Indices.of(documents.get(example))).mean(Axis.COLS);
      Variable h = x.mult(on(tape, "W1")).plus(on(tape, "b1")).sigmoid();
      return h.mult(on(tape, "W2")).plus(on(tape, "b2")).crossEntropy(labels.get(example));
    }

    /** What has a gradient, or null if nothing has. */
    @Nullable Variable penalty(Tape tape) {
      Variable sum = network == null ? null : network.penalty(tape);
      if (words != null && !wordsDetached) {
        Variable term = words.penalty(tape);
        sum = sum == null ? term : sum.plus(term);
      }
      return sum;
    }

    /** What is printed. */
    double penaltyValue() {
      return (network == null ? 0.0 : network.value()) + (words == null ? 0.0 : words.value());
    }

    private Variable on(Tape tape, String name) {
      return walk.parameter(name, "params").on(tape);
    }
  }

  @Override
  public Tolerance tolerance() {
    return Tolerance.TRAJECTORY;
  }

  @Override
  public void run(Case reference, Comparison check) {
    Fields fields = reference.fields();
    Fields attrs = reference.attrs();
    Model model = model(reference, attrs);
    UpdateRule rule = Rules.of(attrs.object("optimizer"));
    List<int[]> batches = fields.integerLists("batches");
    int steps = attrs.integer("steps");
    attrs.requireAllRead("a training");
    if (batches.size() != steps) {
      throw CaseException.at(
          "batches", "has " + batches.size() + " (need one per step: " + steps + ").");
    }
    Map<String, Parameter> parameters = model.walk.parameters();
    compareFirstGradients(model, batches.get(0), fields.object("firstGrads"), check);
    Optimizer optimizer = Optimizer.of(rule, parameters.values().toArray(Parameter[]::new));
    Accumulation accumulation = optimizer.accumulation();
    double[] losses = new double[steps];
    double[] penalties = new double[steps];
    try (Tape tape = Tape.create()) {
      for (int t = 0; t < steps; t++) {
        int[] batch = batches.get(t);
        penalties[t] = model.penaltyValue();
        losses[t] = penalties[t];
        for (int example : batch) {
          Variable loss = model.crossEntropy(tape, example);
          losses[t] += loss.toDouble() / batch.length;
          accumulation.add(loss);
          tape.reset();
        }
        Variable penalty = model.penalty(tape);
        if (penalty != null) {
          accumulation.penalize(penalty);
        }
        accumulation.step();
        tape.reset();
        model.walk.note();
      }
    }
    check.numbers("losses", "", fields.numbers("losses"), losses);
    check.numbers("penalties", "", fields.numbers("penalties"), penalties);
    compareCheckpoints(model.walk, fields, steps, check);
  }

  private static Model model(Case reference, Fields attrs) {
    Fields fields = reference.fields();
    Walk walk = Walk.from(reference.inputs("params"));
    String variant = attrs.text("variant");
    boolean any = !variant.equals("none");
    boolean words = any && !variant.equals("no_word_penalty");
    boolean detached = variant.equals("word_penalty_detached");
    if (words && !detached && !variant.equals("full")) {
      throw CaseException.unknown("variant", variant);
    }
    double networkStrength = attrs.number("LC");
    double wordStrength = attrs.number("LW");
    Parameter[] network =
        attrs.texts("networkParams").stream()
            .map(name -> walk.parameter(name, attrs.place("networkParams")))
            .toArray(Parameter[]::new);
    return new Model(
        walk,
        fields.integerLists("documents"),
        Indices.of(fields.integers("labels")),
        any ? Regularizer.l2(networkStrength).over(network).towardsZero().inLoss() : null,
        words
            ? Regularizer.l2(wordStrength)
                .over(walk.parameter("We", "params"))
                .towardsInitialValue()
                .inLoss()
            : null,
        detached);
  }

  private static void compareFirstGradients(
      Model model, int[] batch, Fields expected, Comparison check) {
    GradientSum sum = new GradientSum();
    try (Tape tape = Tape.create()) {
      for (int example : batch) {
        sum.add(tape.gradients(model.crossEntropy(tape, example)), 1.0 / batch.length);
        tape.reset();
      }
      Variable penalty = model.penalty(tape);
      if (penalty != null) {
        sum.add(tape.gradients(penalty), 1.0);
      }
    }
    model
        .walk
        .parameters()
        .forEach(
            (name, parameter) -> {
              DMatrixRMaj actual = sum.gradients().of(parameter).toMatrix();
              if (expected.has(name)) {
                check.matrix("firstGrads", name, expected.matrix(name), actual);
              } else {
                check.unreached("firstGrads", name, actual);
              }
            });
  }

  private static void compareCheckpoints(Walk walk, Fields fields, int steps, Comparison check) {
    Fields checkpoints = fields.object("checkpoints");
    List<String> numbers = new ArrayList<>(checkpoints.names());
    for (String number : numbers) {
      int step = number.matches("[0-9]{1,9}") ? Integer.parseInt(number) : 0;
      if (step < 1 || step > steps) {
        throw CaseException.at(checkpoints.place(number), "is no step from 1 to " + steps + ".");
      }
      compareAt(walk, step, "checkpoints." + number, checkpoints.object(number), check);
    }
    compareAt(walk, steps, "final", fields.object("final"), check);
  }

  private static void compareAt(
      Walk walk, int step, String part, Fields expected, Comparison check) {
    walk.places()
        .forEach(
            (name, places) -> {
              Parameter parameter = walk.parameter(name, "params");
              DMatrixRMaj actual =
                  DMatrixRMaj.wrap(parameter.rows(), parameter.cols(), places.get(step - 1));
              check.matrix(part, name, expected.matrix(name), actual);
            });
  }
}
