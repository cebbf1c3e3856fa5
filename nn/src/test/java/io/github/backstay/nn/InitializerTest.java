package io.github.backstay.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.MatrixFeatures_DDRM;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class InitializerTest {

  private static final int OUT = 150;
  private static final int IN = 200;

  private static RandomGenerator random(long seed) {
    return new Seeds(seed).generator(0, "initializer");
  }

  /** The variance that each paper asks for, with fan-in 200 and fan-out 150. */
  static Stream<Arguments> variances() {
    return Stream.of(
        Arguments.of("uniform", Initializer.uniform(0.3), 0.03, true),
        Arguments.of("normal", Initializer.normal(0.3), 0.09, false),
        Arguments.of("Glorot uniform", Initializer.glorotUniform(), 2.0 / 350, true),
        Arguments.of("Glorot uniform, gain 2", Initializer.glorotUniform(2.0), 8.0 / 350, true),
        Arguments.of("Glorot normal", Initializer.glorotNormal(), 2.0 / 350, false),
        Arguments.of("Glorot normal, gain 2", Initializer.glorotNormal(2.0), 8.0 / 350, false),
        Arguments.of("He uniform", Initializer.heUniform(), 0.01, true),
        Arguments.of("He uniform, slope 1", Initializer.heUniform(1.0), 0.005, true),
        Arguments.of("He normal", Initializer.heNormal(), 0.01, false),
        Arguments.of("He normal, slope 1", Initializer.heNormal(1.0), 0.005, false),
        Arguments.of("fan-in uniform", Initializer.fanInUniform(), 1.0 / 600, true));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("variances")
  void hasMeanZeroAndTheVarianceOfItsPaper(
      String name, Initializer initializer, double variance, boolean uniform) {
    double[] values = initializer.of(OUT, IN, random(1)).data;
    double mean = Arrays.stream(values).average().orElseThrow();
    double square = Arrays.stream(values).map(x -> x * x).average().orElseThrow();
    double largest = Arrays.stream(values).map(Math::abs).max().orElseThrow();
    double bound = Math.sqrt(3.0 * variance);
    int n = OUT * IN;

    // five standard deviations of both estimates; the seed is fixed
    assertEquals(0.0, mean, 5.0 * Math.sqrt(variance / n));
    double kurtosis = uniform ? 1.8 : 3.0;
    assertEquals(1.0, square / variance, 5.0 * Math.sqrt((kurtosis - 1.0) / n));
    if (uniform) {
      assertTrue(largest <= bound && largest > 0.999 * bound, largest + " of " + bound);
    } else {
      // 30,000 normal numbers: some beyond 3 standard deviations, none beyond 6
      double deviation = Math.sqrt(variance);
      assertTrue(largest > 3.0 * deviation && largest < 6.0 * deviation, "largest " + largest);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("variances")
  void sameSeedGivesTheSameMatrixAndAnotherSeedAnother(
      String name, Initializer initializer, double variance, boolean uniform) {
    double[] values = initializer.of(7, 5, random(1)).data;

    assertArrayEquals(values, initializer.of(7, 5, random(1)).data);
    assertTrue(!Arrays.equals(values, initializer.of(7, 5, random(2)).data));
  }

  @Test
  void gainIsOneAndSlopeZeroUnlessGiven() {
    assertSameMatrix(Initializer.glorotUniform(1.0), Initializer.glorotUniform());
    assertSameMatrix(Initializer.glorotNormal(1.0), Initializer.glorotNormal());
    assertSameMatrix(Initializer.orthogonal(1.0), Initializer.orthogonal());
    assertSameMatrix(Initializer.heUniform(0.0), Initializer.heUniform());
    assertSameMatrix(Initializer.heNormal(0.0), Initializer.heNormal());
  }

  private static void assertSameMatrix(Initializer expected, Initializer actual) {
    assertArrayEquals(expected.of(4, 3, random(1)).data, actual.of(4, 3, random(1)).data);
  }

  @Test
  void fanInUniformIsHeUniformWithSlopeRootFive() {
    assertArrayEquals(
        Initializer.heUniform(Math.sqrt(5.0)).of(6, 4, random(1)).data,
        Initializer.fanInUniform().of(6, 4, random(1)).data,
        1e-15);
  }

  @Property(tries = 500)
  void orthogonalHasOrthonormalColumnsOrRows(
      @ForAll @IntRange(min = 1, max = 12) int rows,
      @ForAll @IntRange(min = 1, max = 12) int cols,
      @ForAll long seed) {
    DMatrixRMaj w = Initializer.orthogonal(3.0).of(rows, cols, random(seed));
    int side = Math.min(rows, cols);
    DMatrixRMaj product = new DMatrixRMaj(side, side);
    if (rows >= cols) {
      CommonOps_DDRM.multTransA(w, w, product);
    } else {
      CommonOps_DDRM.multTransB(w, w, product);
    }
    DMatrixRMaj expected = CommonOps_DDRM.identity(side);
    CommonOps_DDRM.scale(9.0, expected);

    assertEquals(rows, w.numRows);
    assertEquals(cols, w.numCols);
    assertTrue(MatrixFeatures_DDRM.isIdentical(product, expected, 1e-13), product::toString);
  }

  /** Of a 1×1 matrix the sign is left, and of larger ones every entry has mean 0. */
  @Test
  void orthogonalPrefersNoSign() {
    RandomGenerator random = random(3);
    double[] sums = new double[4];
    double ones = 0.0;
    int n = 4000;
    for (int k = 0; k < n; k++) {
      DMatrixRMaj w = Initializer.orthogonal().of(2, 2, random);
      for (int i = 0; i < 4; i++) {
        sums[i] += w.data[i];
      }
      ones += Initializer.orthogonal().of(1, 1, random).data[0];
    }
    for (double sum : sums) {
      assertEquals(0.0, sum / n, 5.0 * Math.sqrt(0.5 / n)); // entries have variance 1/2
    }
    assertEquals(0.0, ones / n, 5.0 / Math.sqrt(n));
  }

  @Test
  void orthogonalOfNothingIsEmpty() {
    assertEquals(0, Initializer.orthogonal().of(0, 4, random(1)).getNumElements());
  }

  @Test
  void zerosConstantAndIdentityDrawNothing() {
    RandomGenerator random = random(1);

    assertArrayEquals(new double[6], Initializer.zeros().of(2, 3, random).data);
    assertArrayEquals(new double[] {7, 7}, Initializer.constant(7.0).of(1, 2, random).data);
    assertArrayEquals(
        new double[] {1, 0, 0, 0, 1, 0}, Initializer.identity().of(2, 3, random).data);
    assertArrayEquals(
        new double[] {1, 0, 0, 1, 0, 0}, Initializer.identity().of(3, 2, random).data);
    assertEquals(random(1).nextLong(), random.nextLong());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.0, -1.0, Double.NaN, Double.POSITIVE_INFINITY})
  void rejectsScalesThatAreNotPositiveAndFinite(double value) {
    assertEquals(
        "uniform: the bound must be positive and finite, got " + value + ".",
        assertThrows(IllegalArgumentException.class, () -> Initializer.uniform(value))
            .getMessage());
    assertEquals(
        "normal: the deviation must be positive and finite, got " + value + ".",
        assertThrows(IllegalArgumentException.class, () -> Initializer.normal(value)).getMessage());
    assertEquals(
        "glorotUniform: the gain must be positive and finite, got " + value + ".",
        assertThrows(IllegalArgumentException.class, () -> Initializer.glorotUniform(value))
            .getMessage());
    assertEquals(
        "glorotNormal: the gain must be positive and finite, got " + value + ".",
        assertThrows(IllegalArgumentException.class, () -> Initializer.glorotNormal(value))
            .getMessage());
    assertEquals(
        "orthogonal: the gain must be positive and finite, got " + value + ".",
        assertThrows(IllegalArgumentException.class, () -> Initializer.orthogonal(value))
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.NEGATIVE_INFINITY})
  void rejectsNumbersThatAreNotFinite(double value) {
    assertEquals(
        "constant: the value must be finite, got " + value + ".",
        assertThrows(IllegalArgumentException.class, () -> Initializer.constant(value))
            .getMessage());
    assertEquals(
        "heUniform: the slope must be finite, got " + value + ".",
        assertThrows(IllegalArgumentException.class, () -> Initializer.heUniform(value))
            .getMessage());
    assertEquals(
        "heNormal: the slope must be finite, got " + value + ".",
        assertThrows(IllegalArgumentException.class, () -> Initializer.heNormal(value))
            .getMessage());
  }
}
