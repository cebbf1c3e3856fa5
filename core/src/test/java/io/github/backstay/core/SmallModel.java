package io.github.backstay.core;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;

/**
 * A model with an embedding, two dense layers and a pull to an anchor, trained by plain gradient
 * descent: small enough for tests, and with every kind of gradient that the engine knows.
 */
final class SmallModel {

  private static final int VOCABULARY = 50;
  private static final int CLASSES = 3;

  final Parameter embedding;
  final Parameter weight;
  final Parameter bias;
  final Parameter head;
  final List<Parameter> parameters;
  private final DMatrixRMaj anchor;
  private final Indices[] words = new Indices[4];
  private final Indices[] targets = new Indices[4];
  private final Indices[] ends = new Indices[4];
  private final DMatrixRMaj zeroBias = new DMatrixRMaj(1, CLASSES);
  private Gradients current = new Gradients(0, false);

  /** Batches have sizes that change from step to step, unless told otherwise. */
  SmallModel(long seed, boolean changingShapes) {
    RandomGenerator random = Matrices.random(seed);
    embedding = new Parameter("embedding", Matrices.gaussian(VOCABULARY, 4, random));
    weight = new Parameter("weight", Matrices.gaussian(6, 4, random));
    bias = new Parameter("bias", Matrices.gaussian(1, 6, random));
    head = new Parameter("head", Matrices.gaussian(CLASSES, 6, random));
    parameters = List.of(embedding, weight, bias, head);
    anchor = weight.toMatrix();
    for (int b = 0; b < words.length; b++) {
      int examples = changingShapes ? 2 + 3 * b : 5;
      int[] ids = new int[2 * examples];
      int[] classes = new int[examples];
      int[] groupEnds = new int[examples];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = random.nextInt(VOCABULARY);
      }
      for (int i = 0; i < examples; i++) {
        classes[i] = random.nextInt(CLASSES);
        groupEnds[i] = 2 * (i + 1);
      }
      words[b] = Indices.of(ids);
      targets[b] = Indices.of(classes);
      ends[b] = Indices.of(groupEnds);
    }
  }

  Variable loss(Tape tape, int step) {
    int b = step % words.length;
    Variable hidden =
        embedding
            .on(tape)
            .gatherRows(words[b])
            .segmentMean(ends[b])
            .affine(weight.on(tape), bias.on(tape))
            .tanh();
    Variable logits = hidden.affine(head.on(tape), tape.borrow(zeroBias));
    return logits
        .crossEntropy(targets[b])
        .plus(weight.on(tape).anchoredDistance(tape.borrow(anchor), 0.01));
  }

  /** One step of gradient descent; the tape is reset. */
  void step(Tape tape, int step) {
    current = tape.gradients(loss(tape, step));
    for (int i = 0; i < parameters.size(); i++) {
      descend(parameters.get(i));
    }
    tape.reset();
  }

  private void descend(Parameter parameter) {
    Gradient gradient = current.of(parameter);
    parameter.update(
        values -> {
          double[] data = gradient.data();
          int cols = values.numCols;
          for (int place = 0; place < gradient.storedRows(); place++) {
            int row = gradient.rowAt(place);
            for (int j = 0; j < cols; j++) {
              values.data[row * cols + j] -= 0.1 * data[place * cols + j];
            }
          }
        });
  }

  SmallModel train(Tape tape, int steps) {
    for (int step = 0; step < steps; step++) {
      step(tape, step);
    }
    return this;
  }

  List<DMatrixRMaj> values() {
    List<DMatrixRMaj> values = new ArrayList<>();
    parameters.forEach(parameter -> values.add(parameter.toMatrix()));
    return values;
  }

  static void assertSameBits(SmallModel expected, SmallModel actual) {
    for (int i = 0; i < expected.parameters.size(); i++) {
      Matrices.assertBits(
          expected.values().get(i), actual.values().get(i), expected.parameters.get(i).name());
    }
  }
}
