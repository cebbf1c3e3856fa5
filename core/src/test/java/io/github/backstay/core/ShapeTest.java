package io.github.backstay.core;

import static io.github.backstay.core.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class ShapeTest {

  @Test
  void describesAMatrix() {
    assertEquals("2×3", Shape.of(new DMatrixRMaj(2, 3)).toString());
    assertEquals(6, new Shape(2, 3).size());
    assertEquals(0, new Shape(0, 3).size());
  }

  @Test
  void refusesWhatIsNoShape() {
    assertMessage(
        ShapeException.class, "shape: sides must be at least 0, got 2×-1.", () -> new Shape(2, -1));
    assertThrows(ArithmeticException.class, () -> new Shape(1 << 20, 1 << 20).size());
  }

  @Test
  void refusesShapesThatDiffer() {
    Shape.requireSame("compare", new DMatrixRMaj(2, 3), new DMatrixRMaj(2, 3));
    assertMessage(
        ShapeException.class,
        "compare: shapes differ: left is 2×3, right is 3×2 (both must have the same shape).",
        () -> Shape.requireSame("compare", new DMatrixRMaj(2, 3), new DMatrixRMaj(3, 2)));
  }
}
