package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class BallTest {

  @Test
  void bringsBackWhatIsOutsideAndLeavesTheRest() {
    DMatrixRMaj weight = Both.row(4.0, 5.0);
    DMatrixRMaj anchor = Both.row(1.0, 1.0);
    new Ball(5.0).prox(weight, anchor, 1.0);
    assertArrayEquals(new double[] {4.0, 5.0}, weight.data);
    new Ball(2.5).prox(weight, anchor, 1.0);
    assertArrayEquals(new double[] {2.5, 3.0}, weight.data);
    new Ball(0.0).prox(weight, anchor, 0.0);
    assertArrayEquals(new double[] {1.0, 1.0}, weight.data);
  }

  /** What is left of a huge distance is not the difference of two huge numbers. */
  @Test
  void bringsBackFromAfar() {
    DMatrixRMaj weight = Both.row(3e20, -4e20);
    new Ball(5.0).prox(weight, null, 1.0);
    assertArrayEquals(new double[] {3.0, -4.0}, weight.data, 1e-15);
  }

  @Test
  void refusesRadiiThatAreNotFiniteAndAtLeastZero() {
    Failures.assertMessage(
        IllegalArgumentException.class,
        "Ball: the radius r must be finite and at least 0, got -1.0.",
        () -> new Ball(-1.0));
  }
}
