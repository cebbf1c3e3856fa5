package io.github.backstay.nn;

import static io.github.backstay.nn.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Indices;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.Reduction;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class SentimentOutputTest {

  private static SentimentOutput output(double dropout) {
    return Draw.all(new SentimentOutput(2, 3, dropout, Draw.random(1)), 2);
  }

  @Test
  void theLossOfANodeIsTheNegativeLogarithmOfItsLabelsProbability() {
    SentimentOutput output = output(0.0);
    Parameter weight = output.parameters().get(0);
    Parameter bias = output.parameters().get(1);
    DMatrixRMaj states = Draw.normal(4, 2, 3);
    int[] nodes = {3, 1};
    int[] labels = {0, 2};
    try (Tape tape = Tape.create()) {
      Variable loss =
          output.loss(
              tape.constant(states),
              Indices.of(nodes),
              Indices.of(labels),
              Reduction.NONE,
              Pass.evaluation());
      for (int k = 0; k < 2; k++) {
        double[] exp = new double[3];
        double sum = 0.0;
        for (int c = 0; c < 3; c++) {
          double score = bias.get(0, c);
          for (int j = 0; j < 2; j++) {
            score += weight.get(c, j) * states.get(nodes[k], j);
          }
          exp[c] = Math.exp(score);
          sum += exp[c];
        }

        assertEquals(-Math.log(exp[labels[k]] / sum), loss.get(k, 0), 1e-14);
      }
    }
  }

  @Test
  void nodesWithoutLabelGetNoGradient() {
    try (Tape tape = Tape.create()) {
      Variable states = tape.variable(Draw.normal(4, 2, 3));
      Variable loss =
          output(0.0)
              .loss(states, Indices.of(0, 2), Indices.of(1, 1), Reduction.SUM, Pass.evaluation());
      DMatrixRMaj gradient = tape.gradients(loss).of(states);
      for (int node = 0; node < 4; node++) {
        boolean zero = gradient.get(node, 0) == 0.0 && gradient.get(node, 1) == 0.0;

        assertEquals(node == 1 || node == 3, zero);
      }
    }
  }

  @Test
  void noLabelledNodeGivesTheSumZero() {
    try (Tape tape = Tape.create()) {
      Variable loss =
          output(0.5)
              .loss(
                  tape.constant(Draw.normal(4, 2, 3)),
                  Indices.of(),
                  Indices.of(),
                  Reduction.SUM,
                  Pass.training(Draw.random(1)));

      assertEquals(0.0, loss.toDouble());
    }
  }

  /** With everything dropped, only the bias is left. */
  @Test
  void dropsEntriesOfTheHiddenStateInTrainingOnly() {
    SentimentOutput output = output(1.0);
    try (Tape tape = Tape.create()) {
      Variable states = tape.constant(Draw.normal(1, 2, 3));
      Variable trained = output.logits(states, Indices.of(0), Pass.training(Draw.random(1)));
      Variable evaluated = output.logits(states, Indices.of(0), Pass.evaluation());

      assertArrayEquals(output.parameters().get(1).toMatrix().data, trained.toMatrix().data, 1e-15);
      assertFalse(trained.get(0, 0) == evaluated.get(0, 0));
    }
  }

  /** One step down the gradient makes the labels of all nodes of a tree more probable. */
  @Test
  void aTreeLearnsTheLabelsOfItsNodes() {
    NaryTreeLstm lstm = NaryTreeLstm.binary(2, 2, Draw.random(1));
    SentimentOutput output = output(0.0);
    int[] leaf = {};
    Tree tree = Tree.of(leaf, leaf, new int[] {0, 1});
    double before = step(lstm, output, tree, 0.1);
    double after = step(lstm, output, tree, 0.1);

    assertTrue(after < before, before + " → " + after);
  }

  private static double step(NaryTreeLstm lstm, SentimentOutput output, Tree tree, double rate) {
    try (Tape tape = Tape.create()) {
      LstmState state = lstm.forward(tree, tape.constant(Draw.normal(2, 2, 4)), tree.leaves());
      Variable loss =
          output.loss(
              state.hidden(), Indices.of(0, 2), Indices.of(2, 0), Reduction.SUM, Pass.evaluation());
      double value = loss.toDouble();
      var gradients = tape.gradients(loss);
      for (Module module : new Module[] {lstm, output}) {
        for (Parameter parameter : module.parameters()) {
          DMatrixRMaj moved = parameter.toMatrix();
          DMatrixRMaj gradient = gradients.of(parameter).toMatrix();
          for (int i = 0; i < moved.data.length; i++) {
            moved.data[i] -= rate * gradient.data[i];
          }
          parameter.set(moved);
        }
      }
      return value;
    }
  }

  @Test
  void rejectsWhatDoesNotFit() {
    SentimentOutput output = output(0.0);
    assertMessage(
        IllegalArgumentException.class,
        "dropout: rate must be in [0, 1], got 2.0.",
        () -> new SentimentOutput(2, 3, 2.0, Draw.random(1)));
    try (Tape tape = Tape.create()) {
      Variable states = tape.zeros(4, 2);
      assertMessage(
          ShapeException.class,
          "module SentimentOutput: there are 1 labels for 2 nodes (need one each).",
          () ->
              output
                  .loss(states, Indices.of(0, 1), Indices.of(1), Reduction.SUM, Pass.evaluation())
                  .shape());
      assertMessage(
          IndexOutOfBoundsException.class,
          "gatherRows: index 4 at position 0 is out of range (there are 4 rows, counted from 0).",
          () -> output.logits(states, Indices.of(4), Pass.evaluation()).shape());
    }
  }
}
