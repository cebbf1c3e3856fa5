package io.github.backstay.benchmarks.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordVectorsTest {

  private static final String THREE = "the 0.1 -0.25\nof 1e-3 7\n, -0.0 .5\n";

  @TempDir private Path directory = Path.of("");

  @Test
  void readsWordsInOrderWithTheirVectors() {
    WordVectors vectors = read(THREE);
    assertEquals(List.of("the", "of", ","), vectors.words());
    assertEquals(3, vectors.size());
    assertEquals(2, vectors.width());
    assertEquals(1, vectors.indexOf("of"));
    assertEquals(-1, vectors.indexOf("The"));
    assertArrayEquals(new double[] {0.1, -0.25}, vectors.vector(0));
    assertArrayEquals(new double[] {0.1, -0.25, 1e-3, 7, -0.0, 0.5}, vectors.toMatrix().data);
    assertEquals("3 words × 2", vectors.toString());
  }

  @Property(tries = 100)
  void numbersAreExactlyThoseOfParseDouble(@ForAll("tables") List<double[]> table) {
    int width = table.get(0).length;
    StringBuilder text = new StringBuilder();
    List<String> words = new ArrayList<>();
    for (int i = 0; i < table.size(); i++) {
      words.add("w" + i);
      text.append("w").append(i);
      for (double value : table.get(i)) {
        text.append(' ').append(value);
      }
      text.append('\n');
    }
    for (String form : List.of(text.toString(), words.size() + " " + width + "\n" + text)) {
      WordVectors vectors = read(form);
      assertEquals(words, vectors.words());
      for (int i = 0; i < table.size(); i++) {
        assertArrayEquals(table.get(i), vectors.vector(i));
      }
    }
  }

  @Test
  void formsOfTheFileDoNotMatter() {
    DMatrixRMaj expected = read(THREE).toMatrix();
    for (String form :
        List.of(
            "3 2\n" + THREE,
            "\ufeff" + THREE,
            THREE.replace("\n", "\r\n"),
            THREE.replace("\n", " \n"),
            THREE.replace(" ", "\t"),
            THREE.replace(" ", "  "))) {
      assertArrayEquals(expected.data, read(form).toMatrix().data, form);
    }
    WordVectors unpacked = TestFiles.read(TestFiles.gzip(THREE), WordVectors::read);
    assertArrayEquals(expected.data, unpacked.toMatrix().data);
  }

  @Test
  void manyWordsFillSeveralPiecesOfMemory() {
    int words = 70_001;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append('w').append(i).append(' ').append(i).append(".5\n");
    }
    WordVectors vectors = read(text.toString());
    assertEquals(words, vectors.size());
    for (int i = 0; i < words; i++) {
      assertEquals(i + 0.5, vectors.vector(i)[0]);
    }
  }

  @Property(tries = 100)
  void keepingSomeWordsEqualsReadingAllAndPicking(@ForAll Set<@IntRange(max = 30) Integer> rows) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i <= 20; i++) {
      text.append("w" + i + " " + i + " " + -i + "\n");
    }
    WordVectors all = read(text.toString());
    Set<String> wanted = new HashSet<>();
    rows.forEach(row -> wanted.add("w" + row));
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    List<String> kept = all.words().stream().filter(wanted::contains).toList();
    if (kept.isEmpty()) {
      DataException refused =
          assertThrows(
              DataException.class,
              () -> TestFiles.read(bytes, file -> WordVectors.read(file, wanted)));
      String message = String.valueOf(refused.getMessage());
      assertTrue(message.endsWith(": none of its 21 words is needed here."), message);
      return;
    }
    WordVectors some = TestFiles.read(bytes, file -> WordVectors.read(file, wanted));
    assertEquals(kept, some.words());
    for (String word : kept) {
      assertArrayEquals(all.vector(all.indexOf(word)), some.vector(some.indexOf(word)));
    }
  }

  @Test
  void wordsMayContainSpacesAndOddCharacters() {
    WordVectors vectors =
        read("a 1 2\n. . . 3 4\nat name@domain.com 5 6\n\u00a0 7 8\n\u0085 9 1\n12 1 2\n");
    assertEquals(
        List.of("a", ". . .", "at name@domain.com", "\u00a0", "\u0085", "12"), vectors.words());
    assertArrayEquals(new double[] {3, 4}, vectors.vector(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          a 1 2;b 1;          | , line 2: the word "b" has 1 numbers, the first word has 2 (all must have the same).
          a 1 2;b 1           | , line 2: the word "b" has 1 numbers, the first word has 2 (all must have the same). The file seems to be cut off.
          a 1 2;b 1 2 3;      | , line 2: the word "b" has 3 numbers, the first word has 2 (all must have the same).
          a 1 2;b             | , line 2: the word "b" has 0 numbers, the first word has 2 (all must have the same). The file seems to be cut off.
          a 1 2;b 1 x;        | , line 2: number 2 is "x", not a finite number (need lines of a word and its numbers).
          a 1 2;b NaN 2;      | , line 2: number 1 is "NaN", not a finite number (need lines of a word and its numbers).
          a 1 2;b inf 2;      | , line 2: number 1 is "inf", not a finite number (need lines of a word and its numbers).
          a 1 2;b 1 1e999;    | , line 2: number 2 is "1e999", too large for a double (need lines of a word and its numbers).
          a 1 0x1p3;          | , line 1: number 2 is "0x1p3", not a finite number (need lines of a word and its numbers).
          a 1 2;;b 1 2;a 1 2; | , line 4: the word "a" stands already in line 1.
          a 1 2; 1 2;         | , line 2: starts with a space: the word is missing (need lines of a word and its numbers).
          a 1 2;b 1 2         | , line 2: the last line has no line end, so its last number may be cut off. If the file is complete, add a line end.
          <html>;             | , line 1: not word vectors: the line is "<html>" (need lines of a word and its numbers).
          3 2;a 1 2;b 1 2;    | : the first line promises 3 words, found 2: it is cut off.
          1 2;a 1 2;b 1 2;    | , line 3: is one word too many: the first line promises 1 words.
          2 2;a 1 2 3;        | , line 2: the word "a" has 3 numbers, the first line promises 2 (all must have the same).
          2 2;                | : has a first line 2 2 and nothing after it (need lines of a word and its numbers).
          0 2;a 1 2;          | , line 1: promises 0 words × 2 numbers (need at least 1 of each, and not more than 2147483647 × 1000000).
          99999999999 9;a 1;  | , line 1: promises 99999999999 words × 9 numbers (need at least 1 of each, and not more than 2147483647 × 1000000).
          2147483647 1000000;a 1; | , line 2: the word "a" has 1 numbers, the first line promises 1000000 (all must have the same).
          ;;                  | : holds nothing but empty lines (need lines of a word and its numbers).
          """)
  void saysWhatIsWrong(String text, String problem) {
    Path file = TestFiles.write(directory, "v.txt", text.replace(';', '\n'));
    assertEquals(file + problem, message(file));
  }

  @Test
  void bytesThatAreNotTextAreRefused() {
    byte[] latin = "a 1 2\ncaf\u00e9 1 2\n".getBytes(StandardCharsets.ISO_8859_1);
    Path file = TestFiles.write(directory, "latin", latin);
    assertEquals(file + ", line 2: is not UTF-8 text.", message(file));
    byte[] binary = "2 2\na ".getBytes(StandardCharsets.US_ASCII);
    file = TestFiles.write(directory, "binary", Arrays.copyOf(binary, 40));
    assertEquals(file + ", line 2: holds a zero byte: the file is not text.", message(file));
  }

  @Test
  void plainFileCutAnywhereIsRefusedOrEndsBetweenLines() {
    byte[] whole = ("3 2\n" + THREE).getBytes(StandardCharsets.UTF_8);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(DataException.class, () -> TestFiles.read(cut, WordVectors::read));
    }
  }

  @Test
  void gzipCutAnywhereIsRefused() {
    byte[] whole = TestFiles.gzip(THREE);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(DataException.class, () -> TestFiles.read(cut, WordVectors::read));
    }
  }

  @Property(tries = 500)
  void anyBytesAreReadOrRefusedInOneLine(@ForAll byte[] bytes) {
    try {
      assertTrue(TestFiles.read(bytes, WordVectors::read).size() > 0);
    } catch (DataException e) {
      assertEquals(1, String.valueOf(e.getMessage()).lines().count());
    }
  }

  @Property(tries = 100)
  void tableThatIsWrittenIsReadBackInEveryForm(@ForAll("tables") List<double[]> table) {
    String text = write(table);
    for (String form :
        List.of(
            text,
            text.replace("\n", "\r\n"),
            table.size() + " " + table.get(0).length + "\r\n" + text,
            "\ufeff" + text.replace("\n", " \n\n"),
            text.replace(" ", "\t"))) {
      assertTable(table, table.size(), read(form));
      assertTable(table, table.size(), TestFiles.read(TestFiles.gzip(form), WordVectors::read));
    }
  }

  @Property(tries = 400)
  void damagedFileIsReadOrRefusedInOneLine(
      @ForAll("tables") List<double[]> table,
      @ForAll boolean header,
      @ForAll("corruptions") Corruption corruption) {
    String text = write(table);
    String first = header ? table.size() + " " + table.get(0).length + "\n" : "";
    byte[] damaged = corruption.of((first + text).getBytes(StandardCharsets.UTF_8));
    Optional<WordVectors> read = Corruption.readOrRefused(damaged, WordVectors::read);
    if (corruption.kind() == Corruption.Kind.CUT_OFF && read.isPresent()) {
      assertTrue(!header, "a header says how many words there must be");
      assertTable(table, read.get().size(), read.get());
    }
    read.ifPresent(
        vectors -> assertTrue(Arrays.stream(vectors.toMatrix().data).allMatch(Double::isFinite)));
  }

  @Property(tries = 200)
  void missingNumberIsRefusedInItsLine(
      @ForAll("tables") List<double[]> table,
      @ForAll @IntRange(max = 100) int row,
      @ForAll @IntRange(max = 100) int column) {
    int width = table.get(0).length;
    List<String> lines = new ArrayList<>(List.of(write(table).split("\n", -1)));
    int at = row % table.size();
    List<String> fields = new ArrayList<>(List.of(lines.get(at).split(" ", -1)));
    fields.remove(1 + column % width);
    lines.set(at, String.join(" ", fields));
    lines.add(0, table.size() + " " + width);
    String message =
        TestFiles.read(
            String.join("\n", lines).getBytes(StandardCharsets.UTF_8),
            file -> message(file).replace(file.toString(), "file"));
    assertEquals(
        "file, line "
            + (at + 2)
            + ": the word \"w"
            + at
            + "\" has "
            + (width - 1)
            + " numbers, the first line promises "
            + width
            + " (all must have the same).",
        message);
  }

  @Test
  void piecesOfATableAreOneTable() {
    int words = 1003;
    int width = 2000;
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append('w').append(i);
      for (int j = 0; j < width; j++) {
        text.append(' ').append((i * 31 + j) % 1000);
      }
      text.append('\n');
    }
    WordVectors vectors = read(text.toString());
    DMatrixRMaj matrix = vectors.toMatrix();
    WordVectors whole = vectors.withMatrix(matrix);
    assertEquals(words * width, matrix.data.length);
    for (int i = 0; i < words; i++) {
      assertEquals((i * 31 + 7) % 1000, matrix.get(i, 7));
      assertArrayEquals(whole.vector(i), vectors.vector(i));
      assertEquals(whole.cosine(i, words - 1 - i), vectors.cosine(i, words - 1 - i));
    }
    assertThrows(IndexOutOfBoundsException.class, () -> vectors.vector(words));
  }

  @Test
  void cosineIsThatOfTheDefinitionAndZeroWithoutADirection() {
    DMatrixRMaj matrix = new DMatrixRMaj(new double[][] {{3, 4}, {6, 8}, {-4, 3}, {0, 0}, {1, 0}});
    WordVectors vectors = WordVectors.of(List.of("a", "b", "c", "zero", "e"), matrix);
    assertEquals(5, vectors.norm(0));
    assertEquals(1, vectors.cosine(0, 1), 1e-15);
    assertEquals(0, vectors.cosine(0, 2), 1e-15);
    assertEquals(0.6, vectors.cosine(0, 4), 1e-15);
    assertEquals(0, vectors.cosine(0, 3));
    assertThrows(IndexOutOfBoundsException.class, () -> vectors.vector(5));
  }

  @Test
  void matricesAreCopiedInAndOut() {
    DMatrixRMaj matrix = new DMatrixRMaj(new double[][] {{1, 2}});
    WordVectors vectors = WordVectors.of(List.of("a"), matrix);
    WordVectors other = vectors.withMatrix(matrix);
    matrix.set(0, 0, 9);
    vectors.toMatrix().set(0, 0, 9);
    vectors.vector(0)[0] = 9;
    assertEquals(1, vectors.vector(0)[0]);
    assertEquals(1, other.vector(0)[0]);
  }

  @Test
  void wordsAndRowsMustFit() {
    DMatrixRMaj two = new DMatrixRMaj(2, 3);
    assertEquals(
        "wordVectors: there are 1 words and 2 rows (need one row a word).",
        assertThrows(IllegalArgumentException.class, () -> WordVectors.of(List.of("a"), two))
            .getMessage());
    assertEquals(
        "wordVectors: the word \"a\" occurs twice.",
        assertThrows(IllegalArgumentException.class, () -> WordVectors.of(List.of("a", "a"), two))
            .getMessage());
    WordVectors vectors = WordVectors.of(List.of("a", "b"), two);
    assertEquals(
        "withMatrix: there are 2 words and 3 rows.",
        assertThrows(
                IllegalArgumentException.class, () -> vectors.withMatrix(new DMatrixRMaj(3, 3)))
            .getMessage());
  }

  private static String write(List<double[]> table) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < table.size(); i++) {
      text.append("w").append(i);
      for (double value : table.get(i)) {
        text.append(' ').append(value);
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static void assertTable(List<double[]> table, int rows, WordVectors vectors) {
    assertEquals(rows, vectors.size());
    for (int i = 0; i < rows; i++) {
      assertEquals("w" + i, vectors.words().get(i));
      assertEquals(i, vectors.indexOf("w" + i));
      assertArrayEquals(table.get(i), vectors.vector(i));
    }
  }

  private static WordVectors read(String text) {
    return TestFiles.read(text.getBytes(StandardCharsets.UTF_8), WordVectors::read);
  }

  private static String message(Path file) {
    DataException refused = assertThrows(DataException.class, () -> WordVectors.read(file));
    return String.valueOf(refused.getMessage());
  }

  @Provide
  Arbitrary<Corruption> corruptions() {
    return Corruption.any();
  }

  @Provide
  Arbitrary<List<double[]>> tables() {
    Arbitrary<Double> numbers =
        Arbitraries.oneOf(
            Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite),
            Arbitraries.doubles().between(-10, 10).ofScale(5));
    return Arbitraries.integers()
        .between(1, 6)
        .flatMap(
            width ->
                numbers
                    .array(Double[].class)
                    .ofSize(width)
                    .map(row -> Arrays.stream(row).mapToDouble(Double::doubleValue).toArray())
                    .list()
                    .ofMinSize(1)
                    .ofMaxSize(20));
  }
}
