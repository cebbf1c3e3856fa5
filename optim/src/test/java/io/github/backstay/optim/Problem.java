package io.github.backstay.optim;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.Parameterized;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.regularizers.Regularizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * Something small to train: data, pre-trained values, and weights that have already moved away from
 * them by at least ½ in every entry. The same setting draws the same problem each time, so that two
 * trainings can be compared to the bit.
 */
final class Problem implements Parameterized {

  /** What the data loss is. */
  enum Kind {
    /** The mean squared error of {@code XW}. */
    LINEAR_REGRESSION,
    /** The cross-entropy of {@code softmax(XWᵀ + b)}. */
    SOFTMAX_REGRESSION,
    /** The mean squared error of {@code tanh(XWᵀ + b)Vᵀ + c}. */
    TANH_NET
  }

  /** From which a problem is drawn. */
  record Setting(Kind kind, int examples, int inputs, int outputs, long seed) {
    Problem draw() {
      return new Problem(this);
    }
  }

  private final Setting setting;
  private final DMatrixRMaj x;
  private final DMatrixRMaj targets;
  private final int[] classes;
  private final List<Parameter> parameters = new ArrayList<>();
  private final List<DMatrixRMaj> pretrained = new ArrayList<>();

  private Problem(Setting setting) {
    this.setting = setting;
    RandomGenerator random = Draw.seeded(setting.seed);
    this.x = Draw.gaussian(random, setting.examples, setting.inputs);
    this.targets = Draw.gaussian(random, setting.examples, setting.outputs);
    this.classes = new int[setting.examples];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = random.nextInt(setting.outputs);
    }
    switch (setting.kind) {
      case LINEAR_REGRESSION -> add(random, "weight", setting.inputs, setting.outputs);
      case SOFTMAX_REGRESSION -> {
        add(random, "weight", setting.outputs, setting.inputs);
        add(random, "bias", 1, setting.outputs);
      }
      case TANH_NET -> {
        add(random, "hidden.weight", 3, setting.inputs);
        add(random, "hidden.bias", 1, 3);
        add(random, "output.weight", setting.outputs, 3);
        add(random, "output.bias", 1, setting.outputs);
      }
    }
  }

  private void add(RandomGenerator random, String name, int rows, int cols) {
    DMatrixRMaj before = Draw.gaussian(random, rows, cols);
    DMatrixRMaj now = before.copy();
    for (int i = 0; i < now.data.length; i++) {
      now.data[i] += (random.nextBoolean() ? 1.0 : -1.0) * (0.5 + random.nextDouble());
    }
    pretrained.add(before);
    parameters.add(new Parameter(name, now));
  }

  /**
   * The pull back to the pre-trained values, made as a user makes it: before the weights move.
   *
   * @param strength λ of {@code λ/2·Σ‖W − W0‖²}
   * @param application the last of the four choices, such as {@code Builder::inLoss}
   */
  Regularizer anchor(double strength, Function<Regularizer.Builder, Regularizer> application) {
    List<DMatrixRMaj> moved = values();
    set(pretrained);
    Regularizer made = application.apply(Regularizer.l2(strength).over(this).towardsInitialValue());
    set(moved);
    return made;
  }

  private void set(List<DMatrixRMaj> values) {
    for (int i = 0; i < values.size(); i++) {
      parameters.get(i).set(values.get(i));
    }
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }

  /** Copies of all weights. */
  List<DMatrixRMaj> values() {
    return parameters.stream().map(Parameter::toMatrix).toList();
  }

  int examples() {
    return setting.examples;
  }

  /** The mean loss of all examples. */
  Variable loss(Tape tape) {
    return loss(tape, 0, setting.examples);
  }

  /** The loss of one example. */
  Variable loss(Tape tape, int example) {
    return loss(tape, example, example + 1);
  }

  private Variable loss(Tape tape, int from, int to) {
    Variable input = tape.constant(x).slice(from, to, 0, setting.inputs);
    Variable target = tape.constant(targets).slice(from, to, 0, setting.outputs);
    return switch (setting.kind) {
      case LINEAR_REGRESSION -> input.mult(on(tape, 0)).meanSquaredError(target);
      case SOFTMAX_REGRESSION ->
          input
              .affine(on(tape, 0), on(tape, 1))
              .crossEntropy(Arrays.copyOfRange(classes, from, to));
      case TANH_NET ->
          input
              .affine(on(tape, 0), on(tape, 1))
              .tanh()
              .affine(on(tape, 2), on(tape, 3))
              .meanSquaredError(target);
    };
  }

  private Variable on(Tape tape, int index) {
    return parameters.get(index).on(tape);
  }
}
