package io.github.backstay.benchmarks.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.backstay.benchmarks.data.SickPairs.Judgment;
import io.github.backstay.benchmarks.data.SickPairs.Pair;
import io.github.backstay.benchmarks.data.SickPairs.Split;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SickPairsTest {

  private static final String HEADER =
      "pair_ID\tsentence_A\tsentence_B\trelatedness_score\tentailment_judgment\n";
  private static final String TWO =
      HEADER
          + "1\tA dog isn't running\tThe dog's asleep\t3.2\tNEUTRAL\n"
          + "7\tA man sings, loudly\tA man sings\t5\tENTAILMENT\n";

  @TempDir private Path directory = Path.of("");

  @Test
  void readsTheThreePartsInOrder() {
    TestFiles.write(directory, "SICK_train.txt", TWO);
    TestFiles.write(
        directory, "SICK_trial.txt", HEADER + "2\tOne sits\tNobody sits\t1\tCONTRADICTION\n");
    TestFiles.write(directory, "SICK_test_annotated.txt", TWO.replace("\n", "\r\n"));
    SickPairs sick = SickPairs.read(directory);
    Pair first =
        new Pair(
            1,
            List.of("A", "dog", "is", "n't", "running"),
            List.of("The", "dog", "'s", "asleep"),
            3.2,
            Judgment.NEUTRAL);
    Pair second =
        new Pair(
            7,
            List.of("A", "man", "sings", ",", "loudly"),
            List.of("A", "man", "sings"),
            5,
            Judgment.ENTAILMENT);
    assertEquals(List.of(first, second), sick.pairs(Split.TRAIN));
    assertEquals(List.of(first, second), sick.pairs(Split.TEST));
    assertEquals(List.of(List.of("One", "sits"), List.of("Nobody", "sits")), sick.texts(Split.DEV));
    assertEquals(Judgment.CONTRADICTION, sick.pairs(Split.DEV).get(0).judgment());
  }

  @Property(tries = 200)
  void pairsThatAreWrittenAreReadBack(@ForAll("tables") List<Pair> pairs) {
    assertEquals(pairs, read(write(pairs)));
  }

  @Property(tries = 100)
  void formsOfTheFileDoNotMatter(@ForAll("tables") List<Pair> pairs) {
    String text = write(pairs);
    assertEquals(pairs, read(text.replace("\n", "\r\n")));
    assertEquals(pairs, read("\ufeff" + text));
    assertEquals(pairs, read(text.replace("\n", "\n\r\n\n")));
    assertEquals(pairs, read(text.stripTrailing()));
    assertEquals(pairs, TestFiles.read(TestFiles.gzip(text), SickPairs::readPairs));
  }

  @Property(tries = 100)
  void orderOfColumnsAndOtherColumnsDoNotMatter(
      @ForAll("tables") List<Pair> pairs, @ForAll long seed) {
    List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6));
    Collections.shuffle(order, new Random(seed));
    StringBuilder text = new StringBuilder();
    for (String line : write(pairs).split("\n", -1)) {
      if (!line.isEmpty()) {
        String[] fields = (line + "\tSemEval_set\tother").split("\t", -1);
        List<String> moved = order.stream().map(i -> fields[i]).toList();
        text.append(String.join("\t", moved)).append('\n');
      }
    }
    assertEquals(pairs, read(text.toString()));
  }

  @Property(tries = 400)
  void damagedFileIsReadOrRefusedInOneLine(
      @ForAll("tables") List<Pair> pairs, @ForAll("corruptions") Corruption corruption) {
    byte[] whole = write(pairs).getBytes(StandardCharsets.UTF_8);
    Optional<List<Pair>> read =
        Corruption.readOrRefused(corruption.of(whole), SickPairs::readPairs);
    if (corruption.kind() == Corruption.Kind.CUT_OFF && read.isPresent()) {
      assertEquals(pairs.subList(0, read.get().size()), read.get());
    }
    read.ifPresent(some -> assertTrue(!some.isEmpty() && some.size() <= pairs.size() + 3));
  }

  @Property(tries = 200)
  void missingColumnIsRefusedInItsLine(
      @ForAll("tables") List<Pair> pairs,
      @ForAll @IntRange(max = 100) int row,
      @ForAll @IntRange(max = 4) int column) {
    List<String> lines = new ArrayList<>(List.of(write(pairs).split("\n", -1)));
    int at = row % (pairs.size() + 1);
    List<String> fields = new ArrayList<>(List.of(lines.get(at).split("\t", -1)));
    fields.remove(column);
    lines.set(at, String.join("\t", fields));
    String problem =
        at == 0
            ? " has no column "
            : "holds 4 columns, the header 5 (must be the same, with tabs between them).";
    String message =
        TestFiles.read(
            String.join("\n", lines).getBytes(StandardCharsets.UTF_8),
            file -> message(file).replace(file.toString(), "file"));
    assertTrue(message.startsWith("file, line " + (at + 1) + ": "), message);
    assertTrue(message.contains(problem), message);
  }

  @Test
  void cutGzipIsRefused() {
    byte[] whole = TestFiles.gzip(TWO);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertEquals(Optional.empty(), Corruption.readOrRefused(cut, SickPairs::readPairs));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          x^a^b^2^NEUTRAL      | , line 2: column 1, pair_ID, is "x" (need a whole number).
          -3^a^b^2^NEUTRAL     | , line 2: column 1, pair_ID, is "-3" (need a whole number).
          9999999999^a^b^2^NEUTRAL | , line 2: column 1, pair_ID, is "9999999999" (need a whole number).
          3^ ^b^2^NEUTRAL      | , line 2: column 2, sentence_A, is " " (need a sentence).
          3^a^^2^NEUTRAL       | , line 2: column 3, sentence_B, is "" (need a sentence).
          3^a^b^0.9^NEUTRAL    | , line 2: column 4, relatedness_score, is "0.9" (need a number from 1 to 5).
          3^a^b^5.1^NEUTRAL    | , line 2: column 4, relatedness_score, is "5.1" (need a number from 1 to 5).
          3^a^b^NaN^NEUTRAL    | , line 2: column 4, relatedness_score, is "NaN" (need a number from 1 to 5).
          3^a^b^2^MAYBE        | , line 2: column 5, entailment_judgment, is "MAYBE" (need NEUTRAL, ENTAILMENT or CONTRADICTION).
          3^a^b^2              | , line 2: holds 4 columns, the header 5 (must be the same, with tabs between them).
          3 a b                | , line 2: holds 1 column, the header 5 (must be the same, with tabs between them).
          3^a^b^2^NEUTRAL^x    | , line 2: holds 6 columns, the header 5 (must be the same, with tabs between them).
          3^a^b^2^NEUTRAL;;3^c^d^4^ENTAILMENT | , line 4: pair 3 stands already in line 2.
          """)
  void saysWhatIsWrong(String lines, String problem) {
    String text = HEADER + lines.replace('^', '\t').replace(';', '\n') + "\n";
    Path file = TestFiles.write(directory, "s.txt", text);
    assertEquals(file + problem, message(file));
  }

  @Test
  void cutLineIsCalledSo() {
    Path file = TestFiles.write(directory, "s.txt", HEADER + "3\ta\tb\t2");
    assertEquals(
        file
            + ", line 2: holds 4 columns, the header 5 (must be the same, with tabs between them)."
            + " The file seems to be cut off.",
        message(file));
  }

  @Test
  void otherHeadersAreRefusedWithWhatIsNeeded() {
    String need =
        " (need pair_ID, sentence_A, sentence_B, relatedness_score, entailment_judgment with tabs"
            + " between them).";
    Path file = TestFiles.write(directory, "s.txt", "pair_ID\tsentence_A\tsentence_B\n1\ta\tb\n");
    assertEquals(
        file
            + ", line 1: the header \"pair_ID?sentence_A?sentence_B\" has no column"
            + " relatedness_score"
            + need,
        message(file));
    file = TestFiles.write(directory, "s.txt", HEADER.strip() + "\tpair_ID\n");
    assertEquals(
        file
            + ", line 1: the header \"pair_ID?sentence_A?sentence_B?relatednes…\" has more than"
            + " one column pair_ID"
            + need,
        message(file));
    file = TestFiles.write(directory, "s.txt", HEADER);
    assertEquals(
        file + ": holds a header and nothing after it (need one pair a line).", message(file));
    file = TestFiles.write(directory, "s.txt", "\n\r\n");
    assertEquals(
        file + ": holds nothing but empty lines (need a header and pairs).", message(file));
    byte[] latin = (HEADER + "1\tcaf\u00e9\tb\t2\tNEUTRAL\n").getBytes(StandardCharsets.ISO_8859_1);
    file = TestFiles.write(directory, "s.txt", latin);
    assertEquals(file + ", line 2: is not UTF-8 text.", message(file));
  }

  @Test
  void missingDirectoryAndMissingPartAreNamed() {
    Path missing = directory.resolve("sick");
    assertEquals(
        missing
            + ": no such directory (need one with SICK_train.txt, SICK_trial.txt and"
            + " SICK_test_annotated.txt).",
        assertThrows(DataException.class, () -> SickPairs.read(missing)).getMessage());
    TestFiles.write(directory, "SICK_train.txt", TWO);
    assertEquals(
        directory.resolve("SICK_trial.txt") + ": no such file.",
        assertThrows(DataException.class, () -> SickPairs.read(directory)).getMessage());
  }

  @Test
  void pairNeedsTwoSentencesAndAScore() {
    List<String> one = List.of("a");
    assertThrows(
        IllegalArgumentException.class, () -> new Pair(1, List.of(), one, 2, Judgment.NEUTRAL));
    assertThrows(
        IllegalArgumentException.class, () -> new Pair(1, one, List.of(), 2, Judgment.NEUTRAL));
    assertEquals(
        "sickPairs: the relatedness must be in 1..5, got NaN.",
        assertThrows(
                IllegalArgumentException.class,
                () -> new Pair(1, one, one, Double.NaN, Judgment.NEUTRAL))
            .getMessage());
  }

  private static String write(List<Pair> pairs) {
    StringBuilder text = new StringBuilder(HEADER);
    for (Pair pair : pairs) {
      text.append(
          String.format(
              Locale.ROOT,
              "%d\t%s\t%s\t%s\t%s%n",
              pair.id(),
              String.join(" ", pair.first()),
              String.join(" ", pair.second()),
              pair.relatedness(),
              pair.judgment()));
    }
    return text.toString().replace(System.lineSeparator(), "\n");
  }

  private static List<Pair> read(String text) {
    return TestFiles.read(text.getBytes(StandardCharsets.UTF_8), SickPairs::readPairs);
  }

  private static String message(Path file) {
    return String.valueOf(
        assertThrows(DataException.class, () -> SickPairs.readPairs(file)).getMessage());
  }

  @Provide
  Arbitrary<Corruption> corruptions() {
    return Corruption.any();
  }

  @Provide
  Arbitrary<List<Pair>> tables() {
    Arbitrary<List<String>> sentences =
        Arbitraries.of("A", "dog", "is", "n't", "'s", ",", "t-shirt", "né", "日本", "(", "7")
            .list()
            .ofMinSize(1)
            .ofMaxSize(6);
    return Combinators.combine(
            Arbitraries.integers().between(0, 999_999_999),
            sentences,
            sentences,
            Arbitraries.doubles().between(1, 5).ofScale(3),
            Arbitraries.of(Judgment.class))
        .as(Pair::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(8)
        .uniqueElements(Pair::id);
  }
}
