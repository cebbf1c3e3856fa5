package io.github.backstay.optim;

import io.github.backstay.core.Objective;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.Application;
import io.github.backstay.regularizers.Regularizer;
import java.util.function.Function;
import org.ejml.data.DMatrixRMaj;

/**
 * A regularizer at work on one parameter, in whichever of the four ways: the tests say what the
 * gradient of the data is, and need not care who applies it.
 *
 * @param weight the parameter
 * @param pull its regularizer
 * @param optimizer steps it along the gradient that is given
 */
record Applied(Parameter weight, Regularizer pull, Optimizer optimizer) {

  static Regularizer make(Regularizer.Builder builder, Application how) {
    return switch (how) {
      case IN_LOSS -> builder.inLoss();
      case COUPLED -> builder.coupled();
      case DECOUPLED -> builder.decoupled();
      case PROXIMAL -> builder.proximal();
    };
  }

  static Applied of(Parameter weight, Regularizer pull, UpdateRule rule) {
    return of(weight, pull, rule, Schedule.constant());
  }

  static Applied of(Parameter weight, Regularizer pull, UpdateRule rule, Schedule schedule) {
    return of(weight, pull, rule, Optimizer.builder().schedule(schedule));
  }

  static Applied of(
      Parameter weight, Regularizer pull, UpdateRule rule, Optimizer.Builder builder) {
    if (pull.application() == Application.IN_LOSS) {
      builder.group("all", weight, rule);
    } else {
      builder.group("all", weight, rule, pull);
    }
    return new Applied(weight, pull, builder.build());
  }

  /** A step along the gradient of a loss, made beside the penalty of the step. */
  void step(Function<Tape, Variable> loss) {
    try (Tape tape = Tape.create()) {
      if (pull.application() == Application.IN_LOSS) {
        Variable penalty = pull.penalty(tape); // recorded first, so that it is added last
        optimizer.step(Objective.of("data", loss.apply(tape)).plus("pull", penalty));
      } else {
        optimizer.step(Objective.of("data", loss.apply(tape)));
      }
    }
  }

  /** A step with a given gradient of the data. */
  void step(DMatrixRMaj gradient) {
    step(tape -> GivenGradients.of(weight, gradient).loss(tape));
  }

  /** A step whose data has a gradient in one row only, and that is 0. */
  void stepWithoutData() {
    DMatrixRMaj zeros = new DMatrixRMaj(1, weight.cols());
    step(tape -> GivenGradients.ofRows(tape, weight, new int[] {0}, zeros));
  }
}
