package io.github.backstay.optim;

import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.Application;
import io.github.backstay.regularizers.L2;
import io.github.backstay.regularizers.Regularizer;
import io.github.backstay.regularizers.Restraint;
import io.github.backstay.regularizers.contract.TrainingContract;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The library's own way to train meets the contract, in every application under several rules. */
@ParameterizedClass
@MethodSource("ways")
class TrainingContractTest implements TrainingContract {

  /** An application and a rule. */
  record Way(Application application, UpdateRule rule) {}

  private final Way way;

  TrainingContractTest(Way way) {
    this.way = way;
  }

  static List<Way> ways() {
    double rate = TextTraining.RATE;
    return Stream.of(Application.values())
        .flatMap(
            application ->
                Stream.of(
                        Sgd.of(rate),
                        Sgd.of(rate).withMomentum(0.9).withNesterov(),
                        Adam.of(rate),
                        Adagrad.of(rate))
                    .map(rule -> new Way(application, rule)))
        .toList();
  }

  @Override
  public Restraint restraint(double strength) {
    return new L2(strength);
  }

  @Override
  public Application application() {
    return way.application;
  }

  @Override
  public double learningRate() {
    return TextTraining.RATE;
  }

  @Override
  public boolean isPlainSgd() {
    return way.rule.equals(Sgd.of(TextTraining.RATE));
  }

  @Override
  public Training start(Setup setup) {
    return training(setup);
  }

  private TextTraining training(Setup setup) {
    return new Library(setup);
  }

  /** Example by example, as one would with large examples. */
  private final class Library extends TextTraining {
    Library(Setup setup) {
      super(setup, way.rule, TrainingContractTest.this::training);
    }

    @Override
    Regularizer apply(Regularizer.Builder builder) {
      return switch (way.application) {
        case IN_LOSS -> builder.inLoss();
        case COUPLED -> builder.coupled();
        case DECOUPLED -> builder.decoupled();
        case PROXIMAL -> builder.proximal();
      };
    }

    @Override
    Optimizer optimizer(UpdateRule rule) {
      Optimizer.Builder builder = Optimizer.builder().group("bias", bias, rule);
      return way.application == Application.IN_LOSS || !setup.isRegularized()
          ? builder.group("held", () -> held(), rule).build()
          : builder.group("held", () -> held(), rule, pull).build();
    }

    @Override
    public double step() {
      Accumulation accumulation = optimizer.accumulation();
      double printed = 0.0;
      try (Tape tape = Tape.create()) {
        for (int k = 0; k < setup.examples(); k++) {
          Variable loss = loss(tape);
          printed += loss.toDouble() / setup.examples();
          accumulation.add(loss);
          tape.reset();
        }
        if (setup.isRegularized() && way.application == Application.IN_LOSS) {
          Variable penalty = pull.penalty(tape);
          printed += penalty.toDouble();
          accumulation.penalize(penalty);
        }
        accumulation.step();
      }
      return printed;
    }
  }
}
