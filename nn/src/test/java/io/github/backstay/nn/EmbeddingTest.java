package io.github.backstay.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Gradient;
import io.github.backstay.core.Indices;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class EmbeddingTest {

  private static Embedding embedding() {
    return new Embedding(new DMatrixRMaj(new double[][] {{1, 2}, {3, 4}, {5, 6}}));
  }

  @Test
  void looksRowsUp() {
    try (Tape tape = Tape.create()) {
      assertArrayEquals(
          new double[] {5, 6, 1, 2, 5, 6},
          embedding().lookUp(tape, Indices.of(2, 0, 2)).toMatrix().data);
    }
  }

  @Test
  void averagesTheWordsOfEachTextAndGivesZerosForNone() {
    try (Tape tape = Tape.create()) {
      Variable means = embedding().lookUpMean(tape, Indices.of(0, 1, 2), Indices.of(2, 2, 3));

      assertArrayEquals(new double[] {2, 3, 0, 0, 5, 6}, means.toMatrix().data);
    }
  }

  @Test
  void gradientHoldsOnlyTheRowsThatWereLookedUp() {
    Embedding embedding = embedding();
    try (Tape tape = Tape.create()) {
      Variable loss = embedding.lookUp(tape, Indices.of(2, 0, 2)).sum();
      Gradient gradient = tape.gradients(loss).of(embedding.weight());

      assertTrue(gradient.isRowSparse());
      assertEquals(2, gradient.storedRows());
      assertArrayEquals(new double[] {1, 1, 0, 0, 2, 2}, gradient.toMatrix().data);
    }
  }

  @Test
  void meanKeepsTheGradientRowSparse() {
    Embedding embedding = embedding();
    try (Tape tape = Tape.create()) {
      Variable loss = embedding.lookUpMean(tape, Indices.of(1, 2), Indices.of(2)).sum();
      Gradient gradient = tape.gradients(loss).of(embedding.weight());

      assertTrue(gradient.isRowSparse());
      assertArrayEquals(new double[] {0, 0, 0.5, 0.5, 0.5, 0.5}, gradient.toMatrix().data);
    }
  }

  @Test
  void sumsTheWordsOfEachText() {
    Embedding embedding = embedding();
    try (Tape tape = Tape.create()) {
      Variable sums = embedding.lookUpSum(tape, Indices.of(0, 1, 1, 2), Indices.of(3, 3, 4));
      Gradient gradient = tape.gradients(sums.sum()).of(embedding.weight());

      assertArrayEquals(new double[] {7, 10, 0, 0, 5, 6}, sums.toMatrix().data);
      assertArrayEquals(new double[] {1, 1, 2, 2, 1, 1}, gradient.toMatrix().data);
      assertTrue(gradient.isRowSparse());
    }
  }

  @Test
  void takesTheLargestEntryOfEachTextAndTheFirstOfEqualOnes() {
    Embedding embedding =
        new Embedding(new DMatrixRMaj(new double[][] {{-1, 9}, {-3, 4}, {-1, 5}}));
    try (Tape tape = Tape.create()) {
      Variable largest = embedding.lookUpMax(tape, Indices.of(1, 2, 0), Indices.of(0, 3));
      Gradient gradient = tape.gradients(largest.sum()).of(embedding.weight());

      assertArrayEquals(new double[] {0, 0, -1, 9}, largest.toMatrix().data, 0x1p-1074);
      assertArrayEquals(new double[] {0, 1, 0, 0, 1, 0}, gradient.toMatrix().data);
    }
  }

  @Test
  void paddingIsReadAsItStandsAndGetsNoGradient() {
    Embedding embedding =
        Embedding.padded(new DMatrixRMaj(new double[][] {{1, 2}, {3, 4}, {5, 6}}), 1);
    try (Tape tape = Tape.create()) {
      Variable rows = embedding.lookUp(tape, Indices.of(1, 2, 1, 0));
      Gradient gradient = tape.gradients(rows.square().sum()).of(embedding.weight());

      assertArrayEquals(new double[] {3, 4, 5, 6, 3, 4, 1, 2}, rows.toMatrix().data);
      assertArrayEquals(new double[] {2, 4, 0, 0, 10, 12}, gradient.toMatrix().data);
      assertTrue(gradient.isRowSparse());
      assertEquals(OptionalInt.of(1), embedding.padding());
      assertEquals(OptionalInt.empty(), embedding().padding());
    }
  }

  @Test
  void paddingStartsAtZeroAndTheOtherRowsAsWithoutIt() {
    Initializer normal = Initializer.normal(1.0);
    double[] plain = new Embedding(3, 2, normal, Draw.random(1)).weight().toMatrix().data;
    Embedding padded = Embedding.padded(3, 2, 0, normal, Draw.random(1));

    assertArrayEquals(
        new double[] {0, 0, plain[2], plain[3], plain[4], plain[5]},
        padded.weight().toMatrix().data);
  }

  @Test
  void rejectsPaddingOutsideTheTableAndTextsThatDoNotCoverTheTokens() {
    Embedding embedding = embedding();
    Failures.assertMessage(
        IllegalArgumentException.class,
        "embedding: the padding must be one of the 3 rows, got 3.",
        () -> Embedding.padded(embedding.weight().toMatrix(), 3));
    try (Tape tape = Tape.create()) {
      Failures.assertMessage(
          IllegalArgumentException.class,
          "module Embedding: the ends of the texts must not descend, but 1 follows 2.",
          () -> embedding.lookUpSum(tape, Indices.of(0, 1), Indices.of(2, 1)).shape());
      for (int end : new int[] {1, 3}) {
        Failures.assertMessage(
            ShapeException.class,
            "module Embedding: the last text ends at "
                + end
                + ", but there are 2 tokens (the texts must cover all tokens).",
            () -> embedding.lookUpMax(tape, Indices.of(0, 1), Indices.of(end)).shape());
      }
    }
  }

  @Test
  void tableIsCopied() {
    DMatrixRMaj table = new DMatrixRMaj(2, 2);
    Embedding embedding = new Embedding(table);
    table.fill(7.0);

    assertArrayEquals(new double[4], embedding.weight().toMatrix().data);
  }

  @Test
  void rejectsWordsItDoesNotHave() {
    try (Tape tape = Tape.create()) {
      assertEquals(
          "gatherRows: index 3 at position 1 is out of range (there are 3 rows, counted from 0).",
          assertThrows(
                  IndexOutOfBoundsException.class,
                  () -> embedding().lookUp(tape, Indices.of(0, 3)).shape())
              .getMessage());
    }
  }

  @Test
  void rejectsSizesBelowOne() {
    RandomGenerator random = new Seeds(1).generator(0, "embedding");
    Initializer zeros = Initializer.zeros();

    assertEquals("1×1", new Embedding(1, 1, zeros, random).weight().shape().toString());
    assertEquals(
        "embedding: count and width must be at least 1, got count 5 and width 0.",
        assertThrows(IllegalArgumentException.class, () -> new Embedding(5, 0, zeros, random))
            .getMessage());
    assertEquals(
        "embedding: count and width must be at least 1, got count 0 and width 5.",
        assertThrows(IllegalArgumentException.class, () -> new Embedding(0, 5, zeros, random))
            .getMessage());
  }
}
