package io.github.backstay.benchmarks.conformance;

import io.github.backstay.benchmarks.conformance.Case.Input;
import io.github.backstay.benchmarks.conformance.Training.Loss;
import io.github.backstay.core.Objective;
import io.github.backstay.core.Tape;
import io.github.backstay.optim.Optimizer;
import io.github.backstay.optim.Sgd;
import io.github.backstay.optim.UpdateRule;
import io.github.backstay.regularizers.Regularizer;
import io.github.backstay.regularizers.Scope;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Ways to pull parameters to an anchor, and weight decay, which pulls to zero. The last part of a
 * variant's name says which way.
 */
record PullsRunner(Vocabulary vocabulary) implements Runner {

  private static final int MOST_STEPS = 10_000;

  /** The ways, the longer names first where one ends like another. */
  private enum Way {
    DECOUPLED_BEFORE,
    DECOUPLED_AFTER,
    WEIGHT_DECAY,
    ADAMW,
    GRAPH,
    NONE;

    static Way of(String variant) {
      for (Way way : values()) {
        String name = way.name().toLowerCase(Locale.ROOT);
        if (variant.equals(name) || variant.endsWith("_" + name)) {
          return way;
        }
      }
      throw CaseException.unknown("variant", variant);
    }
  }

  @Override
  public Tolerance tolerance() {
    return Tolerance.TRAJECTORY;
  }

  @Override
  public void run(Case reference, Comparison check) {
    Map<String, Input> inputs = reference.inputs("inputs");
    Fields attrs = reference.attrs();
    Fields programs = reference.fields().object("programs");
    Fields variants = reference.fields().object("variants");
    Program plain = Program.of(vocabulary, programs.object("plain"), inputs.keySet());
    for (String name : variants.names()) {
      Fields variant = variants.object(name);
      Way way = Way.of(name);
      Program program =
          Program.of(vocabulary, programs.object(variant.text("program")), inputs.keySet());
      Loss written = (tape, in) -> Objective.of("loss", program.result(tape, in));
      replay(name, variant, inputs, attrs, way, training -> written, check);
      if (way == Way.GRAPH) { // the same once more with the penalty that Backstay offers
        replay(
            name,
            variant,
            inputs,
            attrs,
            way,
            training ->
                (tape, in) ->
                    Objective.of("data", plain.result(tape, in))
                        .plus("anchor", training.penalty(tape)),
            check);
      }
    }
    attrs.requireAllRead("a training");
  }

  private static void replay(
      String name,
      Fields variant,
      Map<String, Input> inputs,
      Fields attrs,
      Way way,
      Function<Training, Loss> loss,
      Comparison check) {
    Training training =
        Training.of(
            inputs,
            attrs,
            (pull, anchor) ->
                switch (way) {
                  case DECOUPLED_BEFORE -> pull.towards(anchor).decoupled();
                  case DECOUPLED_AFTER, WEIGHT_DECAY, ADAMW, GRAPH, NONE ->
                      pull.towards(anchor).inLoss();
                });
    Fields settings = variant.object("optimizer");
    UpdateRule rule = Rules.of(settings);
    Optimizer optimizer = optimizer(training, rule, settings, way);
    Runnable after =
        way == Way.DECOUPLED_AFTER ? pullAfter(training, rule.learningRate()) : () -> {};
    training.run(attrs.count("steps", MOST_STEPS), loss.apply(training), optimizer, after);
    check.numbers(name + ".losses", "", variant.numbers("losses"), training.losses());
    training.walk().compare(check, name + ".trajectory", variant.object("trajectory"));
  }

  /** Only the regularized parameters are pulled or decayed. */
  private static Optimizer optimizer(Training training, UpdateRule rule, Fields settings, Way way) {
    Regularizer[] pulls =
        way == Way.DECOUPLED_BEFORE
            ? training.pulls().toArray(Regularizer[]::new)
            : new Regularizer[0];
    Optimizer.Builder builder =
        Optimizer.builder().group("held", Scope.of(training.held()), rule, pulls);
    if (training.free().length > 0) {
      UpdateRule undecayed = Rules.withoutDecay(settings);
      builder.group("free", Scope.of(training.free()), undecayed);
    }
    return builder.build();
  }

  /**
   * A pull at the stepped weights: {@code w ← w − η·∇R(w)} is plain gradient descent on the penalty
   * alone.
   */
  private static Runnable pullAfter(Training training, double rate) {
    Optimizer descent = Optimizer.of(Sgd.of(rate), training.held());
    return () -> {
      try (Tape tape = Tape.create()) {
        descent.step(Objective.of("pull", training.penalty(tape)));
      }
    };
  }
}
