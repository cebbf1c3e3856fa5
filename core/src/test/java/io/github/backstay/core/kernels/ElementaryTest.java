package io.github.backstay.core.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;

/** {@code StrictMath} is within 1 ulp of the exact value (tanh: 2.5), which is added to ours. */
class ElementaryTest {

  private static void assertWithin(double ulps, double expected, double actual, double x) {
    assertTrue(
        Math.abs(actual - expected) <= ulps * Math.ulp(expected),
        () -> x + ": " + actual + " instead of " + expected);
  }

  @Property(tries = 20_000)
  void expIsWithinOneAndAHalfUlps(@ForAll @DoubleRange(min = -745.2, max = 709.7) double x) {
    assertWithin(2.5, StrictMath.exp(x), Elementary.exp(x), x);
  }

  @Property(tries = 20_000)
  void expOfModerateNumbersIsWithinOneAndAHalfUlps(
      @ForAll @DoubleRange(min = -4.0, max = 4.0) double x) {
    assertWithin(2.5, StrictMath.exp(x), Elementary.exp(x), x);
  }

  @Property(tries = 20_000)
  void tanhIsWithinThreeUlpsAndOdd(
      @ForAll @DoubleRange(min = -23.0, max = 23.0) double mantissa,
      @ForAll @DoubleRange(min = 0.0, max = 1.0) double scale) {
    double x = mantissa * scale * scale * scale;
    assertWithin(5.5, StrictMath.tanh(x), Elementary.tanh(x), x);
    assertEquals(-Elementary.tanh(x), Elementary.tanh(-x));
    assertTrue(Math.abs(Elementary.tanh(x)) <= 1.0);
  }

  @Property(tries = 20_000)
  void sigmoidIsWithinThreeUlps(@ForAll @DoubleRange(min = -745.0, max = 40.0) double x) {
    double e = StrictMath.exp(-Math.abs(x));
    assertWithin(5.0, (x < 0.0 ? e : 1.0) / (1.0 + e), Elementary.sigmoid(x), x);
    double y = Elementary.sigmoid(x);
    assertTrue(y >= 0.0 && y <= 1.0);
  }

  @Property(tries = 20_000)
  void logIsWithinOneUlp(@ForAll long bits, @ForAll @DoubleRange(min = 0.4, max = 2.5) double x) {
    assertWithin(2.0, StrictMath.log(x), Elementary.log(x), x);
    double any = Math.abs(Double.longBitsToDouble(bits));
    if (!Double.isNaN(any)) {
      double log = StrictMath.log(any);
      if (Double.isInfinite(log)) {
        assertEquals(log, Elementary.log(any));
      } else {
        assertWithin(2.0, log, Elementary.log(any), any);
      }
    }
  }

  @Example
  void endsAreExact() {
    double infinity = Double.POSITIVE_INFINITY;
    assertEquals(1.0, Elementary.exp(0.0));
    assertEquals(1.0, Elementary.exp(-0.0));
    assertEquals(infinity, Elementary.exp(infinity));
    assertEquals(0.0, Elementary.exp(-infinity));
    assertEquals(Double.NaN, Elementary.exp(Double.NaN));
    assertEquals(infinity, Elementary.exp(709.7827128933841)); // the first above ln(MAX_VALUE)
    assertTrue(Elementary.exp(709.782712893384) < infinity);
    assertEquals(Double.MIN_VALUE, Elementary.exp(-745.1332191019411));
    assertEquals(0.0, Elementary.exp(-745.1332191019412));
    assertEquals(0.0, Elementary.tanh(0.0));
    assertEquals(-0.0, Elementary.tanh(-0.0));
    assertEquals(1.0, Elementary.tanh(infinity));
    assertEquals(-1.0, Elementary.tanh(-infinity));
    assertEquals(Double.NaN, Elementary.tanh(Double.NaN));
    assertEquals(Double.MIN_VALUE, Elementary.tanh(Double.MIN_VALUE));
    assertEquals(0.5, Elementary.sigmoid(0.0));
    assertEquals(0.0, Elementary.sigmoid(-infinity));
    assertEquals(1.0, Elementary.sigmoid(infinity));
    assertEquals(Double.NaN, Elementary.sigmoid(Double.NaN));
    assertEquals(0.0, Elementary.log(1.0));
    assertEquals(-infinity, Elementary.log(0.0));
    assertEquals(-infinity, Elementary.log(-0.0));
    assertEquals(infinity, Elementary.log(infinity));
    assertEquals(Double.NaN, Elementary.log(-1.0));
    assertEquals(Double.NaN, Elementary.log(Double.NaN));
    assertEquals(StrictMath.log(Double.MIN_VALUE), Elementary.log(Double.MIN_VALUE));
  }
}
