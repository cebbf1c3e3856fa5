package io.github.backstay.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

/** What the catalogue's rows do not reach: entries that are left out by −∞. */
class SoftmaxesTest {

  private static final double NONE = Double.NEGATIVE_INFINITY;

  @Test
  void anEntryOfMinusInfinityIsLeftOutOfValueAndGradient() {
    try (Tape tape = Tape.create()) {
      Variable mask = tape.constant(Matrices.of(1, 3, NONE, 0, 0));
      Variable scores = tape.variable(Matrices.of(1, 3, 7, 0, Math.log(3)));
      Variable y = scores.plus(mask).softmax();

      assertArrayEquals(new double[] {0, 0.25, 0.75}, y.toMatrix().data, 1e-15);
      double[] first = tape.gradients(y, Matrices.of(1, 3, 5, 8, 0)).of(scores).data;
      assertArrayEquals(new double[] {0, 1.5, -1.5}, first, 1e-15);
    }
  }

  @Test
  void whereAllAreLeftOutValueAndGradientsOfAnyOrderAreZero() {
    for (Axis axis : Axis.values()) {
      DMatrixRMaj none = Matrices.of(2, 2, NONE, NONE, NONE, NONE);
      try (Tape tape = Tape.create()) {
        Variable scores = tape.variable(Matrices.of(2, 2, 1, 2, 3, 4));
        Variable y = scores.plus(tape.constant(none)).softmax(axis);
        Variable first =
            tape.recordedGradients(y, tape.constant(Matrices.of(2, 2, 1, 2, 3, 4)), List.of(scores))
                .get(0);

        assertArrayEquals(new double[4], y.toMatrix().data);
        assertArrayEquals(new double[4], first.toMatrix().data);
        assertArrayEquals(new double[4], tape.gradients(first.sum()).of(scores).data, 0x1p-1074);
      }
    }
  }
}
