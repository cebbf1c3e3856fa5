package io.github.backstay.nn;

import static io.github.backstay.nn.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class PairHeadTest {

  @Test
  void seesProductAndDistance() {
    PairHead head = Draw.all(new PairHead(1, 1, 2, Draw.random(1)), 1);
    head.parameters().get(0).set(Draw.row(0.7, -1.1)); // of the product, of the distance
    head.parameters().get(1).set(Draw.row(0.2));
    head.parameters().get(2).set(new DMatrixRMaj(new double[][] {{2.0}, {-3.0}}));
    head.parameters().get(3).set(Draw.row(0.5, 0.25));
    double s = 1.0 / (1.0 + Math.exp(-(0.7 * (1.5 * -2.0) - 1.1 * 3.5 + 0.2)));
    try (Tape tape = Tape.create()) {
      Variable logits = head.forward(tape.constant(Draw.row(1.5)), tape.constant(Draw.row(-2.0)));

      assertArrayEquals(
          new double[] {2.0 * s + 0.5, -3.0 * s + 0.25}, logits.toMatrix().data, 1e-15);
    }
  }

  @Property(tries = 100)
  void theOrderOfTheTwoDoesNotMatter(@ForAll @IntRange(max = 3) int pairs, @ForAll long seed) {
    PairHead head = Draw.all(new PairHead(3, 4, 3, Draw.random(1)), seed);
    try (Tape tape = Tape.create()) {
      Variable first = tape.constant(Draw.normal(pairs, 3, seed));
      Variable second = tape.constant(Draw.normal(pairs, 3, seed + 1));

      assertArrayEquals(
          head.forward(first, second).toMatrix().data, head.forward(second, first).toMatrix().data);
    }
  }

  @Test
  void equalVectorsHaveAFiniteGradient() {
    PairHead head = new PairHead(2, 3, 5, Draw.random(1));
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(Draw.row(0.3, 0.0));
      Variable y = tape.variable(Draw.row(0.3, 0.0));
      Variable sum = head.forward(x, y).dot(tape.constant(Draw.row(1, 2, 3, 4, 5)));
      var gradients = tape.gradients(sum);

      assertArrayEquals(gradients.of(x).data, gradients.of(y).data, 1e-15);
      assertEquals(0.0, gradients.of(x).get(0, 1), 1e-300); // of the product, and of the distance
    }
  }

  @Test
  void biasesStartAtZeroAndWeightsWithinGlorotsBound() {
    PairHead head = new PairHead(20, 10, 3, Draw.random(1));
    double bound = Math.sqrt(6.0 / (40 + 10));
    double largest = 0.0;
    for (double value : head.parameters().get(0).toMatrix().data) {
      largest = Math.max(largest, Math.abs(value));
    }

    assertEquals(bound, largest, 0.03 * bound);
    assertArrayEquals(new double[10], head.parameters().get(1).toMatrix().data);
    assertArrayEquals(new double[3], head.parameters().get(3).toMatrix().data);
  }

  @Test
  void rejectsWhatDoesNotFit() {
    assertMessage(
        IllegalArgumentException.class,
        "module PairHead: the width of the vectors must be at least 1, got 0.",
        () -> new PairHead(0, 1, 2, Draw.random(1)));
    PairHead head = new PairHead(3, 1, 2, Draw.random(1));
    try (Tape tape = Tape.create()) {
      assertMessage(
          ShapeException.class,
          "module PairHead: the vectors are 2×3 and 1×3 (need 2×3 both).",
          () -> head.forward(tape.zeros(2, 3), tape.zeros(1, 3)).shape());
      assertMessage(
          ShapeException.class,
          "module PairHead: the vectors are 2×4 and 2×4 (need 2×3 both).",
          () -> head.forward(tape.zeros(2, 4), tape.zeros(2, 4)).shape());
    }
  }
}
