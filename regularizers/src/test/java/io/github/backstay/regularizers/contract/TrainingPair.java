package io.github.backstay.regularizers.contract;

import static org.junit.jupiter.api.Assertions.fail;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Shape;
import io.github.backstay.core.Tape;
import io.github.backstay.regularizers.Penalty;
import io.github.backstay.regularizers.contract.TrainingContract.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/** Two trainings side by side, as a rule one without a penalty and one with. */
final class TrainingPair {

  final Training plain;
  final Training held;
  final List<DMatrixRMaj> anchors;
  final List<DMatrixRMaj> restarted; // where the second one was resumed, if it was
  private final TrainingContract contract;
  private double largestLoss = 1.0;

  TrainingPair(TrainingContract contract, Training plain, Training held) {
    this(contract, plain, held, new ArrayList<>());
    for (Parameter parameter : held.held()) {
      anchors.add(contract.anchorOf(parameter, parameter.toMatrix()));
    }
  }

  private TrainingPair(
      TrainingContract contract, Training plain, Training held, List<DMatrixRMaj> anchors) {
    this.contract = contract;
    this.plain = plain;
    this.held = held;
    this.anchors = anchors;
    this.restarted = values(held);
    if (plain.held().size() != held.held().size() || held.held().isEmpty()) {
      fail(
          "training: held() has "
              + plain.held().size()
              + " parameters in one training and "
              + held.held().size()
              + " in the other (need the same, and at least one).");
    }
  }

  /** The first training beside the second after a restart. */
  TrainingPair resumed() {
    return new TrainingPair(contract, plain, held.resumed(), anchors);
  }

  static List<DMatrixRMaj> values(Training training) {
    return training.held().stream().map(Parameter::toMatrix).toList();
  }

  String name(int p) {
    return "\"" + held.held().get(p).name() + "\"";
  }

  /** How much more the second one prints. */
  double step() {
    double without = plain.step();
    double with = held.step();
    largestLoss = Math.max(largestLoss, Math.max(Math.abs(without), Math.abs(with)));
    return with - without;
  }

  /** Of the difference of two printed losses. */
  double rounding() {
    return 1e-12 * largestLoss;
  }

  /** Puts both at the same random weights, every row of them away from its anchor. */
  void moveAway(RandomGenerator random) {
    for (int p = 0; p < anchors.size(); p++) {
      DMatrixRMaj at = Samples.gaussian(random, Shape.of(anchors.get(p)));
      for (int i = 0; i < at.data.length; i++) {
        at.data[i] += anchors.get(p).data[i];
      }
      plain.held().get(p).set(at);
      held.held().get(p).set(at);
    }
  }

  /** Puts the first one where the second one is. */
  void meet() {
    for (int p = 0; p < anchors.size(); p++) {
      plain.held().get(p).set(held.held().get(p).toMatrix());
    }
  }

  boolean hasSameWeights() {
    for (int p = 0; p < anchors.size(); p++) {
      if (Samples.firstDifference(values(plain).get(p), values(held).get(p)) >= 0) {
        return false;
      }
    }
    return true;
  }

  void requireSameWeights(String subject) {
    for (int p = 0; p < anchors.size(); p++) {
      new Comparison(
              "training, " + subject + ", parameter " + name(p),
              "the first",
              values(plain).get(p),
              "the second",
              values(held).get(p))
          .requireSameBits();
    }
  }

  double distance(Training training) {
    double distance = 0.0;
    for (int p = 0; p < anchors.size(); p++) {
      DMatrixRMaj away = Samples.minus(training.held().get(p).toMatrix(), anchors.get(p));
      distance = Math.hypot(distance, Samples.norm(away));
    }
    return distance;
  }

  /** The penalty of all weights of the second one that are not frozen; a constraint has none. */
  double value() {
    double sum = 0.0;
    if (contract.restraint(contract.strength()) instanceof Penalty penalty) {
      try (Tape tape = Tape.create()) {
        for (int p = 0; p < anchors.size(); p++) {
          Parameter parameter = held.held().get(p);
          if (!parameter.isFrozen()) {
            var anchor = tape.constant(anchors.get(p));
            sum += penalty.of(tape.constant(parameter.toMatrix()), anchor).toDouble();
          }
        }
      }
    }
    return sum;
  }
}
