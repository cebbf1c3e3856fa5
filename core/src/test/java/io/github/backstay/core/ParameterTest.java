package io.github.backstay.core;

import static io.github.backstay.core.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class ParameterTest {

  private static final DMatrixRMaj A = Matrices.of(2, 3, 1, 2, 3, 4, 5, 6);

  @Test
  void ownsItsValues() {
    DMatrixRMaj initial = A.copy();
    Parameter p = new Parameter("w", initial);
    initial.set(0, 0, 100.0);
    p.toMatrix().set(0, 1, 100.0);
    Matrices.assertBits(A, p.toMatrix(), "values");
    assertEquals("w", p.name());
    assertEquals(2, p.rows());
    assertEquals(3, p.cols());
    assertEquals(new Shape(2, 3), p.shape());
    assertEquals(6.0, p.get(1, 2));
    DMatrixRMaj copy = new DMatrixRMaj(2, 3);
    p.copyTo(copy);
    Matrices.assertBits(A, copy, "copied");
    assertEquals("parameter \"w\" 2×3", p.toString());
  }

  @Test
  void takesAMatrixOverWithoutCopying() {
    DMatrixRMaj values = A.copy();
    Parameter p = Parameter.adopting("w", values);
    p.set(0, 0, 9.0);
    assertEquals(9.0, values.get(0, 0));
    DMatrixRMaj large = new DMatrixRMaj(4, 4);
    large.reshape(2, 3);
    assertMessage(
        IllegalArgumentException.class,
        "parameter \"w\": the matrix has 6 entries and a backing array of 16 (must be the same to be"
            + " taken over). Use new Parameter(name, matrix), which copies.",
        () -> Parameter.adopting("w", large));
    values.set(1, 1, Double.NaN);
    assertThrows(IllegalArgumentException.class, () -> Parameter.adopting("w", values));
  }

  @Test
  void takesAMatrixWhoseBackingArrayIsTooLong() {
    DMatrixRMaj large = new DMatrixRMaj(4, 4);
    large.reshape(2, 3);
    large.setTo(A);
    Parameter p = new Parameter("w", large);
    Matrices.assertBits(A, p.toMatrix(), "values");
    p.set(large);
    Matrices.assertBits(A, p.toMatrix(), "values");
  }

  @Test
  void everyWriteCountsAsAVersion() {
    Parameter p = new Parameter("w", A);
    long before = p.version();
    p.set(A);
    assertEquals(before + 1, p.version());
    p.set(0, 0, 5.0);
    assertEquals(before + 2, p.version());
    p.update(values -> values.set(0, 1, 7.0));
    assertEquals(before + 3, p.version());
    assertEquals(5.0, p.get(0, 0));
    assertEquals(7.0, p.get(0, 1));
    p.copyTo(new DMatrixRMaj(2, 3));
    assertEquals(before + 3, p.version());
    assertThrows(
        UnsupportedOperationException.class,
        () ->
            p.update(
                values -> {
                  values.set(0, 0, 6.0);
                  throw new UnsupportedOperationException();
                }));
    assertEquals(before + 4, p.version());
  }

  @Test
  void refusesBadNames() {
    assertMessage(
        IllegalArgumentException.class,
        "parameter: the name must not be blank.",
        () -> new Parameter(" ", A));
    Parameter p = new Parameter("w", A);
    assertThrows(IllegalArgumentException.class, () -> p.rename(""));
    p.rename("encoder.w");
    assertEquals("encoder.w", p.name());
  }

  @Test
  void refusesValuesThatAreNotFiniteAndKeepsItsOwn() {
    DMatrixRMaj bad = A.copy();
    bad.set(1, 2, Double.NaN);
    assertMessage(
        IllegalArgumentException.class,
        "parameter \"w\": entry (1, 2) is NaN (values must be finite).",
        () -> new Parameter("w", bad));
    Parameter p = new Parameter("w", A);
    assertMessage(
        IllegalArgumentException.class,
        "parameter \"w\": the new value of entry (1, 2) is NaN (values must be finite).",
        () -> p.set(bad));
    assertMessage(
        IllegalArgumentException.class,
        "parameter \"w\": the new value is -Infinity (must be finite).",
        () -> p.set(0, 0, Double.NEGATIVE_INFINITY));
    assertMessage(
        ShapeException.class,
        "parameter \"w\" (own values, new values): shapes differ: left is 2×3, right is 3×2 (both"
            + " must have the same shape).",
        () -> p.set(new DMatrixRMaj(3, 2)));
    Matrices.assertBits(A, p.toMatrix(), "values");
    assertEquals(0L, p.version());
  }

  @Test
  void refusesEntriesThatAreNotThere() {
    Parameter p = new Parameter("w", A);
    assertThrows(IndexOutOfBoundsException.class, () -> p.get(0, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> p.get(2, 0));
    assertThrows(IndexOutOfBoundsException.class, () -> p.set(-1, 0, 1.0));
    assertThrows(IndexOutOfBoundsException.class, () -> p.set(0, -1, 1.0));
  }

  @Test
  void aFrozenParameterIsAConstantUntilItIsThawed() {
    Parameter p = new Parameter("w", A);
    assertFalse(p.isFrozen());
    p.freeze();
    assertTrue(p.isFrozen());
    assertEquals("parameter \"w\" 2×3 (frozen)", p.toString());
    try (Tape tape = Tape.create()) {
      assertFalse(p.on(tape).isTracked());
      Variable x = tape.variable(A);
      Gradients gradients = tape.gradients(p.on(tape).dot(x));
      Matrices.assertBits(A, gradients.of(x), "the gradient of the other");
      assertFalse(gradients.contains(p));
      tape.reset();
      p.thaw();
      assertTrue(p.on(tape).isTracked());
    }
  }
}
