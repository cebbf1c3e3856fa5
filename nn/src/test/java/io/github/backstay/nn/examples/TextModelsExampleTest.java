package io.github.backstay.nn.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import io.github.backstay.nn.Pass;
import io.github.backstay.nn.Seeds;
import io.github.backstay.nn.Texts;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class TextModelsExampleTest {

  private final TextModelsExample example = new TextModelsExample();
  private final Pass training = Pass.training(new Seeds(2).generator(1, "dropout"));

  @Test
  void encodersGiveOneVectorPerText() {
    try (Tape tape = Tape.create()) {
      Variable last = example.lastState(tape, Texts.of(new int[] {7, 0, 5}, new int[] {2}));

      assertEquals("3×6", example.deepAverage(tape, training).shape().toString());
      assertEquals("2×3", last.shape().toString());
      assertTrue(last.reachesParameter());
    }
  }

  @Test
  void lossesArePositiveAndRatingsBetweenTheEnds() {
    try (Tape tape = Tape.create()) {
      Variable first = tape.constant(new DMatrixRMaj(new double[][] {{1, 0, 2, 0}, {0, 1, 0, 1}}));
      Variable second = tape.constant(new DMatrixRMaj(new double[][] {{1, 1, 1, 0}, {2, 0, 0, 1}}));
      DMatrixRMaj rated = example.ratings(first, second).toMatrix();

      assertTrue(rated.get(0, 0) > 0.0);
      assertTrue(rated.get(1, 0) > 1.0 && rated.get(1, 0) < 5.0);
      assertTrue(example.paraphrases(first, second).toDouble() > 0.0);
      assertTrue(example.sentiment(tape, training).toDouble() > 0.0);
    }
  }
}
