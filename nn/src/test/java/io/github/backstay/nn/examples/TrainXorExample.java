package io.github.backstay.nn.examples;

import io.github.backstay.core.Gradients;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.nn.Activation;
import io.github.backstay.nn.Linear;
import io.github.backstay.nn.Pass;
import io.github.backstay.nn.Seeds;
import io.github.backstay.nn.Sequential;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/** A small network learns exclusive or by plain gradient descent, written out by hand. */
final class TrainXorExample {

  private TrainXorExample() {}

  private static final DMatrixRMaj INPUTS =
      new DMatrixRMaj(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}});

  private static final DMatrixRMaj TARGETS = new DMatrixRMaj(new double[][] {{0}, {1}, {1}, {0}});

  /** A network with one hidden layer of eight. */
  static Sequential model(long seed) {
    RandomGenerator random = new Seeds(seed).generator(0, "model");
    return new Sequential(new Linear(2, 8, random), Activation.TANH, new Linear(8, 1, random));
  }

  /** Trains the model with all four examples in each step; returns the last loss. */
  static double train(Sequential model, int steps, double learningRate) {
    double last = Double.NaN;
    try (Tape tape = Tape.create()) {
      for (int step = 0; step < steps; step++) {
        // A model with dropout would get Pass.training(seeds.generator(step, "dropout")).
        Variable outputs = model.forward(tape.constant(INPUTS), Pass.evaluation());
        Variable loss = outputs.meanSquaredError(tape.constant(TARGETS));
        last = loss.toDouble();

        Gradients gradients = tape.gradients(loss);
        for (Parameter parameter : model.parameters()) {
          DMatrixRMaj gradient = gradients.of(parameter).toMatrix();
          parameter.update(values -> CommonOps_DDRM.addEquals(values, -learningRate, gradient));
        }
        tape.reset();
      }
    }
    return last;
  }

  /** The model's outputs for the four examples. */
  static DMatrixRMaj outputs(Sequential model) {
    try (Tape tape = Tape.create()) {
      return model.forward(tape.constant(INPUTS), Pass.evaluation()).toMatrix();
    }
  }

  public static void main(String[] arguments) {
    Sequential model = model(1);
    System.out.println(model.summary());
    System.out.println("loss " + train(model, 2000, 0.2));
    System.out.println(outputs(model));
  }
}
