package io.github.backstay.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.Parameter;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import java.util.List;
import java.util.random.RandomGenerator;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;

class LinearTest {

  private static RandomGenerator random() {
    return new Seeds(3).generator(0, "linear");
  }

  @Test
  void multipliesByTheTransposedWeightAndAddsTheBias() {
    Linear linear =
        new Linear(
            new DMatrixRMaj(new double[][] {{1, 2, 3}, {4, 5, 6}}),
            new DMatrixRMaj(new double[][] {{10, 20}}));
    try (Tape tape = Tape.create()) {
      DMatrixRMaj x = new DMatrixRMaj(new double[][] {{1, 0, 0}, {1, 1, 1}});

      assertArrayEquals(
          new double[] {11, 24, 16, 35},
          linear.forward(tape.constant(x), Pass.evaluation()).toMatrix().data);
    }
  }

  @Test
  void withoutBiasItIsLinear() {
    Linear linear = Linear.withoutBias(2, 3, Initializer.constant(2.0), random());
    assertNull(linear.bias());
    try (Tape tape = Tape.create()) {
      DMatrixRMaj x = new DMatrixRMaj(new double[][] {{1, 3}});

      assertArrayEquals(
          new double[] {8, 8, 8},
          linear.forward(tape.constant(x), Pass.evaluation()).toMatrix().data);
    }
  }

  @Test
  void storesTheWeightOutByIn() {
    Linear linear = new Linear(4, 3, random());
    Parameter bias = linear.bias();

    assertEquals("3×4", linear.weight().shape().toString());
    assertNotNull(bias);
    assertEquals("1×3", bias.shape().toString());
  }

  @Test
  void standardFirstValuesLieWithinOneOverTheRootOfTheFanIn() {
    Linear linear = new Linear(16, 200, random());
    Parameter bias = linear.bias();
    assertNotNull(bias);
    for (Parameter parameter : List.of(linear.weight(), bias)) {
      double largest = 0.0;
      for (double value : parameter.toMatrix().data) {
        largest = Math.max(largest, Math.abs(value));
      }
      assertTrue(largest <= 0.25 && largest > 0.23, parameter.name() + ": " + largest);
    }
  }

  @Test
  void biasStartsAtZeroBesideAnInitializer() {
    Parameter bias = new Linear(2, 3, Initializer.heNormal(), random()).bias();

    assertNotNull(bias);
    assertArrayEquals(new double[3], bias.toMatrix().data);
  }

  @Test
  void sameSeedGivesTheSameLayer() {
    assertArrayEquals(
        new Linear(4, 3, random()).weight().toMatrix().data,
        new Linear(4, 3, random()).weight().toMatrix().data);
  }

  @Test
  void sharingUsesTheVeryParameter() {
    Linear linear = new Linear(4, 3, random());

    assertSame(linear.weight(), Linear.sharing(linear.weight()).weight());
  }

  @Test
  void rejectsWidthsBelowOne() {
    Initializer zeros = Initializer.zeros();

    assertEquals(
        "linear: both widths must be at least 1, got in 0 and out 3.",
        assertThrows(IllegalArgumentException.class, () -> new Linear(0, 3, random()))
            .getMessage());
    assertEquals(
        "linear: both widths must be at least 1, got in 3 and out 0.",
        assertThrows(IllegalArgumentException.class, () -> new Linear(3, 0, zeros, random()))
            .getMessage());
    assertEquals(
        "linear: both widths must be at least 1, got in -1 and out 3.",
        assertThrows(
                IllegalArgumentException.class, () -> Linear.withoutBias(-1, 3, zeros, random()))
            .getMessage());
  }

  @Test
  void rejectsABiasThatDoesNotFit() {
    assertEquals(
        "linear: the bias is 1×2, the weight is 3×2 (need a bias of 1×3; the weight is stored"
            + " out×in).",
        assertThrows(
                ShapeException.class,
                () -> new Linear(new DMatrixRMaj(3, 2), new DMatrixRMaj(1, 2)))
            .getMessage());
  }

  @Test
  void rejectsAnInputOfAnotherWidthAndNamesTheLayer() {
    Linear linear = new Linear(4, 3, random());
    Sequential model = new Sequential(linear);
    try (Tape tape = Tape.create()) {
      assertEquals(
          "module \"0\": the input is 2×5, the weight is 3×4 (need input columns = weight columns;"
              + " the weight is stored out×in).",
          assertThrows(
                  ShapeException.class,
                  () -> model.forward(tape.zeros(2, 5), Pass.evaluation()).shape())
              .getMessage());
      assertEquals(
          "module \"0\": the input is 4×1, the weight is 3×4 (need input columns = weight columns;"
              + " the weight is stored out×in). Transposing the input would fit.",
          assertThrows(
                  ShapeException.class,
                  () -> model.forward(tape.zeros(4, 1), Pass.evaluation()).shape())
              .getMessage());
    }
  }
}
