package io.github.backstay.benchmarks.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CorrelationTest {

  /** Few values, so that there are many ties. */
  @Property(tries = 500)
  void agreesWithTheDefinitionByAllPairs(
      @ForAll @Size(min = 1, max = 40) List<@IntRange(min = -3, max = 3) Integer> first,
      @ForAll long seed) {
    double[] x = first.stream().mapToDouble(i -> i / 8.0).toArray();
    double[] y = new Random(seed).ints(x.length, -4, 5).asDoubleStream().toArray();
    double[] a = ranksByCounting(x);
    double[] b = ranksByCounting(y);
    assertArrayEquals(a, Correlation.ranks(x));
    double ab = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        ab += (a[i] - a[j]) * (b[i] - b[j]);
        aa += (a[i] - a[j]) * (a[i] - a[j]);
        bb += (b[i] - b[j]) * (b[i] - b[j]);
      }
    }
    double expected = aa == 0 || bb == 0 ? Double.NaN : ab / Math.sqrt(aa * bb);
    assertEquals(expected, Correlation.spearman(x, y), 1e-12);
  }

  @Property(tries = 200)
  void withoutTiesItIsTheSumOfSquaredDifferences(
      @ForAll @IntRange(min = 2, max = 60) int n, @ForAll long seed) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, n).boxed().toList());
    Collections.shuffle(order, new Random(seed));
    double[] x = IntStream.range(0, n).asDoubleStream().toArray();
    double[] y = order.stream().mapToDouble(i -> Math.exp(i / 10.0)).toArray();
    double squares = 0;
    for (int i = 0; i < n; i++) {
      squares += (i - order.get(i)) * (double) (i - order.get(i));
    }
    double expected = 1 - 6 * squares / (n * ((double) n * n - 1));
    assertEquals(expected, Correlation.spearman(x, y), 1e-12);
    assertEquals(expected, Correlation.spearman(y, x), 1e-12);
    double[] opposite = Arrays.stream(y).map(value -> -value).toArray();
    assertEquals(-expected, Correlation.spearman(x, opposite), 1e-12);
  }

  @Test
  void zerosOfBothSignsAreEqual() {
    assertArrayEquals(
        new double[] {2, 2, 2, 4}, Correlation.ranks(new double[] {0.0, -0.0, 0.0, 1}));
  }

  @Test
  void isUndefinedWithoutVariation() {
    double[] two = {1, 2};
    assertEquals(Double.NaN, Correlation.spearman(two, new double[] {3, 3}));
    assertEquals(Double.NaN, Correlation.spearman(new double[] {1}, new double[] {1}));
    assertEquals(Double.NaN, Correlation.spearman(new double[0], new double[0]));
  }

  @Test
  void refusesWhatHasNoRank() {
    double[] two = {1, 2};
    assertEquals(
        "spearman: there are 2 x and 1 y (need pairs).",
        assertThrows(
                IllegalArgumentException.class, () -> Correlation.spearman(two, new double[] {1}))
            .getMessage());
    assertEquals(
        "ranks: value 1 is NaN (it has no rank).",
        assertThrows(
                IllegalArgumentException.class,
                () -> Correlation.ranks(new double[] {1, Double.NaN}))
            .getMessage());
  }

  /** One more than the smaller ones, and half of the others that are equal. */
  private static double[] ranksByCounting(double[] values) {
    return Arrays.stream(values)
        .map(
            value ->
                1
                    + Arrays.stream(values).filter(other -> other < value).count()
                    + (Arrays.stream(values).filter(other -> other == value).count() - 1) / 2.0)
        .toArray();
  }
}
