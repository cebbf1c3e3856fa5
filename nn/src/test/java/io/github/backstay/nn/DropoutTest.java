package io.github.backstay.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {

  private static Pass training(long step) {
    return Pass.training(new Seeds(5).generator(step, "dropout"));
  }

  private static DMatrixRMaj ones(int rows, int cols) {
    DMatrixRMaj ones = new DMatrixRMaj(rows, cols);
    ones.fill(1.0);
    return ones;
  }

  @Property(tries = 2000)
  void everyEntryIsDroppedOrScaled(
      @ForAll @DoubleRange(min = 0.0, max = 0.99) double rate,
      @ForAll @IntRange(max = 6) int rows,
      @ForAll @IntRange(max = 6) int cols,
      @ForAll long seed) {
    DMatrixRMaj input = ModuleCatalogue.input(rows, cols, seed);
    try (Tape tape = Tape.create()) {
      Pass pass = Pass.training(new Seeds(seed).generator(0, "dropout"));
      DMatrixRMaj y = new Dropout(rate).forward(tape.constant(input), pass).toMatrix();
      for (int i = 0; i < input.data.length; i++) {
        if (y.data[i] != 0.0) {
          assertEquals(input.data[i] / (1.0 - rate), y.data[i], 1e-12 * Math.abs(y.data[i]));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 0.9})
  void dropsTheGivenShareAndKeepsTheMean(double rate) {
    int n = 40_000;
    try (Tape tape = Tape.create()) {
      Variable y = new Dropout(rate).forward(tape.constant(ones(200, 200)), training(0));
      double dropped = Arrays.stream(y.toMatrix().data).filter(value -> value == 0.0).count();

      // five standard deviations of a binomial share; the seed is fixed
      double allowed = 5.0 * Math.sqrt(rate * (1.0 - rate) / n);
      assertEquals(rate, dropped / n, allowed);
      assertEquals(1.0, y.mean().toDouble(), allowed / (1.0 - rate));
    }
  }

  @Test
  void evaluationReturnsTheInputItself() {
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(ones(2, 3));

      assertSame(x, new Dropout(0.5).forward(x, Pass.evaluation()));
    }
  }

  @Test
  void rateZeroReturnsTheInputItselfAndDrawsNothing() {
    RandomGenerator random = new Seeds(5).generator(0, "dropout");
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(ones(2, 3));

      assertSame(x, new Dropout(0.0).forward(x, Pass.training(random)));
      assertEquals(new Seeds(5).generator(0, "dropout").nextLong(), random.nextLong());
    }
  }

  @Test
  void rateOneLeavesNothing() {
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(ones(2, 3));
      Variable y = new Dropout(1.0).forward(x, training(0));

      assertArrayEquals(new double[6], y.toMatrix().data);
      assertArrayEquals(new double[6], tape.gradients(y.sum()).of(x).data);
    }
  }

  @Test
  void aGivenMaskIsScaledAndUsedInEveryCall() {
    DMatrixRMaj kept = new DMatrixRMaj(new double[][] {{1, 0, 1}});
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(new DMatrixRMaj(new double[][] {{3, 5, -6}}));
      Variable y = new Dropout(0.25).forward(x, kept);

      assertArrayEquals(new double[] {4, 0, -8}, y.toMatrix().data, 1e-15);
      assertArrayEquals(new double[] {1, 0, 1}, kept.data);
      assertArrayEquals(
          new double[] {4.0 / 3, 0, 4.0 / 3}, tape.gradients(y.sum()).of(x).data, 1e-15);
      Failures.assertMessage(
          ShapeException.class,
          "dropout: the mask is 1×3, the input is 2×3 (need the same shape).",
          () -> new Dropout(0.5).forward(tape.zeros(2, 3), kept).shape());
    }
  }

  @Test
  void withRateOneNothingIsLeftWhateverTheMaskSays() {
    try (Tape tape = Tape.create()) {
      Variable y = new Dropout(1.0).forward(tape.constant(ones(2, 3)), ones(2, 3));

      assertArrayEquals(new double[6], y.toMatrix().data);
    }
  }

  @Test
  void gradientPassesWhereTheValueDoes() {
    try (Tape tape = Tape.create()) {
      Variable x = tape.variable(ones(5, 7));
      Variable y = new Dropout(0.4).forward(x, training(0));

      assertArrayEquals(y.toMatrix().data, tape.gradients(y.sum()).of(x).data);
    }
  }

  @Test
  void eachCallDrawsANewMask() {
    Dropout dropout = new Dropout(0.5);
    Pass pass = training(0);
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(ones(8, 8));
      DMatrixRMaj first = dropout.forward(x, pass).toMatrix();
      DMatrixRMaj second = dropout.forward(x, pass).toMatrix();

      assertTrue(!Arrays.equals(first.data, second.data));
    }
  }

  @Test
  void resumedRunDrawsTheSameMaskAndOtherStepsOthers() {
    Dropout dropout = new Dropout(0.5);
    try (Tape tape = Tape.create()) {
      Variable x = tape.constant(ones(8, 8));
      double[] mask = dropout.forward(x, training(1000)).toMatrix().data;

      assertArrayEquals(mask, dropout.forward(x, training(1000)).toMatrix().data);
      assertNotEquals(
          Arrays.toString(mask),
          Arrays.toString(dropout.forward(x, training(1001)).toMatrix().data));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
  void rejectsRatesOutsideTheirRange(double rate) {
    assertEquals(
        "dropout: rate must be in [0, 1], got " + rate + ".",
        assertThrows(IllegalArgumentException.class, () -> new Dropout(rate)).getMessage());
  }
}
