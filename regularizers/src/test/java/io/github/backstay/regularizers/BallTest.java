package io.github.backstay.regularizers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.random.RandomGenerator;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.NormOps_DDRM;
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

  /** No point of the ball is closer, which for a convex set means {@code ⟨U − P, Z − P⟩ ≤ 0}. */
  @Property(seed = "1", edgeCases = EdgeCasesMode.NONE)
  void imageIsTheClosestPointOfTheBall(
      @ForAll @IntRange(min = 1, max = 5) int rows,
      @ForAll @IntRange(min = 1, max = 5) int cols,
      @ForAll long seed) {
    RandomGenerator random = Draw.seeded(seed);
    DMatrixRMaj anchor = Draw.gaussian(random, rows, cols);
    DMatrixRMaj weight = Draw.gaussian(random, rows, cols);
    Ball ball = new Ball(2.0 * random.nextDouble());
    DMatrixRMaj image = weight.copy();
    ball.prox(image, anchor, random.nextDouble());
    assertTrue(distance(image, anchor) <= ball.radius() + 1e-14);
    for (int trial = 0; trial < 20; trial++) {
      DMatrixRMaj other = Draw.gaussian(random, rows, cols);
      double size = ball.radius() * random.nextDouble() / NormOps_DDRM.normF(other);
      CommonOps_DDRM.add(1.0, anchor, size, other, other);
      double product = 0.0;
      for (int i = 0; i < image.data.length; i++) {
        product += (weight.data[i] - image.data[i]) * (other.data[i] - image.data[i]);
      }
      assertTrue(product <= 1e-13);
    }
    DMatrixRMaj there = anchor.copy();
    ball.prox(there, anchor, 1.0);
    assertArrayEquals(anchor.data, there.data);
  }

  private static double distance(DMatrixRMaj a, DMatrixRMaj b) {
    return NormOps_DDRM.normF(CommonOps_DDRM.subtract(a, b, null));
  }

  @Test
  void refusesRadiiThatAreNotFiniteAndAtLeastZero() {
    Failures.assertMessage(
        IllegalArgumentException.class,
        "Ball: the radius r must be finite and at least 0, got -1.0.",
        () -> new Ball(-1.0));
  }
}
