package io.github.backstay.benchmarks.data;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalsTest {

  @Property(tries = 5000)
  void everyDecimalIsReadAsTheJdkReadsIt(@ForAll("decimals") String text) {
    assertSameBits(text);
  }

  @Property(tries = 2000)
  void everyFiniteDoubleIsReadBack(@ForAll long bits) {
    double value = Double.longBitsToDouble(bits);
    if (Double.isFinite(value)) {
      assertSameBits(Double.toString(value));
    }
  }

  @Property(tries = 2000)
  void placeInTheBufferDoesNotMatter(@ForAll("decimals") String text) {
    byte[] bytes = ("9" + text + "9").getBytes(StandardCharsets.US_ASCII);
    assertEquals(Double.parseDouble(text), Decimals.parse(bytes, 1, bytes.length - 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "-0.00000",
        "+1",
        "5.",
        ".5",
        "-.5e1",
        "1e22",
        "1e23",
        "9007199254740992",
        "9007199254740993",
        "9007199254740993e22",
        "1e-22",
        "1e-23",
        "123456789012345678",
        "1234567890123456789",
        "0.000000000000000000000000001",
        "4.9e-324",
        "2e-324",
        "1.7976931348623157e308",
        "1e309",
        "-1e999999999999",
        "1e-999999999999",
        "0e999999999999",
        "000000000000000000000000012.5",
        "179769313486231580793e289",
        "0.1000000000000000055511151231257827021181583404541015625"
      })
  void edgesAreReadAsTheJdkReadsThem(String text) {
    assertSameBits(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "+",
        ".",
        "-.",
        "e5",
        ".e5",
        "1e",
        "1e+",
        "1e-",
        "1.2.3",
        "1,5",
        "--1",
        "1-",
        " 1",
        "1 ",
        "NaN",
        "nan",
        "Infinity",
        "-inf",
        "1d",
        "1f",
        "0x10",
        "0x1p3",
        "1_000",
        "١",
        "1e5.0"
      })
  void whatIsNotADecimalIsNaN(String text) {
    assertTrue(Double.isNaN(parse(text)), text);
  }

  @Property(tries = 2000)
  void rowOfNumbersIsWhatEachIsByItself(
      @ForAll("rows") List<String> numbers, @ForAll("gaps") String gap, @ForAll boolean more) {
    String text = "w" + numbers.stream().map(number -> gap + number).collect(joining());
    byte[] bytes = (text + (more ? " x" : "")).getBytes(StandardCharsets.UTF_8);
    double[] expected = numbers.stream().mapToDouble(DecimalsTest::parse).toArray();
    double[] row = new double[numbers.size()];
    int end = Decimals.parseRow(bytes, 1, bytes.length, row);
    if (Arrays.stream(expected).allMatch(Double::isFinite)) {
      assertEquals(text.length(), end);
      for (int i = 0; i < row.length; i++) {
        assertEquals(
            Double.doubleToRawLongBits(expected[i]), Double.doubleToRawLongBits(row[i]), text);
      }
    } else {
      assertEquals(-1, end, text);
    }
    assertEquals(-1, Decimals.parseRow(bytes, 1, text.length(), new double[row.length + 1]));
  }

  private static void assertSameBits(String text) {
    assertEquals(
        Double.doubleToRawLongBits(Double.parseDouble(text)),
        Double.doubleToRawLongBits(parse(text)),
        text);
  }

  private static double parse(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return Decimals.parse(bytes, 0, bytes.length);
  }

  @Provide
  Arbitrary<String> decimals() {
    Arbitrary<String> signs = Arbitraries.of("", "-", "+");
    Arbitrary<String> whole = Arbitraries.strings().numeric().ofMinLength(1).ofMaxLength(22);
    Arbitrary<String> fractions =
        Arbitraries.oneOf(
            Arbitraries.just(""),
            Arbitraries.strings().numeric().ofMaxLength(22).map(digits -> "." + digits));
    Arbitrary<String> exponents =
        Arbitraries.oneOf(
            Arbitraries.just(""),
            Combinators.combine(
                    Arbitraries.of("e", "E", "e+", "e-"), Arbitraries.integers().between(0, 330))
                .as((e, power) -> e + power));
    return Combinators.combine(signs, whole, fractions, exponents)
        .as((sign, digits, fraction, exponent) -> sign + digits + fraction + exponent);
  }

  @Provide
  Arbitrary<List<String>> rows() {
    Arbitrary<String> odd =
        Arbitraries.of("-", ".", "1.", "-.5", "+1", "1e", "NaN", "1e999", "1-2", "0x1p3", "--1");
    Arbitrary<String> glove =
        Arbitraries.doubles().between(-3, 3).ofScale(5).map(value -> String.valueOf(value));
    return Arbitraries.frequencyOf(Tuple.of(8, glove), Tuple.of(4, decimals()), Tuple.of(1, odd))
        .list()
        .ofMinSize(1)
        .ofMaxSize(5);
  }

  @Provide
  Arbitrary<String> gaps() {
    return Arbitraries.of(" ", "\t", "  ", " \t ");
  }
}
