package io.github.backstay.benchmarks.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.backstay.core.Indices;
import io.github.backstay.core.ShapeException;
import java.nio.file.Path;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DigitsTest {

  @TempDir private Path directory = Path.of("");

  /** 64 times the same count, and a class. */
  private static String line(String count, String label) {
    return (count + ",").repeat(64) + label;
  }

  private Digits read(String text) {
    return Digits.read(TestFiles.write(directory, "optdigits.tra", text));
  }

  @Test
  void readsCountsAsSharesOfSixteenWhateverTheLineEnds() {
    String first = "0,8,16," + "4,".repeat(61) + "7";
    for (String newline : new String[] {"\n", "\r\n"}) {
      Digits digits = read(first + newline + newline + line("16", "0") + newline);
      assertEquals(2, digits.size());
      assertEquals(7, digits.labels().get(0));
      assertEquals(0, digits.labels().get(1));
      double[] expected = new double[128];
      Arrays.fill(expected, 3, 64, 0.25);
      Arrays.fill(expected, 64, 128, 1.0);
      expected[1] = 0.5;
      expected[2] = 1.0;
      assertArrayEquals(expected, digits.pixels().data);
    }
    assertEquals(1, read(line(" 3", " 9 ")).size());
    Path packed = TestFiles.write(directory, "packed", TestFiles.gzip(line("3", "9")));
    assertEquals(9, Digits.read(packed).labels().get(0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          17   | 3   | count 1 is "17" (need a whole number from 0 to 16).
          -1   | 3   | count 1 is "-1" (need a whole number from 0 to 16).
          1.5  | 3   | count 1 is "1.5" (need a whole number from 0 to 16).
          007  | 3   | count 1 is "007" (need a whole number from 0 to 16).
          ~~   | 3   | count 1 is "" (need a whole number from 0 to 16).
          x    | 3   | count 1 is "x" (need a whole number from 0 to 16).
          ١    | 3   | count 1 is "١" (need a whole number from 0 to 16).
          4    | 10  | the class is "10" (need a whole number from 0 to 9).
          4    | -   | the class is "-" (need a whole number from 0 to 9).
          4    | 3,1 | holds 66 fields (need 65 with commas between them: 64 counts of ink, then the class).
          """)
  void saysWhatIsWrongInWhichLine(String count, String label, String problem) {
    String text = line("0", "1") + "\n\n" + line(count, label) + "\n";
    DataException refused = assertThrows(DataException.class, () -> read(text));
    assertEquals(directory.resolve("optdigits.tra") + ", line 3: " + problem, refused.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          ~~          | : is empty.
          ;;          | : holds nothing but empty lines (need lines of 65 numbers).
          hello       | , line 1: holds 1 field (need 65 with commas between them: 64 counts of ink, then the class).
          1,2,3       | , line 1: holds 3 fields (need 65 with commas between them: 64 counts of ink, then the class).
          """)
  void saysWhatIsWrongWithTheFile(String text, String problem) {
    DataException refused = assertThrows(DataException.class, () -> read(text.replace(';', '\n')));
    assertEquals(directory.resolve("optdigits.tra") + problem, refused.getMessage());
  }

  @Test
  void aLineThatIsCutOffIsRefused() {
    String whole = line("12", "5");
    DataException refused =
        assertThrows(
            DataException.class, () -> read(whole + "\n" + whole.substring(0, whole.length() - 2)));
    assertEquals(
        directory.resolve("optdigits.tra")
            + ", line 2: holds 64 fields (need 65 with commas between them: 64 counts of ink, then"
            + " the class).",
        refused.getMessage());
  }

  @Test
  void choosesPermutesAndRelabels() {
    DMatrixRMaj pixels = new DMatrixRMaj(3, 64);
    for (int i = 0; i < pixels.data.length; i++) {
      pixels.data[i] = i;
    }
    Digits digits = new Digits(pixels, Indices.of(4, 5, 6));
    Digits some = digits.choose(new int[] {0, 2, 1}, 1, 3);
    assertEquals(2, some.size());
    assertEquals(6, some.labels().get(0));
    assertEquals(128.0, some.pixels().get(0, 0));
    assertEquals(64.0, some.pixels().get(1, 0));
    int[] backwards = new int[64];
    for (int j = 0; j < 64; j++) {
      backwards[j] = 63 - j;
    }
    Digits turned = digits.permuted(backwards);
    assertEquals(191.0, turned.pixels().get(2, 0));
    assertEquals(6, turned.labels().get(2));
    assertArrayEquals(pixels.data, turned.permuted(backwards).pixels().data);
    assertEquals(0, digits.labelled(Indices.of(0, 0, 0)).labels().get(1));
    assertThrows(ShapeException.class, () -> digits.labelled(Indices.of(1, 2)));
    assertEquals(
        "digits: the pixels are 1×63, and there are 1 labels (need a row of 64 pixels for each"
            + " label).",
        assertThrows(ShapeException.class, () -> new Digits(new DMatrixRMaj(1, 63), Indices.of(1)))
            .getMessage());
  }
}
