package io.github.backstay.nn;

import static io.github.backstay.nn.Failures.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.junit.jupiter.api.Test;

class LayerNormTest {

  private static DMatrixRMaj apply(LayerNorm norm, DMatrixRMaj x) {
    try (Tape tape = Tape.create()) {
      return norm.forward(tape.constant(x), Pass.evaluation()).toMatrix();
    }
  }

  @Property(tries = 300)
  void scaleAndShiftOfARowDoNotMatter(
      @ForAll @IntRange(min = 1, max = 4) int rows,
      @ForAll @IntRange(min = 3, max = 7) int cols,
      @ForAll @DoubleRange(min = 0.1, max = 10) double scale,
      @ForAll @DoubleRange(min = -10, max = 10) double shift,
      @ForAll long seed) {
    LayerNorm norm = Draw.all(new LayerNorm(cols, 0.0), seed);
    DMatrixRMaj x = Draw.normal(rows, cols, seed);
    DMatrixRMaj moved = x.copy();
    CommonOps_DDRM.scale(scale, moved);
    CommonOps_DDRM.add(moved, shift, moved);

    // a row of nearly equal entries loses digits to the shift
    assertArrayEquals(apply(norm, x).data, apply(norm, moved).data, 1e-9);
  }

  @Test
  void startsAsPlainStandardization() {
    double y = 1.0 / Math.sqrt(1.0 + LayerNorm.DEFAULT_EPSILON);

    assertArrayEquals(
        new double[] {-y, y, -y, y, y, -y},
        apply(new LayerNorm(2), new DMatrixRMaj(new double[][] {{1, 3}, {-7, -5}, {1, -1}})).data,
        1e-15);
  }

  @Test
  void weightAndBiasActOnColumns() {
    LayerNorm norm = new LayerNorm(2, 0.0);
    norm.parameters().get(0).set(Draw.row(2, 3));
    norm.parameters().get(1).set(Draw.row(10, 20));

    assertArrayEquals(new double[] {8, 23}, apply(norm, Draw.row(1, 5)).data, 1e-15);
  }

  @Test
  void rowsDoNotSeeOneAnother() {
    LayerNorm norm = Draw.all(new LayerNorm(3), 1);
    DMatrixRMaj two = Draw.normal(2, 3, 2);
    DMatrixRMaj first = CommonOps_DDRM.extract(two, 0, 1, 0, 3);

    assertArrayEquals(
        apply(norm, first).data, CommonOps_DDRM.extract(apply(norm, two), 0, 1, 0, 3).data);
  }

  @Test
  void withoutAffineThereAreNoParameters() {
    LayerNorm norm = LayerNorm.withoutAffine(3, 0.1);

    assertEquals(0, norm.parameterCount());
    assertNull(norm.weight());
    assertNull(norm.bias());
  }

  @Test
  void rejectsWhatDoesNotFit() {
    assertMessage(
        IllegalArgumentException.class,
        "layerNorm: the width must be at least 1, got 0.",
        () -> new LayerNorm(0));
    assertMessage(
        IllegalArgumentException.class,
        "layerNorm: epsilon must be at least 0 and finite, got -1.0.",
        () -> new LayerNorm(2, -1.0));
    try (Tape tape = Tape.create()) {
      assertMessage(
          ShapeException.class,
          "module \"0\": the input is 3×2 (need 4 columns).",
          () ->
              new Sequential(new LayerNorm(4))
                  .forward(tape.zeros(3, 2), Pass.evaluation())
                  .shape());
    }
  }
}
